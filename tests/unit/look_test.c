/* common/stream/look: marks, also those that a command has changed, and data that only resembles them. */
#include <string.h>

#include "common/stream/look.h"
#include "tests/unit/check.h"

static bool holds(const char *s)
{
	return look_holds_mark(s, strlen(s));
}

#define RUN "\"run\":\"00c0ffee00c0ffee\",\"b\":17,\"n\":120,\"by\":\"consume\""

static void test_marks(void)
{
	CHECK(holds("\x17{\"v\":1}\n"));
	CHECK(holds("x\x17{\n"));
	CHECK(holds("header\n1 \x17{\"v\":1,\"k\":\"S\"," RUN "}\n"));
	CHECK(holds("{\"v\":1,\"k\":\"S\"," RUN ",\"t\":[1,2]}\n")); /* tr -d '\027' */
	CHECK(holds("\"\\u0017{\\\"v\\\":1}\"\n"));                  /* jq -R . */
	CHECK(holds("\"{\\\"v\\\":1,\\\"run\\\":\\\"00c0ffee00c0ffee\\\",\\\"b\\\":0,\\\"n\\\":0,\\\"by\\\":"
		    "\\\"consume\\\"\"\n"));
	CHECK(holds("{v:1,k:S,run:00c0ffee00c0ffee,b:0,n:0,by:consume}\n")); /* tr -d '"' */
	CHECK(holds("{\"V\":1,\"K\":\"S\",\"RUN\":\"00C0FFEE00C0FFEE\",\"B\":0,\"N\":0,\"BY\":\"CONSUME\"}\n"));
	CHECK(holds(
		"{\"v\": 1, \"k\": \"S\", \"run\": \"00c0ffee00c0ffee\", \"b\": 0, \"n\": 0, \"by\": \"consume\"}\n"));
	CHECK(holds("run running " RUN));
}

static void test_data(void)
{
	CHECK(!holds("\n"));
	CHECK(!holds("\x17\n{\n"));
	CHECK(!holds("a\x17"
		     "b\n"));
	CHECK(!holds("{\"v\":1,\"k\":\"S\",\"run\":\"00c0ffee00c0ffee\"}\n"));
	CHECK(!holds("{\"run\":\"00c0ffee00c0ffee\",\"b\":17,\"n\":120,\"to\":\"x\"}\n"));
	CHECK(!holds("{\"run\":\"00c0ffee00c0ffe\",\"b\":17,\"n\":120,\"by\":\"x\"}\n"));   /* 15 digits */
	CHECK(!holds("{\"run\":\"00c0ffee00c0ffee0\",\"b\":17,\"n\":120,\"by\":\"x\"}\n")); /* 17 */
	CHECK(!holds("{\"run\":12,\"b\":17,\"n\":120,\"by\":\"x\"}\n"));
	CHECK(!holds("run\n"));
	CHECK(!holds("run"));
	CHECK(!holds("{\"run\":\"00c0ffee00c0ffee"));
	CHECK(!holds("{\"crc\":\"01234567\"}\n"));
}

static void test_how_much(void)
{
	static char s[LOOK_SIZE + 1000];
	memset(s, 'x', sizeof s);
	s[LOOK_SIZE - 10] = s[LOOK_SIZE + 500] = s[sizeof s - 1] = '\n';
	CHECK_INT(look_len(s, LOOK_SIZE - 9, 0, '\n'), LOOK_SIZE - 9);
	CHECK_INT(look_len(s, sizeof s, 0, '\n'), LOOK_SIZE + 501); /* the record that begins before the end */
	s[LOOK_SIZE - 1] = '\n';
	CHECK_INT(look_len(s, sizeof s, 0, '\n'), LOOK_SIZE);
	CHECK_INT(look_len(s + LOOK_SIZE - 9, 1009, LOOK_SIZE - 9, '\n'), 9);
}

int main(void)
{
	TEST(test_marks);
	TEST(test_data);
	TEST(test_how_much);
	return check_done();
}
