/* common/io/http: uploads that go on beside something else, and bodies that grow while they are sent. */
#include "common/base/clock.h"
#include "tests/unit/http_client.h"

/* Says so to the test when it has the whole body. */
static void take_and_tell(struct exchange *x)
{
	CHECK(take_body(x, x->length));
	CHECK_INT(write(*(int *)x->server->arg, "x", 1), 1);
	answer(x, "200 OK", "", "");
}

/* An upload goes on while the program waits for something else. */
static void test_beside(void)
{
	enum { LEN = 20 << 20 };
	struct server s;
	int p[2];
	char byte, *data = calloc(1, LEN);
	CHECK_INT(pipe(p), 0);
	server_start(&s, take_and_tell);
	s.arg = &p[1];
	struct http *http = new_client(&(struct http_config){0});
	CHECK_INT(http_pump_beside(http, p[0], 0), 0); /* without any call */
	struct http_call *call = http_start(
		http, &(struct http_request){.method = "PUT", .url = url_at(s.port, "/"), .data = data, .len = LEN});
	CHECK_INT(http_pump_beside(http, p[0], 60000), 1);
	CHECK_INT(read(p[0], &byte, 1), 1);
	CHECK_INT(wait_call(call), 0);
	CHECK_INT(http_pump_beside(http, p[0], 10), 0);
	close(p[1]);
	CHECK_INT(http_pump_beside(http, p[0], 60000), 1); /* its end can be read */
	http_call_free(call);
	free_client(http);
	server_stop(&s);
	close(p[0]);
	free(data);
}

/* --- bodies that grow --------------------------------------------------------------------------------------------- */

/* What there is of the body by now. */
struct growing {
	const char *data;
	uint64_t len;
	bool whole;
};

static uint64_t grown(void *ctx, bool *ret_whole)
{
	const struct growing *g = ctx;
	*ret_whole = g->whole;
	return g->len;
}

static int supply(void *ctx, uint64_t pos, void *buf, size_t size)
{
	const struct growing *g = ctx;
	CHECK(pos + size <= g->len);
	memcpy(buf, g->data + pos, size);
	return 0;
}

static struct http_call *put_growing(struct http *http, int port, struct growing *g)
{
	return http_start(http, &(struct http_request){.method = "PUT",
					.url = url_at(port, "/up"),
					.body = supply,
					.grown = grown,
					.ctx = g,
					.max = 100});
}

/* The next byte of X, -1: it has ended. */
static int next_byte(struct exchange *x)
{
	unsigned char c;
	if (x->nahead) {
		x->nahead--;
		return (unsigned char)*x->ahead++;
	}
	return recv(x->fd, &c, 1, 0) == 1 ? c : -1;
}

/* The length of the next chunk; -1: it is none. */
static long chunk_length(struct exchange *x)
{
	char line[32];
	size_t n = 0;
	int c;
	while ((c = next_byte(x)) >= 0 && c != '\n' && n < sizeof line - 1)
		line[n++] = (char)c;
	line[n] = '\0';
	return n && c == '\n' ? strtol(line, NULL, 16) : -1;
}

static atomic_ullong arrived; /* bytes of the body, with all tries */

/* Take a body in chunks: its length; -1: it is cut off. */
static int64_t take_chunks(struct exchange *x)
{
	uint64_t taken = 0;
	long n;
	CHECK_STR(header(x, "Transfer-Encoding"), "chunked");
	CHECK_STR(header(x, "Content-Length"), "");
	while ((n = chunk_length(x)) > 0) {
		if (!take_more(x, taken, (uint64_t)n))
			return -1;
		taken += (uint64_t)n;
		arrived += (uint64_t)n;
		if (next_byte(x) != '\r' || next_byte(x) != '\n')
			return -1;
	}
	return n < 0 || next_byte(x) != '\r' || next_byte(x) != '\n' ? -1 : (int64_t)taken;
}

static void answer_sum(struct exchange *x)
{
	char body[64];
	int64_t len = take_chunks(x);
	snprintf(body, sizeof body, "%lld %llu", (long long)len, (unsigned long long)x->sum);
	if (len >= 0)
		answer(x, "201 Created", "", body);
}

static void pump_until_arrived(struct http *http, const struct http_call *call, uint64_t bytes)
{
	int64_t until = clock_ms() + 60000;
	while (arrived < bytes && !http_ended(call) && clock_ms() < until)
		CHECK_INT(http_pump(http, 20), 0);
	CHECK_INT(arrived, bytes);
}

