/* lake-cat: options, and opening the table.  See cat.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/lake-cat/cat.h"
#include "cmd/lake-cat/plain.h"
#include "cmd/lake-cat/where.h"
#include "common/base/alloc.h"
#include "common/base/checking.h"
#include "common/base/sig.h"
#include "common/parquet/text_format.h"
#include "follow.h"

static struct cat_options opts = {.as_of = {-1, INT64_MIN},
	.limit = UINT64_MAX,
	.form.format = CAT_FORMAT_NONE,
	.store = {.http = {.tell = warn_line, .stopped = sig_stopped}},
	.follow = FOLLOW_OPTIONS_INIT};

/* clang-format off */
static const struct opt options[] = {
	{ .name = "columns", .type = OPT_STRING, .dest = &opts.form.columns, .arg = "LIST",
	  .help = "only these columns or fields, in this order: user,amount" },
	{ .name = "where", .type = OPT_LIST, .dest = &opts.where, .arg = "EXPR",
	  .help = "only records that match, as in '.amount > 100'; files that cannot have any are not read" },
	{ .name = "as-of", .type = OPT_CALL, .dest = &opts.as_of, .arg = "VERSION|TIME", .parse = as_of_parse,
	  .help = "the table as it was at this version, or at this time" },
	{ .key = 'n', .name = "limit", .type = OPT_U64, .dest = &opts.limit, .arg = "N", .max = UINT64_MAX - 1,
	  .help = "at most this many records" },
	{ .name = "format", .type = OPT_CHOICE, .dest = &opts.form.format, .arg = "json|tsv|csv",
	  .help = "how records are printed; rows of Parquet by default as JSON" },
	{ .name = "header", .dest = &opts.form.header, .help = "with --format tsv or csv: first the columns' names" },
	{ .name = "stats", .dest = &opts.stats, .help = "print on standard error how much was read and skipped" },
	{ .name = "positions", .dest = &opts.positions, .help = "print the table's positions instead: topic, partition, next offset, group" },
	{ .name = "memory", .type = OPT_SIZE, .dest = &opts.memory, .arg = "SIZE", .min = 1 << 20, .max = 1ull << 44,
	  .help = "memory for reading Parquet, 256M by default" },
	FOLLOW_OPTIONS(&opts.follow),
	STORE_OPTIONS(&opts.store),
	STORE_TIMEOUT_OPTION(&opts.store),
	{ .name = "plain", .dest = &opts.plain, .help = "allow the output to begin with any byte" },
	{ 0 },
};

static const struct hint hints[] = {
	{ "--select", "--columns LIST prints these columns only" },
	{ "--fields", "--columns LIST prints these columns only" },
	{ "--filter", "--where EXPR prints only records that match" },
	{ "--head", "-n N prints the first N records" },
	{ "--version-as-of", "--as-of VERSION" },
	{ "--timestamp-as-of", "--as-of TIME" },
	{ "--csv", "--format csv" },
	{ "--tsv", "--format tsv" },
	{ "--json", "JSON is the default" },
	{ 0 },
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "lake-cat",
	.looks = true,
	.operands = "TABLE",
	.summary = "Print the records of a table of a data lake.",
	.example = "weir lake-cat --where dt=2026-11-22 lake/clicks | wc -l",
	.options = options,
	.hints = hints,
	.min_operands = 1,
	.max_operands = 1,
};

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

/* Print the table in STORE, or NAME, a file there. */
static int print_table(struct cat_out *out, struct store *store, const char *name, struct strbuf *err)
{
	struct log log = {0};
	enum table_kind kind;
	int r = name ? 0 : log_find_kind(store, &kind, err);
	if (r == 0 && !name && kind == TABLE_DELTA && !opts.positions)
		return delta_print(&opts, out, store, err);
	if (r == 0 && !name)
		r = log_open(&log, store, NULL, err);
	if (r == 0 && !name && opts.positions)
		r = log.version < 0 ? log_missing(&log, err) : positions_print(&out->flow, &log);
	else if (r == 0 && (name || log.version < 0))
		r = plain_print(&opts, out, store, name, err);
	else if (r == 0)
		r = raw_print(&opts, out, &log, err);
	log_release(&log);
	return r;
}

