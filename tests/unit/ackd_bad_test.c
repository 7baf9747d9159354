/* common/stream/ackd and ack: lines that are incomplete or foreign, too many sinks, and a missing socket. */
#include "tests/unit/ackd.h"

/* A correct first line, before others. */
#define HELLO "{\"m\":\"hello\",\"v\":2,\"run\":\"0000000000000abc\",\"sink\":\"x\"}\n"

static void test_what_is_refused(void)
{
	const char *bad[] = {
		"{\"m\":\"hello\",\"v\":1,\"run\":\"0000000000000abc\",\"sink\":\"x\"}\n",
		"{\"m\":\"hello\",\"v\":2,\"run\":\"0000000000000abd\",\"sink\":\"x\"}\n",
		"{\"m\":\"ack\",\"b\":1}\n",
		HELLO "{\"m\":\"ack\",\"b\":-1}\n",
		HELLO "{\"m\":\"ack\"}\n",
		HELLO "{\"m\":\"at\",\"q\":1,\"at\":[]"
		      "}\n",
		"{\"m\":\"hello\",\"v\":2,\"run\":\"0000000000000abc\",\"sink\":\"x\"}\nGET / HTTP/1.1\n",
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

static void test_split_lines(void)
{
	open_for(1);
	int fd = say("{\"m\":\"hello\",\"v\":2,\"run\":\"0000000");
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
	CHECK_INT(ack_hello(&a, &m, &(struct ack_greeting){.program = "test"}), -ENOENT);
	strbuf_clear(&text);
	size_t start;
	mark_begin(&text, &m, &start);
	mark_end(&text, start);
	CHECK_INT(mark_parse(text.s, text.len, &m), 0);
	CHECK_INT(ack_hello(&a, &m, &(struct ack_greeting){.program = "test"}), -EBADMSG);
	strbuf_release(&text);
}

int main(void)
{
	TEST(test_what_is_refused);
	TEST(test_too_many);
	TEST(test_split_lines);
	TEST(test_no_socket);
	strbuf_release(&err);
	return check_done();
}
