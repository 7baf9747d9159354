/* A table of lake-put: see opened.h. */
#include "opened.h"

#include "delta.h"
#include "delta_layout.h"
#include "options.h"
#include "raw.h"

const struct table_ops *opened_ops(void)
{
	return opts.table == TABLE_DELTA ? &delta_table_ops : &raw_table_ops;
}

uint64_t opened_store_memory(void)
{
	return opts.memory / 4;
}

/* Read the log's head, after publishing and cleaning what others left; EXIT_NO: the id is committed. */
static int open_log(struct opened *t)
{
	struct strbuf err = STRBUF_INIT;
	int r = log_open(&t->log, t->place.store, &t->table, &err);
	t->log.keep_ms = opts.keep_ms;
	if (r == 0)
		r = log_recover(&t->log, &err);
	if (r == 0 && opts.once.id)
		r = log_has_id(&t->log, opts.once.id, &err);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	if (r <= 0)
		return diag_status(r);
	return EXIT_NO;
}

/* The properties of a table that is partitioned by LAYOUT; its texts are borrowed. */
static struct table table_of(const struct table_ops *ops, const struct layout *layout)
{
	return (struct table){.kind = ops->kind,
		.columns = layout->columns,
		.ncolumns = layout->count,
		.pattern = layout->text,
		.zone = !layout->count                   ? NULL
			: opts.zone && !layout->by.count ? opts.zone
							 : "UTC",
		.delim = opts.filter.null ? '\0' : '\n'};
}

/* Without --partition-by an existing Delta table may say itself how it is partitioned. */
static int adopt_layout(struct opened *t)
{
	struct strbuf err = STRBUF_INIT;
	if (t->sink.ops->kind != TABLE_DELTA || t->place.layout->count)
		return EXIT_OK;
	int r = delta_layout_of(&t->log, &t->own, &err);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	if (r == 0 && t->own.count) {
		t->place.layout = &t->own;
		t->log.table = table_of(t->sink.ops, &t->own);
	}
	return diag_status(r);
}

int opened_open(
	struct opened *t, const char *url, const struct table_place *common, uint64_t store_memory, uint64_t memory)
{
	struct strbuf err = STRBUF_INIT;
	const struct table_ops *ops = opened_ops();
	struct store_options options = opts.store;
	options.memory = store_memory;
	*t = (struct opened){.place = *common};
	t->table = table_of(ops, common->layout);
	t->place.log = &t->log;
	t->place.uuid = t->uuid;
	t->sink = (struct table_sink){.ops = ops,
		.log = &t->log,
		.rejects = common->rejects,
		.id = opts.once.id,
		.stats = opts.stats,
		.also_group = opts.also_group};
	int r = store_open_writer(url, t->uuid, &options, &t->place.store, &err);
	if (r < 0)
		warn("%s", err.s);
	t->place.memory = r == 0 && !t->place.store->ops->remote ? memory + store_memory : memory;
	strbuf_release(&err);
	if (r < 0)
		return diag_status(r);
	int status = open_log(t);
	int adopted = status == EXIT_OK || status == EXIT_NO ? adopt_layout(t) : EXIT_OK;
	return adopted ? adopted : status;
}

int opened_check(struct store *store, const struct layout *layout, struct strbuf *err)
{
	struct log log = {0};
	struct table table = table_of(opened_ops(), layout);
	int r = log_open(&log, store, &table, err);
	log_release(&log);
	return r;
}

int opened_rows(struct opened *t)
{
	return t->sink.ops->open(&t->place, &t->sink.rows);
}

void opened_close(struct opened *t)
{
	if (t->sink.ops)
		t->sink.ops->free(t->sink.rows);
	layout_release(&t->own);
	log_release(&t->log);
	store_close(t->place.store);
}
