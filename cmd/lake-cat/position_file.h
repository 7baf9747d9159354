/*
 * The file of --position-file: how far a table was read, where no sink keeps that.
 *
 * One line of JSON:
 *     {"v":1,"table":UUID,"next":N,"last":[VERSION,MS,"8 hex"]}
 * NEXT is the first version that is still to be read; LAST, which may be null, the identity of the version before it.
 */
#ifndef WEIR_LAKE_CAT_POSITION_FILE_H
#define WEIR_LAKE_CAT_POSITION_FILE_H

#include "common/base/strbuf.h"
#include "common/stream/cursors.h"

#define POSITION_FILE_MAX 4096 /* bytes; a longer file is none of ours */

struct position_file {
	int64_t next;         /* OFFSET_NONE: there is no file yet */
	struct identity last; /* may be unknown */
};

/*
 * Read the file PATH; it is one about the table with the id TABLE.  0, also when there is no such file; -EBADMSG when
 * it is not a file of positions; -EINVAL when it is about another table; or -errno of reading it.
 */
int position_file_read(const char *path, const char *table, struct position_file *ret, struct strbuf *err) MUST_CHECK;

/* Parse the LEN bytes at S, the contents of such a file; the errors are the same, without the name of the file. */
int position_file_parse(
	const char *s, size_t len, const char *table, struct position_file *ret, struct strbuf *err) MUST_CHECK;

/* Replace the file durably, or leave it unchanged and return -errno. */
int position_file_write(
	const char *path, const char *table, const struct position_file *at, struct strbuf *err) MUST_CHECK;

#endif
