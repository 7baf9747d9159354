/*
 * Standard output without blocking: bytes that it does not accept now are kept here, and the loop goes on with its
 * other work.  A pipe is opened a second time, and only the new descriptor is non-blocking, because the flag of the
 * original is shared with every other process that has it open.
 *
 * Layer: stream (uses outbuf of io).
 */
#ifndef WEIR_STREAM_OUTPUT_H
#define WEIR_STREAM_OUTPUT_H

#include "common/io/outbuf.h"

struct output {
	struct outbuf out;
	bool copied; /* out.fd is a copy of standard output of its own */
	bool begun;  /* something was put into it */
};

void output_open(struct output *o);

/* Room for SIZE more bytes, valid until the next call; then say how many of them are used. */
char *output_reserve(struct output *o, size_t size);
void output_commit(struct output *o, size_t len);
void output_add(struct output *o, const void *data, size_t len);

/* Whether enough is buffered to be worth a write. */
bool output_full(const struct output *o);

/*
 * Write as much as standard output takes now: 0 when all is written, 1 when something is left, or -errno, which all
 * later calls return, too.
 */
int output_push(struct output *o) MUST_CHECK;

/* Whether the pipe is empty, so that the command that reads it has everything that was written. */
bool output_has_reader(const struct output *o);

/* Close standard output, after all was written.  0, or -errno: what was written may not have arrived. */
int output_close(struct output *o) MUST_CHECK;

#endif
