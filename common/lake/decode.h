/*
 * Reading a data file back: gzip, zstd or plain, in any number of frames.
 *
 * Layer: lake (uses store; unpack of io).
 */
#ifndef WEIR_LAKE_DECODE_H
#define WEIR_LAKE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/lake/store.h"

/* Gets LEN bytes of records; returns 0, or a negative value to end the reading. */
typedef int decode_sink(void *arg, const char *data, size_t len);

/* A file that is read piece by piece. */
struct decoder;

/*
 * Begin to read the file PATH (copied).  TAG is that of its stage (copied), or NULL; SIZE is its size by the log.  The
 * name determines the compression.  *ret is freed by decode_close(), before the store is closed.  Returns 0 or -ENOMEM;
 * nothing is read yet.
 */
int decode_open(struct store *store, const char *path, const char *tag, uint64_t size, struct decoder **ret,
	struct strbuf *err) MUST_CHECK;
void decode_close(struct decoder *d);

/*
 * Write up to SIZE (at most INT_MAX) bytes of records to BUF.  Returns their number, 0 at the end, -EBADMSG when the
 * file does not exist, has another size, or is damaged; other errors of the store.
 */
ssize_t decode_read(struct decoder *d, void *buf, size_t size, struct strbuf *err) MUST_CHECK;

/*
 * Pass the contents of the file PATH to SINK.  TAG is that of its stage, or NULL; SIZE is its size by the log.
 *
 * The name determines the compression.  Returns 0, what SINK returned (ERR is empty then), -EBADMSG when the file does
 * not exist, has another size, or is damaged; other errors of the store.
 */
int decode_file(struct store *store, const char *path, const char *tag, uint64_t size, decode_sink *sink, void *arg,
	struct strbuf *err) MUST_CHECK;

/* Counts the records of a file while it is read; set delim. */
struct decode_count {
	char delim;
	uint64_t records;
	bool whole; /* the last byte was a delimiter */
};
void decode_count_begin(struct decode_count *count);

/* A decode_sink; ARG is a struct decode_count. */
int decode_count_add(void *arg, const char *data, size_t len);

/*
 * -EBADMSG with the reason in ERR when the file PATH does not have RECORDS records (-1: not known), or ends within one.
 */
int decode_count_check(
	const struct decode_count *count, const char *path, int64_t records, struct strbuf *err) MUST_CHECK;

#endif
