/*
 * The sockets of a client.  See http_parts.h.
 *
 * libcurl 7.88 sends a request even over a kept connection on which bytes have arrived since the last answer, and takes
 * these for the answer.  They may be a second answer to the request before, or the 408 with which a proxy ends an idle
 * connection.
 */
#include <arpa/inet.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/io/http_parts.h"

static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http *http = arg;
	(void)purpose;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	http->sockets = xreallocarray(http->sockets, http->nsockets + 1, sizeof *http->sockets);
	http->sockets[http->nsockets++] = fd;
	return fd;
}

static int on_close(void *arg, curl_socket_t fd)
{
	struct http *http = arg;
	for (size_t i = 0; i < http->nsockets; i++)
		if (http->sockets[i] == fd) {
			http->sockets[i] = http->sockets[--http->nsockets];
			break;
		}
	return close(fd);
}

CURLcode http_sockets_set(CURL *easy, struct http *http)
{
	CURLcode r = CURLE_OK;
	HTTP_SET(r, easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	HTTP_SET(r, easy, CURLOPT_OPENSOCKETDATA, http);
	HTTP_SET(r, easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	HTTP_SET(r, easy, CURLOPT_CLOSESOCKETDATA, http);
	return r;
}

typedef int get_name(int fd, struct sockaddr *ret, socklen_t *len);

/* Whether GET (getsockname or getpeername) gives IP and PORT for the socket FD. */
static bool is_at(int fd, get_name *get, const char *ip, int port)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} at;
	socklen_t len = sizeof at;
	char text[INET6_ADDRSTRLEN];
	if (get(fd, &at.any, &len) < 0)
		return false;
	bool six = at.any.sa_family == AF_INET6;
	if (ntohs(six ? at.v6.sin6_port : at.v4.sin_port) != port)
		return false;
	const void *address = six ? (const void *)&at.v6.sin6_addr : (const void *)&at.v4.sin_addr;
	return inet_ntop(at.any.sa_family, address, text, sizeof text) && strcmp(text, ip) == 0;
}

int http_sockets_find(const struct http *http, const char *remote, int remote_port, const char *local, int local_port)
{
	for (size_t i = 0; i < http->nsockets; i++) {
		int fd = http->sockets[i];
		if (is_at(fd, getsockname, local, local_port) && is_at(fd, getpeername, remote, remote_port))
			return fd;
	}
	return -1;
}

bool http_sockets_ahead(int fd)
{
	char byte;
	return fd >= 0 && recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

int http_sockets_queued(int fd)
{
	int n = 0;
	return fd >= 0 && ioctl(fd, SIOCOUTQ, &n) == 0 ? n : 0;
}
