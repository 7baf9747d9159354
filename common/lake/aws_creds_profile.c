/* Keys of a profile: see aws_creds.h, 3. */
#include <errno.h>

#include "common/lake/aws_creds_impl.h"
#include "common/lake/secret_process.h"
#include "common/lake/secret.h"

/* Keys in the profile of FILE itself. */
static int from_file(const struct aws_profile *p, enum aws_file file, struct aws_keys *ret, struct strbuf *err)
{
	const char *id = aws_profile_in(p, file, "aws_access_key_id");
	const char *secret = aws_profile_in(p, file, "aws_secret_access_key");
	const char *name = aws_profile_name(p), *path = aws_profile_path(p, file);
	struct strbuf why = STRBUF_INIT;
	if (!id && !secret)
		return 0;
	if (!id || !secret) {
		strbuf_addf(err, "the profile '%s' in '%s' has aws_%s, but no aws_%s", name, path,
			id ? "access_key_id" : "secret_access_key", id ? "secret_access_key" : "access_key_id");
		return -EBADMSG;
	}
	int r = aws_keys_set(ret, id, secret, aws_profile_in(p, file, "aws_session_token"), &why);
	if (r < 0)
		strbuf_addf(err, "the keys of the profile '%s' in '%s' cannot be used: %s", name, path, why.s);
	strbuf_release(&why);
	return r < 0 ? r : 1;
}

static int from_process(struct aws_lookup *lookup, const char *command, struct aws_keys *ret, struct strbuf *err)
{
	struct strbuf what = STRBUF_INIT, out = STRBUF_INIT, why = STRBUF_INIT;
	strbuf_addf(&what, "credential_process of the profile '%s'", aws_profile_name(lookup->profile));
	int r = secret_process_run(command, what.s, lookup->config, SECRET_PROCESS_MS, &out, err);
	if (r == 0) {
		r = aws_keys_json(out.s, out.len, true, ret, &why);
		if (r < 0)
			strbuf_addf(err, "%s does not print keys: %s", what.s, why.s);
		else
			r = aws_refuse_expired(ret, what.s, err);
		r = r < 0 ? r : 1;
	}
	secret_release(&out);
	strbuf_release(&why);
	strbuf_release(&what);
	return r;
}

/*
 * A profile may have other ways to get keys, which are not built.  For the AWS tools these come before the profile's
 * own keys, so to ignore them would mean to sign as somebody else.
 */
static int refuse_others(const struct aws_profile *p, struct strbuf *err)
{
	static const char *const others[] = {"source_profile", "credential_source", "sso_session", "sso_start_url"};
	const char *name = aws_profile_name(p);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (!aws_profile_get(p, others[i]))
			continue;
		strbuf_addf(err,
			"the profile '%s' gets its keys by %s, which only the AWS tools can; let credential_process of "
			"another profile ask them: aws configure export-credentials --profile %s",
			name, others[i], name);
		return -EINVAL;
	}
	return 0;
}

int aws_from_profile(struct aws_lookup *lookup, struct aws_keys *ret, struct strbuf *err)
{
	int r = aws_lookup_profile(lookup, err);
	if (r < 0)
		return r;
	const struct aws_profile *p = lookup->profile;
	const char *command = aws_profile_get(p, "credential_process");
	r = refuse_others(p, err);
	if (r == 0)
		r = from_file(p, AWS_CREDENTIALS, ret, err);
	if (r == 0 && command)
		r = from_process(lookup, command, ret, err);
	if (r == 0)
		r = from_file(p, AWS_CONFIG, ret, err);
	if (r == 0) {
		aws_profile_describe(p, AWS_CREDENTIALS, aws_nowhere(lookup));
		aws_profile_describe(p, AWS_CONFIG, aws_nowhere(lookup));
	}
	return r;
}
