/*
 * An HTTP server for unit tests.  Each connection has a thread, which reads the head of a request and calls the test's
 * function; that function takes the body, and answers or misbehaves.
 *
 *     static void serve(struct exchange *x) { take_body(x, x->length); say(x, "HTTP/1.1 200 OK\r\n…"); }
 *     struct server s; server_start(&s, serve); … server_stop(&s);
 */
#ifndef WEIR_TESTS_HTTP_SERVER_H
#define WEIR_TESTS_HTTP_SERVER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SERVER_CONNECTIONS = 64, SERVER_HEAD = 128 << 10 };

struct server;

/* One request, while it is served. */
struct exchange {
	struct server *server;
	int fd;                 /* -1: closed */
	unsigned number;        /* of the request, over all connections, from 1 on */
	char *head;             /* request line and headers, NUL after them */
	char method[16], *path; /* PATH ends at a blank */
	uint64_t length, sum;   /* Content-Length; a sum over the bytes that were taken */
	char *ahead;            /* the part of the body that was read together with the head */
	size_t nahead;
};

struct server {
	void (*serve)(struct exchange *x);
	void *arg;  /* data of the test */
	bool eager; /* `serve` is called when there is a connection, before anything is read */
	int fd, port;
	pthread_t thread, threads[SERVER_CONNECTIONS];
	int fds[SERVER_CONNECTIONS];
	atomic_uint connections, requests;
	pthread_mutex_t lock; /* of fds */
};

/* A checksum in which bytes are weighted by their position, so that the order matters. */
static inline uint64_t sum_bytes(uint64_t sum, const void *data, size_t len, uint64_t pos)
{
	for (size_t i = 0; i < len; i++)
		sum += (pos + i + 1) * ((const unsigned char *)data)[i];
	return sum;
}

/* Take the next N bytes of the body, of which TAKEN were taken before; false: they did not arrive. */
static inline bool take_more(struct exchange *x, uint64_t taken, uint64_t n)
{
	char buf[65536];
	while (n) {
		size_t want = n < sizeof buf ? (size_t)n : sizeof buf;
		ssize_t got;
		if (x->nahead) {
			got = (ssize_t)(want < x->nahead ? want : x->nahead);
			memcpy(buf, x->ahead, (size_t)got);
			x->ahead += got;
			x->nahead -= (size_t)got;
		} else
			got = recv(x->fd, buf, want, 0);
		if (got <= 0)
			return false;
		x->sum = sum_bytes(x->sum, buf, (size_t)got, taken);
		taken += (uint64_t)got;
		n -= (uint64_t)got;
	}
	return true;
}

static inline bool take_body(struct exchange *x, uint64_t n)
{
	return take_more(x, 0, n);
}

