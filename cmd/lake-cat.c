/* lake-cat: prints the records of a lake table, by its log, or how far its topics were read. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/opt.h"
#include "common/base/sig.h"
#include "common/base/visible.h"
#include "common/stream/flow.h"
#include "common/lake/decode.h"
#include "common/lake/json_in.h"
#include "common/lake/layout.h"
#include "common/lake/snapshot.h"
#include "common/lake/store_opt.h"

static struct {
	bool positions, plain;
	struct opt_list where;
	struct store_options store;
} opts = {.store = {.http = {.tell = warn_line, .stopped = sig_stopped}}};

/* clang-format off */
static const struct opt options[] = {
	{ .name = "positions", .dest = &opts.positions, .help = "print the table's positions instead: topic, partition, next offset, group" },
	{ .name = "where", .type = OPT_LIST, .dest = &opts.where, .arg = "COLUMN=VALUE",
	  .help = "only records of this partition" },
	STORE_OPTIONS(&opts.store),
	STORE_TIMEOUT_OPTION(&opts.store),
	{ .name = "plain", .dest = &opts.plain, .help = "allow the output to begin with any byte" },
	{ 0 },
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "lake-cat",
	.operands = "TABLE",
	.summary = "Print the records of a table of a data lake.",
	.example = "weir lake-cat --where dt=2026-11-22 lake/clicks | wc -l",
	.options = options,
	.min_operands = 1,
	.max_operands = 1,
};

/* What is printed, and the state of the current file. */
struct cat {
	struct flow out;
	struct decode_count count;
};

static int print(void *arg, const char *data, size_t len)
{
	struct cat *cat = arg;
	(void)decode_count_add(&cat->count, data, len);
	return flow_put_span(&cat->out, data, len) ? cat->out.out.err : 0;
}

/* Whether the file belongs to the partitions of --where. */
static bool wanted(json_t *values)
{
	for (size_t i = 0; i < opts.where.count; i++) {
		const char *item = opts.where.items[i], *eq = strchr(item, '=');
		struct strbuf column = STRBUF_INIT;
		strbuf_add(&column, item, (size_t)(eq - item));
		const char *value = text_in(values, column.s);
		strbuf_release(&column);
		if (strcmp(value ? value : LAYOUT_NULL, eq + 1) != 0)
			return false;
	}
	return true;
}

static int print_file(struct cat *cat, struct store *store, json_t *add, struct strbuf *err)
{
	struct snapshot_file file;
	int r = snapshot_file(add, &file, err);
	if (r < 0)
		return r;
	if (wanted(file.values)) {
		decode_count_begin(&cat->count);
		r = decode_file(store, file.path, file.tag, file.size, print, cat, err);
		if (r == 0)
			r = decode_count_check(&cat->count, file.path, file.records, err);
	}
	free(file.path);
	return r;
}

static int print_records(struct cat *cat, struct log *log, struct strbuf *err)
{
	struct snapshot snapshot;
	cat->count.delim = cat->out.delim = state_delim(log->state);
	int r = snapshot_read(&snapshot, log, err);
	const char *uri;
	json_t *add;
	json_object_foreach(snapshot.adds, uri, add)
	{
		if (r == 0)
			r = print_file(cat, log->store, add, err);
	}
	snapshot_release(&snapshot);
	return r;
}

static int print_positions(struct cat *cat, struct log *log)
{
	struct strbuf text = STRBUF_INIT;
	const char *group, *topic, *partition;
	json_t *topics, *partitions, *at;
	json_object_foreach(json_object_get(log->state, "positions"), group, topics)
	{
		json_object_foreach(topics, topic, partitions)
		{
			json_object_foreach(partitions, partition, at)
			{
				visible_add(&text, topic, strlen(topic));
				strbuf_addch(&text, '\t');
				visible_add(&text, partition, strlen(partition));
				strbuf_addf(&text, "\t%" JSON_INTEGER_FORMAT "\t",
					json_integer_value(json_object_get(at, "next")));
				visible_add(&text, group, strlen(group));
				strbuf_addch(&text, '\n');
			}
		}
	}
	int r = outbuf_write(&cat->out.out, text.s, text.len);
	strbuf_release(&text);
	return r;
}

/* Each --where must name a column of the table. */
static int check_where(json_t *columns)
{
	for (size_t i = 0; i < opts.where.count; i++) {
		const char *item = opts.where.items[i];
		size_t n = strcspn(item, "="), j;
		bool found = false;
		json_t *name;
		json_array_foreach(columns, j, name)
		{
			const char *s = json_string_value(name);
			found |= s && strlen(s) == n && strncmp(s, item, n) == 0;
		}
		if (!found) {
			warn("--where '%s': the table has no partition column '%.*s'", item, (int)n, item);
			return EXIT_CONFIG;
		}
	}
	return EXIT_OK;
}

/* Close the output; returns the exit status. */
static int close_output(struct flow *out)
{
	struct strbuf text = STRBUF_INIT;
	int r = flow_close(out), status = diag_status(r);
	if (out->forged.len) {
		flow_forged_text(out, &text);
		warn("%s (--plain allows it)", text.s);
		status = EXIT_DATA;
	} else if (r < 0) {
		warn("cannot write standard output: %s", diag_strerror(r));
	}
	strbuf_release(&text);
	flow_release(out);
	return status;
}

/* Print what the options ask for; returns the exit status. */
static int run(const char *url)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	struct log log = {0};
	struct cat cat = {0};
	flow_init(&cat.out, '\n', opts.plain);
	int status = EXIT_OK, r = store_open(url, NULL, &opts.store, &store, &err);
	if (r == 0)
		r = log_open(&log, store, NULL, &err);
	if (r == 0 && log.version < 0)
		r = log_missing(&log, &err);
	if (r == 0 && log.kind == TABLE_DELTA && !opts.positions) {
		strbuf_addf(&err, "'%s' is a Delta table, of Parquet files: DuckDB, Spark or Polars read it", url);
		r = -EINVAL;
	}
	if (r == 0)
		status = check_where(json_object_get(log.state, "columns"));
	if (r == 0 && status == EXIT_OK)
		r = opts.positions ? print_positions(&cat, &log) : print_records(&cat, &log, &err);
	if (r < 0 && err.len)
		warn("%s", err.s);
	if (r < 0)
		status = diag_status(r);
	int end = close_output(&cat.out);
	if (!status || end == EXIT_DATA)
		status = end;
	log_release(&log);
	store_close(store);
	strbuf_release(&err);
	return status;
}

int main(int argc, char **argv)
{
	char **operands;
	sig_filter();
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	for (size_t i = 0; i < opts.where.count; i++)
		if (!strchr(opts.where.items[i], '='))
			return opt_usage_error(&spec, "--where '%s' is not COLUMN=VALUE", opts.where.items[i]);
	const char *fault = store_options_fault(&opts.store);
	if (fault)
		return opt_usage_error(&spec, "%s", fault);
	status = run(operands[0]);
	opt_list_release(&opts.where);
	return status;
}
