/* Files outside of the table: see elsewhere.h. */
#include "common/lake/elsewhere.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/beneath.h"
#include "common/lake/json_in.h"
#include "common/lake/percent.h"

void elsewhere_release(struct elsewhere *e)
{
	for (size_t i = 0; i < ELSEWHERE_STORES; i++) {
		store_close(e->other[i].store);
		free(e->other[i].url);
		e->other[i] = (struct elsewhere_store){0};
	}
}

/* The length of the scheme of URI; 0: it has none. */
static size_t scheme_of(const char *uri)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
	size_t n = strspn(uri, letters);
	return uri[n] == ':' ? n : 0;
}

bool elsewhere_is(const char *uri)
{
	return uri && (*uri == '/' || scheme_of(uri));
}

static bool is_one_of(const char *uri, const char *const *schemes)
{
	size_t n = scheme_of(uri);
	for (; *schemes; schemes++)
		if (strlen(*schemes) == n && strncmp(uri, *schemes, n) == 0)
			return true;
	return false;
}

static const char *const hdfs[] = {"hdfs", "webhdfs", "swebhdfs", NULL};

/* Whether two URLs, of which none is local, are of stores of one kind. */
static bool same_kind(const char *a, const char *b)
{
	static const char *const s3[] = {"s3", "s3a", "s3n", NULL},
				 *const az[] = {"az", "abfss", "https", "http", NULL},
				 *const *const kinds[] = {s3, az, hdfs};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (is_one_of(a, kinds[i]))
			return is_one_of(b, kinds[i]);
	return false;
}

/* Where the path begins behind AUTHORITY, which begins with "//", or is empty. */
static const char *behind(const char *authority)
{
	return strncmp(authority, "//", 2) == 0 ? authority + 2 + strcspn(authority + 2, "/") : authority;
}

/* Whether the hosts between S and END, with their ports and commas, and those between T and LAST have one in common. */
static bool share_host(const char *s, const char *end, const char *t, const char *last)
{
	for (; s < end; s += strcspn(s, ",/") + 1) {
		size_t n = *s == '[' ? strcspn(s, "]/") : strcspn(s, ":,/");
		for (const char *u = t; u < last; u += strcspn(u, ",/") + 1) {
			size_t m = *u == '[' ? strcspn(u, "]/") : strcspn(u, ":,/");
			if (n == m && strncasecmp(s, u, n) == 0)
				return true;
		}
	}
	return false;
}

/*
 * Append the table's own servers in place of those of URI, in HDFS: others write the port of another protocol into it.
 * -EXDEV: it is on other servers; -EBADMSG.  *RET_PATH is what follows.
 */
static int use_own_servers(const struct elsewhere *e, const char *uri, struct strbuf *url, const char **ret_path)
{
	const char *own = strstr(e->table->url, "://") + 1, *theirs = uri + scheme_of(uri) + 1;
	const char *own_end = behind(own), *theirs_end = behind(theirs);
	*ret_path = theirs_end;
	if (*theirs_end != '/')
		return -EBADMSG;
	if (theirs_end > theirs + 2 && !share_host(own + 2, own_end, theirs + 2, theirs_end))
		return -EXDEV;
	strbuf_add(url, e->table->url, (size_t)(own_end - e->table->url));
	return 0;
}

/* The path of URI, which is a path, or begins with "file:"; NULL: it is none of this machine. */
static const char *local_path(const char *uri)
{
	static const char here[] = "localhost";
	if (*uri != '/')
		uri += strlen("file:");
	const char *path = *uri == '/' ? behind(uri) : uri;
	if (path > uri + 2 && (strncmp(uri + 2, here, strlen(here)) != 0 || path != uri + 2 + strlen(here)))
		return NULL;
	return *path == '/' ? path + strspn(path, "/") - 1 : path;
}

/*
 * Append to URL what store_open() calls the place of URI, decoded.  -EBADMSG; -ENOTSUP: of another kind of store;
 * -EXDEV: of another server.
 */
static int url_of(const struct elsewhere *e, const char *uri, struct strbuf *url)
{
	bool local = *uri == '/' || strncmp(uri, "file:", 5) == 0;
	int r = 0;
	if (!e->options || local == e->table->ops->remote || (!local && !same_kind(e->table->url, uri)))
		return -ENOTSUP;
	if (local) {
		bool path = *uri == '/';
		uri = path ? uri + strspn(uri, "/") - 1 : local_path(uri);
		r = !uri ? -EXDEV : *uri == '/' ? 0 : -EBADMSG;
	} else if (is_one_of(uri, hdfs)) {
		r = use_own_servers(e, uri, url, &uri);
	} else if (strncmp(uri + scheme_of(uri), "://", 3) != 0) {
		r = -EBADMSG;
	} else if (*uri == 's') {
		strbuf_addstr(url, "s3");
		uri += scheme_of(uri);
	}
	return r < 0 ? r : percent_decode(url, uri) == 0 ? 0 : -EBADMSG;
}

