/*
 * An HTTP server that throws away the bodies of puts, so that only the client is measured.
 *
 * usage: httpsink: prints its port and serves until its standard input ends.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/diag.h"

/* Bodies are dropped by the kernel (MSG_TRUNC), so that receiving them takes almost no time. */
static bool discard(int fd, uint64_t n)
{
	while (n) {
		ssize_t got = recv(fd, NULL, n < 1 << 20 ? (size_t)n : 1 << 20, MSG_TRUNC);
		if (got <= 0)
			return false;
		n -= (uint64_t)got;
	}
	return true;
}

static bool serve(int fd)
{
	char head[16384];
	size_t len = 0;
	char *end = NULL, *length;
	head[0] = '\0';
	while (!end) {
		ssize_t n = recv(fd, head + len, sizeof head - 1 - len, 0);
		if (n <= 0)
			return false;
		len += (size_t)n;
		head[len] = '\0';
		end = strstr(head, "\r\n\r\n");
	}
	length = strcasestr(head, "Content-Length:");
	uint64_t body = length ? strtoull(length + 15, NULL, 10) : 0, there = len - (size_t)(end + 4 - head);
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	return discard(fd, body - there) && send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL) > 0;
}

static void *connection(void *arg)
{
	int fd = (int)(intptr_t)arg;
	while (serve(fd))
		;
	close(fd);
	return NULL;
}

static void *accept_all(void *arg)
{
	int fd;
	pthread_t thread;
	while ((fd = accept4((int)(intptr_t)arg, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		if (pthread_create(&thread, NULL, connection, (void *)(intptr_t)fd) || pthread_detach(thread))
			die(EXIT_TEMP, "no thread");
	return NULL;
}

int main(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	pthread_t thread;
	char byte;
	diag_init("httpsink");
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) || listen(fd, 64) ||
		getsockname(fd, (struct sockaddr *)&at, &len) ||
		pthread_create(&thread, NULL, accept_all, (void *)(intptr_t)fd))
		die(EXIT_TEMP, "cannot listen");
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	return EXIT_OK;
}
