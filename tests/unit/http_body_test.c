/* common/io/http: bodies of all sizes, in both directions. */
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

static char *down;        /* what is sent */
static uint64_t down_len; /* bytes */
static bool chunked;

static void send_down(struct exchange *x)
{
	CHECK(take_body(x, x->length));
	if (!chunked) {
		say(x, "HTTP/1.1 206 Part\r\nContent-Length: %llu\r\n\r\n", (unsigned long long)down_len);
		say_bytes(x, down, down_len);
		return;
	}
	say(x, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	for (uint64_t pos = 0, n; pos < down_len; pos += n) {
		n = down_len - pos < 70001 ? down_len - pos : 70001;
		say(x, "%llx;ext=1\r\n", (unsigned long long)n);
		say_bytes(x, down + pos, n);
		say(x, "\r\n");
	}
	say(x, "0\r\nETag: behind\r\n\r\n");
}

static void check_download(struct http *http, int port, bool into)
{
	char *buf = malloc(down_len + 1);
	struct http_request request = {.method = "GET", .url = url_at(port, "/down"), .max = down_len + !down_len};
	if (into)
		request.into = buf;
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), 0);
	struct http_answer *a = http_answer(call);
	CHECK_INT(a->length, down_len);
	CHECK_INT(a->body.len, into ? 0 : down_len);
	CHECK(memcmp(into ? buf : a->body.s, down, down_len) == 0);
	CHECK(!http_field(a, "ETag")); /* it arrived too late */
	http_call_free(call);
	if (down_len) {
		request.max = down_len - 1;
		call = http_start(http, &request);
		CHECK_INT(wait_call(call), request.max ? -EMSGSIZE : 0);
		CHECK_INT(http_tries(call), 1);
		http_call_free(call);
	}
	free(buf);
}

static void test_downloads(void)
{
	static const uint64_t sizes[] = {0, 1, 65535, 65536, 65537, BIG};
	struct server s;
	down = pattern(BIG);
	server_start(&s, send_down);
	struct http *http = new_client(&(struct http_config){0});
	for (size_t i = 0; i < 4 * sizeof sizes / sizeof sizes[0]; i++) {
		down_len = sizes[i / 4];
		chunked = i % 4 / 2;
		check_download(http, s.port, i % 2);
	}
	free_client(http);
	server_stop(&s);
	free(down);
}

/* The bodies of other answers are kept, but not completely. */
static void long_error(struct exchange *x)
{
	char *body = malloc(200001);
	memset(body, 'e', 200000);
	body[200000] = '\0';
	CHECK(take_body(x, x->length));
	answer(x, strstr(x->path, "moved") ? "301 Moved" : "403 Forbidden", "Location: /elsewhere\r\n", body);
	free(body);
}

static void test_other_bodies(void)
{
	struct server s;
	server_start(&s, long_error);
	struct http *http = new_client(&(struct http_config){0});
	struct http_call *call = get(http, url_at(s.port, "/moved"), 0);
	CHECK_INT(http_answer(call)->status, 301); /* not followed */
	CHECK_INT(http_answer(call)->length, 200000);
	CHECK_INT(http_answer(call)->body.len, 65536);
	http_call_free(call);
	struct strbuf err = STRBUF_INIT;
	call = put(http, url_at(s.port, "/x?Signature=a"), NULL, 0, 0);
	http_describe(call, "Acc\33ess", "no\nmore", &err);
	CHECK(strstr(err.s, "/x?Signature=***: status 403 Acc\\x1bess: no\\x0amore"));
	strbuf_clear(&err);
	http_describe(call, NULL, NULL, &err);
	CHECK(err.len < 400 && strstr(err.s, ": status 403: eeee") && strstr(err.s, "..."));
	strbuf_release(&err);
	http_call_free(call);
	CHECK_INT(s.requests, 2);
	free_client(http);
	server_stop(&s);
}

/* The server has decided by the head, and does not read the body. */
static void refuse_early(struct exchange *x)
{
	answer(x, "403 Forbidden", "Connection: close\r\n", "no");
	shutdown(x->fd, SHUT_WR);
	take_body(x, x->length);
	hang_up(x);
}

static void test_early_answer(void)
{
	struct server s;
	char *data = pattern(BIG);
	server_start(&s, refuse_early);
	struct http *http = new_client(&(struct http_config){0});
	struct http_call *call = put(http, url_at(s.port, "/"), data, BIG, 0);
	CHECK_INT(http_answer(call)->status, 403);
	CHECK_STR(http_answer(call)->body.s, "no");
	CHECK_INT(http_tries(call), 1);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
	free(data);
}

static int fail_later(void *ctx, uint64_t pos, void *buf, size_t size)
{
	(void)ctx;
	memset(buf, 'x', size);
	return pos < 3 << 20 ? 0 : -ESTALE;
}

static void drop(struct exchange *x)
{
	CHECK(!take_body(x, x->length));
	hang_up(x);
}

static void test_body_fails(void)
{
	struct server s;
	server_start(&s, drop);
	struct http *http = new_client(&(struct http_config){0});
	struct http_request request = {.method = "PUT", .url = url_at(s.port, "/"), .len = BIG, .body = fail_later};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), -ESTALE);
	CHECK_INT(http_tries(call), 1);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}
int main(void)
{
	TEST(test_uploads);
	TEST(test_downloads);
	TEST(test_other_bodies);
	TEST(test_early_answer);
	TEST(test_body_fails);
	return check_done();
}
