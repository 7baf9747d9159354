/* The bytes of a try: libcurl's callbacks.  See http_parts.h. */
#include <errno.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/io/http_parts.h"

enum {
	HTTP_KEPT = 64 << 10, /* bytes that are kept of a body whose request has no maximum */
};

/*
 * libcurl repeats a request by itself when a connection that it had kept turns out to be dead.  The server may
 * nevertheless have carried out the first one, so this has to count as a failed try.  A request is also not sent over a
 * connection on which the answer to another request comes next.
 */
static int on_begin(void *arg, char *remote, char *local, int remote_port, int local_port)
{
	struct http_call *call = arg;
	struct http_try *try = &call->try;
	long opened = 0;
	if (try->begun++)
		return CURL_PREREQFUNC_ABORT;
	try->socket = http_sockets_find(call->http, remote, remote_port, local, local_port);
	curl_easy_getinfo(try->easy, CURLINFO_NUM_CONNECTS, &opened);
	return !opened && http_sockets_ahead(try->socket) ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static int on_seek(void *arg, curl_off_t offset, int origin)
{
	(void)arg, (void)offset, (void)origin;
	return CURL_SEEKFUNC_FAIL; /* it would repeat the request: see on_begin() */
}

/* How many bytes the body has by now. */
static uint64_t length(const struct http_request *request, bool *ret_whole)
{
	*ret_whole = true;
	return request->grown ? request->grown(request->ctx, ret_whole) : request->len;
}

bool http_bytes_ready(const struct http_call *call)
{
	bool whole;
	return length(&call->request, &whole) > call->try.pos || whole;
}

bool http_bytes_whole(const struct http_call *call)
{
	bool whole;
	(void)length(&call->request, &whole);
	return whole;
}

static size_t hold(struct http_try *try, int64_t now_ms)
{
	try->held = true;
	try->held_ms = now_ms;
	return CURL_READFUNC_PAUSE;
}

static size_t on_read(char *buf, size_t size, size_t count, void *arg)
{
	struct http_call *call = arg;
	const struct http_request *request = &call->request;
	struct http_try *try = &call->try;
	bool whole;
	uint64_t n = size * count, left = length(request, &whole) - try->pos;
	if (n > left)
		n = left;
	if (n == 0)
		return whole ? 0 : hold(try, clock_ms());
	if (call->http->rate.per_second) {
		int64_t now = clock_ms();
		n = http_rate_take(&call->http->rate, n, now);
		if (n == 0)
			return hold(try, now);
	}
	if (request->body)
		try->failed = request->body(request->ctx, try->pos, buf, (size_t)n);
	else
		memcpy(buf, (const char *)request->data + try->pos, (size_t)n);
	try->pos += n;
	return try->failed ? CURL_READFUNC_ABORT : (size_t)n;
}

static size_t on_header(char *line, size_t size, size_t count, void *arg)
{
	struct http_call *call = arg;
	struct http_try *try = &call->try;
	try->failed = http_answer_line(&call->answer, &try->head, line, size * count);
	return try->failed ? 0 : size * count;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct http_call *call = arg;
	const struct http_request *request = &call->request;
	struct http_answer *answer = &call->answer;
	bool wanted = (answer->status == 200 || answer->status == 206) && request->max;
	uint64_t len = size * count, max = wanted ? request->max : HTTP_KEPT;
	uint64_t kept = answer->length < max ? max - answer->length : 0;
	if (kept > len)
		kept = len;
	if (wanted && kept < len) {
		call->try.failed = -EMSGSIZE;
		return 0;
	}
	if (wanted && request->into)
		memcpy((char *)request->into + answer->length, data, (size_t)kept);
	else
		strbuf_add(&answer->body, data, (size_t)kept);
	answer->length += len;
	return (size_t)len;
}

CURLcode http_bytes_set(CURL *easy, struct http_call *call)
{
	CURLcode r = CURLE_OK;
	HTTP_SET(r, easy, CURLOPT_PREREQFUNCTION, on_begin);
	HTTP_SET(r, easy, CURLOPT_PREREQDATA, call);
	HTTP_SET(r, easy, CURLOPT_SEEKFUNCTION, on_seek);
	HTTP_SET(r, easy, CURLOPT_READFUNCTION, on_read);
	HTTP_SET(r, easy, CURLOPT_READDATA, call);
	HTTP_SET(r, easy, CURLOPT_HEADERFUNCTION, on_header);
	HTTP_SET(r, easy, CURLOPT_HEADERDATA, call);
	HTTP_SET(r, easy, CURLOPT_WRITEFUNCTION, on_body);
	HTTP_SET(r, easy, CURLOPT_WRITEDATA, call);
	return r == CURLE_OK ? http_sockets_set(easy, call->http) : r;
}
