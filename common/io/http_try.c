/* One try of a call: libcurl's handle, how it is set up, watched and judged.  See http_parts.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/num.h"
#include "common/io/http_parts.h"

/*
 * libcurl's buffers, bytes.  1 GB to a server that throws it away took 0.36 s of CPU with 64 KiB, 0.32 with 256 KiB,
 * 0.34 with 512 KiB and 0.32 with 1 MiB (2 cores, medians of five; curl itself 0.34): larger buffers only take more
 * memory.
 */
enum {
	HTTP_BUFFER_LEAST = 16 << 10,
	HTTP_BUFFER_MOST = 256 << 10,
};

/* --- beginning -------------------------------------------------------------------------------------------------- */

/* Add "Name: value".  -EINVAL: a line feed in it would make more than one header of it. */
static int add_field(struct curl_slist **list, const char *field, size_t len)
{
	const char *colon = memchr(field, ':', len);
	if (!colon || colon == field)
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)field[i] < ' ' && field[i] != '\t')
			return -EINVAL;
	char *copy = xstrndup(field, len), *value = copy + (colon - field) + 1;
	if (value[strspn(value, " \t")] == '\0')
		value[-1] = ';', value[0] = '\0'; /* libcurl's notation for an empty value */
	struct curl_slist *longer = curl_slist_append(*list, copy);
	free(copy);
	if (!longer)
		return -ENOMEM;
	*list = longer;
	return 0;
}

static int add_lines(struct curl_slist **list, const struct strbuf *lines)
{
	int r = 0;
	for (const char *p = lines->s, *end = p + lines->len; r == 0 && p < end;) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop = lf ? lf : end;
		r = add_field(list, p, (size_t)(stop - p));
		p = stop + 1;
	}
	return r;
}

/* All headers of a try; headers that libcurl would add by itself, and that do harm, are removed. */
static int set_fields(struct http_call *call, const struct strbuf *signed_fields)
{
	struct http_try *try = &call->try;
	struct curl_slist *none = curl_slist_append(NULL, "Expect:");
	if (!none)
		return -ENOMEM;
	try->fields = none;
	int r = 0;
	for (size_t i = 0; r == 0 && i < call->request.nfields; i++)
		r = add_field(&try->fields, call->request.fields[i], strlen(call->request.fields[i]));
	if (r == 0)
		r = add_lines(&try->fields, signed_fields);
	if (r == -EINVAL)
		strbuf_addstr(&call->why, "a header cannot be sent");
	return r;
}

static CURLcode set_method(CURL *easy, const struct http_request *request)
{
	const char *method = request->method;
	CURLcode r = CURLE_OK;
	if (strcmp(method, "HEAD") == 0)
		HTTP_SET(r, easy, CURLOPT_NOBODY, 1L);
	else if (request->len || strcmp(method, "PUT") == 0 || strcmp(method, "POST") == 0) {
		HTTP_SET(r, easy, CURLOPT_UPLOAD, 1L);
		HTTP_SET(r, easy, CURLOPT_INFILESIZE_LARGE, request->grown ? -1 : (curl_off_t)request->len);
	}
	HTTP_SET(r, easy, CURLOPT_CUSTOMREQUEST, method);
	return r;
}

static long buffer_size(uint64_t len)
{
	return len < HTTP_BUFFER_LEAST ? HTTP_BUFFER_LEAST : len > HTTP_BUFFER_MOST ? HTTP_BUFFER_MOST : (long)len;
}

static CURLcode set_limits(CURL *easy, const struct http_call *call)
{
	CURLcode r = CURLE_OK;
	HTTP_SET(r, easy, CURLOPT_UPLOAD_BUFFERSIZE,
		call->request.grown ? HTTP_BUFFER_MOST : buffer_size(call->request.len));
	HTTP_SET(r, easy, CURLOPT_BUFFERSIZE, buffer_size(call->request.max));
	HTTP_SET(r, easy, CURLOPT_CONNECTTIMEOUT_MS, (long)call->http->config.connect_ms);
	HTTP_SET(r, easy, CURLOPT_NOSIGNAL, 1L);
	HTTP_SET(r, easy, CURLOPT_QUICK_EXIT, 1L); /* do not wait for the name server when a try is dropped */
	HTTP_SET(r, easy, CURLOPT_PROTOCOLS_STR, "http,https");
	HTTP_SET(r, easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	HTTP_SET(r, easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	HTTP_SET(r, easy, CURLOPT_PATH_AS_IS, 1L);
	HTTP_SET(r, easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	HTTP_SET(r, easy, CURLOPT_USERAGENT, "weir/" WEIR_VERSION);
	return r;
}

static CURLcode set_peer(CURL *easy, const struct http_config *config)
{
	CURLcode r = CURLE_OK;
	if (config->ca_file) {
		HTTP_SET(r, easy, CURLOPT_CAINFO, config->ca_file);
		HTTP_SET(r, easy, CURLOPT_PROXY_CAINFO, config->ca_file);
	}
	if (config->proxy) {
		HTTP_SET(r, easy, CURLOPT_PROXY, config->proxy);
		HTTP_SET(r, easy, CURLOPT_NOPROXY, ""); /* no_proxy is about the proxies of the environment */
	}
	return r;
}

static CURLcode set_all(struct http_call *call)
{
	CURL *easy = call->try.easy;
	CURLcode r = set_method(easy, &call->request);
	if (r == CURLE_OK)
		r = set_limits(easy, call);
	if (r == CURLE_OK)
		r = set_peer(easy, &call->http->config);
	if (r == CURLE_OK)
		r = http_bytes_set(easy, call);
	HTTP_SET(r, easy, CURLOPT_URL, call->request.url);
	HTTP_SET(r, easy, CURLOPT_HTTPHEADER, call->try.fields);
	HTTP_SET(r, easy, CURLOPT_ERRORBUFFER, call->try.error);
	HTTP_SET(r, easy, CURLOPT_PRIVATE, call);
	return r;
}

int http_try_begin(struct http_call *call, const struct strbuf *signed_fields)
{
	struct http *http = call->http;
	call->try = (struct http_try){.easy = curl_easy_init(), .socket = -1};
	call->try.moved_ms = clock_ms();
	call->try.at_ms = clock_epoch_ms();
	call->answer.status = 0;
	call->answer.length = 0;
	strbuf_clear(&call->answer.body);
	strbuf_clear(&call->answer.fields);
	int r = call->try.easy ? set_fields(call, signed_fields) : -ENOMEM;
	if (r == 0 && (set_all(call) != CURLE_OK || curl_multi_add_handle(http->multi, call->try.easy) != CURLM_OK))
		r = -ENOMEM; /* all options are known, and have the right types */
	if (r == 0)
		return 0;
	curl_easy_cleanup(call->try.easy);
	curl_slist_free_all(call->try.fields);
	call->try = (struct http_try){0};
	return r;
}

/* --- while it runs ---------------------------------------------------------------------------------------------- */

static uint64_t moved(CURL *easy)
{
	curl_off_t up = 0, down = 0;
	long request = 0, head = 0;
	curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &up);
	curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
	curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request);
	curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &head);
	return (uint64_t)up + (uint64_t)down + (uint64_t)request + (uint64_t)head;
}

