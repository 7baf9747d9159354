/* Stores: opening by URL, and the calls through the table of operations.  See store.h. */
#include "common/lake/store.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/guard.h"

#define MEMORY  (UINT64_C(32) << 20)
#define UPLOADS 4

void names_add(struct names *names, const char *name)
{
	if (names->count == names->cap) {
		names->cap = names->cap ? 2 * names->cap : 16;
		names->items = xreallocarray(names->items, names->cap, sizeof *names->items);
	}
	names->items[names->count++] = xstrdup(name);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct names *names)
{
	if (names->count)
		qsort(names->items, names->count, sizeof *names->items, by_bytes);
}

void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){0};
}

/* The length of the scheme of URL ("s3" of s3://bucket), 0 when it is a path. */
static size_t scheme_length(const char *url)
{
	size_t n = strspn(url, "abcdefghijklmnopqrstuvwxyz0123456789+.-");
	return strncmp(url + n, "://", 3) == 0 ? n : 0;
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
	if (*path)
		return store_fs_open(path, writer, ret, err);
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
	int r = !remote || is_hdfs(url) ? check_plain(&all, url, err) : 0;
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

void store_close(struct store *store)
{
	if (!store)
		return;
	free(store->url);
	store->ops->close(store);
}

int store_get(struct store *store, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err)
{
	return store->ops->get(store, path, max, ret, err);
}

int store_read(struct store *store, const char *path, const char *tag, uint64_t pos, void *buf, size_t size,
	struct strbuf *err)
{
	return store->ops->read(store, path, tag, pos, buf, size, err);
}

int store_list(struct store *store, const char *dir, struct names *ret, struct strbuf *err)
{
	return store->ops->list(store, dir, ret, err);
}

int store_put(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	return store->ops->put(store, path, data, err);
}

int store_put_if_absent(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	return store->ops->put_if_absent(store, path, data, err);
}

/* Complete a stage that was begun at NOW, if R is 0. */
static int begun(struct store *store, int r, int64_t now, struct stage **stage)
{
	if (r == 0) {
		(*stage)->store = store;
		(*stage)->began_ms = now;
	}
	return r;
}

int store_stage(struct store *store, const char *path, struct stage **ret, struct strbuf *err)
{
	int64_t now = clock_boot_ms();
	int r = store->ops->stage(store, path, ret, err);
	return begun(store, r, now, ret);
}

int store_stage_in_place(struct store *store, const char *path, struct stage **ret, struct strbuf *err)
{
	int64_t now = clock_boot_ms();
	int r = (store->ops->stage_in_place ? store->ops->stage_in_place : store->ops->stage)(store, path, ret, err);
	return begun(store, r, now, ret);
}

int store_append(struct store *store, struct stage *stage, const void *data, size_t len, struct strbuf *err)
{
	return store->ops->append(store, stage, data, len, err);
}

int store_seal(struct store *store, struct stage *stage, struct strbuf *err)
{
	return store->ops->seal(store, stage, err);
}

int store_sync(struct store *store, struct strbuf *err)
{
	return store->ops->sync(store, err);
}

int store_wait(struct store *store, int fd, int timeout_ms)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	return store->ops->wait ? store->ops->wait(store, fd, timeout_ms) : poll(&ready, 1, timeout_ms) > 0;
}

int store_publish(struct store *store, const char *path, uint64_t size, const char *tag, struct strbuf *err)
{
	return store->ops->publish(store, path, size, tag, err);
}

int store_discard(struct store *store, const char *tag, struct strbuf *err)
{
	return store->ops->discard(store, tag, err);
}

int store_size(struct store *store, const char *path, uint64_t *ret, struct strbuf *err)
{
	return store->ops->size(store, path, ret, err);
}

int store_remove(struct store *store, const char *path, struct strbuf *err)
{
	return store->ops->remove(store, path, err);
}

void store_stage_free(struct stage *stage)
{
	if (!stage)
		return;
	if (stage->store && stage->store->ops->stage_free)
		stage->store->ops->stage_free(stage);
	free(stage->path);
	free(stage->tag);
	free(stage);
}

int64_t store_now_ms(struct store *store)
{
	return store->ops->now_ms ? store->ops->now_ms(store) : clock_epoch_ms();
}

const struct http_counters *store_counters(struct store *store)
{
	return store->ops->counters ? store->ops->counters(store) : NULL;
}
