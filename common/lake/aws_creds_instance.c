/* Keys from the metadata service of an instance, version 2: see aws_creds.h, 5. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "common/base/ascii.h"
#include "common/lake/aws_creds_impl.h"
#include "common/lake/secret.h"

#define TOKEN_SECONDS "21600" /* six hours, the maximum; the token is used at once */
#define KEYS_PATH     "latest/meta-data/iam/security-credentials/"
enum { TOKEN_MAX = 4096, ROLE_MAX = 256 }; /* bytes; tokens of AWS have 56, names of roles up to 64 */

struct aws_instance {
	struct strbuf url, token; /* the URL of the service, ending in '/'; the header with the session's token */
};

static void find_service(const struct aws_lookup *lookup, struct strbuf *ret)
{
	const char *url = aws_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
	const char *mode = aws_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
	if (!url)
		url = aws_profile_get(lookup->profile, "ec2_metadata_service_endpoint");
	if (!mode)
		mode = aws_profile_get(lookup->profile, "ec2_metadata_service_endpoint_mode");
	if (!url)
		url = mode && strcasecmp(mode, "ipv6") == 0 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
	strbuf_addstr(ret, url);
	if (ret->s[ret->len - 1] != '/')
		strbuf_addch(ret, '/');
}

/* Request PATH. */
static int ask(struct aws_lookup *lookup, const struct aws_instance *instance, const char *path,
	struct secret_answer *ret, struct strbuf *err)
{
	struct strbuf url = STRBUF_INIT;
	strbuf_addf(&url, "%s%s", instance->url.s, path);
	struct secret_ask request = {.method = "GET",
		.url = url.s,
		.fields = {instance->token.s},
		.what = "the instance's metadata service"};
	if (!instance->token.len) {
		request.method = "PUT";
		request.fields[0] = "X-aws-ec2-metadata-token-ttl-seconds: " TOKEN_SECONDS;
	}
	int r = secret_ask_nearby(&lookup->asker, &request, ret, err);
	strbuf_release(&url);
	return r;
}

/* The answer must be one word with MAX bytes at most, of letters, digits and PUNCTUATION. */
static int check_word(
	const struct secret_answer *answer, const char *what, const char *punctuation, size_t max, struct strbuf *err)
{
	size_t n = 0;
	for (; n < answer->body.len; n++) {
		char c = answer->body.s[n], lower = (char)(c | 0x20);
		if (!ascii_is_digit(c) && !(lower >= 'a' && lower <= 'z') && (!c || !strchr(punctuation, c)))
			break;
	}
	if (n && n == answer->body.len && n <= max)
		return 0;
	strbuf_addf(err, "the instance's metadata service does not answer with a %s", what);
	return -EBADMSG;
}

/* Begin a session.  1: it has a token; 0: there is no such service here. */
static int open_session(struct aws_lookup *lookup, struct aws_instance *instance, struct strbuf *err)
{
	struct secret_answer answer;
	struct strbuf why = STRBUF_INIT;
	int r = ask(lookup, instance, "latest/api/token", &answer, &why);
	if (r == -EINTR) {
		strbuf_addstr(err, why.s);
	} else if (r < 0) {
		strbuf_addf(aws_nowhere(lookup), "the instance's metadata service (%s)", why.s);
		r = 0;
	} else if (answer.status != 200) {
		strbuf_addf(aws_nowhere(lookup), "the instance's metadata service (%s)", answer.said.s);
	} else {
		r = check_word(&answer, "token", "-_=+/.~", TOKEN_MAX, err);
		if (r == 0) {
			secret_addstr(&instance->token, "X-aws-ec2-metadata-token: ");
			secret_add(&instance->token, answer.body.s, answer.body.len);
			r = 1;
		}
	}
	secret_answer_release(&answer);
	strbuf_release(&why);
	return r;
}

/* Append the name of the role to PATH.  1, or 0: the instance has none. */
static int find_role(
	struct aws_lookup *lookup, const struct aws_instance *instance, struct strbuf *path, struct strbuf *err)
{
	struct secret_answer answer;
	int r = ask(lookup, instance, path->s, &answer, err);
	while (answer.body.len && strchr("\r\n", answer.body.s[answer.body.len - 1]))
		strbuf_setlen(&answer.body, answer.body.len - 1);
	if (r == 0 && answer.status == 404) {
		strbuf_addstr(aws_nowhere(lookup), "the instance's metadata service (the instance has no role)");
	} else if (r == 0 && answer.status != 200) {
		strbuf_addf(err, "the instance's metadata service does not name a role: %s", answer.said.s);
		r = -EACCES;
	} else if (r == 0) {
		r = check_word(&answer, "name of a role", "_+=,.@-", ROLE_MAX, err);
		if (r == 0) {
			strbuf_add(path, answer.body.s, answer.body.len); /* not encoded, like the AWS tools */
			r = 1;
		}
	}
	secret_answer_release(&answer);
	return r;
}

/*
 * Keys that have expired are accepted: the service hands them out while it cannot get new ones, and S3 then continues
 * to accept them ("static stability").
 */
static int get_keys(struct aws_lookup *lookup, const struct aws_instance *instance, const char *path,
	struct aws_keys *ret, struct strbuf *err)
{
	struct secret_answer answer;
	struct strbuf why = STRBUF_INIT;
	int r = ask(lookup, instance, path, &answer, err);
	if (r == 0 && answer.status != 200) {
		strbuf_addf(err, "the instance's metadata service has no keys: %s", answer.said.s);
		r = -EACCES;
	} else if (r == 0) {
		r = aws_keys_json(answer.body.s, answer.body.len, false, ret, &why);
		if (r < 0)
			strbuf_addf(err, "the instance's metadata service has no keys: %s%s: %s", instance->url.s, path,
				why.s);
	}
	secret_answer_release(&answer);
	strbuf_release(&why);
	return r < 0 ? r : 1;
}

int aws_from_instance(struct aws_lookup *lookup, struct aws_keys *ret, struct strbuf *err)
{
	struct aws_instance instance = {STRBUF_INIT, STRBUF_INIT};
	struct strbuf path = STRBUF_INIT;
	if (aws_is_true(aws_variable("AWS_EC2_METADATA_DISABLED"))) {
		strbuf_addstr(aws_nowhere(lookup), "the instance's metadata service (AWS_EC2_METADATA_DISABLED)");
		return 0;
	}
	find_service(lookup, &instance.url);
	strbuf_addstr(&path, KEYS_PATH);
	int r = open_session(lookup, &instance, err);
	if (r == 1)
		r = find_role(lookup, &instance, &path, err);
	if (r == 1)
		r = get_keys(lookup, &instance, path.s, ret, err);
	strbuf_release(&path);
	strbuf_release(&instance.url);
	secret_release(&instance.token);
	return r;
}
