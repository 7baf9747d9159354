/* A source's acknowledgement socket, and sinks that connect to it. */
#ifndef WEIR_TESTS_ACKD_H
#define WEIR_TESTS_ACKD_H

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/stream/ack.h"
#include "common/stream/ackd.h"
#include "tests/unit/check.h"

static struct ackd d;
static struct strbuf err = STRBUF_INIT;

static void open_for(size_t sinks)
{
	strbuf_clear(&err);
	CHECK_INT(ackd_open(&d, 0xabc, sinks, &err), 0);
}

/* An S mark of run RUN that names the socket of d. */
static struct mark start_mark(struct strbuf *text, uint64_t run)
{
	struct mark m = {.kind = MARK_START, .run = run}, parsed = {0};
	size_t start;
	mark_begin(text, &m, &start);
	strbuf_addf(text, ",\"socket\":\"%s\"", d.path);
	mark_end(text, start);
	CHECK_INT(mark_parse(text->s, text->len, &parsed), 0);
	return parsed;
}

static void hello(struct ack *ack, const char *table)
{
	struct strbuf text = STRBUF_INIT;
	struct mark m = start_mark(&text, 0xabc);
	ack->fd = -1;
	const struct ack_greeting greeting = {.program = "test",
		.table = table,
		.began = table && strcmp(table, "table-2") == 0,
		.in_group = table && strncmp(table, "topic:", 6) == 0};
	CHECK_INT(ack_hello(ack, &m, &greeting), 0);
	strbuf_release(&text);
}

/* Send LINE unchanged over a new connection; returns its descriptor. */
static int say(const char *line)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	strcpy(addr.sun_path, d.path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_INT(connect(fd, (const struct sockaddr *)&addr, sizeof addr), 0);
	CHECK_INT(write(fd, line, strlen(line)), (ssize_t)strlen(line));
	return fd;
}

#endif
