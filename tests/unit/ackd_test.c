/* common/stream/ackd, ackdir and ack: the socket between sinks and consume. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/stream/ack.h"
#include "common/stream/ackd.h"
#include "tests/unit/check.h"

/* A good first line, in front of others. */
#define HELLO "{\"m\":\"hello\",\"v\":1,\"run\":\"0000000000000abc\",\"sink\":\"x\"}\n"

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
	CHECK_INT(ack_hello(ack, &m, "test", table, table && strcmp(table, "table-2") == 0), 0);
	strbuf_release(&text);
}

static int tell(struct ack *ack, uint64_t b, const char *at, const char *last, const char *parts, const char *table)
{
	struct strbuf answer = STRBUF_INIT;
	strbuf_addf(&answer, ",\"at\":%s,\"last\":%s,\"parts\":%s", at, last, parts);
	int r = ack_at(ack, b, answer.s, table);
	strbuf_release(&answer);
	return r;
}

/* Send LINE as it is from a new connection; returns its descriptor. */
static int say(const char *line)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	strcpy(addr.sun_path, d.path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_INT(connect(fd, (const struct sockaddr *)&addr, sizeof addr), 0);
	CHECK_INT(write(fd, line, strlen(line)), (ssize_t)strlen(line));
	return fd;
}

