/* Where the container of a table is: see az.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/az.h"

static bool is_account(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789");
	return n >= 3 && n <= 24 && !s[n];
}

static bool is_container(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return n >= 3 && n <= 63 && !s[n] && s[0] != '-' && s[n - 1] != '-' && !strstr(s, "--");
}

/* Parse CONTAINER/PREFIX at S. */
static int split_path(struct az_place *place, const char *url, const char *s, struct strbuf *err)
{
	bool good = remote_split(s, &place->container, &place->prefix) &&
		    !strchr(place->prefix, '\\'); /* Azure turns a backslash into a '/' */
	if (is_container(place->container) && good)
		return 0;
	strbuf_addf(err, "cannot open '%s': %s", url,
		good ? "that is not a name of a container (3 to 63 small letters, digits, and '-' between them)"
		     : "the path in the container is absolute, or has empty parts, '.', '..' or '\\'");
	return -EINVAL;
}

/*
 * The account in HOST, N bytes such as "account.blob.core.windows.net"; NULL: it does not have that form.  The caller
 * frees it.
 */
static char *account_of(const char *host, size_t n)
{
	size_t first = strcspn(host, ".");
	if (first + 6 > n || (strncmp(host + first, ".blob.", 6) != 0 && strncmp(host + first, ".dfs.", 5) != 0))
		return NULL;
	char *account = xstrndup(host, first);
	if (is_account(account))
		return account;
	free(account);
	return NULL;
}

/* Set base and account from SCHEME and the N bytes of HOST, which names the account; only .blob. serves blobs. */
static bool set_host(struct az_place *place, const char *scheme, const char *host, size_t n)
{
	struct strbuf base = STRBUF_INIT;
	place->account = account_of(host, n);
	if (!place->account)
		return false;
	size_t first = strlen(place->account), kind = strncmp(host + first, ".dfs.", 5) == 0 ? 5 : 6;
	strbuf_addf(&base, "%s://%s.blob.%.*s", scheme, place->account, (int)(n - first - kind), host + first + kind);
	place->base = strbuf_detach(&base);
	place->root = xstrdup("");
	return true;
}

/* Parse the endpoint at TEXT: http://HOST:PORT/ACCOUNT, or http://ACCOUNT.blob.SUFFIX. */
static int set_endpoint(struct az_place *place, const char *text, struct strbuf *err)
{
	const char *host = strncmp(text, "http://", 7) == 0    ? text + 7
			   : strncmp(text, "https://", 8) == 0 ? text + 8
							       : NULL;
	size_t all = strlen(text);
	while (all && text[all - 1] == '/')
		all--;
	size_t n = host ? strcspn(host, "/") : 0;
	bool good = host && n && strcspn(host, "?#@ ") >= (size_t)(text + all - host);
	if (good && host + n >= text + all && set_host(place, host == text + 7 ? "http" : "https", host, n))
		return 0;
	if (good && host + n < text + all) {
		place->account = xstrndup(host + n + 1, (size_t)(text + all - host) - n - 1);
		place->base = xstrndup(text, (size_t)(host + n - text));
		place->root = xstrndup(host + n, (size_t)(text + all - host) - n);
		if (is_account(place->account))
			return 0;
	}
	strbuf_addf(err,
		"the endpoint of Azure, '%s%s', is neither http://HOST:PORT/ACCOUNT nor "
		"https://ACCOUNT.blob.core.windows.net",
		REMOTE_WITHOUT_USER(text));
	return -EINVAL;
}

/* Parse az://CONTAINER/PREFIX; the server is named elsewhere. */
static int by_settings(struct az_place *place, const char *url, const char *endpoint,
	const struct az_settings *settings, struct strbuf *err)
{
	struct strbuf host = STRBUF_INIT;
	if (!endpoint)
		endpoint = settings->endpoint;
	if (endpoint)
		return set_endpoint(place, endpoint, err);
	if (!settings->account) {
		strbuf_addf(err, "cannot open '%s': AZURE_STORAGE_ACCOUNT, the name of the account, is not set", url);
		return -EINVAL;
	}
	strbuf_addf(&host, "%s.blob.core.windows.net", settings->account);
	bool good = set_host(place, "https", host.s, host.len);
	strbuf_release(&host);
	if (good)
		return 0;
	strbuf_addf(err, "AZURE_STORAGE_ACCOUNT, '%s', is not a name of an account (3 to 24 small letters and digits)",
		settings->account);
	return -EINVAL;
}

/* Parse abfss://CONTAINER@HOST/PREFIX. */
static int by_abfss(struct az_place *place, const char *url, const char *endpoint, struct strbuf *err)
{
	const char *s = url + strlen("abfss://"), *host = strchr(s, '@');
	struct strbuf path = STRBUF_INIT;
	if (!host || strcspn(s, "/") < (size_t)(host - s)) {
		strbuf_addf(
			err, "cannot open '%s': it is not abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH", url);
		return -EINVAL;
	}
	size_t n = strcspn(host + 1, "/");
	strbuf_add(&path, s, (size_t)(host - s));
	strbuf_addstr(&path, host + 1 + n);
	int r = split_path(place, url, path.s, err);
	strbuf_release(&path);
	if (r < 0 || endpoint)
		return r < 0 ? r : set_endpoint(place, endpoint, err);
	if (set_host(place, "https", host + 1, n))
		return 0;
	strbuf_addf(
		err, "cannot open '%s': '%.*s' is not ACCOUNT.dfs.core.windows.net or the like", url, (int)n, host + 1);
	return -EINVAL;
}

/* Parse https://HOST/CONTAINER/PREFIX. */
static int by_https(struct az_place *place, const char *url, const char *endpoint, struct strbuf *err)
{
	bool tls = strncmp(url, "https:", 6) == 0;
	const char *host = strstr(url, "://") + 3;
	size_t n = strcspn(host, "/");
	if (!endpoint && !set_host(place, tls ? "https" : "http", host, n)) {
		strbuf_addf(err,
			"cannot open '%s': its host is not ACCOUNT.blob.core.windows.net or the like; for another "
			"server there "
			"are az://CONTAINER/PATH and --endpoint",
			url);
		return -EINVAL;
	}
	int r = strchr(url, '?') ? -EINVAL : 0;
	if (r < 0)
		strbuf_addstr(err,
			"a URL of a table has no query: a shared access signature goes to AZURE_STORAGE_SAS_TOKEN");
	if (r == 0 && endpoint)
		r = set_endpoint(place, endpoint, err);
	return r < 0 ? r : split_path(place, url, host[n] ? host + n + 1 : "", err);
}

int az_place_init(struct az_place *place, const char *url, const char *endpoint, const struct az_settings *settings,
	struct strbuf *err)
{
	int r;
	*place = (struct az_place){0};
	if (strncmp(url, "az://", 5) == 0) {
		r = split_path(place, url, url + 5, err);
		if (r == 0)
			r = by_settings(place, url, endpoint, settings, err);
	} else {
		r = strncmp(url, "abfss://", 8) == 0 ? by_abfss(place, url, endpoint, err)
						     : by_https(place, url, endpoint, err);
	}
	if (r == 0 && settings->key && settings->account && strcmp(settings->account, place->account) != 0) {
		strbuf_addf(err, "the key in the environment belongs to the account '%s', but '%s' is in '%s'",
			settings->account, url, place->account);
		r = -EINVAL;
	}
	if (r < 0)
		az_place_release(place);
	return r;
}

void az_place_release(struct az_place *place)
{
	free(place->base);
	free(place->root);
	free(place->account);
	free(place->container);
	free(place->prefix);
	*place = (struct az_place){0};
}
