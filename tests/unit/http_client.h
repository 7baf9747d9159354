/* A client and its calls, for the tests of http.h. */
#ifndef WEIR_TESTS_HTTP_CLIENT_H
#define WEIR_TESTS_HTTP_CLIENT_H

#include "common/base/strbuf.h"
#include "common/io/http.h"
#include "tests/unit/check.h"
#include "tests/unit/http_server.h"

/* The messages of the client, a line each. */
static struct strbuf told;

static void note(const char *line)
{
	strbuf_addf(&told, "%s\n", line);
}

static inline struct http *new_client(const struct http_config *config)
{
	struct http_config c = *config;
	struct http *http = NULL;
	struct strbuf err = STRBUF_INIT;
	c.tell = note;
	if (!c.call_ms)
		c.call_ms = 20000;
	strbuf_init(&told);
	CHECK_INT(http_new(&c, &http, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	return http;
}

static inline void free_client(struct http *http)
{
	http_free(http);
	strbuf_release(&told);
}

/* The URL of PATH on the server at PORT; valid until the next call. */
static inline const char *url_at(int port, const char *path)
{
	static char url[512];
	snprintf(url, sizeof url, "http://127.0.0.1:%d%s", port, path);
	return url;
}

/* A call that has ended: 0 or -errno, and the message in `message`. */
static char message[1024];

static inline int wait_call(struct http_call *call)
{
	struct strbuf err = STRBUF_INIT;
	int r = http_wait(call, &err);
	CHECK(r == 0 ? err.len == 0 : err.len > 0);
	snprintf(message, sizeof message, "%s", err.s);
	strbuf_release(&err);
	return r;
}

static inline struct http_call *get(struct http *http, const char *url, int expected)
{
	struct http_request request = {.method = "GET", .url = url, .max = 32 << 20};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), expected);
	return call;
}

static inline struct http_call *put(struct http *http, const char *url, const void *data, uint64_t len, int expected)
{
	struct http_request request = {.method = "PUT", .url = url, .data = data, .len = len};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), expected);
	return call;
}

#endif
