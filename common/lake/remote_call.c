/* Requests of stores: see remote.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/lake/remote.h"

#define KEPT       (16u << 20) /* limit for the bytes of an answer, unless the caller gives one */
#define FOLLOW_MAX 4           /* how often a call is sent to another place */

static int sign(void *ctx, bool renew, struct strbuf *fields, struct strbuf *err)
{
	struct remote_call *call = ctx;
	int r = call->remote->ops->sign(call, renew, fields, err);
	/*
	 * After signing: if the process is then stopped for days, the server refuses the signature because of its time.
	 */
	if (r == 0 && call->request.by_ms && clock_boot_ms() > call->request.by_ms) {
		strbuf_addf(err, "what is to be committed to '%s' was begun too long ago, and may count as abandoned",
			call->remote->base.url);
		r = -EAGAIN;
	}
	return r;
}

static void route(void *ctx, unsigned tries, struct strbuf *url)
{
	const struct remote_call *call = ctx;
	(void)tries;
	if (call->url)
		strbuf_addstr(url, call->url);
}

static int body(void *ctx, uint64_t pos, void *buf, size_t size)
{
	const struct remote_call *call = ctx;
	return backlog_read(call->request.bytes, pos, buf, size);
}

static uint64_t grown(void *ctx, bool *ret_whole)
{
	const struct remote_call *call = ctx;
	*ret_whole = *call->request.whole;
	return call->request.bytes->len;
}

static struct remote_call *call_new(struct remote *remote, const struct remote_request *request)
{
	struct remote_call *call = xcalloc(1, sizeof *call);
	struct strbuf path = STRBUF_INIT;
	remote->ops->path(remote, request->path, &path);
	call->remote = remote;
	call->method = xstrdup(request->method);
	call->path = strbuf_detach(&path);
	call->query = request->query ? xstrdup(request->query) : NULL;
	call->fields = xcalloc(request->nfields + 1, sizeof *call->fields);
	for (; call->nfields < request->nfields; call->nfields++)
		call->fields[call->nfields] = xstrdup(request->fields[call->nfields]);
	call->request = *request;
	call->request.method = call->request.path = call->request.query = NULL; /* the caller's, who may free them */
	call->request.fields = NULL;
	call->request.sum = NULL;
	return call;
}

/* The checksum of the body of CALL, for which the caller has given SUM, or NULL. */
static int set_sum(struct remote_call *call, const unsigned char *sum, struct strbuf *err)
{
	const struct remote_ops *ops = call->remote->ops;
	const struct remote_request *request = &call->request;
	if (!ops->sum)
		return 0;
	if (sum) {
		memcpy(call->sum, sum, (size_t)EVP_MD_get_size(ops->sum()));
		return 0;
	}
	if (EVP_Digest(request->data ? request->data : "", request->len, call->sum, NULL, ops->sum(), NULL) == 1)
		return 0;
	strbuf_addf(err, "cannot compute a %s", EVP_MD_get0_name(ops->sum()));
	return -ENOMEM;
}

static void begin(struct remote_call *call)
{
	const struct remote_request *request = &call->request;
	const struct remote_ops *ops = call->remote->ops;
	struct strbuf url = STRBUF_INIT;
	ops->url(call, &url);
	call->http =
		http_start(call->remote->http, &(struct http_request){.method = call->method,
						       .url = url.s,
						       .fields = (const char *const *)call->fields,
						       .nfields = call->nfields,
						       .data = request->bytes ? NULL : request->data,
						       .len = request->bytes ? request->bytes->len : request->len,
						       .body = request->bytes ? body : NULL,
						       .grown = request->whole ? grown : NULL,
						       .into = request->into,
						       .max = request->max ? request->max : KEPT,
						       .sign = sign,
						       .route = route,
						       .classify = request->late ? ops->classify_late : ops->classify,
						       .ctx = call,
						       .once = request->once});
	strbuf_release(&url);
}

int remote_start(
	struct remote *remote, const struct remote_request *request, struct remote_call **ret, struct strbuf *err)
{
	struct remote_call *call = *ret = call_new(remote, request);
	int r = set_sum(call, request->sum, err);
	if (r == 0)
		begin(call);
	return r;
}

/* Send CALL, which has ended, to the place that its answer names; true if it has begun again. */
static bool follow(struct remote_call *call)
{
	struct strbuf ignored = STRBUF_INIT;
	const struct remote_ops *ops = call->remote->ops;
	bool again = ops->follow && call->followed < FOLLOW_MAX && http_result(call->http, &ignored) == 0 &&
		     ops->follow(call);
	strbuf_release(&ignored);
	if (again) {
		call->followed++;
		http_call_free(call->http);
		begin(call);
	}
	return again;
}

bool remote_ended(struct remote_call *call)
{
	return http_ended(call->http) && !follow(call);
}

int remote_wait(struct remote_call *call, struct strbuf *err)
{
	int r;
	do
		r = http_wait(call->http, err);
	while (r == 0 && follow(call));
	return r;
}

int remote_run(
	struct remote *remote, const struct remote_request *request, struct remote_call **ret, struct strbuf *err)
{
	int r = remote_start(remote, request, ret, err);
	return r < 0 ? r : remote_wait(*ret, err);
}

struct http_answer *remote_answer(struct remote_call *call)
{
	return http_answer(call->http);
}

int remote_status(struct remote_call *call)
{
	return http_answer(call->http)->status;
}

bool remote_good(struct remote_call *call)
{
	return remote_status(call) / 100 == 2;
}

bool remote_doubtful(const struct remote_call *call)
{
	return call->http && http_doubtful(call->http);
}

void remote_call_free(struct remote_call *call)
{
	if (!call)
		return;
	http_call_free(call->http);
	for (size_t i = 0; i < call->nfields; i++)
		free(call->fields[i]);
	free(call->fields);
	free(call->method);
	free(call->query);
	free(call->path);
	free(call->url);
	free(call);
}