static inline void say_bytes(struct exchange *x, const void *data, size_t len)
{
	for (const char *p = data; len;) {
		ssize_t n = send(x->fd, p, len, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		p += n;
		len -= (size_t)n;
	}
}

static inline void __attribute__((format(printf, 2, 3))) say(struct exchange *x, const char *fmt, ...)
{
	char *text;
	va_list args;
	va_start(args, fmt);
	int n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		abort();
	say_bytes(x, text, (size_t)n);
	free(text);
}

/* A whole answer; STATUS has the words after it: "503 Slow Down". */
static inline void answer(struct exchange *x, const char *status, const char *fields, const char *body)
{
	say(x, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%s", status, fields, strlen(body), body);
}

static inline void hang_up(struct exchange *x)
{
	pthread_mutex_lock(&x->server->lock);
	for (int i = 0; i < SERVER_CONNECTIONS; i++)
		if (x->server->fds[i] == x->fd)
			x->server->fds[i] = -1;
	close(x->fd);
	x->fd = -1;
	pthread_mutex_unlock(&x->server->lock);
}

/* Reset the connection, like a host that does not know it (any more). */
static inline void reset(struct exchange *x)
{
	struct linger now = {.l_onoff = 1};
	setsockopt(x->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	hang_up(x);
}

/* The value of a header of the request, "" when there is none; valid until the next call in this thread. */
static inline const char *header(const struct exchange *x, const char *name)
{
	static _Thread_local char value[1024];
	size_t len = strlen(name);
	value[0] = '\0';
	for (const char *p = x->head; (p = strstr(p, "\r\n"));) {
		p += 2;
		if (strncasecmp(p, name, len) == 0 && p[len] == ':') {
			p += len + 1 + strspn(p + len + 1, " ");
			snprintf(value, sizeof value, "%.*s", (int)strcspn(p, "\r"), p);
			break;
		}
	}
	return value;
}

/* Read until the head is complete; false: the connection has ended. */
static inline bool server_head(struct exchange *x, char *buf)
{
	size_t len = 0;
	char *end;
	buf[0] = '\0';
	while (!(end = strstr(buf, "\r\n\r\n"))) {
		ssize_t n = len < SERVER_HEAD - 1 ? recv(x->fd, buf + len, SERVER_HEAD - 1 - len, 0) : 0;
		if (n <= 0)
			return false;
		len += (size_t)n;
		buf[len] = '\0';
	}
	x->head = buf;
	x->ahead = end + 4;
	x->nahead = len - (size_t)(end + 4 - buf);
	x->sum = 0;
	end[2] = '\0';
	snprintf(x->method, sizeof x->method, "%.*s", (int)strcspn(buf, " "), buf);
	x->path = buf + strcspn(buf, " ") + 1;
	x->length = strtoull(header(x, "Content-Length"), NULL, 10);
	return true;
}

struct server_job {
	struct server *server;
	int fd;
};

static void *server_connection(void *arg)
{
	struct server_job job = *(struct server_job *)arg;
	struct exchange x = {.server = job.server, .fd = job.fd};
	char *buf = malloc(SERVER_HEAD);
	free(arg);
	if (job.server->eager)
		job.server->serve(&x);
	while (buf && x.fd >= 0 && server_head(&x, buf)) {
		x.number = ++job.server->requests;
		job.server->serve(&x);
	}
	if (x.fd >= 0)
		hang_up(&x);
	free(buf);
	return NULL;
}

static void *server_listen(void *arg)
{
	struct server *s = arg;
	int fd;
	while ((fd = accept(s->fd, NULL, NULL)) >= 0) {
		unsigned i = s->connections;
		struct server_job *job = malloc(sizeof *job);
		if (!job || i == SERVER_CONNECTIONS)
			abort();
		*job = (struct server_job){s, fd};
		pthread_mutex_lock(&s->lock);
		s->fds[i] = fd;
		pthread_mutex_unlock(&s->lock);
		if (pthread_create(&s->threads[i], NULL, server_connection, job))
			abort();
		s->connections++;
	}
	return NULL;
}

static inline void server_start(struct server *s, void (*serve)(struct exchange *x))
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	memset(s, 0, sizeof *s);
	s->serve = serve;
	memset(s->fds, 0xff, sizeof s->fds);
	pthread_mutex_init(&s->lock, NULL);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&at, sizeof at) || listen(s->fd, 64) ||
		getsockname(s->fd, (struct sockaddr *)&at, &len) || pthread_create(&s->thread, NULL, server_listen, s))
		abort();
	s->port = ntohs(at.sin_port);
}

/* End all connections, even in the middle of a request. */
static inline void server_stop(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
	pthread_mutex_lock(&s->lock);
	for (int i = 0; i < SERVER_CONNECTIONS; i++)
		if (s->fds[i] >= 0)
			shutdown(s->fds[i], SHUT_RDWR);
	pthread_mutex_unlock(&s->lock);
	for (unsigned i = 0; i < s->connections; i++)
		pthread_join(s->threads[i], NULL);
	pthread_mutex_destroy(&s->lock);
}

#endif
