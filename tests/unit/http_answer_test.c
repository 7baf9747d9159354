/* common/io/http_answer: heads, dates and pauses, without a server. */
#include <errno.h>
#include <stdlib.h>

#include "common/io/http_answer.h"
#include "tests/unit/check.h"

static struct http_answer a;

/* Read HEAD line by line, and check where it ends. */
static int read_head(const char *text, enum http_head *ret)
{
	int r = 0;
	strbuf_init(&a.body);
	strbuf_release(&a.fields);
	a.status = 0;
	*ret = HTTP_HEAD_NONE;
	for (const char *p = text; r == 0 && *p;) {
		size_t len = strcspn(p, "\n");
		len += p[len] == '\n';
		r = http_answer_line(&a, ret, p, len);
		p += len;
	}
	return r;
}

static void check_status(const char *line, int expected, int status)
{
	enum http_head head;
	CHECK_INT(read_head(line, &head), expected);
	CHECK_INT(head, expected ? HTTP_HEAD_NONE : HTTP_HEAD_OPEN);
	CHECK_INT(a.status, status);
}

static void test_status(void)
{
	check_status("HTTP/1.1 200 OK\r\n", 0, 200);
	check_status("HTTP/1.0  404\n", 0, 404);
	check_status("HTTP/1.1 503", 0, 503);
	check_status("HTTP/1.1 204 \r\n", 0, 204);
	check_status("HTTP/1.1 20 OK\r\n", -EPROTO, 0);
	check_status("HTTP/1.1 2000 OK\r\n", -EPROTO, 0);
	check_status("HTTP/1.1 20x OK\r\n", -EPROTO, 0);
	check_status("HTTP/1.1\r\n", -EPROTO, 0);
	check_status("HTTP 200\r\n", -EPROTO, 0);
	check_status("SSH-2.0-x y\r\n", -EPROTO, 0);
	check_status("\r\n", -EPROTO, 0);
}

static void test_heads(void)
{
	enum http_head head;
	CHECK_INT(read_head("HTTP/1.1 100 C\r\nA: 1\r\n\r\n", &head), 0);
	CHECK_INT(head, HTTP_HEAD_NONE);
	CHECK_INT(read_head("HTTP/1.1 100 C\r\nA: 1\r\n\r\nHTTP/1.1 200 OK\r\nB: 2\r\n", &head), 0);
	CHECK_INT(head, HTTP_HEAD_OPEN);
	CHECK(!http_field(&a, "A"));
	CHECK_STR(http_field(&a, "b"), "2");
	CHECK_INT(read_head("HTTP/1.1 200 OK\n folds nothing\nA : 1\nB:\n\t2\n  \nnone\n: x\n\nC: late\n", &head), 0);
	CHECK_INT(head, HTTP_HEAD_DONE);
	CHECK_STR(http_field(&a, "A"), "1");
	CHECK_STR(http_field(&a, "B"), "2");
	CHECK_STR(http_field(&a, ""), "x");
	CHECK(!http_field(&a, "C"));
	CHECK(!http_field(&a, "none"));
	head = HTTP_HEAD_OPEN;
	CHECK_INT(http_answer_line(&a, &head, "A: \0\r\n", 6), -EPROTO);
}

static void test_long(void)
{
	enum http_head head;
	CHECK_INT(read_head("HTTP/1.1 200 OK\r\n", &head), 0);
	int r = 0, lines = 0;
	for (; r == 0 && lines < 100000; lines++)
		r = http_answer_line(&a, &head, "Name: 0123456789\r\n", 18);
	CHECK_INT(r, -EMSGSIZE);
	CHECK(lines > 3000 && a.fields.len <= HTTP_HEAD_MOST);
	strbuf_release(&a.fields);
}

static void test_dates(void)
{
	CHECK_INT(http_date_ms("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777000);
	CHECK_INT(http_date_ms("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777000);
	CHECK_INT(http_date_ms("Sun Nov  6 08:49:37 1994"), 784111777000);
	CHECK_INT(http_date_ms("yesterday"), -1);
	CHECK_INT(http_date_ms(""), -1);
}

static int64_t after(const char *value)
{
	enum http_head head;
	char text[200];
	snprintf(text, sizeof text, "HTTP/1.1 503 x\r\nRetry-After: %s\r\n\r\n", value);
	CHECK_INT(read_head(text, &head), 0);
	return http_answer_after_ms(&a, 784111770000);
}

static void test_after(void)
{
	CHECK_INT(after("0"), 0);
	CHECK_INT(after("120"), 120000);
	CHECK_INT(after("99999999999999999999"), INT32_MAX * INT64_C(1000));
	CHECK_INT(after("Sun, 06 Nov 1994 08:49:37 GMT"), 7000);
	CHECK_INT(after("Sun, 06 Nov 1994 08:49:00 GMT"), 0);
	CHECK_INT(after("soon"), -1);
	CHECK_INT(after(""), -1);
	CHECK_INT(after("-1"), -1);
	strbuf_clear(&a.fields);
	CHECK_INT(http_answer_after_ms(&a, 0), -1);
	strbuf_release(&a.fields);
}

static void test_classify(void)
{
	static const int again[] = {408, 425, 429, 500, 502, 503, 504};
	for (int status = 200; status < 600; status++) {
		enum http_verdict expected = status == 401 ? HTTP_REFRESH : HTTP_FINAL;
		for (size_t i = 0; i < sizeof again / sizeof again[0]; i++)
			expected = again[i] == status ? HTTP_AGAIN : expected;
		a.status = status;
		CHECK_INT(http_classify(&a), expected);
	}
}

int main(void)
{
	strbuf_init(&a.fields);
	TEST(test_status);
	TEST(test_heads);
	TEST(test_long);
	TEST(test_dates);
	TEST(test_after);
	TEST(test_classify);
	return check_done();
}
