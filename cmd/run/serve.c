/* The server: see serve.h. */
#include "cmd/run/serve.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"

enum {
	CONNECTIONS = 16, /* at once */
	LIMIT_S = 3,      /* for a request and its answer; Prometheus gives up after 10 s by default */
};

/* A connection, and until when (clock_ms()) its next answer must be fetched. */
struct client {
	struct MHD_Connection *connection; /* NULL: none */
	int64_t by_ms;
};

struct serve {
	struct MHD_Daemon *daemon;
	serve_answer *answer;
	void *arg;
	struct client clients[CONNECTIONS];
};

/* Split ADDRESS into HOST, "": every address, and the port; NULL: it is malformed. */
static const char *split(const char *address, struct strbuf *host)
{
	const char *colon = strrchr(address, ':');
	const char *port = colon ? colon + 1 : address;
	size_t len = colon ? (size_t)(colon - address) : 0;
	if (!colon)
		strbuf_addstr(host, "127.0.0.1");
	else if (len > 1 && *address == '[' && address[len - 1] == ']')
		strbuf_add(host, address + 1, len - 2);
	else
		strbuf_add(host, address, len);
	return *port && strlen(port) <= 5 && port[strspn(port, "0123456789")] == '\0' && atoi(port) <= 65535 ? port
													     : NULL;
}

static int listen_at(const struct addrinfo *at)
{
	const int on = 1;
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, CONNECTIONS) == 0)
		return fd;
	int r = -errno;
	close(fd);
	return r;
}

/* The listening socket, or -errno with the reason in ERR. */
static int open_socket(const char *address, struct strbuf *err)
{
	const struct addrinfo hints = {
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
	struct strbuf host = STRBUF_INIT;
	struct addrinfo *at = NULL;
	const char *port = split(address, &host);
	int r = -EINVAL;
	if (!port || getaddrinfo(host.len ? host.s : NULL, port, &hints, &at) != 0)
		strbuf_addf(err, "'%s' is not PORT, :PORT, ADDRESS:PORT or [IPV6]:PORT", address);
	else if ((r = listen_at(at)) < 0)
		strbuf_addf(err, "cannot listen at '%s': %s", address, diag_strerror(r));
	if (at)
		freeaddrinfo(at);
	strbuf_release(&host);
	return r;
}

/* Print which port the kernel has chosen. */
static void tell_port(const char *address, int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof at;
	char port[16];
	const char *colon = strrchr(address, ':');
	if (atoi(colon ? colon + 1 : address) == 0 && getsockname(fd, (struct sockaddr *)&at, &len) == 0 &&
		getnameinfo((struct sockaddr *)&at, len, NULL, 0, port, sizeof port, NI_NUMERICSERV) == 0)
		warn("metrics are at port %s", port);
}

static enum MHD_Result send_text(
	struct MHD_Connection *connection, unsigned status, const char *type, struct strbuf *body)
{
	size_t len = body->len;
	struct MHD_Response *response =
		MHD_create_response_from_buffer(len, strbuf_detach(body), MHD_RESPMEM_MUST_FREE);
	if (!response)
		return MHD_NO;
	enum MHD_Result r = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	if (r == MHD_YES)
		r = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return r;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *data, size_t *size, void **state)
{
	static int seen;
	struct serve *s = arg;
	struct strbuf body = STRBUF_INIT;
	const char *type = "text/plain; charset=utf-8";
	unsigned status = MHD_HTTP_METHOD_NOT_ALLOWED;
	(void)version;
	(void)data;
	if (!*state) { /* the head alone: an answer now would close the connection */
		*state = &seen;
		return MHD_YES;
	}
	if (*size) { /* a body is not looked at */
		*size = 0;
		return MHD_YES;
	}
	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		status = s->answer(s->arg, url, &body, &type);
	else
		strbuf_addstr(&body, "only GET and HEAD\n");
	strbuf_grow(&body, 1); /* so that there is something to hand over even when it is empty */
	return send_text(connection, status, type, &body);
}

/* --- the time of a connection ------------------------------------------------------------------------------------- */

/*
 * libmicrohttpd's own limit begins again with every byte, so that sixteen connections which send one now and then would
 * keep all others out.
 */

static void begin(struct serve *s, struct MHD_Connection *connection, struct MHD_Connection *known)
{
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (s->clients[i].connection == known) {
			s->clients[i] = (struct client){connection, clock_ms() + LIMIT_S * INT64_C(1000)};
			break;
		}
}

static void on_connection(
	void *arg, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
	(void)context;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		begin(arg, connection, NULL);
	else
		begin(arg, NULL, connection);
}

/* An answer is sent, or is not; the next request begins. */
static void on_completed(
	void *arg, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
	(void)state;
	(void)code;
	begin(arg, connection, connection);
}

/* Shut down what has had its time; libmicrohttpd then closes it. */
static void cut_off(struct serve *s)
{
	const int64_t now = clock_ms();
	for (size_t i = 0; i < CONNECTIONS; i++) {
		struct client *c = &s->clients[i];
		const union MHD_ConnectionInfo *info =
			c->connection && c->by_ms <= now
				? MHD_get_connection_info(c->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
				: NULL;
		if (info)
			(void)shutdown(info->connect_fd, SHUT_RDWR);
		if (info)
			c->by_ms = INT64_MAX;
	}
}

int serve_open(struct serve **ret, const char *address, serve_answer *answer, void *arg, struct strbuf *err)
{
	int fd = open_socket(address, err);
	if (fd < 0)
		return fd;
	struct serve *s = xcalloc(1, sizeof *s);
	*s = (struct serve){.answer = answer, .arg = arg};
	s->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_S,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
		MHD_OPTION_END);
	if (!s->daemon) {
		strbuf_addf(err, "cannot start a server at '%s'", address);
		close(fd);
		free(s);
		return -ENOMEM;
	}
	tell_port(address, fd);
	*ret = s;
	return 0;
}

void serve_close(struct serve *s)
{
	if (s)
		MHD_stop_daemon(s->daemon);
	free(s);
}

int serve_fd(const struct serve *s)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	return info ? info->epoll_fd : -1;
}

int64_t serve_due(const struct serve *s)
{
	MHD_UNSIGNED_LONG_LONG ms;
	const int64_t now = clock_ms();
	int64_t due = MHD_get_timeout(s->daemon, &ms) == MHD_YES ? (int64_t)ms : INT64_MAX;
	for (size_t i = 0; i < CONNECTIONS; i++) {
		const struct client *c = &s->clients[i];
		int64_t left = !c->connection || c->by_ms == INT64_MAX ? INT64_MAX
			       : c->by_ms > now                        ? c->by_ms - now
								       : 0;
		due = left < due ? left : due;
	}
	return due;
}

static bool is_full(const struct serve *s)
{
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (!s->clients[i].connection)
			return false;
	return true;
}

void serve_run(struct serve *s)
{
	/* After it has had all its connections, libmicrohttpd listens again at its next run only. */
	const bool again = is_full(s);
	cut_off(s);
	(void)MHD_run(s->daemon); /* it fails only for a daemon with a thread */
	if (again)
		(void)MHD_run(s->daemon);
}
