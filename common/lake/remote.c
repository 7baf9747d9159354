/* Stores that are reached over HTTP: opening, closing, and the table of operations.  See remote.h. */
#include "common/lake/remote.h"

#include <stdlib.h>

#include "common/base/alloc.h"

void remote_init(
	struct remote *remote, const struct remote_ops *ops, const char *writer, const struct store_options *options)
{
	remote->base.ops = &remote_operations;
	remote->ops = ops;
	remote->options = *options;
	remote->writer = writer ? xstrdup(writer) : NULL;
	strbuf_init(&remote->why);
	remote->pool = backlog_pool_new(options->memory);
}

static void close_store(struct store *store)
{
	struct remote *remote = remote_of(store);
	remote_ground(remote, NULL);
	remote_ahead_free(remote->ahead);
	while (remote->open) /* their owners free them; here only the pointer to the store is removed */
		remote_stage_end(remote->open);
	http_free(remote->http); /* before the keys, which its calls need for signing */
	remote->ops->close(remote);
	backlog_pool_free(remote->pool);
	strbuf_release(&remote->why);
	free(remote->writer);
	free(remote);
}

static int64_t now_ms(struct store *store)
{
	return http_now_ms(remote_of(store)->http);
}

static const struct http_counters *counters(struct store *store)
{
	return http_counters(remote_of(store)->http);
}

static void server(struct store *store, struct strbuf *ret)
{
	if (remote_of(store)->ops->server)
		remote_of(store)->ops->server(remote_of(store), ret);
}

const struct store_ops remote_operations = {
	.close = close_store,
	.get = remote_get,
	.read = remote_read,
	.list = remote_list,
	.put = remote_put,
	.put_if_absent = remote_put_if_absent,
	.stage = remote_stage_open,
	.stage_in_place = remote_stage_in_place,
	.append = remote_append,
	.seal = remote_seal,
	.sync = remote_sync,
	.wait = remote_wait_beside,
	.stage_free = remote_stage_free,
	.publish = remote_publish,
	.discard = remote_discard,
	.size = remote_size,
	.remove = remote_remove,
	.now_ms = now_ms,
	.counters = counters,
	.server = server,
	.remote = true,
	.housekeeping = &remote_housekeeping,
};
