/* The sink's side of acknowledgements: see ack.h. */
#include "common/stream/ack.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/diag.h"
#include "common/base/patience.h"
#include "common/base/sig.h"
#include "common/io/ackdir.h"

enum {
	TICK_MS = 100,
	STOP_MS = 2000, /* how long to go on waiting once a signal has asked the program to end */
};

/*
 * The source does not read what is sent to it, perhaps because it was stopped: wait a little.  Returns -ETIMEDOUT when
 * the limit has passed.
 */
static int wait_for_source(int fd, struct patience *wait)
{
	struct pollfd room = {.fd = fd, .events = POLLOUT};
	enum patience_state p = patience_ask(wait, sig_stop() ? STOP_MS : -1, clock_ms());
	if (p == PATIENCE_OVER)
		return -ETIMEDOUT;
	if (p == PATIENCE_TELL)
		warn("waiting for the source, which takes no acknowledgements");
	return poll(&room, fd >= 0, TICK_MS) < 0 && errno != EINTR ? -errno : 0;
}

/* Send B as one line and release it. */
static int send_line(struct ack *ack, struct strbuf *b)
{
	struct patience wait = {0};
	size_t done = 0;
	int r = 0;
	strbuf_addch(b, '\n');
	while (done < b->len && !r) {
		ssize_t n = send(ack->fd, b->s + done, b->len - done, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0) {
			done += (size_t)n;
			wait = (struct patience){0};
		} else if (errno == EAGAIN) {
			r = wait_for_source(ack->fd, &wait);
		} else if (errno != EINTR) {
			r = -errno;
		}
	}
	strbuf_release(b);
	return r;
}

static int connect_to(const char *path, size_t len)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	if (len >= sizeof addr.sun_path)
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, len);
	int r = ackdir_check(addr.sun_path);
	if (r < 0)
		return r;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct patience wait = {0};
	if (fd < 0)
		return -errno;
	while (!r &&
		/* EAGAIN: the queue of pending connections is full */
		connect(fd, (const struct sockaddr *)&addr, sizeof addr) < 0)
		r = errno == EAGAIN ? wait_for_source(-1, &wait) : errno == EINTR ? 0 : -errno;
	struct ucred peer;
	socklen_t size = sizeof peer;
	if (!r && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		r = -errno;
	if (!r && peer.uid != geteuid())
		r = -EPERM;
	if (r < 0)
		close(fd);
	return r < 0 ? r : fd;
}

/* End the line B, which may name TABLE, and send it. */
static int send_with_table(struct ack *ack, struct strbuf *b, const char *table)
{
	if (table)
		strbuf_addf(b, ",\"table\":\"%s\"", table);
	strbuf_addch(b, '}');
	return send_line(ack, b);
}

int ack_hello(struct ack *ack, const struct mark *start, const struct ack_greeting *greeting)
{
	size_t len;
	const char *path = mark_string(start, "socket", &len);
	if (!path)
		return -EBADMSG;
	int fd = connect_to(path, len);
	if (fd < 0)
		return fd;
	ack->fd = fd;
	struct strbuf b = STRBUF_INIT;
	strbuf_addf(&b, "{\"m\":\"hello\",\"v\":%d,\"run\":\"%016" PRIx64 "\",\"sink\":\"%s\",\"pid\":%ld", ACK_VERSION,
		start->run, greeting->program, (long)getpid());
	strbuf_addstr(&b, greeting->began ? ",\"began\":true" : "");
	strbuf_addstr(&b, greeting->in_group ? ",\"commits\":\"group\"" : "");
	return send_with_table(ack, &b, greeting->table);
}

int ack_at(struct ack *ack, uint64_t batch, const char *answer, const char *table)
{
	struct strbuf b = STRBUF_INIT;
	strbuf_addf(&b, "{\"m\":\"at\",\"q\":%" PRIu64 "%s", batch, answer);
	return send_with_table(ack, &b, table);
}

int ack_seen(struct ack *ack, uint64_t batch)
{
	struct strbuf b = STRBUF_INIT;
	strbuf_addf(&b, "{\"m\":\"seen\",\"b\":%" PRIu64 "}", batch);
	return send_line(ack, &b);
}

int ack_done(struct ack *ack, uint64_t batch, const char *table)
{
	struct strbuf b = STRBUF_INIT;
	strbuf_addf(&b, "{\"m\":\"ack\",\"b\":%" PRIu64, batch);
	return send_with_table(ack, &b, table);
}

void ack_release(struct ack *ack)
{
	if (ack->fd >= 0)
		close(ack->fd);
	ack->fd = -1;
}
