/*
 * The inside of the filter driver, shared by filter.c (reading, ends) and filter_first.c (examining the beginning of an
 * input).
 *
 * Layer: stream (uses base, inbuf, hop, upstream).
 */
#ifndef WEIR_STREAM_FILTER_IMPL_H
#define WEIR_STREAM_FILTER_IMPL_H

#include "common/stream/filter.h"
#include "common/stream/hop.h"
#include "common/stream/upstream.h"

struct filter_run {
	const struct filter *filter;
	void *self;
	const struct filter_opts *opts;
	struct flow flow;
	struct hop hop;
	struct inbuf *in; /* being read */
	struct upstream
		*upstream;  /* only for a sink that reads from a pipe that is not known to be marked; else NULL */
	int idle;           /* the exit status with which filter->idle ended the program */
	bool only;          /* there is one input: a marked stream cannot be combined with others */
	bool marked;        /* the input is a marked stream */
	bool begun;         /* the state of a plain stream was loaded */
	bool whole;         /* all of the plain stream was read */
	bool fresh;         /* nothing of the input has been read */
	uint64_t looked_at; /* bytes of a plain input that have been looked at for marks */
	uint64_t too_long;
	enum unpack_kind packed; /* what the input is decompressed from */
};

/* Whether FILTER ends the stream: if it takes an input for plain and complete, the input is as good as committed. */
bool first_is_sink(const struct filter *filter);

/* Begin with the input RUN->in. */
void first_open(struct filter_run *run);

/*
 * Decompress it when it is a regular file that holds gzip or zstd; in a pipe, compressed data may be intended.  0 or
 * -ENOMEM.
 */
int first_packed(struct filter_run *run) MUST_CHECK;

/* Examine its first span, S: 0, with run->marked set or not, or an exit status after a message. */
int first_span(struct filter_run *run, const char *s, size_t len) MUST_CHECK;

/* Examine a span of a plain input, including the first one: 0, or an exit status after a message. */
int first_plain(struct filter_run *run, const char *s, size_t len) MUST_CHECK;

/*
 * The input is damaged at its beginning, and no more of it is read.  But a sink that reads our output can see the
 * programs upstream of us only as long as we live, and would take our end for the end of a plain stream.  A filter
 * between two pipes therefore waits for the programs upstream to end, up to a limit.  Output not written yet is
 * dropped.
 */
void first_linger(struct filter_run *run);

/* The input has ended, with nothing wrong so far: 0, or an exit status after a message. */
int first_end(struct filter_run *run) MUST_CHECK;

#endif
