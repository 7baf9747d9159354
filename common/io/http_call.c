/* Calls: how they begin, what follows a try, and how they end.  See http.h and http_parts.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/hash.h"
#include "common/base/visible.h"
#include "common/io/http_parts.h"

/* --- begin and end ---------------------------------------------------------------------------------------------- */

static void copy_request(struct http_request *to, const struct http_request *from)
{
	*to = *from;
	to->method = xstrdup(from->method);
	to->url = xstrdup(from->url);
	char **fields = xcalloc(from->nfields, sizeof *fields);
	for (size_t i = 0; i < from->nfields; i++)
		fields[i] = xstrdup(from->fields[i]);
	to->fields = (const char *const *)fields;
}

static void free_request(struct http_request *request)
{
	char **fields = (char **)(uintptr_t)request->fields;
	for (size_t i = 0; i < request->nfields; i++)
		free(fields[i]);
	free(fields);
	free((char *)(uintptr_t)request->method);
	free((char *)(uintptr_t)request->url);
}

struct http_call *http_start(struct http *http, const struct http_request *request)
{
	struct http_call *call = xcalloc(1, sizeof *call);
	copy_request(&call->request, request);
	strbuf_init(&call->answer.body);
	strbuf_init(&call->answer.fields);
	strbuf_init(&call->why);
	call->answer.date_ms = -1;
	call->retry.once = request->once;
	call->retry.renews = request->sign != NULL;
	call->http = http;
	call->prev = http->last;
	if (http->last)
		http->last->next = call;
	else
		http->first = call;
	http->last = call;
	http->counters.calls++;
	return call;
}

void http_call_end(struct http_call *call, int result)
{
	struct http *http = call->http;
	if (call->state == HTTP_RUNNING)
		http->running--;
	http_try_drop(call);
	if (call->prev)
		call->prev->next = call->next;
	else
		http->first = call->next;
	if (call->next)
		call->next->prev = call->prev;
	else
		http->last = call->prev;
	http_tell_end(call, result);
	http->ended++;
	call->prev = call->next = NULL;
	call->http = NULL;
	call->state = HTTP_ENDED;
	call->result = result;
}

void http_call_free(struct http_call *call)
{
	if (!call)
		return;
	if (call->http)
		http_call_end(call, -ECANCELED);
	free_request(&call->request);
	strbuf_release(&call->answer.body);
	strbuf_release(&call->answer.fields);
	strbuf_release(&call->why);
	free(call);
}

/* --- tries ------------------------------------------------------------------------------------------------------ */

/* Let the caller make the headers for this try.  0, or -errno with CALL->why. */
static int sign(struct http_call *call, struct strbuf *fields)
{
	if (!call->request.sign)
		return 0;
	struct strbuf err = STRBUF_INIT;
	call->state = HTTP_SIGNING;
	call->http->signing++;
	int r = call->request.sign(call->request.ctx, call->renew, fields, &err);
	call->http->signing--;
	call->state = HTTP_WAITING;
	call->renew = false;
	if (r < 0) {
		strbuf_clear(&call->why);
		strbuf_add(&call->why, err.s, err.len);
	}
	strbuf_release(&err);
	return r;
}

/* Where this try goes. */
static void route(struct http_call *call)
{
	struct strbuf url = STRBUF_INIT;
	if (call->request.route)
		call->request.route(call->request.ctx, call->tries, &url);
	if (!url.len)
		return;
	free((char *)(uintptr_t)call->request.url);
	call->request.url = strbuf_detach(&url);
}

static bool is_http(struct http_call *call)
{
	const char *url = call->request.url;
	if (strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0)
		return true;
	strbuf_addstr(&call->why, "this is not an HTTP URL");
	return false;
}

void http_call_look(struct http_call *call, int64_t now_ms)
{
	if (call->retry.deadline_ms != HTTP_GROWING || !http_bytes_whole(call))
		return;
	call->retry.deadline_ms = now_ms + call->http->config.call_ms;
	patience_begin(&call->patience, now_ms);
}

void http_call_begin(struct http_call *call)
{
	struct http *http = call->http;
	struct strbuf fields = STRBUF_INIT;
	int64_t now = clock_ms();
	if (!call->tries) {
		call->retry.deadline_ms = HTTP_GROWING;
		http_call_look(call, now);
	}
	int r = sign(call, &fields);
	if (r == 0) {
		route(call);
		r = is_http(call) ? http_try_begin(call, &fields) : -EINVAL;
	}
	strbuf_release(&fields);
	if (r < 0) {
		call->answer.status = 0; /* the reason of the try before must not remain */
		http_call_end(call, r);
		return;
	}
	call->state = HTTP_RUNNING;
	call->tries++;
	http->counters.tries++;
	http->running++;
}

