/* common/io/http: heads of requests and answers, many calls at once, signatures, clocks. */
#include "tests/unit/http_client.h"

static void odd(struct exchange *x)
{
	CHECK(take_body(x, x->length));
	say(x,
		"HTTP/1.1 100 Continue\r\nX: interim\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: interim\r\n\r\n"
		"HTTP/1.1 %s 200 is the status\r\ncontent-LENGTH:2\r\nEtAg:  \"a:b\"  \r\nX-Folded: one\r\n\t two\r\n"
		"X-Empty:\r\nTwice: 1\r\nTwice: 2\r\n\r\nok",
		strstr(x->path, "404") == x->path + 1 ? "404" : "200");
}

static void test_odd_heads(void)
{
	struct server s;
	server_start(&s, odd);
	struct http *http = new_client(&(struct http_config){0});
	struct http_call *call = put(http, url_at(s.port, "/"), "x", 1, 0);
	struct http_answer *a = http_answer(call);
	CHECK_INT(a->status, 200);
	CHECK_STR(a->body.s, "ok");
	CHECK_STR(http_field(a, "ETAG"), "\"a:b\"");
	CHECK_STR(http_field(a, "x-folded"), "one two");
	CHECK_STR(http_field(a, "x-empty"), "");
	CHECK_STR(http_field(a, "twice"), "1");
	CHECK(!http_field(a, "X"));
	CHECK(!http_field(a, "X-Fold"));
	http_call_free(call);
	call = get(http, url_at(s.port, "/404"), 0);
	CHECK_INT(http_answer(call)->status, 404);
	CHECK_STR(http_answer(call)->body.s, "ok");
	http_call_free(call);
	CHECK_INT(s.connections, 1);
	free_client(http);
	server_stop(&s);
}

static void head_only(struct exchange *x)
{
	CHECK_STR(x->method, "HEAD");
	CHECK(strncmp(x->path, "/a%2Fb/../c?x=%20 ", 18) == 0);
	say(x, "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
}

static void test_head(void)
{
	struct server s;
	server_start(&s, head_only);
	struct http *http = new_client(&(struct http_config){0});
	for (int i = 0; i < 2; i++) {
		struct http_request request = {.method = "HEAD", .url = url_at(s.port, "/a%2Fb/../c?x=%20")};
		struct http_call *call = http_start(http, &request);
		CHECK_INT(wait_call(call), 0);
		CHECK_STR(http_field(http_answer(call), "Content-Length"), "12345");
		CHECK_INT(http_answer(call)->length, 0);
		http_call_free(call);
	}
	CHECK_INT(s.connections, 1);
	free_client(http);
	server_stop(&s);
}

static void show_head(struct exchange *x)
{
	char *head = strdup(x->head);
	CHECK(take_body(x, x->length));
	answer(x, "200 OK", "", head);
	free(head);
}

static struct http_call *with_fields(struct http *http, int port, const char *const *fields, size_t n, int expected)
{
	struct http_request request = {
		.method = "PUT", .url = url_at(port, "/x"), .fields = fields, .nfields = n, .max = 9999};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), expected);
	return call;
}

