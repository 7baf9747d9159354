/* Stores: opening by URL, and the calls through the table of operations.  See store.h. */
#include "common/lake/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

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

int store_open(const char *url, const char *writer, struct store **ret, struct strbuf *err)
{
	const char *path = url;
	size_t n = scheme_length(url);
	if (strncmp(url, "file:", 5) == 0) {
		path = url + 5;
		if (strncmp(path, "///", 3) == 0)
			path += 2;
	} else if (n) {
		strbuf_addf(err, "cannot open '%s': no store for %.*s:// yet", url, (int)n, url);
		return -EINVAL;
	}
	if (!*path) {
		strbuf_addf(err, "cannot open '%s': the path is empty", url);
		return -EINVAL;
	}
	int r = store_fs_open(path, writer, ret, err);
	if (r == 0)
		(*ret)->url = xstrdup(url);
	return r;
}

int store_open_writer(const char *url, char ret_uuid[UUID_LEN + 1], struct store **ret, struct strbuf *err)
{
	char uuid[UUID_LEN + 1];
	int r = uuid_new(uuid);
	if (r < 0) {
		strbuf_addf(err, "cannot get random numbers: %s", diag_strerror(r));
		return r;
	}
	if (ret_uuid)
		memcpy(ret_uuid, uuid, sizeof uuid);
	return store_open(url, uuid, ret, err);
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

int store_stage(struct store *store, const char *path, struct stage **ret, struct strbuf *err)
{
	return store->ops->stage(store, path, ret, err);
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
	free(stage->path);
	free(stage->tag);
	free(stage);
}
