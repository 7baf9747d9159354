/*
 * Records that are rejected or late: they are appended to a file, as lines of JSON ("put aside").
 *
 * Layer: data (uses base, jsonout; outbuf of io; mark, origin of stream).
 *
 *     {"reason":"range .amount 0 100","input":"a.json","record":17,"data":"…",
 *      "run":"00c0ffee00c0ffee","batch":3,"topic":"clicks","partition":0,"offset":1042}
 *
 * on one line.  Members of the second line that are not known are null; in a plain stream all of them are.  In a marked
 * stream the batch is known only at its end; until then its records wait in memory, and they are on disk before the
 * mark is passed on.
 */
#ifndef WEIR_DATA_ASIDE_H
#define WEIR_DATA_ASIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/stream/mark.h"
#include "common/stream/origin.h"
#include "common/io/outbuf.h"

struct aside {
	const char *path; /* NULL: the records are only counted */
	struct outbuf out;
	bool open, read;     /* read: another program reads the records, through a FIFO */
	bool fresh;          /* its name may not be on disk yet */
	struct strbuf lines; /* the lines that wait for their batch, each without its `run` and what follows */
	struct aside_waiting *waiting;
	size_t waiting_count, waiting_room;
};

/* A record that is put aside, and why. */
struct aside_record {
	const char *reason, *input;
	uint64_t number; /* in its input, from 1 */
	uint64_t nth;    /* in its batch, from 1; 0: not known */
	const char *rec; /* without delimiter */
	size_t len;
	const struct origin *at; /* where it was read; NULL: the record itself or the mark may show it */
};

/*
 * Open PATH; NULL: no file is opened.  A new file is readable by its owner only (0600).  To an old one that ends within
 * a line, as after a kill, a line feed is added first.  0 or -errno.
 */
int aside_open(struct aside *r, const char *path) MUST_CHECK;

/*
 * Whether the file is also the output, or an input, which would then never end.  Returns "the output", or "the input"
 * or "an input" (of OPERANDS); NULL: it is neither.
 */
const char *aside_clash(const struct aside *r, char **operands);

/* Whether both are the same file, and not a device. */
bool aside_same(const struct aside *a, const struct aside *b);

/* Put a record aside; MARKED: it belongs to a batch.  0 or -errno, -EPIPE for a FIFO without a reader (no SIGPIPE). */
int aside_add(struct aside *r, bool marked, const struct aside_record *rec) MUST_CHECK;

/* The batch of MARK has ended; NULL: the plain stream.  0 or -errno. */
int aside_batch(struct aside *r, const struct mark *mark) MUST_CHECK;

/* Drop the lines of a batch that has not ended, and close the file.  0 or -errno; a second call does nothing. */
int aside_close(struct aside *r) MUST_CHECK;

#endif
