/*
 * What writes into our standard input, up the whole pipeline, as /proc shows it: is there a source that waits for sinks
 * to say hello, so that a stream that looks plain, or is empty, is what some command has made of a marked one?
 *
 * Layer: stream (uses base, greeting).  From the pipe that is read: who holds its write end, what pipe is their
 * standard input, and so on; only processes of the same user, and not beyond a sink of ours, which answers for what
 * is before it (`weir ack | gzip`).  Processes that were found are remembered, as they may be gone when it is known
 * that it matters. Where /proc can not be read nothing is found.
 */
#ifndef WEIR_STREAM_UPSTREAM_H
#define WEIR_STREAM_UPSTREAM_H

#include <stdint.h>

enum upstream_state {
	UPSTREAM_NONE,  /* no source was found, or all have been greeted */
	UPSTREAM_WAITS, /* one lives and waits for its sinks */
	UPSTREAM_DEAD,  /* one has ended without having heard of its sinks */
};

struct upstream;

/* For the pipe FD, with a first look; NULL when it is no pipe. */
struct upstream *upstream_new(int fd);
void upstream_free(struct upstream *u);

/* Look again when that is due: often at first, as a pipeline starts, then now and then, until a source is found.
 * Returns in how many milliseconds to call again. */
int upstream_look(struct upstream *u);

/* Look now, unless a source is known. */
void upstream_look_now(struct upstream *u);

/* *ret_pid is the process meant, unless UPSTREAM_NONE. */
enum upstream_state upstream_state(const struct upstream *u, long *ret_pid);

#endif
