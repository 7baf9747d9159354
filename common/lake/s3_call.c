/* Signed requests to a bucket: see s3.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/base/clock.h"
#include "common/lake/s3.h"

/* Called before each try: sign with the present time and the present key. */
int s3_sign(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err)
{
	struct store_s3 *s3 = s3_of(call->remote);
	char hash[AWS_HASH_LEN + 1];
	struct aws_key key;
	const struct aws_request request = {.method = call->method,
		.host = s3->place.host,
		.path = call->path,
		.query = call->query,
		.fields = (const char *const *)call->fields,
		.nfields = call->nfields,
		.hash = hash,
		.region = s3->place.region,
		.service = "s3"};
	*ascii_put_hex(hash, call->sum, AWS_HASH_LEN / 2) = '\0';
	int r = aws_creds_get(s3->creds, renew, &key, err);
	if (r == 0 && (r = aws_sign(&request, &key, clock_epoch_ms(), fields)) < 0)
		strbuf_addf(err, "cannot sign a request for '%s': %s", s3->base.base.url, diag_strerror(r));
	return r;
}

char *s3_key(const struct store_s3 *s3, const char *path)
{
	struct strbuf key = STRBUF_INIT;
	strbuf_addf(&key, "%s%s", s3->place.prefix, path);
	return strbuf_detach(&key);
}

void s3_path(const struct remote *remote, const char *path, struct strbuf *ret)
{
	const struct store_s3 *s3 = s3_of_const(remote);
	char *key = path ? s3_key(s3, path) : NULL;
	s3_place_path(&s3->place, key, ret);
	free(key);
}

void s3_url(const struct remote_call *call, struct strbuf *ret)
{
	const struct s3_place *place = &s3_of_const(call->remote)->place;
	const char *authority = strstr(place->base, "://") + 3;
	strbuf_add(ret, place->base, (size_t)(authority - place->base));
	if (!place->in_path)
		strbuf_addf(ret, "%s.", place->bucket);
	strbuf_addstr(ret, authority);
	strbuf_addstr(ret, call->path);
	if (call->query)
		strbuf_addf(ret, "?%s", call->query);
}

/* Go to the region that the answer names; true if the request is worth another try. */
bool s3_follow(struct remote_call *call)
{
	struct store_s3 *s3 = s3_of(call->remote);
	int status = remote_status(call);
	const char *named = http_field(remote_answer(call), "x-amz-bucket-region");
	struct s3_error error;
	bool moved = false;
	s3->settled |= status / 100 == 2;
	if (s3->settled || (status != 301 && status != 307 && status != 400))
		return false;
	s3_error_read(remote_answer(call), &error);
	if (!named)
		named = error.region;
	if (*named && strcmp(named, s3->place.region) != 0) {
		s3_place_move(&s3->place, named);
		moved = s3->settled = true; /* once is enough */
	}
	s3_error_release(&error);
	return moved;
}
