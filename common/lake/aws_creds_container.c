/* Keys from the service of a container, as in ECS and EKS: see aws_creds.h, 4. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/ascii.h"
#include "common/lake/aws_creds_impl.h"
#include "common/lake/secret.h"

#define ECS_URL "http://169.254.170.2"

enum { TOKEN_MAX = 65536 }; /* bytes */

/* Whether HOST, without brackets, is this machine or one of the addresses that ECS and EKS use. */
static bool is_near(const char *host)
{
	static const char *const known[] = {"localhost", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
	struct in_addr v4;
	struct in6_addr v6;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(host, known[i]) == 0)
			return true;
	}
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

/*
 * The host of the URL after its "http://", owned; or NULL when it holds something that two parsers could read
 * differently: a user, an escape, a backslash.
 */
static char *read_host(const char *s)
{
	const char *end = s + strcspn(s, "/?#");
	for (const char *p = s; p < end; p++) {
		char lower = (char)(*p | 0x20);
		if (!ascii_is_digit(*p) && !(lower >= 'a' && lower <= 'z') && !strchr(".-:[]", *p))
			return NULL;
	}
	if (*s == '[') {
		const char *bracket = memchr(s, ']', (size_t)(end - s));
		bool good = bracket && (bracket + 1 == end || bracket[1] == ':');
		return good ? xstrndup(s + 1, (size_t)(bracket - s - 1)) : NULL;
	}
	size_t len = strcspn(s, ":/?#");
	return memchr(s, ']', len) ? NULL : xstrndup(s, len);
}

static int check_url(const char *url, struct strbuf *err)
{
	if (strncmp(url, "https://", 8) == 0)
		return 0;
	char *host = strncmp(url, "http://", 7) == 0 ? read_host(url + 7) : NULL;
	bool good = host && is_near(host);
	free(host);
	if (good)
		return 0;
	strbuf_addstr(err, "AWS_CONTAINER_CREDENTIALS_FULL_URI is '");
	http_public_url(url, err);
	strbuf_addstr(err,
		"': only https, this machine (127.0.0.1, localhost, [::1]), 169.254.170.2, 169.254.170.23 and "
		"[fd00:ec2::23] are asked");
	return -EINVAL;
}

/* The header for requests to the service, if any. */
static int add_authorization(struct strbuf *ret, struct strbuf *err)
{
	const char *path = aws_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	const char *token = aws_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
	if (!path && !token)
		return 0;
	secret_addstr(ret, "Authorization: ");
	if (path)
		return aws_read_token(path, "the container's authorization token", TOKEN_MAX, ret, err);
	for (const char *s = token; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f) {
			strbuf_addstr(err, "AWS_CONTAINER_AUTHORIZATION_TOKEN has a control character");
			return -EBADMSG;
		}
	}
	secret_addstr(ret, token);
	return 0;
}

static int judge(const struct secret_answer *answer, const char *url, struct aws_keys *ret, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = -EACCES;
	if (answer->status == 200)
		r = aws_keys_json(answer->body.s, answer->body.len, false, ret, &why);
	if (r < 0)
		strbuf_addstr(err, "the container's service has no keys: ");
	if (r < 0 && answer->status == 200) {
		http_public_url(url, err);
		strbuf_addf(err, ": %s", why.s);
	} else if (r < 0) {
		strbuf_addstr(err, answer->said.s);
	} else {
		r = aws_refuse_expired(ret, "the container's service", err);
	}
	strbuf_release(&why);
	return r < 0 ? r : 1;
}

int aws_from_container(struct aws_lookup *lookup, struct aws_keys *ret, struct strbuf *err)
{
	const char *relative = aws_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = aws_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
	struct strbuf url = STRBUF_INIT, authorization = STRBUF_INIT;
	struct secret_answer answer;
	int r = 0;
	if (!relative && !full) {
		strbuf_addstr(aws_nowhere(lookup), "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, _FULL_URI (not set)");
		return 0;
	}
	if (relative && *relative != '/') {
		strbuf_addf(
			err, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is '%s', which does not begin with '/'", relative);
		r = -EINVAL;
	} else if (relative) {
		strbuf_addf(&url, ECS_URL "%s", relative);
	} else {
		strbuf_addstr(&url, full);
		r = check_url(full, err);
	}
	if (r == 0)
		r = add_authorization(&authorization, err);
	if (r == 0) {
		struct secret_ask ask = {.method = "GET",
			.url = url.s,
			.fields = {"Accept: application/json", authorization.len ? authorization.s : NULL},
			.what = "the container's service"};
		r = secret_ask_nearby(&lookup->asker, &ask, &answer, err);
		if (r == 0)
			r = judge(&answer, url.s, ret, err);
		secret_answer_release(&answer);
	}
	strbuf_release(&url);
	secret_release(&authorization);
	return r;
}