static void report(const struct cat_stats *s)
{
	warn("%" PRIu64 " %s, %" PRIu64 " of them skipped; %" PRIu64 " row %s, %" PRIu64 " of them skipped; %" PRIu64
	     " %s read, %" PRIu64 " printed",
		s->files, diag_plural(s->files, "file", "files"), s->files_passed, s->groups,
		diag_plural(s->groups, "group", "groups"), s->groups_passed, s->rows,
		diag_plural(s->rows, "record", "records"), s->printed);
}

/* Whether --where is an expression; returns an exit status after a message. */
static int check_where(void)
{
	struct cat_where where;
	struct strbuf err = STRBUF_INIT;
	int r = cat_where_init(&where, &opts.where, &err);
	int status = r < 0 ? opt_usage_error(&spec, "--where: %s", err.s) : EXIT_OK;
	cat_where_release(&where);
	strbuf_release(&err);
	return status;
}

/* Print what the options ask for; returns the exit status. */
static int run(const char *url)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	struct cat_out out = {.left = opts.limit, .counts = opts.stats};
	flow_init(&out.flow, '\n', opts.plain);
	const char *name = NULL;
	char *directory = opts.positions ? NULL : plain_split(url, &name);
	int status = EXIT_OK, r = store_open(directory ? directory : url, NULL, &opts.store, &store, &err);
	free(directory);
	if (r == 0)
		r = print_table(&out, store, name, &err);
	if (r < 0 && err.len)
		warn("%s", err.s);
	if (r < 0)
		status = r == -ENOTSUP || r == -EFBIG ? EXIT_CONFIG : (int)diag_status(r);
	int end = close_output(&out.flow);
	if (!status || end == EXIT_DATA)
		status = end;
	if (opts.stats)
		report(&out.stats);
	store_close(store);
	strbuf_release(&err);
	return status;
}

/* The same with --since, --follow and the like. */
static int run_follow(const char *url)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	sig_effects();
	opts.follow.memory = opts.memory;
	opts.follow.form = &opts.form;
	opts.follow.where = &opts.where;
	opts.follow.store = &opts.store;
	if (opts.follow.batch_ms) /* after a signal, the version that is being read is read to its end */
		opts.store.http.stopped = NULL;
	int r = store_open(url, NULL, &opts.store, &store, &err);
	if (r < 0)
		warn("%s", err.s);
	int status = r < 0 ? (int)diag_status(r) : follow_run(&opts.follow, store, opts.plain);
	store_close(store);
	strbuf_release(&err);
	return status;
}

/* What does not go together with --since, --follow and the like; NULL: all does. */
static const char *no_follow(void)
{
	const struct {
		bool given;
		const char *name;
	} others[] = {{opts.positions, "--positions"}, {opts.limit != UINT64_MAX, "--limit"},
		{!as_of_is_now(&opts.as_of), "--as-of"}, {opts.stats, "--stats"}};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].given)
			return others[i].name;
	return NULL;
}

/* Checks that the table cannot express: OPT_GO or EXIT_USAGE. */
static int check_options(void)
{
	const char *fault = store_options_fault(&opts.store);
	if (fault)
		return opt_usage_error(&spec, "%s", fault);
	if (follow_wanted(&opts.follow) && no_follow())
		return opt_usage_error(
			&spec, "%s does not go with --since, --follow, --batch and --position-file", no_follow());
	if (opts.follow.batch_ms && opts.form.format == PQ_TEXT_CSV)
		return opt_usage_error(&spec, "--format csv does not go with --batch: its fields may have line feeds");
	if (opts.form.header && opts.form.format <= PQ_TEXT_JSON)
		return opt_usage_error(&spec, "--header needs --format tsv or csv");
	if (opts.form.header && opts.follow.batch_ms)
		return opt_usage_error(&spec, "--header does not go with --batch: a marked stream has no header");
	if (opts.positions &&
		(opts.form.columns || opts.form.format >= 0 || opts.where.count || !as_of_is_now(&opts.as_of)))
		return opt_usage_error(&spec, "--positions are those of the newest version, and have no columns");
	int status = check_where();
	return status ? status : follow_check(&opts.follow, &spec);
}

int main(int argc, char **argv)
{
	char **operands;
	sig_filter();
	json_set_alloc_funcs(xmalloc, free); /* so that NULL never means that there is no memory */
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	status = check_options();
	if (status != OPT_GO)
		return status;
	if (checking()) /* everything is opened, and no record is read */
		opts.limit = 0;
	status = follow_wanted(&opts.follow) && !checking() ? run_follow(operands[0]) : run(operands[0]);
	opt_list_release(&opts.where);
	return status;
}
