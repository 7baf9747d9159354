/*
 * Finds the programs that write into our standard input, up the whole pipeline, by /proc.  The question is whether one
 * of them is a source that waits for sinks to say hello: then a stream that looks plain, or is empty, is what some
 * command has made of a marked one.
 *
 * Layer: stream (uses base, greeting).  From the pipe that is read it goes to the processes that hold its write end, to
 * the pipes that are their standard input, and so on; only to processes of the same user, and not beyond one of our
 * sinks, which is responsible for what is upstream of it (`weir ack | gzip`).  Processes that were found are
 * remembered, because they may have ended by the time when they matter.  Where /proc cannot be read nothing is found.
 */
#ifndef WEIR_STREAM_UPSTREAM_H
#define WEIR_STREAM_UPSTREAM_H

#include <stdint.h>

enum upstream_state {
	UPSTREAM_NONE,  /* no source was found, or all have been greeted */
	UPSTREAM_WAITS, /* one lives and waits for its sinks */
	UPSTREAM_DEAD,  /* one has ended before its sinks said hello */
};

struct upstream;

/* Begin with the pipe FD, with a first search; NULL when it is not a pipe. */
struct upstream *upstream_new(int fd);
void upstream_free(struct upstream *u);

/*
 * Search again when that is due: often at first, as a pipeline starts, then now and then, until a source is found.
 * Returns in how many milliseconds to call again.
 */
int upstream_examine(struct upstream *u);

/* Search now, unless a source is known. */
void upstream_examine_now(struct upstream *u);

/* *ret_pid is the process meant, unless UPSTREAM_NONE. */
enum upstream_state upstream_state(const struct upstream *u, long *ret_pid);

#endif
