/* common/io/http: waits, their limits, and the messages during them. */
#include "common/base/clock.h"
#include "tests/unit/http_client.h"

/* A port on which nobody listens, and on which nobody can listen as long as *RET_FD is open. */
static int closed_port(int *ret_fd)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	*ret_fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_INT(bind(*ret_fd, (struct sockaddr *)&at, sizeof at), 0);
	CHECK_INT(getsockname(*ret_fd, (struct sockaddr *)&at, &len), 0);
	return ntohs(at.sin_port);
}

static void test_told_refused(void)
{
	int fd, port = closed_port(&fd);
	char expected[200];
	struct http *http = new_client(&(struct http_config){.call_ms = 60000});
	struct http_request request = {.method = "GET", .url = url_at(port, "/x?token=SECRET")};
	struct http_call *call = http_start(http, &request);
	while (!told.len && !http_ended(call))
		CHECK_INT(http_pump(http, 100), 0);
	snprintf(
		expected, sizeof expected, "waiting for http://127.0.0.1:%d: connection refused; trying again\n", port);
	CHECK_STR(told.s, expected);
	CHECK(http_tries(call) > 1);
	CHECK(!http_doubtful(call));
	http_call_free(call);
	free_client(http);
	close(fd);
}

static void test_refused(void)
{
	int fd, port = closed_port(&fd);
	char expected[200];
	struct http *http = new_client(&(struct http_config){.call_ms = 300});
	struct http_call *call = get(http, url_at(port, "/x?token=SECRET"), -ECONNREFUSED);
	snprintf(expected, sizeof expected, "GET http://127.0.0.1:%d/x?token=***: connection refused (%u tries)", port,
		http_tries(call));
	if (http_tries(call) > 1)
		CHECK_STR(message, expected);
	CHECK_INT(http_answer(call)->status, 0);
	CHECK(!http_doubtful(call));
	http_call_free(call);
	free_client(http);
	close(fd);
}

/* Two calls wait for a server that is busy until they report it: there is one line, and another one when it answers. */
static atomic_bool enough;

static void busy(struct exchange *x)
{
	answer(x, enough ? "200 OK" : "503 Slow Down", "", "");
}

static void test_told_busy(void)
{
	struct server s;
	char expected[200];
	server_start(&s, busy);
	struct http *http = new_client(&(struct http_config){.call_ms = 60000});
	struct http_request request = {.method = "GET", .url = url_at(s.port, "/x")};
	struct http_call *a = http_start(http, &request), *b = http_start(http, &request);
	while (!told.len && !http_ended(a))
		CHECK_INT(http_pump(http, 100), 0);
	snprintf(expected, sizeof expected, "waiting for http://127.0.0.1:%d: status 503; trying again\n", s.port);
	CHECK_STR(told.s, expected);
	enough = true;
	CHECK_INT(wait_call(a), 0);
	CHECK_INT(wait_call(b), 0);
	CHECK_INT(http_answer(a)->status, 200);
	CHECK(http_doubtful(a));
	snprintf(expected, sizeof expected, "http://127.0.0.1:%d answers again\n", s.port);
	CHECK(strstr(told.s, expected));
	http_call_free(a);
	http_call_free(b);
	free_client(http);
	server_stop(&s);
}

static void ignore(struct exchange *x)
{
	while (take_body(x, 1)) /* until the client is freed */
		;
}

static void test_stall(void)
{
	struct server s;
	char expected[200];
	server_start(&s, ignore);
	struct http *http = new_client(&(struct http_config){.stall_ms = 2500});
	struct http_request request = {.method = "DELETE", .url = url_at(s.port, "/x"), .once = true};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), -ETIMEDOUT);
	CHECK(strstr(message, ": no data was sent or received for 2500ms"));
	snprintf(expected, sizeof expected, "waiting for an answer of http://127.0.0.1:%d\n", s.port);
	CHECK_STR(told.s, expected);
	CHECK(http_doubtful(call));
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

/* The last megabyte is in the kernel long before the server has it: this is slow, but not a stall. */
/* The head and half of the body come, then nothing. */
static void half(struct exchange *x)
{
	say(x, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
	while (take_body(x, 1))
		;
}

static void test_stalled_answer(void)
{
	struct server s;
	server_start(&s, half);
	struct http *http = new_client(&(struct http_config){.stall_ms = 200});
	struct http_request request = {.method = "GET", .url = url_at(s.port, "/x"), .max = 10, .once = true};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), -ETIMEDOUT);
	CHECK_INT(http_answer(call)->status, 0);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

