/* common/io/http: connections that break at any place, and what is then known about the request. */
#include "tests/unit/http_client.h"

/* What the server does with the first requests; later ones are answered correctly. */
static struct {
	unsigned bad; /* how many requests are served by `serve` */
	void (*serve)(struct exchange *x);
	size_t at; /* for it */
} plan;

static const char whole[] = "HTTP/1.1 200 OK\r\nETag: \"x\"\r\nContent-Length: 10\r\n\r\n0123456789";

static const char in_chunks[] = "HTTP/1.1 200 OK\r\nETag: \"x\"\r\nTransfer-Encoding: chunked\r\n\r\n"
				"4\r\n0123\r\n6;x=y\r\n456789\r\n0\r\n\r\n";

static void good(struct exchange *x)
{
	if (x->number <= plan.bad) {
		plan.serve(x);
		return;
	}
	CHECK(take_body(x, x->length));
	say(x, whole);
}

static void cut_answer(struct exchange *x)
{
	take_body(x, x->length);
	say_bytes(x, whole, plan.at);
	hang_up(x);
}

static void cut_chunks(struct exchange *x)
{
	take_body(x, x->length);
	say_bytes(x, in_chunks, plan.at);
	hang_up(x);
}

static void reset_answer(struct exchange *x)
{
	take_body(x, x->length);
	say_bytes(x, whole, plan.at);
	reset(x);
}

static void reset_request(struct exchange *x)
{
	take_body(x, plan.at);
	reset(x);
}

/* One bad try, then a good one. */
static void check_again(const char *method, void (*serve)(struct exchange *x), size_t at, size_t len)
{
	static char data[1 << 20];
	struct server s;
	plan.bad = 1;
	plan.serve = serve;
	plan.at = at;
	server_start(&s, good);
	struct http *http = new_client(&(struct http_config){0});
	struct http_request request = {
		.method = method, .url = url_at(s.port, "/x"), .data = data, .len = len, .max = 100};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), 0);
	CHECK_INT(http_answer(call)->status, 200);
	CHECK_STR(http_answer(call)->body.s, "0123456789");
	CHECK_STR(http_field(http_answer(call), "etag"), "\"x\"");
	CHECK_INT(http_tries(call), 2);
	CHECK(http_doubtful(call));
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

static void test_cut_answer(void)
{
	for (size_t at = 0; at < sizeof whole - 1; at++) {
		check_again("GET", cut_answer, at, 0);
		if (at % 5 == 0)
			check_again("PUT", reset_answer, at, 1000);
		if (check_failures) {
			printf("# cut at %zu\n", at);
			break;
		}
	}
}

/* The last line end may be missing, because libcurl treats the empty chunk as the end. */
static void test_cut_chunks(void)
{
	for (size_t at = 0; at < sizeof in_chunks - 1 - 4; at += at < 50 ? 7 : 1)
		check_again("GET", cut_chunks, at, 0);
}

static void test_cut_request(void)
{
	static const size_t places[] = {0, 1, 500000, (1 << 20) - 1, 1 << 20};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		check_again("PUT", reset_request, places[i], 1 << 20);
	check_again("POST", reset_request, 0, 0);
	check_again("DELETE", reset_request, 0, 0);
}

/* If a kept connection dies during the next request, that is a try like any other; libcurl must not hide it. */
static void bad_later(struct exchange *x)
{
	if (x->number == 2) {
		take_body(x, plan.at);
		plan.serve(x);
		return;
	}
	CHECK(take_body(x, x->length));
	say(x, whole);
}

static void check_kept(const char *method, void (*serve)(struct exchange *x), size_t at, size_t len)
{
	static char data[1 << 20];
	struct server s;
	plan.serve = serve;
	plan.at = at;
	server_start(&s, bad_later);
	struct http *http = new_client(&(struct http_config){0});
	http_call_free(get(http, url_at(s.port, "/first"), 0));
	struct http_request request = {
		.method = method, .url = url_at(s.port, "/x"), .data = data, .len = len, .max = 100};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), 0);
	CHECK_INT(http_tries(call), 2);
	CHECK(http_doubtful(call));
	CHECK_INT(s.requests, 3);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

