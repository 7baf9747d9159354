/*
 * Ports of the mock cluster: see port.h.
 *
 * librdkafka's mock cluster binds each broker to port 0 of 127.0.0.1 and offers no other choice.  It gives clients the
 * same address to which it binds, so a proxy would not help: clients would bypass it.  So this program has its own
 * bind(2), which the dynamic linker uses for librdkafka's calls, and which fills in the port.
 */
#include "cmd/mock-broker/port.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint16_t next_port;

/* Whether it is possible to listen on PORT in the way in which the mock cluster does. */
static int try_port(uint16_t port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	int r = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
				bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1) < 0
			? -errno
			: 0;
	close(fd); /* an error does not matter: nothing was sent or received */
	return r;
}

int port_begin(uint16_t first, unsigned count, uint16_t *ret_port)
{
	int r = 0;
	for (unsigned i = 0; first && i < count && r == 0; i++) {
		*ret_port = (uint16_t)(first + i);
		r = try_port(*ret_port);
	}
	next_port = first;
	return r;
}

/* Replaces the bind(2) of libc: it does the same, but if the port of an IPv4 socket is 0, it chooses the port. */
int bind(int fd, const struct sockaddr *address, socklen_t len)
{
	struct sockaddr_in own;
	if (next_port && address->sa_family == AF_INET && len == sizeof own) {
		own = *(const struct sockaddr_in *)(const void *)address;
		if (own.sin_port == 0) {
			own.sin_port = htons(next_port++);
			address = (const struct sockaddr *)(const void *)&own;
		}
	}
	return (int)syscall(SYS_bind, fd, address, len);
}
