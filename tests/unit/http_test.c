/* common/io/http: requests and answers as they should be. */
#include "tests/unit/http_client.h"

enum { BIG = 20 << 20 };

static char *pattern(size_t len)
{
	char *data = malloc(len + 1);
	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i * 2654435761u >> 13);
	return data;
}

static void echo_sum(struct exchange *x)
{
	char body[64];
	CHECK(take_body(x, x->length));
	snprintf(body, sizeof body, "%s %llu %llu", x->method, (unsigned long long)x->length,
		(unsigned long long)x->sum);
	answer(x, "200 OK", header(x, "Expect")[0] ? "X-Expected: yes\r\n" : "", body);
}

static int supply(void *ctx, uint64_t pos, void *buf, size_t size)
{
	memcpy(buf, (char *)ctx + pos, size);
	return 0;
}

static void check_upload(struct http *http, int port, char *data, uint64_t len, bool callback)
{
	char expected[64];
	struct http_request request = {
		.method = "PUT", .url = url_at(port, "/up"), .len = len, .ctx = data, .max = 100};
	if (callback)
		request.body = supply;
	else
		request.data = data;
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), 0);
	snprintf(expected, sizeof expected, "PUT %llu %llu", (unsigned long long)len,
		(unsigned long long)sum_bytes(0, data, len, 0));
	CHECK_STR(http_answer(call)->body.s, expected);
	CHECK(!http_field(http_answer(call), "X-Expected"));
	CHECK_INT(http_tries(call), 1);
	CHECK(!http_doubtful(call));
	http_call_free(call);
}

static void test_uploads(void)
{
	static const uint64_t sizes[] = {0, 1, 65535, 65536, 65537, 524287, 524288, 524289, BIG};
	struct server s;
	char *data = pattern(BIG);
	server_start(&s, echo_sum);
	struct http *http = new_client(&(struct http_config){0});
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		check_upload(http, s.port, data, sizes[i], false);
		check_upload(http, s.port, data, sizes[i], true);
	}
	CHECK_INT(s.connections, 1);
	CHECK_INT(http_counters(http)->calls, 18);
	CHECK_INT(http_counters(http)->tries, 18);
	CHECK_INT(http_counters(http)->sent, 2 * (BIG + 1 + 3 * 65536 + 3 * 524288));
	free_client(http);
	server_stop(&s);
	free(data);
}

int main(void)
{
	TEST(test_uploads);
	return check_done();
}