/*
 * While the limit of bytes a second, or a body that has not grown, holds a try back, it does not count as stalled, and
 * the time does not count towards the limit of the call.
 */
static int release(struct http_call *call, int64_t now_ms)
{
	struct http_try *try = &call->try;
	try->moved_ms = now_ms;
	bool answered = try->head == HTTP_HEAD_DONE; /* too early; libcurl ends a try only when it is not held */
	if (!answered && (http_rate_wait_ms(&call->http->rate, now_ms) > 0 || !http_bytes_ready(call)))
		return 0;
	if (call->retry.deadline_ms != HTTP_GROWING)
		call->retry.deadline_ms += now_ms - try->held_ms;
	try->held = false;
	return curl_easy_pause(try->easy, CURLPAUSE_CONT) == CURLE_OK ? 0 : -EIO;
}

static int over(struct http_call *call, const char *what, int64_t limit_ms)
{
	strbuf_clear(&call->why);
	strbuf_addstr(&call->why, what);
	num_add_duration(&call->why, limit_ms);
	return -ETIMEDOUT;
}

int http_try_check(struct http_call *call, int64_t now_ms)
{
	struct http_try *try = &call->try;
	uint64_t bytes = moved(try->easy);
	/*
	 * libcurl regards the last megabytes of a body as sent once the kernel has them, but over a slow line they take
	 * long.
	 */
	int queued = http_sockets_queued(try->socket);
	if (bytes != try->moved || queued != try->queued) {
		try->moved = bytes;
		try->queued = queued;
		try->moved_ms = now_ms;
	}
	if (try->held)
		return release(call, now_ms);
	const struct http_config *config = &call->http->config;
	if (now_ms - try->moved_ms >= config->stall_ms)
		return over(call, "no data was sent or received for ", config->stall_ms);
	if (now_ms >= call->retry.deadline_ms)
		return over(call, "no answer within ", config->call_ms);
	return 0;
}

/* --- its end ---------------------------------------------------------------------------------------------------- */

static const char *own_failure(int failed)
{
	switch (failed) {
	case -EMSGSIZE:
		return "the answer is too long";
	case -EPROTO:
		return "what came is not HTTP";
	default:
		return diag_strerror(failed);
	}
}

static void judge(struct http_call *call, CURLcode code, struct http_outcome *ret)
{
	struct http_try *try = &call->try;
	strbuf_clear(&call->why);
	if (try->failed) {
		*ret = (struct http_outcome){.error = try->failed, .hopeless = true};
		strbuf_addstr(&call->why, own_failure(try->failed));
	} else if (code != CURLE_OK) {
		http_failure(try->easy, code, try->error, call->tries, ret, &call->why);
		ret->stale = code == CURLE_ABORTED_BY_CALLBACK || code == CURLE_SEND_FAIL_REWIND;
	} else if (try->head != HTTP_HEAD_DONE) {
		ret->error = -ECONNRESET; /* libcurl takes a head that was cut off for a complete one */
		strbuf_addstr(&call->why, "the answer was cut off");
	}
}

struct http_outcome http_try_end(struct http_call *call, CURLcode code, int failed)
{
	struct http_try *try = &call->try;
	struct http *http = call->http;
	struct http_outcome outcome = {.error = failed};
	curl_off_t up = 0, down = 0;
	long request = 0;
	if (!failed)
		judge(call, code, &outcome);
	curl_easy_getinfo(try->easy, CURLINFO_SIZE_UPLOAD_T, &up);
	curl_easy_getinfo(try->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
	curl_easy_getinfo(try->easy, CURLINFO_REQUEST_SIZE, &request);
	http->counters.sent += (uint64_t)up;
	http->counters.received += (uint64_t)down;
	int status = call->answer.status;
	outcome.doubtful = outcome.error ? try->begun && request : status == 408 || status / 100 == 5;
	http_trace(call, outcome.error);
	http_try_drop(call);
	return outcome;
}

void http_try_drop(struct http_call *call)
{
	struct http_try *try = &call->try;
	if (!try->easy)
		return;
	/* Fails only for handles that are not in the multi handle. */
	(void)curl_multi_remove_handle(call->http->multi, try->easy);
	curl_easy_cleanup(try->easy);
	curl_slist_free_all(try->fields);
	*try = (struct http_try){0};
}
