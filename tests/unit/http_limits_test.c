/* common/io/http: the limit of bytes a second, and the trace. */
#include <fcntl.h>
#include <sys/stat.h>

#include "common/base/clock.h"
#include "common/io/http_rate.h"
#include "tests/unit/http_client.h"
#include "tests/unit/scratch.h"

/* --- the bucket -------------------------------------------------------------------------------------------------- */

static void test_bucket(void)
{
	struct http_rate r;
	http_rate_init(&r, 1000, 0);
	CHECK_INT(http_rate_take(&r, 30, 0), 30);
	CHECK_INT(http_rate_take(&r, 1000, 0), 70);
	CHECK_INT(http_rate_take(&r, 1000, 0), 0);
	CHECK_INT(http_rate_wait_ms(&r, 0), 50);
	CHECK_INT(http_rate_wait_ms(&r, 49), 1);
	CHECK_INT(http_rate_wait_ms(&r, 50), 0);
	CHECK_INT(http_rate_take(&r, 1000, 50), 50);
	CHECK_INT(http_rate_take(&r, 1000, 1000000), 100); /* no more than the bucket holds */
	CHECK_INT(http_rate_take(&r, 1000, 999000), 0);    /* an older reading of the clock */
	CHECK_INT(http_rate_take(&r, 1000, 1000010), 10);
	http_rate_init(&r, 0, 0);
	CHECK_INT(http_rate_take(&r, UINT64_MAX, 0), UINT64_MAX);
	CHECK_INT(http_rate_wait_ms(&r, 0), 0);
}

/* The number of bytes in a second is the rate, whatever the steps of the clock. */
static void check_sum(uint64_t rate, int64_t step_ms)
{
	struct http_rate r;
	uint64_t sum = 0;
	http_rate_init(&r, rate, 0);
	CHECK(http_rate_take(&r, UINT64_MAX, 0) <= rate / 10 + 1);
	for (int64_t now = step_ms; now <= 10000; now += step_ms)
		sum += http_rate_take(&r, UINT64_MAX, now);
	CHECK(sum <= rate * 10 && sum >= rate * 10 - rate / 2); /* tokens that do not fit into the bucket are lost */
}

static void test_rates(void)
{
	check_sum(1, 1);
	check_sum(7, 5);
	check_sum(1000, 1);
	check_sum(12345, 50);
	check_sum(UINT64_C(1) << 52, 100);
}

/* --- uploads ----------------------------------------------------------------------------------------------------- */

static void take(struct exchange *x)
{
	CHECK(take_body(x, x->length));
	answer(x, "200 OK", "", "");
}

/* Uploads share the rate; it neither stalls them nor counts as their time. */
static void test_upload_rate(void)
{
	static char data[75000];
	struct server s;
	struct http_call *calls[8];
	server_start(&s, take);
	struct http *http = new_client(&(struct http_config){.rate = 500000, .stall_ms = 300, .call_ms = 500});
	int64_t begin = clock_ms();
	struct http_request request = {.method = "PUT", .url = url_at(s.port, "/x"), .data = data, .len = sizeof data};
	for (int i = 0; i < 8; i++)
		calls[i] = http_start(http, &request);
	for (int i = 0; i < 8; i++) {
		CHECK_INT(wait_call(calls[i]), 0);
		http_call_free(calls[i]);
	}
	CHECK(clock_ms() - begin >= 1050); /* 600000 bytes, of which a tenth of a second's are free */
	free_client(http);
	server_stop(&s);
}

/*
 * One byte in half a second: each is held back for longer than a stall may last, and all together for longer than a
 * call may take.
 */
