/* The store of an S3 bucket: opening and closing.  See s3.h and store.h. */
#include "common/lake/s3.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

struct store_s3 *store_s3(struct store *store)
{
	return (struct store_s3 *)store;
}

char *s3_key(const struct store_s3 *s3, const char *path)
{
	struct strbuf key = STRBUF_INIT;
	strbuf_addf(&key, "%s%s", s3->place.prefix, path);
	return strbuf_detach(&key);
}

static void close_store(struct store *store)
{
	struct store_s3 *s3 = store_s3(store);
	s3_ground(s3, NULL);
	s3_ahead_free(s3->ahead);
	while (s3->open) /* their owners free them; here they only lose the store */
		s3_stage_end(s3->open);
	http_free(s3->http); /* its calls are signed by the keys */
	aws_creds_free(s3->creds);
	backlog_pool_free(s3->pool);
	s3_place_release(&s3->place);
	strbuf_release(&s3->why);
	free(s3->writer);
	free(s3);
}

static int64_t now_ms(struct store *store)
{
	return http_now_ms(store_s3(store)->http);
}

static const struct http_counters *counters(struct store *store)
{
	return http_counters(store_s3(store)->http);
}

static const struct store_ops operations = {
	.close = close_store,
	.get = s3_get,
	.read = s3_read,
	.list = s3_list,
	.put = s3_put,
	.put_if_absent = s3_put_if_absent,
	.stage = s3_stage_open,
	.append = s3_append,
	.seal = s3_seal,
	.sync = s3_sync,
	.stage_free = s3_stage_free,
	.publish = s3_publish,
	.discard = s3_discard,
	.size = s3_size,
	.remove = s3_remove,
	.now_ms = now_ms,
	.counters = counters,
	.remote = true,
	.housekeeping = &s3_housekeeping,
};

/* Where the bucket is, by URL, options, environment and profile. */
static int find_place(struct store_s3 *s3, const char *url, struct strbuf *err)
{
	const char *endpoint = s3->options.endpoint, *region = s3->options.region;
	int r = endpoint ? 0 : aws_creds_endpoint(s3->creds, &endpoint, err);
	if (r == 0 && !region)
		r = aws_creds_region(s3->creds, &region, err);
	return r < 0 ? r : s3_place_init(&s3->place, url, endpoint, region, s3->options.s3_style, err);
}

int store_s3_open(const char *url, const char *writer, const struct store_options *options, struct store **ret,
	struct strbuf *err)
{
	struct store_s3 *s3 = xcalloc(1, sizeof *s3);
	s3->base.ops = &operations;
	s3->options = *options;
	s3->writer = writer ? xstrdup(writer) : NULL;
	strbuf_init(&s3->why);
	s3->pool = backlog_pool_new(options->memory);
	s3->creds = aws_creds_new(&options->http);
	int r = s3->options.http.ca_file ? 0 : aws_creds_ca_file(s3->creds, &s3->options.http.ca_file, err);
	if (r == 0)
		r = http_new(&s3->options.http, &s3->http, err);
	if (r == 0)
		r = find_place(s3, url, err);
	if (r < 0) {
		close_store(&s3->base);
		return r;
	}
	*ret = &s3->base;
	return 0;
}