/* Where the path of a file in its table begins in URL: its name, and the directories of partitions before it. */
static size_t path_in(const char *url)
{
	const char *at = strrchr(url, '/');
	while (at && at > url) {
		const char *before = memrchr(url, '/', (size_t)(at - url));
		if (!before || !memchr(before, '=', (size_t)(at - before)))
			break;
		at = before;
	}
	return at ? (size_t)(at - url) + 1 : 0;
}

/* Whether STORE is on the server of the table: a log, which others write, must not say who gets keys and tokens. */
static bool is_on_same_server(const struct elsewhere *e, struct store *store)
{
	struct strbuf own = STRBUF_INIT, theirs = STRBUF_INIT;
	if (e->table->ops->server)
		e->table->ops->server(e->table, &own);
	if (store->ops->server)
		store->ops->server(store, &theirs);
	bool same = own.len == theirs.len && strcmp(own.s, theirs.s) == 0;
	strbuf_release(&own);
	strbuf_release(&theirs);
	return same;
}

/*
 * Open the store at URL, or find it among those that are open; the one that was not used for longest is closed.
 * -EXDEV, without ERR: it is on another server.
 */
static int open_store(struct elsewhere *e, const char *url, struct store **ret, struct strbuf *err)
{
	struct elsewhere_store *to = e->other;
	for (size_t i = 0; i < ELSEWHERE_STORES; i++) {
		struct elsewhere_store *one = &e->other[i];
		if (one->url && strcmp(one->url, url) == 0) {
			one->used = ++e->uses;
			*ret = one->store;
			return 0;
		}
		to = one->used < to->used ? one : to;
	}
	store_close(to->store);
	free(to->url);
	*to = (struct elsewhere_store){0};
	int r = store_open(url, NULL, e->options, &to->store, err);
	if (r == 0 && !is_on_same_server(e, to->store)) {
		store_close(to->store);
		to->store = NULL;
		r = -EXDEV;
	}
	if (r < 0)
		return r;
	to->url = xstrdup(url);
	to->used = ++e->uses;
	*ret = to->store;
	return 0;
}

int elsewhere_find(struct elsewhere *e, const char *uri, struct store **ret, struct strbuf *path, struct strbuf *err)
{
	struct strbuf url = STRBUF_INIT;
	size_t before = path->len;
	int r = url_of(e, uri, &url);
	size_t at = r == 0 ? path_in(url.s) : 0;
	if (r == 0)
		strbuf_addstr(path, url.s + at);
	if (r == 0 && (at < 2 || !beneath_ok(path->s + before)))
		r = -EBADMSG;
	if (r == 0) {
		strbuf_setlen(&url, at - 1);
		r = open_store(e, url.s, ret, err);
	} else if (r == -EBADMSG) {
		strbuf_addf(err, "the log names a file which is not a place in a table: '%s'", uri);
	} else if (r == -ENOTSUP) {
		strbuf_addf(err, "'%s' is outside of the table, where nothing is read", uri);
	}
	if (r == -EXDEV) {
		strbuf_addf(err, "'%s' is on another server than the table, where nothing is read", uri);
		r = -ENOTSUP;
	}
	strbuf_release(&url);
	return r;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

void elsewhere_spare(json_t *names, const char *uri)
{
	struct strbuf path = STRBUF_INIT;
	if (percent_decode(&path, uri) == 0)
		json_object_set_new_nocheck(names, last_part(path.s), json_true());
	json_object_set_new_nocheck(names, last_part(uri), json_true()); /* it may have a '%' that is one */
	strbuf_release(&path);
}

bool elsewhere_spares(const json_t *names, const char *path)
{
	return json_object_get(names, last_part(path));
}

int elsewhere_file(
	struct elsewhere *e, json_t *add, struct snapshot_file *ret, struct store **ret_store, struct strbuf *err)
{
	const char *uri = text_in(add, "path");
	struct strbuf path = STRBUF_INIT, encoded = STRBUF_INIT;
	*ret_store = e->table;
	if (!elsewhere_is(uri))
		return snapshot_file(add, ret, err);
	int r = elsewhere_find(e, uri, ret_store, &path, err);
	if (r == 0) { /* what is borrowed from the copy is the action's */
		json_t *copy = json_copy(add);
		percent_encode(&encoded, path.s, "/=");
		json_object_set_new(copy, "path", json_stringn(encoded.s, encoded.len));
		r = snapshot_file(copy, ret, err);
		json_decref(copy);
	}
	strbuf_release(&path);
	strbuf_release(&encoded);
	return r;
}
