/*
 * Which processes hold which pipes: a snapshot of the processes of this user, from one pass over /proc.
 *
 * Layer: io (uses base, greeting).  Where /proc cannot be read the snapshot is empty.
 */
#ifndef WEIR_IO_HOLDERS_H
#define WEIR_IO_HOLDERS_H

#include <stdbool.h>
#include <stddef.h>

/* A pipe, or a FIFO with a name. */
struct pipe_id {
	unsigned long long inode; /* 0: none */
	int mount;                /* of a FIFO with a name, from /proc/PID/fdinfo; else 0 */
};

struct holder {
	long pid;
	struct pipe_id input; /* its standard input */
	size_t first, count;  /* the pipes whose write end it holds, in holders->outputs */
	/* of a source: its greeting, opened; else -1.  A caller that takes the descriptor over sets this to -1 */
	int greeting;
	long greeting_at; /* the number of that descriptor */
};

struct holders {
	struct holder *items;
	size_t count, cap;
	struct pipe_id *outputs;
	size_t output_count, output_cap;
};

/* All processes of this user, except our own, that hold pipes or are sources. */
void holders_read(struct holders *h);
void holders_release(struct holders *h);

/* The pipe that our descriptor FD is; without an inode if it is not a pipe. */
struct pipe_id holders_own(int fd);

/* Whether the process holds the write end of one of the COUNT PIPES. */
bool holders_writes(const struct holders *h, const struct holder *who, const struct pipe_id *pipes, size_t count);

#endif
