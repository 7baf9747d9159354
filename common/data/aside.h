/*
 * Records that go aside, because they are rejected or late: lines of JSON, appended to a file.
 *
 * Layer: data (uses base, jsonout; outbuf of io; mark, origin of stream).
 *
 *     {"reason":"range .amount 0 100","input":"a.json","record":17,"data":"…",
 *      "run":"00c0ffee00c0ffee","batch":3,"topic":"clicks","partition":0,"offset":1042}
 *
 * on one line; the members of the second line are null where they are not known, in a plain stream all of them.
 * In a marked stream the batch is known at its end only; its records wait in memory for that, and are on disk before
 * the mark goes on.
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
	const char *path; /* NULL: they are counted only */
	struct outbuf out;
	bool open, read;     /* read: by another program, through a FIFO */
	struct strbuf lines; /* that wait for their batch, each up to its `run` */
	struct aside_waiting *waiting;
	size_t waiting_count, waiting_room;
};

/* A record, and why it goes aside. */
struct aside_record {
	const char *reason, *input;
	uint64_t number; /* in its input, from 1 */
	uint64_t nth;    /* in its batch, from 1; 0: not known */
	const char *rec; /* without delimiter */
	size_t len;
};

/*
 * Open PATH, or none; a new file is readable by its owner only (0600), and an old one that ends within a line, as after
 * a kill, gets a line feed first.  0 or -errno.
 */
int aside_open(struct aside *r, const char *path) MUST_CHECK;

/*
 * What the file is, too: "the output", or "the input" or "an input" (of OPERANDS), which would then never end; NULL:
 * nothing else.
 */
const char *aside_clash(const struct aside *r, char **operands);

/* Whether both are the same file, which is no device. */
bool aside_same(const struct aside *a, const struct aside *b);

/* MARKED: the record belongs to a batch.  0 or -errno, -EPIPE for a FIFO that nobody reads any more (no SIGPIPE). */
int aside_add(struct aside *r, bool marked, const struct aside_record *rec) MUST_CHECK;

/* The batch of MARK has ended; NULL: the plain stream.  0 or -errno. */
int aside_batch(struct aside *r, const struct mark *mark) MUST_CHECK;

/* What waits for a batch that never ended is dropped.  0 or -errno; a second time there is nothing to close. */
int aside_close(struct aside *r) MUST_CHECK;

#endif