static char *pattern(size_t len)
{
	char *data = malloc(len);
	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i * 2654435761u >> 13);
	return data;
}

static void check_sum(struct http_call *call, const struct growing *g)
{
	char expected[64];
	snprintf(expected, sizeof expected, "%llu %llu", (unsigned long long)g->len,
		(unsigned long long)sum_bytes(0, g->data, g->len, 0));
	CHECK_INT(http_answer(call)->status, 201);
	CHECK_STR(http_answer(call)->body.s, expected);
}

/* All that there is has been sent before more comes; meanwhile nothing stalls, is late, or is reported. */
static void test_growing(void)
{
	enum { LEN = 3000000 };
	struct server s;
	char *data = pattern(LEN);
	struct growing g = {.data = data};
	server_start(&s, answer_sum);
	arrived = 0;
	struct http *http = new_client(&(struct http_config){.stall_ms = 150, .call_ms = 300});
	struct http_call *call = put_growing(http, s.port, &g);
	for (int i = 0; i < 3; i++) {
		g.len += LEN / 3;
		pump_until_arrived(http, call, g.len);
		for (int64_t until = clock_ms() + 400; clock_ms() < until;)
			CHECK_INT(http_pump(http, 20), 0);
		CHECK(!http_ended(call));
	}
	g.whole = true;
	CHECK_INT(wait_call(call), 0);
	check_sum(call, &g);
	CHECK_INT(http_tries(call), 1);
	CHECK(!http_doubtful(call));
	CHECK_STR(told.s, "");
	http_call_free(call);
	free_client(http);
	server_stop(&s);
	free(data);
}

static void test_empty(void)
{
	struct server s;
	struct growing g = {.data = "", .whole = true};
	server_start(&s, answer_sum);
	struct http *http = new_client(&(struct http_config){0});
	struct http_call *call = put_growing(http, s.port, &g);
	CHECK_INT(wait_call(call), 0);
	check_sum(call, &g);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

/* Hangs up in the middle of the first try. */
static void cut_first(struct exchange *x)
{
	if (x->number > 1)
		answer_sum(x);
	else {
		CHECK(chunk_length(x) > 0 && take_more(x, 0, 1000));
		reset(x);
	}
}

/* A try that fails is repeated when the body is whole, from its beginning. */
static void test_growing_cut(void)
{
	enum { LEN = 3000000 };
	struct server s;
	char *data = pattern(LEN);
	struct growing g = {.data = data, .len = LEN / 2};
	server_start(&s, cut_first);
	struct http *http = new_client(&(struct http_config){0});
	struct http_call *call = put_growing(http, s.port, &g);
	for (int64_t until = clock_ms() + 1500; clock_ms() < until;)
		CHECK_INT(http_pump(http, 20), 0);
	CHECK_INT(http_tries(call), 1);
	CHECK_INT(s.requests, 1);
	CHECK_STR(told.s, "");
	g.len = LEN;
	g.whole = true;
	CHECK_INT(wait_call(call), 0);
	check_sum(call, &g);
	CHECK_INT(http_tries(call), 2);
	CHECK(http_doubtful(call));
	http_call_free(call);
	free_client(http);
	server_stop(&s);
	free(data);
}

/* Takes no body, and says so at once. */
static void refuse_length(struct exchange *x)
{
	answer(x, "411 Length Required", "Connection: close\r\n", "no");
	hang_up(x);
}

static void test_growing_refused(void)
{
	struct server s;
	struct growing g = {.data = "abc", .len = 3};
	server_start(&s, refuse_length);
	struct http *http = new_client(&(struct http_config){0});
	struct http_call *call = put_growing(http, s.port, &g);
	CHECK_INT(wait_call(call), 0);
	CHECK_INT(http_answer(call)->status, 411);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

static void test_growing_rate(void)
{
	enum { LEN = 200000 };
	struct server s;
	char *data = pattern(LEN);
	struct growing g = {.data = data, .len = LEN / 2};
	server_start(&s, answer_sum);
	arrived = 0;
	struct http *http = new_client(&(struct http_config){.rate = 1000000});
	struct http_call *call = put_growing(http, s.port, &g);
	pump_until_arrived(http, call, g.len);
	g.len = LEN;
	pump_until_arrived(http, call, g.len);
	g.whole = true;
	CHECK_INT(wait_call(call), 0);
	check_sum(call, &g);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
	free(data);
}

int main(void)
{
	TEST(test_beside);
	TEST(test_growing);
	TEST(test_empty);
	TEST(test_growing_cut);
	TEST(test_growing_refused);
	TEST(test_growing_rate);
	return check_done();
}