static void test_fields(void)
{
	static const char *const good[] = {
		"X-One: 1", "X-Empty:", "X-Blank: ", "Host: elsewhere:1", "X-Two: a;b:c\xc3\xa9"};
	static const char *const bad[] = {"X: a\r\nY: b", "X: a\nY", "nothing", ": x", "", "X: \x7f\x01"};
	struct server s;
	server_start(&s, show_head);
	struct http *http = new_client(&(struct http_config){0});
	struct http_call *call = with_fields(http, s.port, good, sizeof good / sizeof good[0], 0);
	const char *head = http_answer(call)->body.s;
	CHECK(strstr(head, "PUT /x HTTP/1.1\r\n") == head);
	CHECK(strstr(head, "\r\nX-One: 1\r\n"));
	CHECK(strstr(head, "\r\nX-Empty:\r\n"));
	CHECK(strstr(head, "\r\nX-Blank:\r\n"));
	CHECK(strstr(head, "\r\nHost: elsewhere:1\r\n") && !strstr(head, "127.0.0.1"));
	CHECK(strstr(head, "\r\nX-Two: a;b:c\xc3\xa9\r\n"));
	CHECK(strstr(head, "\r\nContent-Length: 0\r\n"));
	CHECK(!strstr(head, "Expect") && !strstr(head, "Encoding"));
	http_call_free(call);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		http_call_free(with_fields(http, s.port, bad + i, 1, -EINVAL));
	CHECK(strstr(message, ": a header cannot be sent"));
	http_call_free(get(http, "http://h h/", -EINVAL));
	http_call_free(get(http, "http://127.0.0.1:99999/", -EINVAL));
	http_call_free(get(http, "file:///etc/passwd", -EINVAL));
	CHECK_STR(message, "GET file:///etc/passwd: this is not an HTTP URL");
	CHECK_INT(s.requests, 1);
	free_client(http);
	server_stop(&s);
}

/* --- many calls ------------------------------------------------------------------------------------------------- */

static atomic_uint now_served, most_served;

static void slow(struct exchange *x)
{
	unsigned n = ++now_served, most = most_served;
	while (n > most && !atomic_compare_exchange_weak(&most_served, &most, n))
		;
	usleep(5000);
	now_served--;
	answer(x, "200 OK", "", "");
}

static void test_many(void)
{
	struct http_call *calls[60];
	struct server s;
	server_start(&s, slow);
	struct http *http = new_client(&(struct http_config){.connections = 5});
	struct http_request request = {.method = "POST", .url = url_at(s.port, "/x")};
	for (int i = 0; i < 60; i++)
		calls[i] = http_start(http, &request);
	for (int i = 59; i >= 0; i--) {
		CHECK_INT(wait_call(calls[i]), 0);
		CHECK_INT(http_answer(calls[i])->status, 200);
		http_call_free(calls[i]);
	}
	CHECK_INT(s.requests, 60);
	CHECK_INT(s.connections, 5);
	CHECK_INT(most_served, 5);
	CHECK_INT(http_pump(http, 100000), 0); /* there is nothing to wait for */
	free_client(http);
	server_stop(&s);
}

/* --- signatures and verdicts ------------------------------------------------------------------------------------ */

static struct {
	struct http *http;
	int port, calls, renewals;
	bool nested;
	int result;
} signer;

static int sign(void *ctx, bool renew, struct strbuf *fields, struct strbuf *err)
{
	CHECK(ctx == &signer);
	signer.renewals += renew;
	if (signer.nested && renew) {
		struct http_call *call = get(signer.http, url_at(signer.port, "/key"), 0);
		CHECK_STR(http_answer(call)->body.s, "new");
		http_call_free(call);
	}
	strbuf_addf(fields, "Authorization: %s %d\nX-Second: 2\n", signer.renewals ? "new" : "old", ++signer.calls);
	if (signer.result)
		strbuf_addstr(err, "no key");
	return signer.result;
}

static void keyed(struct exchange *x)
{
	CHECK(take_body(x, x->length));
	if (strncmp(x->path, "/key", 4) == 0) {
		CHECK_STR(header(x, "X-Second"), "");
		answer(x, "200 OK", "", "new");
		return;
	}
	CHECK_STR(header(x, "X-Second"), "2");
	bool fits = strncmp(x->path, "/new", 4) == 0 && strncmp(header(x, "Authorization"), "new", 3) == 0;
	answer(x, fits ? "200 OK" : "401 Unauthorized", "", header(x, "Authorization"));
}

