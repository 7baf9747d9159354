/* Raw tables: see raw.h. */
#include "raw.h"

#include <stdlib.h>

#include "common/base/alloc.h"
#include "ingest.h"
#include "options.h"

static void raw_free(void *self)
{
	struct ingest *in = self;
	if (!in)
		return;
	ingest_release(in);
	writer_free(in->writer);
	free(in);
}

static int raw_pool_new(uint64_t memory, void **ret, struct strbuf *err)
{
	const struct writer_pool_config config = {.codec = opts.codec, .memory = memory};
	struct writer_pool *pool = NULL;
	int r = writer_pool_new(&config, &pool, err);
	*ret = pool;
	return r;
}

static void raw_pool_free(void *pool)
{
	writer_pool_free(pool);
}

static int raw_open(const struct table_place *place, void **ret)
{
	struct strbuf err = STRBUF_INIT;
	struct ingest *in = xcalloc(1, sizeof *in);
	*in = (struct ingest){
		.times = place->times, .rejects = place->rejects, .bad_value = opts.bad_value, .kept = STRBUF_INIT};
	struct writer_config config = {.store = place->store,
		.layout = place->layout,
		.pool = place->pool,
		.codec = opts.codec,
		.memory = place->memory,
		.uuid = place->uuid,
		.suffix = opts.suffix,
		.delim = opts.filter.null ? '\0' : '\n'};
	int status = writer_new(&config, &in->writer, &err) < 0 ? opt_usage_error(&spec, "--memory: %s", err.s) : 0;
	*ret = in;
	strbuf_release(&err);
	return status;
}

static int raw_span(
	void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	return ingest_span(self, place, s, len, flow, err);
}

static int raw_seal(void *self, struct commit *commit, struct strbuf *err)
{
	struct ingest *in = self;
	struct lake_file **files;
	int r = writer_finish(in->writer, &files, &commit->nfiles, err);
	commit->files = files;
	return r;
}

static void raw_next(void *self)
{
	ingest_next(self);
}

static int raw_discard(void *self, struct strbuf *err)
{
	struct ingest *in = self;
	return writer_discard(in->writer, err);
}

static void raw_done(const void *self, uint64_t records)
{
	ingest_report_bad(self, records);
}

const struct table_ops raw_table_ops = {
	.kind = TABLE_RAW,
	.pool_new = raw_pool_new,
	.pool_free = raw_pool_free,
	.open = raw_open,
	.free = raw_free,
	.span = raw_span,
	.seal = raw_seal,
	.next = raw_next,
	.discard = raw_discard,
	.done = raw_done,
};