static void test_kept(void)
{
	check_kept("GET", hang_up, 0, 0);
	check_kept("GET", reset, 0, 0);
	check_kept("DELETE", hang_up, 0, 0);
	check_kept("PUT", hang_up, 0, 0);
	check_kept("PUT", hang_up, 1000, 1000);
	check_kept("PUT", reset, 1000, 1000);
	check_kept("PUT", reset, 1000, 1 << 20);
	check_kept("PUT", hang_up, 1 << 20, 1 << 20);
}

static void test_once(void)
{
	struct server s;
	plan.bad = 9;
	plan.serve = reset_request;
	plan.at = 10;
	server_start(&s, good);
	struct http *http = new_client(&(struct http_config){0});
	struct http_request request = {
		.method = "PUT", .url = url_at(s.port, "/x?sig=SECRET"), .data = whole, .len = 20, .once = true};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), -ECONNRESET);
	char expected[200];
	snprintf(expected, sizeof expected, "PUT http://127.0.0.1:%d/x?sig=***: ", s.port);
	CHECK(strncmp(message, expected, strlen(expected)) == 0);
	CHECK_INT(http_tries(call), 1);
	CHECK(http_doubtful(call));
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

/* The answer comes twice; the second one, early or late, is not an answer to the next request. */
static void answer_twice(struct exchange *x)
{
	take_body(x, x->length);
	say(x, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%u", x->number);
	usleep(x->number % 2 ? 0 : 5000);
	say(x, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%u", x->number);
}

static void test_twice(void)
{
	struct server s;
	server_start(&s, answer_twice);
	struct http *http = new_client(&(struct http_config){0});
	for (unsigned i = 1; i <= 9; i++) {
		struct http_call *call = put(http, url_at(s.port, "/"), "x", 1, 0);
		CHECK_INT(atoi(http_answer(call)->body.s), i);
		CHECK(!http_doubtful(call));
		http_call_free(call);
		usleep(20000);
	}
	free_client(http);
	server_stop(&s);
}

static void serve_text(struct exchange *x)
{
	take_body(x, x->length);
	say(x, "%s", (const char *)x->server->arg);
	hang_up(x);
}

/* After an answer that is not HTTP at all there is no other try. */
static void check_foreign(const char *text, int result)
{
	struct server s;
	server_start(&s, serve_text);
	s.arg = (char *)(uintptr_t)text;
	struct http *http = new_client(&(struct http_config){0});
	struct http_call *call = put(http, url_at(s.port, "/"), "x", 1, result);
	CHECK_INT(http_tries(call), 1);
	CHECK(http_doubtful(call));
	CHECK_INT(http_answer(call)->status, 0);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

static void test_foreign(void)
{
	struct strbuf many = STRBUF_INIT, line = STRBUF_INIT;
	check_foreign("SSH-2.0-OpenSSH_9.2\r\n", -EPROTO);
	check_foreign("<html>\n", -EPROTO);
	check_foreign("\x15\x03\x03", -EPROTO);
	check_foreign("HTTP/1.1 2000 OK\r\n\r\n", -EPROTO);
	check_foreign("HTTP/1.1 OK\r\n\r\n", -EPROTO);
	strbuf_addstr(&many, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 5000; i++)
		strbuf_addf(&many, "X-%d: 0123456789\r\n", i);
	strbuf_addstr(&many, "\r\n");
	check_foreign(many.s, -EMSGSIZE);
	strbuf_addstr(&line, "HTTP/1.1 200 OK\r\nX: ");
	memset(strbuf_grow(&line, 300000), 'x', 300000);
	strbuf_extend(&line, 300000);
	strbuf_addstr(&line, "\r\n\r\n");
	check_foreign(line.s, -EMSGSIZE);
	strbuf_release(&many);
	strbuf_release(&line);
}

int main(void)
{
	TEST(test_cut_answer);
	TEST(test_cut_chunks);
	TEST(test_cut_request);
	TEST(test_kept);
	TEST(test_once);
	TEST(test_twice);
	TEST(test_foreign);
	return check_done();
}
