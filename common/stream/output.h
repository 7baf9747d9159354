/*
 * Standard output, which never makes the loop wait: what it does not take stays here, and the loop goes on serving
 * everybody else.  When it is a pipe it is opened anew, and that copy is non-blocking, because the flag of the original
 * is shared with whoever else holds it.
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

/* So much is there that it is worth writing. */
bool output_full(const struct output *o);

/* Write what standard output takes now: 0 everything has left, 1 something is left over, or -errno, from then on. */
int output_push(struct output *o) MUST_CHECK;

/* Whether nothing of what was written lies in the pipe any more: it is in the hands of the command behind it. */
bool output_is_taken(const struct output *o);

/* Everything has left: close it.  0, or -errno: what was written may not have arrived. */
int output_close(struct output *o) MUST_CHECK;

#endif
