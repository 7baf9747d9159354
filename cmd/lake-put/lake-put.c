/*
 * lake-put: records into a table of a data lake, all or nothing.
 *
 * A plain stream is staged while it is read, committed at its end and then published, through the
 * commit log of common/lake/log.h.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/sig.h"
#include "common/lake/dry_run.h"
#include "options.h"
#include "pipes.h"
#include "table.h"
#include "times.h"

/* Open the log at its head, after publishing and cleaning what others left; EXIT_NO: the id is committed. */
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

static int put(struct log *log, struct writer *writer, struct times *times, struct rejects *rejects, char **files)
{
	struct table_sink sink = {
		.ingest = {.writer = writer,
			.times = times,
			.rejects = rejects,
			.bad_value = opts.bad_value,
			.kept = STRBUF_INIT},
		.log = log,
		.id = opts.id,
		.stats = opts.stats,
		.also_group = opts.also_group,
	};
	int status = sink_run(&table_sink_ops, &sink, &opts.policy, opts.id ? "--id" : NULL, &opts.filter, files);
	ingest_release(&sink.ingest);
	return status;
}

static int run(const char *url, char **files, struct layout *layout, struct times *times, struct rejects *rejects)
{
	char uuid[UUID_LEN + 1];
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	struct writer *writer = NULL;
	struct table table = {.columns = layout->columns,
		.ncolumns = layout->count,
		.pattern = layout->text,
		.zone = layout->count ? opts.zone ? opts.zone : "UTC" : NULL,
		.delim = opts.filter.null ? '\0' : '\n'};
	struct log log = {0};
	opts.store.memory = opts.memory / 4;
	int r = store_open_writer(url, uuid, &opts.store, &store, &err);
	struct writer_config config = {.store = store,
		.layout = layout,
		.codec = opts.codec,
		.memory = r == 0 && store->ops->remote ? opts.memory - opts.store.memory : opts.memory,
		.uuid = uuid,
		.suffix = opts.suffix,
		.delim = table.delim};
	int status = EXIT_USAGE;
	if (r == 0 && writer_new(&config, &writer, &err) < 0)
		opt_usage_error(&spec, "--memory: %s", err.s);
	else if (r == 0)
		status = open_log(&log, store, &table);
	else
		status = diag_status(r);
	if (r < 0)
		warn("%s", err.s);
	if (status == EXIT_OK) {
		status = put(&log, writer, times, rejects, files);
	} else if (status == EXIT_NO) {
		pipes_drain(files);
		status = EXIT_OK;
	}
	log_release(&log);
	writer_free(writer);
	store_close(store);
	strbuf_release(&err);
	return status;
}

/* --dry-run: whether the table at URL could be written. */
static int try_out(const char *url)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	int r = store_open_writer(url, NULL, &opts.store, &store, &err);
	if (r == 0)
		r = dry_run(store, &err);
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
		status = run(operands[0], operands + 1, &layout, &times, &rejects);
	status = rejects_end(&rejects, status);
	times_release(&times);
	layout_release(&layout);
	return status;
}