static void test_modes_and_removal(void)
{
	struct stat st;
	open_for(1);
	char *path = strdup(d.path), *dir = strdup(d.path);
	*strrchr(dir, '/') = '\0';
	CHECK_INT(stat(path, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
	CHECK_INT(stat(dir, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0700);
	ackd_close(&d);
	CHECK_INT(stat(dir, &st), -1);
	ackd_close(&d);
	free(path);
	free(dir);
}

static void test_two_sinks(void)
{
	struct ack a, b;
	open_for(2);
	hello(&a, "table-1");
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_ready(&d));
	CHECK_INT(ackd_done(&d), 0);
	hello(&b, NULL);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(ackd_ready(&d));
	CHECK_STR(d.sinks[0].table, "table-1");
	CHECK(d.sinks[1].table == NULL);
	CHECK_INT(ack_seen(&a, 4), 0);
	CHECK_INT(ack_done(&a, 4, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 0);
	CHECK_INT(ack_done(&b, 2, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 3);
	CHECK_INT(ackd_seen(&d), 0);
	CHECK_INT(ack_done(&b, 1, "table-2"), 0); /* never backwards */
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 3);
	CHECK_STR(d.sinks[1].table, "table-2"); /* a table that was made meanwhile */
	ack_release(&a);
	ack_release(&b);
	ackd_close(&d);
}

static void test_positions(void)
{
	struct ack a, b;
	int64_t at = 5;
	open_for(2);
	hello(&a, NULL);
	hello(&b, "table-2");
	CHECK_INT(tell(&a, 7, "{\"t\":{\"0\":10,\"1\":20}}", "{\"t\":{\"0\":[99,\"00000abc\",8]}}", "{}", NULL), 0);
	CHECK_INT(tell(&b, 6, "{}", "{}", "{}", NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_answered(&d, 7));
	CHECK_INT(tell(&b, 7, "{\"t\":{\"1\":21}}", "{}", "{}", "table-3"), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(ackd_answered(&d, 7));
	CHECK_STR(d.sinks[1].table, "table-3"); /* made by another one meanwhile */
	CHECK(!ackd_answered(&d, 8));
	CHECK_INT(ackd_position(&d, "t", 0, &at, &err), 0);
	CHECK_INT(at, 10);
	CHECK_INT(ackd_position(&d, "t", 2, &at, &err), 0);
	CHECK_INT(at, -1);
	CHECK_INT(ackd_position(&d, "t", 1, &at, &err), -EEXIST);
	CHECK_STR(err.s, "test holds 20, test (table table-3) holds 21");
	strbuf_clear(&err);
	CHECK_INT(tell(&b, 7, "{\"t\":{\"0\":null,\"1\":20,\"2\":null}}", "{}", "{}", NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_position(&d, "t", 1, &at, &err), 0);
	CHECK_INT(at, 20);
	CHECK(ackd_holds(&d, "t", 2));
	CHECK(!ackd_holds(&d, "t", 3));
	CHECK_INT(ackd_position(&d, "t", 2, &at, &err), 0); /* one may hold none, the other never holds any */
	CHECK_INT(at, -1);
	CHECK_INT(ackd_position(&d, "t", 0, &at, &err), -EEXIST);
	CHECK_STR(err.s, "test holds 10, test (table table-3) holds none");
	struct mark_range last = {0};
	CHECK(ackd_last(&d, "t", 0, &last));
	CHECK_INT(last.last_ms, 99);
	CHECK_INT(last.last_crc, 0xabc);
	CHECK_INT(last.last_offset, 8);
	CHECK(!ackd_last(&d, "t", 1, &last));
	ack_release(&a);
	ack_release(&b);
	ackd_close(&d);
}

/* How many partitions a topic had, and whether the group began before this run, as tables have it. */
static void test_when_the_group_began(void)
{
	struct ack a, b;
	int32_t parts = 5;
	open_for(2);
	hello(&a, NULL);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_began(&d));
	hello(&b, "table-2");
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(ackd_began(&d));
	CHECK_INT(ackd_parts(&d, "t", &parts, &err), 0); /* before any answer */
	CHECK_INT(parts, -1);
	CHECK_INT(tell(&a, 0, "{}", "{}", "{\"t\":0,\"u\":3,\"w\":-1,\"x\":\"3\"}", NULL), 0);
	CHECK_INT(tell(&b, 0, "{}", "{}", "{\"u\":4,\"v\":7}", NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_parts(&d, "t", &parts, &err), 0);
	CHECK_INT(parts, 0);
	CHECK_INT(ackd_parts(&d, "v", &parts, &err), 0);
	CHECK_INT(parts, 7);
	CHECK_INT(ackd_parts(&d, "w", &parts, &err), 0); /* no number */
	CHECK_INT(parts, -1);
	CHECK_INT(ackd_parts(&d, "x", &parts, &err), 0);
	CHECK_INT(parts, -1);
	CHECK_STR(err.s, "");
	CHECK_INT(ackd_parts(&d, "u", &parts, &err), -EEXIST);
	CHECK_STR(err.s, "test says 3, test says 4");
	strbuf_clear(&err);
	ack_release(&a);
	ack_release(&b);
	ackd_close(&d);
}

static void test_what_is_refused(void)
{
	const char *bad[] = {
		"{\"m\":\"hello\",\"v\":2,\"run\":\"0000000000000abc\",\"sink\":\"x\"}\n",
		"{\"m\":\"hello\",\"v\":1,\"run\":\"0000000000000abd\",\"sink\":\"x\"}\n",
		"{\"m\":\"ack\",\"b\":1}\n",
		HELLO "{\"m\":\"ack\",\"b\":-1}\n",
		HELLO "{\"m\":\"ack\"}\n",
		HELLO "{\"m\":\"at\",\"q\":1,\"at\":[]"
		      "}\n",
		"{\"m\":\"hello\",\"v\":1,\"run\":\"0000000000000abc\",\"sink\":\"x\"}\nGET / HTTP/1.1\n",
		"not json\n",
		"\n",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		open_for(1);
		int fd = say(bad[i]);
		int r = ackd_serve(&d, &err);
		if (r != -EPROTO)
			printf("# accepted: %s", bad[i]);
		CHECK_INT(r, -EPROTO);
		CHECK(err.len > 0);
		close(fd);
		ackd_close(&d);
	}
}

static void test_too_many(void)
{
	struct ack a, b;
	open_for(1);
	hello(&a, NULL);
	hello(&b, NULL);
	CHECK_INT(ackd_serve(&d, &err), -EPROTO);
	ack_release(&a);
	ack_release(&b);
	ackd_close(&d);
}

static void test_a_sink_that_goes(void)
{
	struct ack a;
	open_for(1);
	close(say("")); /* a connection without hello is nobody */
	CHECK_INT(ackd_serve(&d, &err), 0);
	hello(&a, NULL);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(d.count, 1);
	CHECK_INT(ack_done(&a, 3, NULL), 0);
	ack_release(&a);
	CHECK_INT(ackd_serve(&d, &err), -EPIPE);
	CHECK_STR(err.s, "the sink test has gone");
	CHECK_INT(ackd_done(&d), 4); /* what it said before counts */
	ackd_close(&d);
}

static void test_sinks_that_leave_at_the_end(void)
{
	struct ack a, b;
	open_for(2);
	hello(&a, NULL);
	hello(&b, NULL);
	CHECK_INT(ack_done(&a, 3, NULL), 0);
	CHECK_INT(ack_done(&b, 2, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	ackd_final(&d, 4);
	ack_release(&a); /* it is done, the other is not yet */
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 3);
	CHECK_INT(ack_done(&b, 3, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 4);
	ack_release(&b);
	CHECK_INT(ackd_serve(&d, &err), 0);
	ackd_close(&d);

	open_for(1);
	hello(&a, NULL);
	CHECK_INT(ack_done(&a, 2, NULL), 0);
	ackd_final(&d, 4);
	ack_release(&a); /* too early */
	CHECK_INT(ackd_serve(&d, &err), -EPIPE);
	ackd_close(&d);
}

static void test_split_lines(void)
{
	open_for(1);
	int fd = say("{\"m\":\"hello\",\"v\":1,\"run\":\"0000000");
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_ready(&d));
	CHECK_INT(write(fd, "000000abc\",\"sink\":\"x\"}\n{\"m\":\"ack\",\"b\":1}\n{\"m", 44), 44);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 2);
	close(fd);
	ackd_close(&d);
}

static void test_no_socket(void)
{
	struct ack a = ACK_INIT;
	struct strbuf text = STRBUF_INIT;
	open_for(1);
	struct mark m = start_mark(&text, 1);
	ackd_close(&d);
	CHECK_INT(ack_hello(&a, &m, "test", NULL, false), -ENOENT);
	strbuf_clear(&text);
	size_t start;
	mark_begin(&text, &m, &start);
	mark_end(&text, start);
	CHECK_INT(mark_parse(text.s, text.len, &m), 0);
	CHECK_INT(ack_hello(&a, &m, "test", NULL, false), -EBADMSG);
	strbuf_release(&text);
}

int main(void)
{
	TEST(test_modes_and_removal);
	TEST(test_two_sinks);
	TEST(test_positions);
	TEST(test_when_the_group_began);
	TEST(test_what_is_refused);
	TEST(test_too_many);
	TEST(test_a_sink_that_goes);
	TEST(test_sinks_that_leave_at_the_end);
	TEST(test_split_lines);
	TEST(test_no_socket);
	strbuf_release(&err);
	return check_done();
}
