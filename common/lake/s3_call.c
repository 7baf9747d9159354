/* Signed requests to a bucket: see s3.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/lake/s3.h"

#define KEPT (16u << 20) /* bytes of an answer, unless the caller says */

struct s3_call {
	struct store_s3 *s3;
	struct http_call *http;
	char *method, *query, *path; /* of the URL, encoded; what is signed */
	char **fields;
	size_t nfields;
	char hash[AWS_HASH_LEN + 1];
	const struct backlog *bytes;
};

/* Before each try: sign, by the time it is now and the key that holds now. */
static int sign(void *ctx, bool renew, struct strbuf *fields, struct strbuf *err)
{
	struct s3_call *call = ctx;
	struct store_s3 *s3 = call->s3;
	struct aws_key key;
	const struct aws_request request = {.method = call->method,
		.host = s3->place.host,
		.path = call->path,
		.query = call->query,
		.fields = (const char *const *)call->fields,
		.nfields = call->nfields,
		.hash = call->hash,
		.region = s3->place.region,
		.service = "s3"};
	int r = aws_creds_get(s3->creds, renew, &key, err);
	if (r == 0 && (r = aws_sign(&request, &key, clock_epoch_ms(), fields)) < 0)
		strbuf_addf(err, "cannot sign a request for '%s': %s", s3->base.url, diag_strerror(r));
	return r;
}

static int body(void *ctx, uint64_t pos, void *buf, size_t size)
{
	const struct s3_call *call = ctx;
	return backlog_read(call->bytes, pos, buf, size);
}

static struct s3_call *call_new(struct store_s3 *s3, const struct s3_request *request)
{
	struct s3_call *call = xcalloc(1, sizeof *call);
	struct strbuf path = STRBUF_INIT;
	char *key = request->path ? s3_key(s3, request->path) : NULL;
	s3_place_path(&s3->place, key, &path);
	free(key);
	call->s3 = s3;
	call->method = xstrdup(request->method);
	call->path = strbuf_detach(&path);
	call->query = request->query ? xstrdup(request->query) : NULL;
	call->fields = xcalloc(request->nfields + 1, sizeof *call->fields);
	for (; call->nfields < request->nfields; call->nfields++)
		call->fields[call->nfields] = xstrdup(request->fields[call->nfields]);
	call->bytes = request->bytes;
	return call;
}

static void url_of(const struct s3_call *call, struct strbuf *ret)
{
	const struct s3_place *place = &call->s3->place;
	const char *authority = strstr(place->base, "://") + 3;
	strbuf_add(ret, place->base, (size_t)(authority - place->base));
	if (!place->in_path)
		strbuf_addf(ret, "%s.", place->bucket);
	strbuf_addstr(ret, authority);
	strbuf_addstr(ret, call->path);
	if (call->query)
		strbuf_addf(ret, "?%s", call->query);
}

int s3_start(struct store_s3 *s3, const struct s3_request *request, struct s3_call **ret, struct strbuf *err)
{
	struct s3_call *call = *ret = call_new(s3, request);
	struct strbuf url = STRBUF_INIT;
	uint64_t len = request->bytes ? request->bytes->len : request->len;
	int r = request->hash ? 0 : aws_hash(request->data ? request->data : "", request->len, call->hash);
	if (r < 0) {
		strbuf_addf(err, "cannot compute a SHA-256: %s", diag_strerror(r));
		return r;
	}
	if (request->hash)
		memcpy(call->hash, request->hash, sizeof call->hash);
	url_of(call, &url);
	call->http = http_start(s3->http, &(struct http_request){.method = request->method,
						  .url = url.s,
						  .fields = (const char *const *)call->fields,
						  .nfields = call->nfields,
						  .data = request->bytes ? NULL : request->data,
						  .len = len,
						  .body = request->bytes ? body : NULL,
						  .into = request->into,
						  .max = request->max ? request->max : KEPT,
						  .sign = sign,
						  .classify = request->late ? s3_classify_late : s3_classify,
						  .ctx = call,
						  .once = request->once});
	strbuf_release(&url);
	return 0;
}

bool s3_ended(const struct s3_call *call)
{
	return http_ended(call->http);
}

int s3_wait(struct s3_call *call, struct strbuf *err)
{
	return http_wait(call->http, err);
}

struct http_answer *s3_answer(struct s3_call *call)
{
	return http_answer(call->http);
}

int s3_status(struct s3_call *call)
{
	return http_answer(call->http)->status;
}

bool s3_doubtful(const struct s3_call *call)
{
	return call->http && (http_doubtful(call->http) || http_tries(call->http) > 1);
}

/* Go to the region that the answer names; true if the request is worth another try. */
static bool follow(struct s3_call *call)
{
	struct store_s3 *s3 = call->s3;
	int status = s3_status(call);
	const char *named = http_field(s3_answer(call), "x-amz-bucket-region");
	struct s3_error error;
	bool moved = false;
	if (s3->settled || (status != 301 && status != 307 && status != 400))
		return false;
	s3_error_read(s3_answer(call), &error);
	if (!named)
		named = error.region;
	if (*named && strcmp(named, s3->place.region) != 0) {
		s3_place_move(&s3->place, named);
		moved = true;
	}
	s3_error_release(&error);
	return moved;
}

int s3_run(struct store_s3 *s3, const struct s3_request *request, struct s3_call **ret, struct strbuf *err)
{
	for (;;) {
		int r = s3_start(s3, request, ret, err);
		if (r == 0)
			r = s3_wait(*ret, err);
		if (r < 0 || !follow(*ret))
			return r;
		s3->settled = true; /* once is enough */
		s3_call_free(*ret);
	}
}

void s3_describe(const struct s3_call *call, const char *verb, const char *path, const struct s3_error *error,
	struct strbuf *err)
{
	strbuf_addf(err, "cannot %s '%s%s%s': ", verb, call->s3->base.url, *path ? "/" : "", path);
	http_describe(call->http, *error->code ? error->code : NULL, error->text.len ? error->text.s : NULL, err);
}

void s3_call_free(struct s3_call *call)
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
	free(call);
}
