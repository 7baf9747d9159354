/* Delta tables: see delta.h. */
#include "delta.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/delta_checkpoint.h"
#include "delta_hold.h"
#include "delta_text.h"
#include "options.h"

struct delta {
	struct delta_rows rows;
	struct delta_text *text; /* the reader of TSV or CSV; NULL: the records are JSON */
	struct delta_infer
		*infer;     /* for JSON: holds the first records of a new table until its schema is known; else NULL */
	int64_t checkpoint; /* delta_checkpoint_due() */
	bool told;          /* it was reported that no checkpoint could be made */
};

static void delta_free(void *self)
{
	struct delta *d = self;
	if (!d)
		return;
	if (d->text)
		delta_text_release(d->text);
	free(d->text);
	delta_infer_free(d->infer);
	delta_rows_release(&d->rows);
	free(d);
}

static bool is_text(void)
{
	return opts.input.header || opts.input.format == RECORDS_TSV || opts.input.format == RECORDS_CSV;
}

static int delta_make_pool(uint64_t memory, void **ret, struct strbuf *err)
{
	const struct delta_pool_config config = {.codec = delta_rows_codec(), .memory = memory};
	struct delta_pool *pool = NULL;
	int r = delta_pool_new(&config, &pool, err);
	*ret = pool;
	return r;
}

static void delta_free_pool(void *pool)
{
	delta_pool_free(pool);
}

static int delta_open(const struct table_place *place, void **ret)
{
	struct strbuf err = STRBUF_INIT;
	struct delta *d = *ret = xcalloc(1, sizeof *d);
	d->rows.place = *place;
	d->checkpoint = INT64_MIN;
	schema_init(&d->rows.schema.rows);
	bool infers = place->log->version < 0 && !opts.schema.root.count && opts.infer;
	int r = infers ? delta_infer_new(opts.infer, place->memory / 4, &d->infer)
		       : delta_rows_begin(&d->rows, &opts.schema, &err);
	if (r == 0 && is_text()) {
		d->text = xcalloc(1, sizeof *d->text);
		r = delta_text_begin(d->text, &d->rows, d->infer, &err);
		d->infer = NULL;
	}
	if (r < 0)
		warn("%s", err.len ? err.s : diag_strerror(r));
	strbuf_release(&err);
	return diag_status(r);
}

/* Infer the schema: from now on records become rows at once. */
static int end_infer(struct delta *d, char delim, struct strbuf *err)
{
	int r = delta_hold_end(d->infer, &d->rows, delim, err);
	if (r == 0) {
		delta_infer_free(d->infer);
		d->infer = NULL;
	}
	return r;
}

static int delta_span(
	void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	struct delta *d = self;
	size_t used = 0;
	if (d->text)
		return delta_text_span(d->text, place, s, len, flow, err);
	int r = d->infer ? delta_hold_span(d->infer, &d->rows, place, s, len, flow, &used, err) : 0;
	if (r == 0 && d->infer && delta_infer_full(d->infer))
		r = end_infer(d, flow->delim, err);
	return r == 0 && used < len ? delta_rows_span(&d->rows, place, s + used, len - used, flow, err) : r;
}

static int delta_end(void *self, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	struct delta *d = self;
	return d->text ? delta_text_end(d->text, place, flow, err) : 0;
}

static int delta_seal(void *self, struct commit *commit, struct strbuf *err)
{
	struct delta *d = self;
	struct lake_file **files = NULL;
	int r = d->infer                    ? end_infer(d, opts.filter.null ? '\0' : '\n', err)
		: d->text && d->text->infer ? delta_text_end_infer(d->text, err)
					    : 0;
	if (r == 0)
		r = delta_writer_finish(d->rows.writer, &files, &commit->nfiles, err);
	d->rows.part = NULL;
	commit->files = files;
	return r;
}

static int delta_say(void *self, struct commit *commit, struct strbuf *err)
{
	struct delta *d = self;
	if (d->infer || (d->text && d->text->infer)) {
		strbuf_addf(err,
			"the new table '%s' has no columns until there is a record, and positions alone need a table: "
			"nothing is committed; --schema creates it at once",
			d->rows.place.store->url);
		return -EAGAIN;
	}
	commit->protocol = d->rows.schema.protocol;
	commit->meta = d->rows.schema.meta;
	commit->meta_version = d->rows.schema.version;
	return 0;
}

static void delta_next(void *self)
{
	struct delta *d = self;
	json_decref(d->rows.schema.protocol);
	json_decref(d->rows.schema.meta);
	d->rows.schema.protocol = d->rows.schema.meta = NULL;
	d->rows.schema.version = log_delta_committed(d->rows.place.log);
	d->rows.part = NULL;
	if (d->rows.shred) /* --on-new-field ignore names each field once per commit */
		shred_forget(d->rows.shred);
	delta_writer_next(d->rows.writer);
}

/*
 * Make a checkpoint if one is due.  Without checkpoints readers are only slower, so a failure does not make a commit
 * fail.
 */
static void delta_rest(void *self)
{
	struct delta *d = self;
	struct log *log = d->rows.place.log;
	struct strbuf passed = STRBUF_INIT, err = STRBUF_INIT;
	if (!delta_checkpoint_due(log, &d->checkpoint))
		return;
	int r = delta_checkpoint_make(log, &passed, &err);
	d->checkpoint = log->version; /* after a failure, the next try is equally far away */
	if (r < 0 && !d->told)
		warn("no checkpoint of version %" PRId64 " could be made: %s%s%s", log->version, err.s,
			passed.len ? "; " : "", passed.s);
	else if (passed.len && !d->told)
		warn("an older checkpoint was skipped: %s", passed.s);
	d->told |= r < 0 || passed.len;
	strbuf_release(&passed);
	strbuf_release(&err);
}

static int delta_discard(void *self, struct strbuf *err)
{
	struct delta *d = self;
	return d->rows.writer ? delta_writer_discard(d->rows.writer, err) : 0;
}

static void delta_done(const void *self, uint64_t records)
{
	(void)self;
	(void)records;
}

const struct table_ops delta_table_ops = {
	.kind = TABLE_DELTA,
	.pool_new = delta_make_pool,
	.pool_free = delta_free_pool,
	.open = delta_open,
	.free = delta_free,
	.span = delta_span,
	.end = delta_end,
	.seal = delta_seal,
	.say = delta_say,
	.next = delta_next,
	.rest = delta_rest,
	.discard = delta_discard,
	.done = delta_done,
};