int64_t http_now_ms(const struct http *http)
{
	return http->date_ms < 0 ? -1 : http->date_ms + (clock_boot_ms() - http->date_at_ms);
}

/* A date has whole seconds, so one that is less than a second behind the clock says nothing new. */
static void note_date(struct http *http, struct http_answer *answer)
{
	const char *date = http_field(answer, "Date");
	answer->date_ms = date ? http_date_ms(date) : -1;
	int64_t now = http_now_ms(http);
	if (answer->date_ms < 0 || (now >= answer->date_ms && now < answer->date_ms + 1000))
		return;
	http->date_ms = answer->date_ms;
	http->date_at_ms = clock_boot_ms();
}

static enum retry_event judge(struct http_call *call, const struct http_outcome *outcome)
{
	if (outcome->error)
		return outcome->hopeless ? RETRY_HOPELESS : outcome->stale ? RETRY_STALE : RETRY_FAILED;
	enum http_verdict (*classify)(const struct http_answer *) = call->request.classify;
	switch (classify ? classify(&call->answer) : http_classify(&call->answer)) {
	case HTTP_AGAIN:
		return RETRY_FAILED;
	case HTTP_REFRESH:
		return RETRY_REFUSED;
	default:
		return RETRY_ANSWERED;
	}
}

static uint64_t draw(struct http *http)
{
	return hash_mix(http->seed ^ ++http->drawn, UINT64_C(0x9e3779b97f4a7c15));
}

/* The result of a call whose last try has ended in this way. */
static int result_of(const struct http_call *call, const struct http_outcome *outcome, enum retry_event event)
{
	if (outcome->error)
		return outcome->error;
	return event == RETRY_FAILED && !call->request.once ? -ETIMEDOUT : 0;
}

void http_call_tried(struct http_call *call, CURLcode code, int failed)
{
	struct http *http = call->http;
	struct http_outcome outcome = http_try_end(call, code, failed);
	int64_t after = -1, pause = 0;
	call->state = HTTP_WAITING;
	http->running--;
	call->doubtful |= outcome.doubtful;
	if (outcome.error)
		call->answer.status = 0; /* an incomplete answer is ignored */
	else {
		note_date(http, &call->answer);
		int64_t date = call->answer.date_ms; /* by the clock to which a date in Retry-After refers */
		after = http_answer_after_ms(&call->answer, date < 0 ? clock_epoch_ms() : date);
	}
	enum retry_event event = judge(call, &outcome);
	if (event == RETRY_FAILED && !outcome.error)
		strbuf_addf(&call->why, "status %d", call->answer.status);
	int64_t now = clock_ms();
	switch (retry_decide(&call->retry, event, after, now, draw(http), &pause)) {
	case RETRY_END:
		http_call_end(call, result_of(call, &outcome, event));
		break;
	case RETRY_RENEW:
		call->renew = true;
		call->due_ms = now;
		break;
	case RETRY_PAUSE:
		call->due_ms = now + pause;
		break;
	}
}

/* --- how it ends ------------------------------------------------------------------------------------------------ */

bool http_ended(const struct http_call *call)
{
	return call->state == HTTP_ENDED;
}

struct http_answer *http_answer(struct http_call *call)
{
	return &call->answer;
}

bool http_doubtful(const struct http_call *call)
{
	return call->doubtful;
}

unsigned http_tries(const struct http_call *call)
{
	return call->tries;
}

void http_describe(const struct http_call *call, const char *code, const char *text, struct strbuf *err)
{
	const struct strbuf *body = &call->answer.body;
	strbuf_addf(err, "%s ", call->request.method);
	http_public_url(call->request.url, err);
	strbuf_addf(err, ": status %d", call->answer.status);
	if (code) {
		strbuf_addch(err, ' ');
		visible_add_start(err, code, strlen(code), HTTP_SHOWN);
	}
	size_t len = text ? strlen(text) : strcspn(body->s, "\r\n");
	if (!len)
		return;
	strbuf_addstr(err, ": ");
	visible_add_start(err, text ? text : body->s, len, HTTP_SHOWN);
}

int http_result(const struct http_call *call, struct strbuf *err)
{
	if (call->result == 0)
		return 0;
	if (call->answer.status)
		http_describe(call, NULL, NULL, err);
	else {
		strbuf_addf(err, "%s ", call->request.method);
		http_public_url(call->request.url, err);
		strbuf_addf(err, ": %s", call->why.len ? call->why.s : diag_strerror(call->result));
	}
	if (call->tries > 1)
		strbuf_addf(err, " (%u tries)", call->tries);
	return call->result;
}