static void check_signed(const char *path, int result, int status, const char *body)
{
	struct server s;
	struct http_call *calls[3];
	server_start(&s, keyed);
	struct http *http = new_client(&(struct http_config){.connections = 1});
	signer.http = http;
	signer.port = s.port;
	signer.calls = signer.renewals = 0;
	struct http_request request = {
		.method = "GET", .url = url_at(s.port, path), .sign = sign, .ctx = &signer, .max = 100};
	for (int i = 0; i < 3; i++)
		calls[i] = http_start(http, &request);
	for (int i = 0; i < 3; i++) {
		CHECK_INT(wait_call(calls[i]), result);
		CHECK_INT(http_answer(calls[i])->status, status);
		if (i == 0)
			CHECK_STR(http_answer(calls[i])->body.s, body);
		http_call_free(calls[i]);
	}
	free_client(http);
	server_stop(&s);
}

static void test_sign(void)
{
	check_signed("/new", 0, 200, "new 2");
	CHECK_INT(signer.calls, 4);
	CHECK_INT(signer.renewals, 1);
	check_signed("/never", 0, 401, "new 2");
	CHECK_INT(signer.calls, 6);
	signer.nested = true;
	check_signed("/new", 0, 200, "new 2");
	signer.result = -EACCES;
	check_signed("/new", -EACCES, 0, "");
	CHECK(strstr(message, "/new: no key"));
}

/* 409 must be tried again, 503 is final. */
static enum http_verdict my_verdict(const struct http_answer *a)
{
	CHECK_STR(http_field(a, "X-Here"), "1");
	return a->status == 409 && strcmp(a->body.s, "again") == 0 ? HTTP_AGAIN : HTTP_FINAL;
}

static void conflicts(struct exchange *x)
{
	answer(x, x->number == 1 ? "409 Conflict" : "503 No", "X-Here: 1\r\n", x->number == 1 ? "again" : "final");
}

static void test_verdict(void)
{
	struct server s;
	server_start(&s, conflicts);
	struct http *http = new_client(&(struct http_config){0});
	struct http_request request = {.method = "GET", .url = url_at(s.port, "/"), .classify = my_verdict};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), 0);
	CHECK_INT(http_answer(call)->status, 503);
	CHECK_INT(http_tries(call), 2);
	CHECK(http_doubtful(call)); /* that 503 does not say what was done */
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

/* --- clocks and pauses ------------------------------------------------------------------------------------------ */

static void dated(struct exchange *x)
{
	const char *after = strstr(x->path, "far") ? "Retry-After: 3600\r\n" : "Retry-After: 1\r\n";
	if (x->number == 1 || strstr(x->path, "far"))
		answer(x, "429 Too Many", after, "later");
	else
		answer(x, "200 OK",
			strstr(x->path, "back") ? "Date: Sun, 06 Nov 1994 07:49:37 GMT\r\n"
						: "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
			"");
}

static void test_clocks(void)
{
	struct server s;
	server_start(&s, dated);
	struct http *http = new_client(&(struct http_config){0});
	CHECK_INT(http_now_ms(http), -1);
	struct http_call *call = get(http, url_at(s.port, "/near"), 0);
	CHECK_INT(http_answer(call)->status, 200);
	CHECK_INT(http_answer(call)->date_ms, 784111777000);
	CHECK(http_now_ms(http) >= 784111777000 && http_now_ms(http) < 784111777000 + 60000);
	CHECK(!http_doubtful(call));
	http_call_free(call);
	http_call_free(get(http, url_at(s.port, "/back"), 0));
	CHECK(http_now_ms(http) >= 784111777000 - 3600000 && http_now_ms(http) < 784111777000 - 3540000);
	call = get(http, url_at(s.port, "/far"), -ETIMEDOUT);
	CHECK(strstr(message, "/far: status 429: later"));
	CHECK_INT(http_answer(call)->status, 429);
	CHECK_INT(http_answer(call)->date_ms, -1);
	CHECK_INT(http_tries(call), 1);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

int main(void)
{
	TEST(test_odd_heads);
	TEST(test_head);
	TEST(test_fields);
	TEST(test_many);
	TEST(test_sign);
	TEST(test_verdict);
	TEST(test_clocks);
	return check_done();
}
