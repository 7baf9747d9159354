/* Buffered output on a descriptor: see outbuf.h. */
#include "common/io/outbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/color.h"
#include "common/io/paint.h"

#define PIPE_SIZE (256 << 10)
/* Data of at least this length is written without being copied first; the copy took 7 % of ack's time. */
#define DIRECT (32u << 10)

size_t pipe_enlarge(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ);
	if (size < 0)
		return 0;
	if (size < PIPE_SIZE && fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE) == 0)
		size = fcntl(fd, F_GETPIPE_SZ);
	return size > 0 ? (size_t)size : 0;
}

void outbuf_init(struct outbuf *out, int fd, const char *name)
{
	size_t pipe = pipe_enlarge(fd);
	*out = (struct outbuf){.fd = fd, .name = name, .cap = OUTBUF_SIZE};
	out->chunk = pipe ? pipe / 2 : OUTBUF_SIZE;
	out->buf = xmalloc(out->cap);
}

/* What it takes to add colours to an output. */
struct painter {
	struct paint state;
	struct strbuf text;
};

void outbuf_color(struct outbuf *out)
{
	if (out->painter || !color_on(out->fd))
		return;
	out->painter = xcalloc(1, sizeof *out->painter);
	strbuf_init(&out->painter->text);
}

void outbuf_release(struct outbuf *out)
{
	if (out->painter)
		strbuf_release(&out->painter->text);
	free(out->painter);
	out->painter = NULL;
	free(out->buf);
	out->buf = NULL;
	out->len = out->cap = 0;
}

static int wait_writable(struct outbuf *out)
{
	struct pollfd wait = {.fd = out->fd, .events = POLLOUT};
	if (out->wait)
		return out->wait(out->wait_arg);
	poll(&wait, 1, -1);
	return 0;
}

/* Write LEN bytes at DATA as they are, in as many calls as it takes. */
static int write_bytes(struct outbuf *out, const char *data, size_t len)
{
	while (len && !out->err) {
		ssize_t n = write(out->fd, data, len < out->chunk ? len : out->chunk);
		if (n >= 0) {
			data += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			out->err = wait_writable(out);
		} else if (errno != EINTR) {
			out->err = -errno;
		}
	}
	return out->err;
}

/* Write LEN bytes at DATA, coloured if they are to be. */
static int write_all(struct outbuf *out, const char *data, size_t len)
{
	if (!out->painter)
		return write_bytes(out, data, len);
	strbuf_clear(&out->painter->text);
	paint_json(&out->painter->state, data, len, &out->painter->text);
	return write_bytes(out, out->painter->text.s, out->painter->text.len);
}

int outbuf_flush(struct outbuf *out)
{
	int r = write_all(out, out->buf, out->len);
	out->len = 0;
	return r;
}

char *outbuf_reserve(struct outbuf *out, size_t size)
{
	if (out->len && (out->len >= out->chunk || size > out->cap - out->len))
		if (outbuf_flush(out) < 0)
			return NULL;
	if (out->err)
		return NULL;
	if (size > out->cap) {
		free(out->buf);
		out->cap = size;
		out->buf = xmalloc(out->cap);
	}
	return out->buf + out->len;
}

char *outbuf_room(struct outbuf *out, size_t size)
{
	if (size > out->cap - out->len) {
		out->cap = size > out->cap ? out->len + size : 2 * out->cap;
		out->buf = xreallocarray(out->buf, out->cap, 1);
	}
	return out->buf + out->len;
}

int outbuf_push(struct outbuf *out)
{
	size_t done = 0;
	if (out->painter) /* of which no part can be left over; a terminal does not make one wait for long */
		return outbuf_flush(out);
	while (done < out->len && !out->err) {
		size_t left = out->len - done;
		ssize_t n = write(out->fd, out->buf + done, left < out->chunk ? left : out->chunk);
		if (n >= 0)
			done += (size_t)n;
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			out->err = -errno;
	}
	out->len -= done;
	memmove(out->buf, out->buf + done, out->len);
	return out->err ? out->err : out->len > 0;
}

void outbuf_commit(struct outbuf *out, size_t len)
{
	out->len += len;
}

int outbuf_write(struct outbuf *out, const void *data, size_t len)
{
	if (len >= DIRECT) {
		int r = outbuf_flush(out);
		return r < 0 ? r : write_all(out, data, len);
	}
	char *p = outbuf_reserve(out, len);
	if (!p)
		return out->err;
	memcpy(p, data, len);
	out->len += len;
	return 0;
}

int outbuf_close(struct outbuf *out)
{
	int r = outbuf_flush(out);
	if (close(out->fd) < 0 && !r && errno != EINTR)
		r = -errno;
	outbuf_release(out);
	return r;
}
