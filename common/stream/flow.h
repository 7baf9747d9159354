/*
 * What a filter writes: whole records on standard output, in a plain or in a marked stream.
 *
 * Layer: stream (uses base, outbuf, mark, scan).  Used through the filter driver (filter.h).  In a marked stream
 * records that start with ETB or DLE are escaped and all are counted, in one pass over what was written; on a plain
 * stream there is no cost.  A plain output into a pipe or socket does not begin with ETB, or the next program would
 * take it for a marked stream: data would forge marks.
 */
#ifndef WEIR_STREAM_FLOW_H
#define WEIR_STREAM_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/stream/mark.h"
#include "common/io/outbuf.h"

struct flow {
	struct outbuf out;
	char delim;
	const char *input;       /* the operand being read, for messages */
	uint64_t inputs;         /* how many operands have been opened so far; it shows when a new input begins */
	bool input_marked;       /* the input is a marked stream, even if the output is plain */
	uint64_t records;        /* records of this input before the current one; counted for `record` callbacks only */
	int status;              /* worst exit status so far; raise it by flow_fail() */
	const struct mark *mark; /* during batch and end: the mark that ends the batch; NULL in a plain stream */

	/* the driver's */
	bool marked;  /* marks go out with the records */
	bool guarded; /* nothing was written yet to a plain output into a pipe: its first byte must not be ETB */
	bool headers; /* a terminal: a line with its time before each batch */
	bool header_due;
	int64_t batch_ms;      /* when the running batch began */
	uint64_t wrote;        /* records written since the last mark */
	struct strbuf forged;  /* the record that would have begun the guarded output with ETB; empty: none has */
	struct strbuf refused; /* the record that flow_refuse() has named */
	bool has_refused;
};

/* What a callback returns after a flow_ function has failed. */
#define FLOW_STOP (-1)

/* Room for SIZE bytes of output records, or NULL (then return FLOW_STOP); valid until the next flow_ call. */
char *flow_reserve(struct flow *flow, size_t size) MUST_CHECK;

/* The first LEN of the reserved bytes are whole output records, each with its delimiter.  Returns 0 or FLOW_STOP. */
int flow_commit(struct flow *flow, size_t len) MUST_CHECK;

/* Write one record (LEN bytes, without delimiter) and the delimiter.  Returns 0 or FLOW_STOP. */
int flow_put(struct flow *flow, const char *rec, size_t len) MUST_CHECK;

/* Write whole records (with delimiters) as they are.  Returns 0 or FLOW_STOP. */
int flow_put_span(struct flow *flow, const char *s, size_t len) MUST_CHECK;

/* Pass a mark on as PROGRAM's, with the count of what was written before it, and flush.  Returns 0 or FLOW_STOP. */
int flow_put_mark(struct flow *flow, const struct mark *mark, const char *program) MUST_CHECK;

/*
 * Name REC (LEN bytes, without delimiter) as the record because of which the callback is about to return an exit
 * status: when the stream is marked, the driver prints where it came from.  Only the first call counts.
 */
void flow_refuse(struct flow *flow, const char *rec, size_t len);

/* Raise the exit status to STATUS if that is worse (higher). */
void flow_fail(struct flow *flow, int status);

/* For the driver: begin to write on standard output.  ANY: a plain output may begin with any byte. */
void flow_init(struct flow *flow, char delim, bool any);

/*
 * For the driver: flush, close, free.  Returns 0 or -errno; -ECANCELED when a plain output would have begun with ETB,
 * which was prevented.  Since then every flow_ function has returned FLOW_STOP; flow->forged is still there.
 */
int flow_close(struct flow *flow) MUST_CHECK;
void flow_release(struct flow *flow);

/* Append to TEXT what is wrong with flow->forged, which is not empty. */
void flow_forged_text(const struct flow *flow, struct strbuf *text);

/* For the driver: print the header of the batch that is due on a terminal. */
int flow_header(struct flow *flow) MUST_CHECK;

#endif
