/* URLs in messages and traces: see http.h and http_parts.h. */
#include <string.h>
#include <strings.h>

#include "common/base/visible.h"
#include "common/io/http_parts.h"
#include "common/io/uri.h"

/* Where the part with user, host and port begins and ends. */
static const char *authority(const char *url, const char **ret_end)
{
	const char *start = url + strcspn(url, ":/?#");
	start = strncmp(start, "://", 3) == 0 ? start + 3 : url;
	*ret_end = start + strcspn(start, "/?#");
	return start;
}

/* What follows the last '@' before END: a password may hold one, too. */
static const char *host(const char *start, const char *end)
{
	const char *at = memrchr(start, '@', (size_t)(end - start));
	return at ? at + 1 : start;
}

/* Parameters whose names contain a word of is_secret() although they are not secret. */
static bool is_public(const struct strbuf *name)
{
	static const char *const known[] = {"max-keys", "continuation-token"}; /* of listings in S3 */
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (name->len == strlen(known[i]) && strcmp(name->s, known[i]) == 0)
			return true;
	return false;
}

static bool is_secret(const char *name, size_t len)
{
	static const char *const words[] = {"sig", "token", "credential", "key", "secret", "password", "delegation"};
	struct strbuf plain = STRBUF_INIT;
	bool secret = uri_decode(&plain, name, len) < 0;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		secret |= strcasestr(plain.s, words[i]) && !is_public(&plain);
	strbuf_release(&plain);
	return secret;
}

static void add_parameters(struct strbuf *ret, const char *p)
{
	while (*p && *p != '#') {
		size_t len = strcspn(p, "&;#"), name = strcspn(p, "=&;#");
		bool hide = name < len && is_secret(p, name);
		visible_add(ret, p, hide ? name : len);
		if (hide)
			strbuf_addstr(ret, "=***");
		p += len;
		if (*p && *p != '#')
			strbuf_addch(ret, *p++);
	}
}

void http_public_url(const char *url, struct strbuf *ret)
{
	const char *end, *start = authority(url, &end), *path_end = end + strcspn(end, "?#");
	visible_add(ret, url, (size_t)(start - url));
	start = host(start, end);
	visible_add(ret, start, (size_t)(path_end - start));
	if (*path_end == '?') {
		strbuf_addch(ret, '?');
		add_parameters(ret, path_end + 1);
	}
}

void http_origin(const char *url, struct strbuf *ret)
{
	const char *end, *start = authority(url, &end);
	visible_add(ret, url, (size_t)(start - url));
	start = host(start, end);
	visible_add(ret, start, (size_t)(end - start));
}