/* Nobody accepts connections, and the queue of pending ones is full. */
static void test_no_connection(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0), waiting[4];
	CHECK_INT(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	CHECK_INT(listen(fd, 0), 0);
	CHECK_INT(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	for (int i = 0; i < 4; i++) {
		waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		CHECK(connect(waiting[i], (struct sockaddr *)&at, sizeof at) == 0 || errno == EINPROGRESS);
	}
	struct http *http = new_client(&(struct http_config){.connect_ms = 300});
	struct http_request request = {.method = "PUT", .url = url_at(ntohs(at.sin_port), "/x"), .once = true};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), -ETIMEDOUT);
	CHECK(strstr(message, ": no connection in time"));
	CHECK(!http_doubtful(call));
	http_call_free(call);
	free_client(http);
	for (int i = 0; i < 4; i++)
		close(waiting[i]);
	close(fd);
}

static void test_deadline(void)
{
	struct server s;
	server_start(&s, ignore);
	struct http *http = new_client(&(struct http_config){.call_ms = 300});
	int64_t begin = clock_ms();
	struct http_call *call = get(http, url_at(s.port, "/x"), -ETIMEDOUT);
	CHECK(strstr(message, ": no answer within 300ms"));
	CHECK(clock_ms() - begin >= 300);
	CHECK_INT(http_tries(call), 1);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

static bool stop_now;

static bool stopped(void)
{
	return stop_now;
}

static void test_stopped(void)
{
	struct server s;
	struct strbuf err = STRBUF_INIT;
	server_start(&s, ignore);
	struct http *http = new_client(&(struct http_config){.stopped = stopped});
	struct http_request request = {.method = "GET", .url = url_at(s.port, "/x")};
	struct http_call *call = http_start(http, &request);
	stop_now = false;
	CHECK_INT(http_pump(http, 300), 0);
	CHECK(!http_ended(call));
	stop_now = true;
	CHECK_INT(http_pump(http, 300), -EINTR);
	CHECK_INT(http_wait(call, &err), -EINTR);
	CHECK(err.len > 0);
	CHECK(!http_ended(call));
	http_call_free(call); /* while it runs */
	free_client(http);
	server_stop(&s);
	strbuf_release(&err);
}

/* The client is freed before its calls: one is running, one waits for it, one has ended. */
static void test_free_first(void)
{
	struct server s;
	struct strbuf err = STRBUF_INIT;
	server_start(&s, ignore);
	struct http *http = new_client(&(struct http_config){.connections = 1});
	struct http_request request = {.method = "GET", .url = url_at(s.port, "/x")};
	struct http_request bad = {.method = "GET", .url = "ftp://127.0.0.1/x"};
	struct http_call *ended = http_start(http, &bad);
	CHECK_INT(wait_call(ended), -EINVAL);
	struct http_call *runs = http_start(http, &request), *waits = http_start(http, &request);
	CHECK_INT(http_pump(http, 300), 0);
	CHECK_INT(s.requests, 1);
	CHECK_INT(http_tries(waits), 0);
	free_client(http);
	CHECK(http_ended(runs) && http_ended(waits));
	CHECK_INT(http_result(runs, &err), -ECANCELED);
	CHECK_INT(http_result(waits, &err), -ECANCELED);
	http_call_free(runs);
	http_call_free(waits);
	http_call_free(ended);
	server_stop(&s);
	strbuf_release(&err);
}

/* The first try goes to /0, later ones to /1, where the answer is. */
static void elsewhere(void *ctx, unsigned tries, struct strbuf *url)
{
	if (tries < 2)
		strbuf_addstr(url, url_at(*(int *)ctx, tries ? "/1" : "/0"));
}

static void only_1(struct exchange *x)
{
	answer(x, strncmp(x->path, "/1", 2) == 0 && x->number == 3 ? "200 OK" : "503 No", "", "");
}

static void test_route(void)
{
	struct server s;
	server_start(&s, only_1);
	struct http *http = new_client(&(struct http_config){0});
	struct http_request request = {.method = "GET", .url = "none", .route = elsewhere, .ctx = &s.port};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), 0);
	CHECK_INT(http_answer(call)->status, 200);
	CHECK_INT(http_tries(call), 3);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

int main(void)
{
	TEST(test_told_refused);
	TEST(test_refused);
	TEST(test_told_busy);
	TEST(test_stall);
	TEST(test_stalled_answer);
	TEST(test_no_connection);
	TEST(test_deadline);
	TEST(test_stopped);
	TEST(test_free_first);
	TEST(test_route);
	return check_done();
}
