/* Opening the store that a URL names: see store.h. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/base/guard.h"
#include "common/lake/store.h"

#define MEMORY  (UINT64_C(32) << 20)
#define UPLOADS 4

/* The length of the scheme of URL ("s3" of s3://bucket), 0 when it is a path. */
static size_t scheme_length(const char *url)
{
	size_t n = strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
	return strncmp(url + n, "://", 3) == 0 ? n : 0;
}

/* A path that begins like the URL of a store, s3:/bucket, is a mistyped one: "s3" or another scheme; else NULL. */
static const char *mistyped(const char *path)
{
	static const char *const schemes[] = {"s3", "az", "abfss", "https", "http", "hdfs", "webhdfs", "swebhdfs"};
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t n = strlen(schemes[i]);
		if (strncasecmp(path, schemes[i], n) == 0 && path[n] == ':')
			return schemes[i];
	}
	return NULL;
}

/* Whether URL, with a scheme of N bytes, names a container in Azure. */
static bool is_azure(const char *url, size_t n)
{
	static const char *const schemes[] = {"az", "abfss", "https", "http"};
	for (size_t i = 0; n && i < sizeof schemes / sizeof *schemes; i++)
		if (strlen(schemes[i]) == n && strncmp(url, schemes[i], n) == 0)
			return true;
	return false;
}

static bool is_hdfs(const char *url)
{
	return strncmp(url, "hdfs://", 7) == 0 || strncmp(url, "webhdfs://", 10) == 0 ||
	       strncmp(url, "swebhdfs://", 11) == 0;
}

/* Refuse a URL, with a scheme of N bytes, in which a password is: it would be in messages, and in `ps`. */
static int check_user(const char *url, size_t n, struct strbuf *err)
{
	const char *host = url + n + 3, *colon = strchr(host, ':'), *at = strchr(host, '@');
	if (!colon || !at || colon > at || at > host + strcspn(host, "/"))
		return 0;
	strbuf_addf(err, "cannot open '%.*s://***%s': keys and passwords are not part of a URL", (int)n, url, at);
	return -EINVAL;
}

/* The options, with defaults filled in. */
static struct store_options complete(const struct store_options *options)
{
	struct store_options all = options ? *options : (struct store_options){0};
	all.memory = all.memory ? all.memory : MEMORY;
	all.uploads = all.uploads ? all.uploads : UPLOADS;
	return all;
}

/* Only object stores have these options: others refuse them, because they would have no effect. */
static int check_plain(const struct store_options *o, const char *url, struct strbuf *err)
{
	if (!o->endpoint && !o->region && !o->s3_style && !o->storage_class && !o->tags && !o->sse && !o->sse_key)
		return 0;
	strbuf_addf(err,
		"--endpoint, --region, --s3-style, --storage-class, --tags, --sse and --sse-key are for object stores "
		"only, not for '%s'",
		url);
	return -EINVAL;
}

static int open_path(const char *path, const char *url, const char *writer, struct store **ret, struct strbuf *err)
{
	const char *scheme = path == url ? mistyped(path) : NULL;
	if (*path && !scheme)
		return store_fs_open(path, writer, ret, err);
	if (scheme)
		strbuf_addf(err,
			"cannot open '%s': the URL of a store begins with %s://, a directory of that name with ./", url,
			scheme);
	else
		strbuf_addf(err, "cannot open '%s': the path is empty", url);
	return -EINVAL;
}

/* Called before keys are read. */
static int guard(const char *url, struct strbuf *err)
{
	int r = guard_memory();
	if (r < 0)
		strbuf_addf(
			err, "cannot open '%s': the memory with its keys cannot be guarded: %s", url, diag_strerror(r));
	return r;
}

int store_open(const char *url, const char *writer, const struct store_options *options, struct store **ret,
	struct strbuf *err)
{
	const struct store_options all = complete(options);
	size_t n = scheme_length(url);
	bool remote = n && strncmp(url, "file:", 5) != 0;
	int r = n ? check_user(url, n, err) : 0;
	if (r == 0 && (!remote || is_hdfs(url)))
		r = check_plain(&all, url, err);
	if (r == 0 && remote)
		r = guard(url, err);
	if (r < 0)
		return r;
	r = -EINVAL;
	if (strncmp(url, "file:", 5) == 0)
		r = open_path(url + (strncmp(url + 5, "///", 3) == 0 ? 7 : 5), url, writer, ret, err);
	else if (strncmp(url, "s3://", 5) == 0)
		r = store_s3_open(url, writer, &all, ret, err);
	else if (is_azure(url, n))
		r = store_az_open(url, writer, &all, ret, err);
	else if (is_hdfs(url))
		r = store_hdfs_open(url, writer, &all, ret, err);
	else if (n && mistyped(url))
		strbuf_addf(err, "cannot open '%s': it is written %s://, in small letters", url, mistyped(url));
	else if (n)
		strbuf_addf(err, "cannot open '%s': no store for %.*s:// yet", url, (int)n, url);
	else
		r = open_path(url, url, writer, ret, err);
	if (r == 0)
		(*ret)->url = xstrdup(url);
	return r;
}

int store_open_writer(const char *url, char ret_uuid[UUID_LEN + 1], const struct store_options *options,
	struct store **ret, struct strbuf *err)
{
	char uuid[UUID_LEN + 1];
	int r = uuid_new(uuid, err);
	if (r < 0)
		return r;
	if (ret_uuid)
		memcpy(ret_uuid, uuid, sizeof uuid);
	return store_open(url, uuid, options, ret, err);
}
