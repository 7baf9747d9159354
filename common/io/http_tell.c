/* Messages about calls that take longer than a second.  See http_parts.h. */
#include "common/io/http_parts.h"

static void tell(const struct http_call *call, const char *before, const char *after)
{
	const struct http_config *config = &call->http->config;
	if (!config->tell)
		return;
	struct strbuf line = STRBUF_INIT;
	strbuf_addstr(&line, before);
	http_origin(call->request.url, &line);
	strbuf_addstr(&line, after);
	config->tell(line.s);
	strbuf_release(&line);
}

/*
 * While bytes come and go, the call does not count as waiting, unless they belong to a try after one that has failed.
 */
static bool goes_on(const struct http_call *call)
{
	return call->state == HTTP_RUNNING && !call->why.len && call->try.moved_ms > call->patience.since;
}

static void look(struct http_call *call, int64_t now_ms)
{
	struct http *http = call->http;
	if (goes_on(call)) {
		if (patience_end(&call->patience)) {
			tell(call, "", " goes on");
			http->told = NULL;
		}
		patience_begin(&call->patience, call->try.moved_ms);
	}
	if (http->told || patience_ask(&call->patience, -1, now_ms) != PATIENCE_TELL)
		return;
	http->told = call;
	if (!call->why.len) {
		tell(call, "waiting for an answer of ", "");
		return;
	}
	struct strbuf why = STRBUF_INIT;
	strbuf_addf(&why, ": %s; trying again", call->why.s);
	tell(call, "waiting for ", why.s);
	strbuf_release(&why);
}

void http_tell_waits(struct http *http, int64_t now_ms)
{
	for (struct http_call *call = http->first; call; call = call->next)
		if (call->tries && http_bytes_whole(call))
			look(call, now_ms);
}

void http_tell_end(const struct http_call *call, int result)
{
	if (call->http->told != call)
		return;
	if (result == 0)
		tell(call, "", " answers again");
	call->http->told = NULL;
}
