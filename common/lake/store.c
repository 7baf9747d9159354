/* Stores: the calls through the table of operations.  See store.h. */
#include "common/lake/store.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/lake/aside.h"

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

int store_read_all(struct store *store, const char *path, uint64_t pos, void *buf, size_t len, struct strbuf *err)
{
	char *to = buf;
	while (len) {
		int n = store_read(store, path, NULL, pos, to, len < INT_MAX ? len : INT_MAX, err);
		if (n < 0)
			return n;
		if (n == 0) {
			strbuf_addf(err, "'%s' is damaged: it has become shorter", path);
			return -EBADMSG;
		}
		to += n;
		pos += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

static int read_end(struct store *store, const char *path, uint64_t pos, void *buf, size_t len, struct strbuf *err)
{
	char *bytes = xmalloc(len + 1);
	size_t have = 0;
	int n = 1;
	while (have <= len && n > 0) {
		n = store_read(store, path, NULL, pos + have, bytes + have, len + 1 - have, err);
		have += n > 0 ? (size_t)n : 0;
	}
	if (n >= 0 && have != len) {
		strbuf_addf(err, "'%s' is damaged: it has become %s", path, have < len ? "shorter" : "longer");
		n = -EBADMSG;
	}
	if (n >= 0)
		memcpy(buf, bytes, len);
	free(bytes);
	return n < 0 ? n : 0;
}

int store_read_sized(
	struct store *store, const char *path, uint64_t size, uint64_t pos, void *buf, size_t len, struct strbuf *err)
{
	return (pos + len == size ? read_end : store_read_all)(store, path, pos, buf, len, err);
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

int store_set_aside(struct store *store, const char *path, const char *aside, struct strbuf *err)
{
	if (store->ops->set_aside)
		return store->ops->set_aside(store, path, aside, err);
	strbuf_addf(err, "'%s' cannot be hidden: files in '%s' cannot be renamed", path, store->url);
	return -ENOTSUP;
}

int store_size_aside(struct store *store, const char *path, uint64_t *ret, struct strbuf *err)
{
	return store->ops->size_aside ? store->ops->size_aside(store, path, ret, err) : -ENOENT;
}

char *store_aside_name(const struct store *store, const char *path)
{
	return store->ops->set_aside ? aside_name(path) : NULL;
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

const struct http_counters *store_counters(struct store *store)
{
	return store->ops->counters ? store->ops->counters(store) : NULL;
}
