/* Buffered input of records: see inbuf.h. */
#include "common/io/inbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/sig.h"

void inbuf_init(struct inbuf *in, int fd, const char *name, char delim, uint64_t max_record, struct outbuf *tied)
{
	*in = (struct inbuf){.fd = fd, .name = name, .delim = delim, .max_record = max_record, .tied = tied};
	in->idle_ms = INBUF_IDLE_MS;
	in->cap = 2 * INBUF_SIZE;
	in->buf = xmalloc(in->cap + 1 + INBUF_PADDING);
	pipe_enlarge(fd);
}

void inbuf_release(struct inbuf *in)
{
	free(in->buf);
	in->buf = NULL;
}

static void wait_readable(int fd)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	poll(&wait, 1, -1);
}

/* Write out what the tied outbuf holds if reading FD would block. */
static int flush_tied(struct inbuf *in)
{
	struct pollfd ready = {.fd = in->fd, .events = POLLIN};
	if (!in->tied || !in->tied->len || poll(&ready, 1, 0) > 0)
		return 0;
	return outbuf_flush(in->tied);
}

/* Whether something can be read within in->idle_ms. */
static bool readable(struct inbuf *in)
{
	struct pollfd wait = {.fd = in->fd, .events = POLLIN};
	return in->wait ? in->wait(in->idle_arg, in->fd, in->idle_ms) > 0 : poll(&wait, 1, in->idle_ms) > 0;
}

/* Wait until something can be read, calling in->idle meanwhile. */
static int wait_idle(struct inbuf *in)
{
	while ((in->idle || in->wait) && !readable(in)) {
		if (sig_stop() && !in->keep_going)
			return -EINTR;
		int r = in->idle ? in->idle(in->idle_arg) : 0;
		if (r < 0)
			return r;
	}
	return 0;
}

static ssize_t read_some(struct inbuf *in, char *to, size_t size)
{
	if (!in->unpack)
		return read(in->fd, to, size);
	ssize_t n = unpack_read(in->unpack, to, size);
	errno = n < 0 ? (int)-n : 0;
	return n;
}

/* Read once into the free end of the buffer: 1 for data or the end, negative for an error. */
static int fill(struct inbuf *in)
{
	int r = flush_tied(in);
	if (r == 0)
		r = wait_idle(in);
	if (r < 0)
		return r;
	for (;;) {
		if (sig_stop() && !in->keep_going)
			return -EINTR;
		size_t room = in->cap - in->end;
		ssize_t n = read_some(in, in->buf + in->end, room < INBUF_SIZE ? room : INBUF_SIZE);
		if (n >= 0) {
			in->eof = n == 0;
			in->end += (size_t)n;
			return 1;
		}
		if (errno == EAGAIN)
			wait_readable(in->fd);
		else if (errno != EINTR)
			return -errno;
	}
}

/* Make room for another read: move the incomplete record to the front, grow when it fills the buffer. */
static void make_room(struct inbuf *in)
{
	size_t have = in->end - in->start;
	if (in->start) {
		memmove(in->buf, in->buf + in->start, have);
		in->start = 0;
		in->end = have;
	}
	if (in->cap - in->end >= INBUF_SIZE)
		return;
	in->cap *= 2;
	in->buf = xreallocarray(in->buf, in->cap + 1 + INBUF_PADDING, 1);
}

/* Drop the buffered part of a record that is too long; true when this part included its end. */
static bool skip(struct inbuf *in)
{
	char *p = in->buf + in->start;
	char *d = memchr(p, in->delim, in->end - in->start);
	size_t n = d ? (size_t)(d - p) + 1 : in->end - in->start;
	in->start += n;
	in->pos += n;
	in->skipping = !d;
	return d;
}

/*
 * The length of the whole records at the start of the N bytes at P; their last delimiter must lie at or after FROM; 0:
 * there is none.
 */
static size_t whole(const struct inbuf *in, const char *p, size_t from, size_t n)
{
	const char *d = memrchr(p + from, in->delim, n - from);
	return d ? (size_t)(d - p) + 1 : 0;
}

/* The length of the records in the N bytes at P that come before the first one that is too long. */
static size_t within_limit(const struct inbuf *in, const char *p, size_t n)
{
	if (n - 1 <= in->max_record)
		return n;
	size_t good = 0;
	while (good < n) {
		const char *d = memchr(p + good, in->delim, n - good);
		size_t len = (size_t)(d - (p + good));
		if (len > in->max_record)
			break;
		good += len + 1;
	}
	return good;
}

/* The first buffered record, complete or not, is too long. */
static int too_long(struct inbuf *in)
{
	in->skipping = true;
	return -EMSGSIZE;
}

/* Return the whole records in the first N buffered bytes. */
static int hand_out(struct inbuf *in, size_t n, char **ret_s, size_t *ret_len)
{
	char *p = in->buf + in->start;
	n = within_limit(in, p, n);
	if (!n)
		return too_long(in);
	*ret_s = p;
	*ret_len = n;
	in->start += n;
	in->pos += n;
	return 1;
}

int inbuf_span(struct inbuf *in, char **ret_s, size_t *ret_len)
{
	size_t seen = 0; /* bytes known to hold no delimiter */
	for (;;) {
		if (in->skipping) {
			skip(in);
			seen = 0;
		}
		char *p = in->buf + in->start;
		size_t have = in->end - in->start;
		size_t n = have > seen ? whole(in, p, seen, have) : 0;
		if (!n && in->eof && have) { /* unterminated: there is room for the delimiter */
			p[have] = in->delim;
			in->end++;
			in->unterminated = true;
			n = have + 1;
		}
		if (n)
			return hand_out(in, n, ret_s, ret_len);
		if (in->eof)
			return 0;
		if (have > in->max_record)
			return too_long(in);
		seen = have;
		make_room(in);
		int r = fill(in);
		if (r < 0)
			return r;
	}
}

bool inbuf_feeds_itself(int fd)
{
	struct stat in, out;

	if (fstat(fd, &in) < 0 || fstat(STDOUT_FILENO, &out) < 0 || !S_ISREG(in.st_mode) || in.st_dev != out.st_dev ||
		in.st_ino != out.st_ino)
		return false;
	int flags = fcntl(STDOUT_FILENO, F_GETFL);
	return (flags >= 0 && flags & O_APPEND) || lseek(fd, 0, SEEK_CUR) < lseek(STDOUT_FILENO, 0, SEEK_CUR);
}
