/*
 * A program's place in a marked stream: its input is split at the marks, checked and unescaped; marks are passed on,
 * or are answered when the program is the last of its pipeline.
 *
 * Layer: stream (uses base, mark, flow, ack, scan, poison).  Used by the filter driver only.
 */
#ifndef WEIR_STREAM_HOP_H
#define WEIR_STREAM_HOP_H

#include "common/base/patience.h"
#include "common/stream/ack.h"
#include "common/stream/filter_ops.h"

struct hop {
	const struct filter *filter;
	void *self;
	struct flow *flow;
	bool last;              /* the stream ends here: nothing is passed on, batches are acknowledged when written */
	bool started, finished; /* S was read; F was read */
	uint64_t run;           /* of S */
	uint64_t read;          /* records read since the last mark */
	bool cut;               /* a B was read */
	uint64_t batch;         /* of the last B */
	bool open;              /* records were read since the last B */
	char by[MARK_BY_MAX + 1]; /* who wrote the last good mark */
	int refused;              /* the exit status with which a record was refused; 0: no record was refused */
	struct patience wait;     /* the wait for the end of its batch */
	struct ack ack;
};

/* HOP feeds FILTER (with SELF) and writes through FLOW, whose stdout decides whether the program is the last. */
void hop_init(struct hop *hop, const struct filter *filter, void *self, struct flow *flow);
void hop_release(struct hop *hop);

/*
 * Take a span of the stream, whole lines each with the delimiter.
 * Returns 0, FLOW_STOP when writing failed, or an exit status after a message: EXIT_DATA for damaged marks and for
 * counts that do not agree, EXIT_TEMP when consume does not answer.
 */
int hop_span(struct hop *hop, char *s, size_t len) MUST_CHECK;

/*
 * The stream has ended: 0 after F; otherwise, after a message, EXIT_TEMP or the status with which a record was refused.
 */
int hop_end(const struct hop *hop) MUST_CHECK;

/*
 * A record has been refused with STATUS (flow_refuse() may have named it).  The filter gets no more records, but
 * hop_span() reads on to the mark of the batch, which tells where the record came from; then it returns STATUS.
 */
void hop_refuse(struct hop *hop, int status);
bool hop_refused(const struct hop *hop);

/*
 * Whether a record was refused and the wait for its batch's mark is over.  After a second it prints what it waits for.
 */
bool hop_patience_over(struct hop *hop);

/* Hand whole records to FILTER's span or record callback. */
int hop_deliver(const struct filter *filter, void *self, const char *s, size_t len, struct flow *flow) MUST_CHECK;

#endif