static void test_slow_rate(void)
{
	struct server s;
	server_start(&s, take);
	struct http *http = new_client(&(struct http_config){.rate = 2, .stall_ms = 300, .call_ms = 500});
	struct http_call *call = put(http, url_at(s.port, "/x"), "abcd", 4, 0);
	CHECK_INT(http_tries(call), 1);
	CHECK_STR(told.s, "");
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

static void take_slowly(struct exchange *x)
{
	const uint64_t step = 32768;
	uint64_t taken = 0;
	while (taken < x->length && take_more(x, taken, step)) {
		taken += step;
		usleep(100000);
	}
	CHECK_INT(taken, x->length);
	answer(x, "200 OK", "", "");
}

/*
 * The kernel takes a whole body at once; after that, only the bytes that leave the kernel show that there is no stall.
 */
static void test_slow_line(void)
{
	static char data[1 << 20];
	struct server s;
	/* otherwise much of it would be in the server's buffers, where its progress cannot be seen */
	const int small = 16384;
	server_start(&s, take_slowly);
	CHECK_INT(setsockopt(s.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
	struct http *http = new_client(&(struct http_config){.stall_ms = 1500});
	struct http_call *call = put(http, url_at(s.port, "/x"), data, sizeof data, 0);
	CHECK_INT(http_tries(call), 1);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

/* --- the trace --------------------------------------------------------------------------------------------------- */

static void twice(struct exchange *x)
{
	CHECK(take_body(x, x->length));
	if (x->number == 1)
		reset(x);
	else
		answer(x, x->number == 2 ? "503 Slow Down" : "200 OK", "", "four");
}

/* The fields of the LINEth line of the trace. */
static char *trace_line(const char *path, int line, char *fields[12])
{
	static char text[4096];
	FILE *f = fopen(path, "r");
	size_t len = f ? fread(text, 1, sizeof text - 1, f) : 0;
	text[len] = '\0';
	if (f)
		fclose(f);
	char *p = text;
	while (line-- && p)
		p = (p = strchr(p, '\n')) ? p + 1 : NULL;
	if (!p)
		p = text + len;
	char *rest = strchr(p, '\n');
	if (rest)
		*rest = '\0';
	for (int i = 0; i < 12; i++)
		fields[i] = p ? strsep(&p, "\t") : NULL;
	return text;
}

static void check_line(const char *path, int line, const char *port, const char *what, const char *sent,
	const char *received, const char *number)
{
	char *f[12], url[100];
	snprintf(url, sizeof url, "http://127.0.0.1:%s/x?X-Amz-Signature=***&a=b", port);
	CHECK(!strstr(trace_line(path, line, f), "SECRET"));
	CHECK(f[9] && !f[10]);
	if (check_failures)
		return;
	CHECK(strlen(f[0]) == 24 && f[0][10] == 'T' && f[0][19] == '.' && f[0][23] == 'Z');
	CHECK_STR(f[1], "PUT");
	CHECK_STR(f[2], url);
	CHECK_STR(f[3], what);
	CHECK(atof(f[4]) <= atof(f[6]) && atof(f[5]) <= atof(f[6]) && atof(f[6]) > 0 && strchr(f[6], '.'));
	CHECK_STR(f[7], sent);
	CHECK_STR(f[8], received);
	CHECK_STR(f[9], number);
}

static void test_trace(void)
{
	char path[SCRATCH_SIZE], port[12];
	int fd = mkstemp(scratch(path, "weir-http"));
	struct server s;
	CHECK(fd >= 0);
	server_start(&s, twice);
	struct http *http = new_client(&(struct http_config){.trace = path});
	http_call_free(put(http, url_at(s.port, "/x?X-Amz-Signature=SECRET&a=b"), "12345", 5, 0));
	free_client(http);
	snprintf(port, sizeof port, "%d", s.port);
	check_line(path, 0, port, "the connection broke: connection reset by peer", "5", "0", "1");
	check_line(path, 1, port, "503", "5", "4", "2");
	check_line(path, 2, port, "200", "5", "4", "3");
	server_stop(&s);
	close(fd);
	unlink(path);
}

static void test_trace_fails(void)
{
	struct server s;
	struct strbuf err = STRBUF_INIT;
	struct http *http = NULL;
	server_start(&s, take);
	CHECK_INT(http_new(&(struct http_config){.trace = "/no/such/dir"}, &http, &err), -ENOENT);
	CHECK_STR(err.s, "cannot open '/no/such/dir': No such file or directory");
	http = new_client(&(struct http_config){.trace = "/dev/full"});
	http_call_free(put(http, url_at(s.port, "/x"), "1", 1, 0));
	http_call_free(put(http, url_at(s.port, "/x"), "1", 1, 0));
	CHECK_STR(told.s, "cannot write to '/dev/full': No space left on device; the trace ends here\n");
	free_client(http);
	server_stop(&s);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_bucket);
	TEST(test_rates);
	TEST(test_upload_rate);
	TEST(test_slow_rate);
	TEST(test_slow_line);
	TEST(test_trace);
	TEST(test_trace_fails);
	return check_done();
}
