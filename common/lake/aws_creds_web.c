/* Keys for a role by a web identity, as in Kubernetes: see aws_creds.h, 2. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/io/uri.h"
#include "common/lake/aws_creds_impl.h"
#include "common/lake/secret.h"

enum { TOKEN_MAX = 20000 }; /* bytes: the limit of AssumeRoleWithWebIdentity */

/* A setting from the environment, else from the profile. */
static const char *setting(const struct aws_lookup *lookup, const char *variable, const char *key)
{
	const char *value = aws_variable(variable);
	return value ? value : aws_profile_get(lookup->profile, key);
}

/* The URL of STS: the one that is configured, else that of the region. */
static int find_sts(const struct aws_lookup *lookup, struct strbuf *ret, struct strbuf *err)
{
	const char *url, *region = aws_profile_region(lookup->profile);
	int r = aws_profile_endpoint(lookup->profile, "sts", &url, err);
	if (r < 0)
		return r;
	if (url) {
		strbuf_addstr(ret, url);
		if (ret->s[ret->len - 1] != '/')
			strbuf_addch(ret, '/');
	} else if (!region) {
		strbuf_addstr(ret, "https://sts.amazonaws.com/");
	} else {
		strbuf_addstr(ret, "https://sts.");
		uri_encode(ret, region, strlen(region), false);
		strbuf_addf(ret, ".amazonaws.com%s/", strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
	}
	return 0;
}

/* Append &NAME=VALUE. */
static void add_parameter(struct strbuf *body, const char *name, const char *value, size_t len)
{
	struct strbuf encoded = STRBUF_INIT;
	strbuf_grow(&encoded, 3 * len); /* so that it does not move */
	uri_encode(&encoded, value, len, false);
	secret_addstr(body, "&");
	secret_addstr(body, name);
	secret_addstr(body, "=");
	secret_add(body, encoded.s, encoded.len);
	secret_release(&encoded);
}

static void add_session(const struct aws_lookup *lookup, struct strbuf *body)
{
	const char *name = setting(lookup, "AWS_ROLE_SESSION_NAME", "role_session_name");
	struct strbuf own = STRBUF_INIT;
	strbuf_addf(&own, "weir-%lld", (long long)clock_epoch_ms());
	name = name ? name : own.s;
	add_parameter(body, "RoleSessionName", name, strlen(name));
	strbuf_release(&own);
}

/* STS has asked the issuer of the token and got no answer: that may pass, whatever the status. */
static enum http_verdict classify(const struct http_answer *answer)
{
	if (answer->status == 400 && answer->body.len && strstr(answer->body.s, "IDPCommunicationError"))
		return HTTP_AGAIN;
	return answer->status == 401 ? HTTP_FINAL : http_classify(answer);
}

static int judge(const struct secret_answer *answer, const char *role, struct aws_keys *ret, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = answer->status == 200 ? aws_keys_xml(answer->body.s, answer->body.len, ret, &why) : -EACCES;
	if (r == -EACCES)
		strbuf_addf(err, "there are no keys for the role '%s': %s", role, answer->said.s);
	else if (r < 0)
		strbuf_addf(err, "STS does not answer with keys for the role '%s': %s", role, why.s);
	else
		r = aws_refuse_expired(ret, "STS", err);
	strbuf_release(&why);
	return r < 0 ? r : 1;
}

static int ask(struct aws_lookup *lookup, const char *role, const struct strbuf *token, struct aws_keys *ret,
	struct strbuf *err)
{
	struct strbuf url = STRBUF_INIT, body = STRBUF_INIT;
	struct secret_answer answer;
	int r = find_sts(lookup, &url, err);
	if (r == 0) {
		secret_addstr(&body, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15");
		add_parameter(&body, "RoleArn", role, strlen(role));
		add_session(lookup, &body);
		add_parameter(&body, "WebIdentityToken", token->s, token->len);
		struct secret_ask request = {.method = "POST",
			.url = url.s,
			.fields = {"Content-Type: application/x-www-form-urlencoded; charset=utf-8"},
			.body = body.s,
			.what = "STS",
			.classify = classify};
		r = secret_ask_far(&lookup->asker, &request, &answer, err);
		if (r == 0)
			r = judge(&answer, role, ret, err);
		secret_answer_release(&answer);
	}
	strbuf_release(&url);
	secret_release(&body);
	return r;
}

int aws_from_web_identity(struct aws_lookup *lookup, struct aws_keys *ret, struct strbuf *err)
{
	int r = aws_lookup_profile(lookup, err);
	if (r < 0)
		return r;
	const char *path = setting(lookup, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
	const char *role = setting(lookup, "AWS_ROLE_ARN", "role_arn");
	struct strbuf token = STRBUF_INIT;
	if (!path) {
		strbuf_addstr(aws_nowhere(lookup), "AWS_WEB_IDENTITY_TOKEN_FILE (not set)");
		return 0;
	}
	if (!role) {
		strbuf_addf(err, "there is a web identity in '%s', but no AWS_ROLE_ARN and no role_arn", path);
		return -EINVAL;
	}
	r = aws_read_token(path, "the web identity's token", TOKEN_MAX, &token, err);
	if (r == 0)
		r = ask(lookup, role, &token, ret, err);
	secret_release(&token);
	return r;
}
