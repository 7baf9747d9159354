/*
 * Buffered output on a descriptor: the one place where short writes, EINTR, EAGAIN, EPIPE and ENOSPC are handled.
 *
 * Layer: io (uses base).  A pipe is enlarged to 256 KiB, and at most half its capacity is written at once: a reader
 * then always finds data while the writer fills the other half (writing as much as the whole pipe at once measured 3 to
 * 8 times slower).  The first error is kept: every later call returns it again and writes nothing.
 */
#ifndef WEIR_IO_OUTBUF_H
#define WEIR_IO_OUTBUF_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/diag.h"

#define OUTBUF_SIZE (256u << 10)

struct outbuf {
	int fd;
	const char *name; /* for messages; borrowed */
	char *buf;
	size_t len, cap;
	size_t chunk; /* largest single write, bytes */
	int err;      /* 0, or the negative errno of the first failure */
	/* What to do while a non-blocking descriptor accepts nothing: 0 try again, or -errno to fail; NULL: poll(2). */
	int (*wait)(void *arg);
	void *wait_arg;
	struct painter *painter; /* owned; NULL: nothing is coloured */
};

/* Take FD (not owned until outbuf_close) and find out what it is; NAME is kept. */
void outbuf_init(struct outbuf *out, int fd, const char *name);

/*
 * What follows has colours where it is JSON (paint.h) if --color, or a terminal, asks for that (color.h); to be called
 * before anything is written.
 */
void outbuf_color(struct outbuf *out);

/* Free the buffer without writing what is in it; the descriptor stays open. */
void outbuf_release(struct outbuf *out);

/*
 * Room for SIZE more bytes; if need be, the buffer is written out first.  Valid until the next call.  NULL after an
 * error.
 */
char *outbuf_reserve(struct outbuf *out, size_t size) MUST_CHECK;

/* LEN of the reserved bytes are used; LEN is at most what was reserved. */
void outbuf_commit(struct outbuf *out, size_t len);

/* Append LEN bytes.  Returns 0 or -errno. */
int outbuf_write(struct outbuf *out, const void *data, size_t len) MUST_CHECK;

/*
 * For an owner that must not wait (the descriptor is non-blocking): room for SIZE more bytes after those that are
 * buffered, however many these are; valid until the next call.
 */
char *outbuf_room(struct outbuf *out, size_t size) __attribute__((returns_nonnull));

/* Write as much as the descriptor accepts now: 0 all is written, 1 something is left, or -errno. */
int outbuf_push(struct outbuf *out) MUST_CHECK;

/* Write out what is buffered.  Returns 0 or -errno. */
int outbuf_flush(struct outbuf *out) MUST_CHECK;

/* Flush, close the descriptor (close's own error counts too), free.  Returns 0 or the first -errno. */
int outbuf_close(struct outbuf *out) MUST_CHECK;

/* Enlarge FD to 256 KiB when it is a pipe (a refusal is not an error); returns its capacity, 0 when it is not a pipe.
 */
size_t pipe_enlarge(int fd);

#endif
