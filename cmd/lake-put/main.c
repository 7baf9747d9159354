/*
 * lake-put: writes records into a table of a data lake, all or nothing.
 *
 * A plain stream is staged while it is read, committed at its end and then published, through the
 * commit log of common/lake/log.h.
 */
#include <stdlib.h>

#include "common/base/checking.h"
#include "common/base/sig.h"
#include "common/lake/dry_run.h"
#include "create.h"
#include "many_sink.h"
#include "options.h"
#include "common/io/metrics_file.h"
#include "common/io/pipes.h"

#define MAX_TABLES 64

/* Store what there is in one table. */
static int put(struct opened *t, char **files)
{
	int status = opened_rows(t);
	return status ? status
		      : sink_run(&table_sink_ops, &t->sink, &opts.policy, opts.once.id ? "--id" : NULL, &opts.filter,
				files);
}

static int run(const char *url, char **files, const struct table_place *common)
{
	struct opened t;
	int status = opened_open(&t, url, common, opened_store_memory(), opts.memory - opened_store_memory());
	if (status == EXIT_OK) {
		status = opts.create ? create_table(&t.place) : put(&t, files);
	} else if (status == EXIT_NO) {
		warn("id '%s' has been committed before: nothing is done", opts.once.id);
		pipes_drain(files);
		status = EXIT_OK;
	}
	opened_close(&t);
	return status;
}

/*
 * If one of the tables has the id of --id, an earlier run has read all of this input: it committed only then, and what
 * it rejected was on disk.
 */
static int find_id(struct many *many)
{
	struct strbuf err = STRBUF_INIT;
	struct rejects *rejects = many->common->rejects;
	int r = opts.once.id && rejects_go_on(rejects) ? many_knows_id(many, opts.once.id, &rejects->before, &err) : 0;
	if (r < 0)
		warn("%s", err.s);
	else if (rejects->before)
		warn("id '%s' has been committed before: records that are rejected again are left out, and not counted",
			opts.once.id);
	strbuf_release(&err);
	return diag_status(r);
}

/* The table of a record depends on its field. */
static int run_many(const struct route *route, char **files, const struct table_place *common)
{
	struct strbuf err = STRBUF_INIT;
	struct many_sink sink = {.many = {.route = route,
					 .common = common,
					 .max = opts.max_tables ? opts.max_tables : MAX_TABLES,
					 .expected = opts.max_tables ? opts.max_tables : MAX_TABLES},
		.stats = opts.stats};
	int r = many_rows_init(&sink.rows, &sink.many, &opts.filter, &err);
	int status = r < 0 ? opt_usage_error(&spec, "{%s}: %s", route->text, err.s) : find_id(&sink.many);
	if (status == EXIT_OK)
		status = sink_run(
			&many_sink_ops, &sink, &opts.policy, opts.once.id ? "--id" : NULL, &opts.filter, files);
	many_rows_release(&sink.rows);
	many_release(&sink.many);
	strbuf_release(&err);
	return status;
}

/* --dry-run: whether the table, or the directory of the tables, could be written. */
static int try_out(const struct route *route, const struct layout *layout)
{
	struct strbuf url = STRBUF_INIT, err = STRBUF_INIT;
	struct store *store = NULL;
	char uuid[UUID_LEN + 1];
	if (route->many)
		route_directory(route, &url);
	else
		strbuf_addstr(&url, route->before);
	int r = store_open_writer(url.s, uuid, &opts.store, &store, &err);
	if (r == 0)
		r = dry_run(store, opts.table, uuid, &err);
	if (r == 0 && checking() && !route->many)
		r = opened_check(store, layout, &err);
	if (r < 0)
		warn("%s", err.s);
	else
		inform("all that writing needs is allowed");
	store_close(store);
	strbuf_release(&url);
	strbuf_release(&err);
	return diag_status(r);
}

/* Read the operand TABLE; release RET in any case. */
static int read_table(const char *table, struct route *ret)
{
	struct strbuf err = STRBUF_INIT;
	int status = EXIT_OK;
	if (route_parse(table, ret, &err) < 0)
		status = opt_usage_error(&spec, "'%s': %s", table, err.s);
	else if (ret->many && opts.create)
		status = opt_usage_error(&spec, "--create creates one table: '%s' means many", table);
	else if (ret->many && opts.table == TABLE_DELTA && options_input().format != RECORDS_JSON)
		status = opt_usage_error(&spec, "'%s': many Delta tables are made of JSON only", table);
	else if (!ret->many && opts.max_tables)
		status =
			opt_usage_error(&spec, "--max-tables needs a field in the table's name, such as lake/{.topic}");
	strbuf_release(&err);
	return status;
}

int main(int argc, char **argv)
{
	char **operands;
	sig_effects();
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	char *metrics = opts.stats ? NULL : metrics_file();
	opts.stats = opts.stats ? opts.stats : metrics;
	struct route route = {0};
	struct layout layout = {0};
	struct times times = {0};
	struct rejects rejects = {.opts = &opts.rejects, .aside = {.lines = STRBUF_INIT}};
	const struct table_place common = {.layout = &layout, .times = &times, .rejects = &rejects};
	status = options_check(operands + 1, &layout, &times);
	if (status == EXIT_OK)
		status = read_table(operands[0], &route);
	if (status == EXIT_OK && (opts.dry_run || checking()))
		status = try_out(&route, &layout);
	else if (status == EXIT_OK)
		status = rejects_open(&rejects, &opts.rejects, &spec, operands + 1);
	if (status == OPT_GO)
		status =
			route.many ? run_many(&route, operands + 1, &common) : run(route.before, operands + 1, &common);
	status = rejects_end(&rejects, status);
	route_release(&route);
	times_release(&times);
	layout_release(&layout);
	schema_release(&opts.schema);
	free(metrics);
	return status;
}
