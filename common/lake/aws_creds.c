/* Where access keys come from: see aws_creds.h. */
#include "common/lake/aws_creds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/lake/aws_creds_impl.h"

enum {
	EARLY_MS = 5 * 60 * 1000, /* keys are fetched again this long before they expire */
	PAUSE_MS = 30 * 1000,     /* … but not more often than this */
};

struct aws_creds {
	struct http_config config;
	struct aws_profile *profile; /* for the settings; NULL: not read yet */
	struct aws_keys keys;
	int64_t again_ms; /* keys that are about to expire are not looked up again before this time, by clock_ms() */
};

struct aws_creds *aws_creds_new(const struct http_config *config)
{
	struct aws_creds *creds = xcalloc(1, sizeof *creds);
	creds->config = *config;
	return creds;
}

void aws_creds_free(struct aws_creds *creds)
{
	if (!creds)
		return;
	aws_keys_release(&creds->keys);
	aws_profile_free(creds->profile);
	free(creds);
}

/* Ask one place after the other. */
static int look_up(const struct http_config *config, struct aws_keys *ret, struct strbuf *err)
{
	static aws_part *const parts[] = {
		aws_from_environment, aws_from_web_identity, aws_from_profile, aws_from_container, aws_from_instance};
	struct aws_lookup lookup = {
		.config = config, .nowhere = STRBUF_INIT, .asker = {.config = config, .error = aws_error_xml}};
	int r = 0;
	for (size_t i = 0; r == 0 && i < sizeof parts / sizeof *parts; i++)
		r = parts[i](&lookup, ret, err);
	if (r == 0) {
		strbuf_addf(err, "there are no keys to sign with: %s", lookup.nowhere.s);
		r = -EACCES;
	}
	secret_asker_release(&lookup.asker);
	aws_profile_free(lookup.profile);
	strbuf_release(&lookup.nowhere);
	return r == -EBADMSG ? -EINVAL : r < 0 ? r : 0; /* damage is that of the data, which keys are not */
}

/* Wait until half of the remaining time is over, because a service may give keys that expire within five minutes. */
static int64_t pause_ms(const struct aws_keys *keys)
{
	int64_t left = keys->expires_ms - clock_epoch_ms();
	if (left / 2 > PAUSE_MS)
		return PAUSE_MS;
	return left / 2 > 1000 ? left / 2 : 1000;
}

/* Get new keys, and replace those of CREDS. */
static int renew_keys(struct aws_creds *creds, bool refused, struct strbuf *err)
{
	struct aws_keys found = {0};
	struct strbuf why = STRBUF_INIT;
	int r = look_up(&creds->config, &found, &why);
	if (r == 0) {
		aws_keys_release(&creds->keys);
		creds->keys = found;
	} else if (creds->keys.id && !refused && r != -EINTR && creds->keys.expires_ms > clock_epoch_ms()) {
		r = 0; /* the old ones can still be used */
	} else {
		strbuf_addstr(err, why.s);
	}
	if (r == 0)
		creds->again_ms = clock_ms() + pause_ms(&creds->keys);
	strbuf_release(&why);
	return r;
}

int aws_creds_get(struct aws_creds *creds, bool renew, struct aws_key *ret_key, struct strbuf *err)
{
	const struct aws_keys *keys = &creds->keys;
	bool old = keys->expires_ms != AWS_NEVER && clock_epoch_ms() >= keys->expires_ms - EARLY_MS &&
		   clock_ms() >= creds->again_ms;
	int r = !keys->id || old || renew ? renew_keys(creds, renew, err) : 0;
	if (r == 0)
		*ret_key = (struct aws_key){keys->id, keys->secret, keys->token};
	return r;
}

static int need_profile(struct aws_creds *creds, struct strbuf *err)
{
	int r = creds->profile ? 0 : aws_profile_read(&creds->profile, err);
	return r == -EBADMSG ? -EINVAL : r;
}

int aws_creds_region(struct aws_creds *creds, const char **ret_region, struct strbuf *err)
{
	int r = need_profile(creds, err);
	if (r == 0)
		*ret_region = aws_profile_region(creds->profile);
	return r;
}

int aws_creds_endpoint(struct aws_creds *creds, const char **ret_url, struct strbuf *err)
{
	int r = need_profile(creds, err);
	return r < 0 ? r : aws_profile_endpoint(creds->profile, "s3", ret_url, err);
}

int aws_creds_ca_file(struct aws_creds *creds, const char **ret_path, struct strbuf *err)
{
	int r = need_profile(creds, err);
	if (r == 0)
		*ret_path = aws_profile_ca_file(creds->profile);
	return r;
}
