/* Authorized requests to a container: see az.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/data/base64.h"
#include "common/io/uri.h"
#include "common/lake/az.h"
#include "common/lake/az_sign.h"
#include "common/lake/secret.h"

enum { MD5_LEN = 16, ADDED = 3 };

void az_path(const struct remote *remote, const char *path, struct strbuf *ret)
{
	const struct az_place *place = &az_of_const(remote)->place;
	strbuf_addf(ret, "%s/%s", place->root, place->container);
	if (!path)
		return;
	strbuf_addch(ret, '/');
	uri_encode(ret, place->prefix, strlen(place->prefix), true);
	uri_encode(ret, path, strlen(path), true);
}

void az_url(const struct remote_call *call, struct strbuf *ret)
{
	const struct store_az *az = az_of_const(call->remote);
	strbuf_addf(ret, "%s%s", az->place.base, call->path);
	if (call->query)
		strbuf_addf(ret, "?%s", call->query);
	if (az->settings.sas)
		strbuf_addf(ret, "%c%s", call->query ? '&' : '?', az->settings.sas);
}

/* Put the headers that every request has into RET; their strings are in TEXTS.  Returns their number. */
static size_t add_fields(const struct remote_call *call, struct strbuf texts[ADDED], const char *ret[])
{
	const struct remote_request *request = &call->request;
	char sum[BASE64_SIZE(MD5_LEN)], date[64];
	time_t now = (time_t)(clock_epoch_ms() / 1000);
	struct tm tm;
	size_t n = 0;
	strbuf_addstr(&texts[n], "x-ms-version: " AZ_VERSION);
	n++;
	if (gmtime_r(&now, &tm) && strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &tm))
		strbuf_addf(&texts[n++], "x-ms-date: %s", date);
	if (request->bytes ? request->bytes->len : request->len) {
		size_t len = base64_encode(sum, call->sum, MD5_LEN);
		strbuf_addf(&texts[n++], "Content-MD5: %.*s", (int)len, sum);
	}
	for (size_t i = 0; i < n; i++)
		ret[i] = texts[i].s;
	return n;
}

/* Append the signature of CALL with all its FIELDS. */
static int sign(const struct remote_call *call, const char *const *fields, size_t nfields, struct strbuf *ret,
	struct strbuf *err)
{
	const struct store_az *az = az_of_const(call->remote);
	const struct remote_request *request = &call->request;
	const struct az_request signed_one = {.method = call->method,
		.account = az->place.account,
		.path = call->path,
		.query = call->query,
		.fields = fields,
		.nfields = nfields,
		.len = request->bytes ? request->bytes->len : request->len};
	int r = az_sign(&signed_one, az->settings.key, ret);
	if (r < 0)
		strbuf_addf(err, "cannot sign a request for '%s': %s", az->base.base.url, diag_strerror(r));
	return r;
}

static int add_token(struct store_az *az, bool renew, struct strbuf *ret, struct strbuf *err)
{
	const char *token;
	int r = az_token_get(az->token, renew, &token, err);
	if (r == 0) {
		secret_addstr(ret, "Authorization: Bearer ");
		secret_addstr(ret, token);
		secret_addstr(ret, "\n");
	}
	return r;
}

int az_authorize(struct remote_call *call, bool renew, struct strbuf *ret, struct strbuf *err)
{
	struct store_az *az = az_of(call->remote);
	struct strbuf texts[ADDED] = {STRBUF_INIT, STRBUF_INIT, STRBUF_INIT};
	const char **fields = xcalloc(call->nfields + ADDED, sizeof *fields);
	size_t n = add_fields(call, texts, fields);
	for (size_t i = 0; i < n; i++)
		strbuf_addf(ret, "%s\n", fields[i]);
	for (size_t i = 0; i < call->nfields; i++)
		fields[n++] = call->fields[i];
	int r = 0;
	if (az->settings.key)
		r = sign(call, fields, n, ret, err);
	else if (!az->settings.sas)
		r = add_token(az, renew, ret, err);
	for (size_t i = 0; i < ADDED; i++)
		strbuf_release(&texts[i]);
	free(fields);
	return r;
}
