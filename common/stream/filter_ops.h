/*
 * What a program does with the records and marks of its stream: the callbacks of the filter driver (filter.h), which
 * hop.h calls, too.
 *
 * Layer: stream (uses flow, mark).
 */
#ifndef WEIR_STREAM_FILTER_OPS_H
#define WEIR_STREAM_FILTER_OPS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/stream/flow.h"

/* When the callback `state` is called. */
enum filter_moment {
	FILTER_PLAIN,  /* before the first record of a plain stream; not for empty input, which may be a marked one cut
			  off at once */
	FILTER_RESUME, /* R, before it is passed on */
	FILTER_BATCH,  /* B, when all records of the batch were written, before it is passed on */
	/* the end of a plain stream that was read without a failure or signal, when everything is written out */
	FILTER_DONE,
};

struct filter {
	int (*span)(void *self, const char *s, size_t len, struct flow *flow);
	int (*record)(void *self, const char *rec, size_t len, struct flow *flow); /* LEN is without the delimiter */
	/*
	 * called at the end of a batch that has moved a position or has records (a plain stream is one batch); may be
	 * NULL
	 */
	int (*batch)(void *self, struct flow *flow);
	int (*end)(void *self, struct flow *flow);  /* called at a clean end, after the last batch; may be NULL */
	int (*idle)(void *self, struct flow *flow); /* called now and then while there is no input; may be NULL */
	/*
	 * Waits until FD, the input, can be read, at most TIMEOUT_MS, and does other work meanwhile: 1 it can, 0 not
	 * yet. NULL: there is none.
	 */
	int (*wait)(void *self, int fd, int timeout_ms);
	void (*see)(void *self, const struct mark *mark); /* each mark, before any other callback; may be NULL */
	/*
	 * For a sink, which handles the marks itself.  It is called for S, Q and R as they come, and for B and F after
	 * `batch`.  NULL: marks are passed on.
	 */
	int (*mark)(void *self, const struct mark *mark, struct flow *flow);
	/* For programs with state, which call checkpoint_step() (checkpoint.h); may be NULL. */
	int (*state)(void *self, enum filter_moment when, const struct mark *mark);
	bool all_or_nothing; /* a sink: an unreadable operand, a bad record or a signal ends it before batch and end */
	bool last;           /* ends a marked stream even when stdout is a pipe: records go out plain */
};

/* ERR (negative errno) is what an ack_ function (ack.h) has returned: print why, and return the exit status. */
int filter_ack_failed(int err);

#endif
