/*
 * lake-put: writes records into a table of a data lake, all or nothing.
 *
 * A plain stream is staged while it is read, committed at its end and then published, through the
 * commit log of common/lake/log.h.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/sig.h"
#include "common/lake/dry_run.h"
#include "create.h"
#include "delta.h"
#include "delta_layout.h"
#include "options.h"
#include "pipes.h"
#include "raw.h"
#include "table.h"
#include "times.h"

/*
 * Publish or clean up the stages that others have left, and open the log at its head; EXIT_NO: the id is already
 * committed.
 */
static int open_log(struct log *log, struct store *store, const struct table *table)
{
	struct strbuf err = STRBUF_INIT;
	int r = log_open(log, store, table, &err);
	log->keep_ms = opts.keep_ms;
	if (r == 0)
		r = log_recover(log, &err);
	if (r == 0 && opts.id)
		r = log_has_id(log, opts.id, &err);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	if (r <= 0)
		return diag_status(r);
	warn("id '%s' has been committed before: nothing is done", opts.id);
	return EXIT_NO;
}

/* The head of the log was read: open the table, and store the input. */
static int put(const struct table_ops *ops, const struct table_place *place, char **files)
{
	struct table_sink sink = {
		.ops = ops,
		.log = place->log,
		.rejects = place->rejects,
		.id = opts.id,
		.stats = opts.stats,
		.also_group = opts.also_group,
	};
	int status = ops->open(place, &sink.rows);
	if (status == EXIT_OK)
		status = sink_run(&table_sink_ops, &sink, &opts.policy, opts.id ? "--id" : NULL, &opts.filter, files);
	ops->free(sink.rows);
	return status;
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

/* Without --partition-by a Delta table that is there may say itself how it is partitioned: OWN, for PLACE. */
static int adopt_layout(const struct table_ops *ops, struct table_place *place, struct layout *own)
{
	struct strbuf err = STRBUF_INIT;
	if (ops->kind != TABLE_DELTA || place->layout->count)
		return EXIT_OK;
	int r = delta_layout_of(place->log, own, &err);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	if (r == 0 && own->count) {
		place->layout = own;
		place->log->table = table_of(ops, own);
	}
	return diag_status(r);
}

static int run(const char *url, char **files, const struct table_place *given)
{
	struct table_place place = *given;
	const struct table_ops *ops = opts.table == TABLE_DELTA ? &delta_table_ops : &raw_table_ops;
	const struct table table = table_of(ops, place.layout);
	struct layout own = {0};
	char uuid[UUID_LEN + 1];
	struct strbuf err = STRBUF_INIT;
	struct log log = {0};
	opts.store.memory = opts.memory / 4;
	int r = store_open_writer(url, uuid, &opts.store, &place.store, &err);
	if (r < 0)
		warn("%s", err.s);
	int status = r < 0 ? (int)diag_status(r) : open_log(&log, place.store, &table);
	place.log = &log;
	place.uuid = uuid;
	place.memory = r == 0 && place.store->ops->remote ? opts.memory - opts.store.memory : opts.memory;
	if (status == EXIT_OK)
		status = adopt_layout(ops, &place, &own);
	if (status == EXIT_OK) {
		status = opts.create ? create_table(&place) : put(ops, &place, files);
	} else if (status == EXIT_NO) {
		pipes_drain(files);
		status = EXIT_OK;
	}
	log_release(&log);
	store_close(place.store);
	layout_release(&own);
	strbuf_release(&err);
	return status;
}

/* --dry-run: check whether the table at URL could be written. */
static int try_out(const char *url)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	char uuid[UUID_LEN + 1];
	int r = store_open_writer(url, uuid, &opts.store, &store, &err);
	if (r == 0)
		r = dry_run(store, opts.table, uuid, &err);
	if (r < 0)
		warn("%s", err.s);
	else
		inform("all that writing needs is allowed");
	store_close(store);
	strbuf_release(&err);
	return diag_status(r);
}

int main(int argc, char **argv)
{
	char **operands;
	sig_effects();
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	verbosity_set(&opts.verbosity);
	struct layout layout = {0};
	struct times times = {0};
	struct rejects rejects = {.opts = &opts.rejects, .aside = {.lines = STRBUF_INIT}};
	status = options_check(operands + 1, &layout, &times);
	if (status == EXIT_OK && opts.dry_run)
		status = try_out(operands[0]);
	else if (status == EXIT_OK)
		status = rejects_open(&rejects, &opts.rejects, &spec, operands + 1);
	if (status == OPT_GO)
		status = run(operands[0], operands + 1,
			&(struct table_place){.layout = &layout, .times = &times, .rejects = &rejects});
	status = rejects_end(&rejects, status);
	times_release(&times);
	layout_release(&layout);
	schema_release(&opts.schema);
	return status;
}
