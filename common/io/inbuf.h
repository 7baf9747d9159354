/*
 * Buffered input of records from a descriptor.
 *
 * Layer: io (uses base, outbuf, unpack).  A record ends with the delimiter; an unterminated last one is returned as if
 * it were terminated.  Records are returned as spans: as many whole records as are there, so that a filter can work on
 * long stretches of memory.  INBUF_PADDING bytes past a span may be read, too (their contents mean nothing), for
 * SIMD.  Before a read that would block, the tied outbuf is flushed: large writes under load, no delay when idle.
 */
#ifndef WEIR_IO_INBUF_H
#define WEIR_IO_INBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/io/outbuf.h"
#include "common/io/unpack.h"

#define INBUF_SIZE         (256u << 10)
#define INBUF_PADDING      64u
#define INBUF_IDLE_MS      100
#define MAX_RECORD_DEFAULT (64u << 20)

struct inbuf {
	int fd;
	const char *name; /* for messages; borrowed */
	char delim;
	uint64_t max_record; /* bytes, without the delimiter */
	struct outbuf *tied; /* flushed before a read that would block; may be NULL */
	char *buf;
	size_t start, end, cap; /* buf[start..end) was read and not yet handed out; cap does not include the padding */
	uint64_t pos;           /* bytes of the input before buf[start] */
	bool eof, skipping;
	bool unterminated; /* the last record of the last span had no delimiter in the input */
	/* a signal does not end the reading, because the input will end by itself (a marked stream) */
	bool keep_going;
	/* Called every idle_ms while there is nothing to read: 0, or -errno to fail; may be NULL. */
	int (*idle)(void *arg);
	void *idle_arg; /* of idle and wait */
	int idle_ms;    /* INBUF_IDLE_MS, unless changed */
	/*
	 * Waits until FD can be read, at most TIMEOUT_MS, and does other work meanwhile: 1 it can, 0 not yet.  NULL:
	 * nothing else is to be done.
	 */
	int (*wait)(void *arg, int fd, int timeout_ms);
	/* Where bytes come from instead of read(2) on FD, like unpack_read(); NULL: from FD.  It never waits. */
	struct unpack *unpack; /* borrowed */
};

/* Take FD (not owned, never closed); NAME and TIED are kept. */
void inbuf_init(struct inbuf *in, int fd, const char *name, char delim, uint64_t max_record, struct outbuf *tied);
void inbuf_release(struct inbuf *in);

/*
 * The next span of whole records; each ends with the delimiter.
 *
 * Sets *ret_s and *ret_len (bytes, at least 1).  The span points into IN, is valid until the next call on IN and may
 * be written to.  Returns 1 span, 0 end of input, or
 *   -EMSGSIZE  a record is longer than max_record: it began at byte in->pos and is skipped; calling again goes on
 *   -EINTR     sig_stop() says that a signal asks the program to end (unless in->keep_going)
 *   -EBADMSG   what in->unpack reads is damaged, as unpack_why() says
 *   -errno     from read(2), from in->idle, or from writing the tied outbuf (then in->tied->err is set)
 * The outputs are untouched unless it returns 1.
 */
int inbuf_span(struct inbuf *in, char **ret_s, size_t *ret_len) MUST_CHECK;

/*
 * Whether FD is a regular file to which standard output appends, so that a reader would never reach its end; cat(1)
 * makes the same check.
 */
bool inbuf_feeds_itself(int fd);

#endif
