/*
 * Finds the programs that write into our standard input, up the whole pipeline, by /proc.  The question is whether one
 * of them is a source that waits for sinks to say hello.  If so, a stream that looks plain or is empty was made from a
 * marked one by some command.
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
	UPSTREAM_WAITS, /* a source lives and waits for its sinks */
	UPSTREAM_DEAD,  /* a source has ended before its sinks said hello */
};

struct upstream;

/* Begin with the pipe FD, and do a first search; NULL when FD is not a pipe. */
struct upstream *upstream_new(int fd);
void upstream_free(struct upstream *u);

/*
 * Search again if that is due: often at first, while a pipeline starts, then now and then, until a source is found.
 * Returns after how many milliseconds to call it again.
 */
int upstream_examine(struct upstream *u);

/* Search now, unless a source is known. */
void upstream_examine_now(struct upstream *u);

/* *ret_pid is the process meant, unless UPSTREAM_NONE. */
enum upstream_state upstream_state(const struct upstream *u, long *ret_pid);

#endif
