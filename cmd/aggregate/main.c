/*
 * aggregate: counts, sums and other metrics of records, by key.
 *
 * Input: records of JSON, TSV or CSV.  Output at the end of each batch (a plain stream is one): a row for each group,
 * in the order of the keys.  What can not be read ends a marked stream before its batch is acknowledged; a plain stream
 * goes on without it, and the exit status is 65.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/aggregate.h"
#include "common/base/sig.h"

static struct aggregate_opts opts = {.emit = {.limit = UINT64_MAX}, .future = FUTURE_DEFAULT};

static const struct opt options[] = {
	{.key = 'g',
		.name = "group",
		.type = OPT_STRING,
		.dest = &opts.group,
		.arg = "LIST",
		.help = "one row for each of the values of these fields: .a,.b or $1,$2"},
	{.name = "having",
		.type = OPT_STRING,
		.dest = &opts.emit.having,
		.arg = "EXPR",
		.help = "only the rows for which this holds; its fields are columns of the output"},
	{.name = "sort",
		.type = OPT_STRING,
		.dest = &opts.emit.sort,
		.arg = "LIST",
		.help = "order of the rows: columns of the output, with a '-' in front the highest first"},
	{.key = 'n',
		.name = "top",
		.type = OPT_U64,
		.dest = &opts.emit.limit,
		.arg = "TOP",
		.help = "print the first TOP rows only"},
	{.name = "format",
		.type = OPT_CHOICE,
		.dest = &opts.emit.format,
		.arg = "auto|json|tsv|table",
		.help = "how to print them; auto: a table on a terminal, else JSON"},
	{.name = "no-header", .dest = &opts.emit.no_header, .help = "TSV, table: no line with the columns' names"},
	{.name = "max-groups",
		.type = OPT_U64,
		.dest = &opts.max_groups,
		.arg = "N",
		.min = 1,
		.max = GROUPS_MAX,
		.help = "groups that are kept at most"},
	{.name = "overflow",
		.type = OPT_CHOICE,
		.dest = &opts.overflow,
		.arg = "error|other",
		.help = "what --max-groups does with more: end, or take them together"},
	{.name = "window",
		.type = OPT_STRING,
		.dest = &opts.window,
		.arg = "WINDOW",
		.help = "'tumbling SIZE', 'sliding SIZE STEP' or 'session GAP': groups are of a time, too"},
	{.name = "time",
		.type = OPT_STRING,
		.dest = &opts.time,
		.arg = "EXPR",
		.help = "the time of a record: a field, or an expression"},
	{.name = "lateness",
		.type = OPT_DURATION,
		.dest = &opts.lateness_ms,
		.arg = "DURATION",
		.max = 315360000000000,
		.help = "how far records may be behind the latest one; without it, not at all"},
	{.name = "late",
		.type = OPT_STRING,
		.dest = &opts.late,
		.arg = "drop|emit|FILE",
		.help = "what becomes of those that come later still"},
	FUTURE_OPTION(&opts.future),
	{.name = "emit",
		.type = OPT_CHOICE,
		.dest = &opts.when,
		.arg = "final|update|batch",
		.help = "rows of closed windows, also of changed ones after each batch, or of all"},
	CHECKPOINT_OPTIONS(&opts.checkpoint),
	{.name = "partial", .dest = &opts.emit.partial, .help = "write results that --merge can join"},
	{.name = "merge", .dest = &opts.merge, .help = "the input is such results of the same query"},
	RECORDS_OPTIONS(&opts.records),
	{.name = "strict", .dest = &opts.strict, .help = "an error where a metric of numbers gets something else"},
	{.name = "stats", .dest = &opts.stats, .help = "print counts on standard error at the end"},
	FILTER_OPTIONS(&opts.filter),
	{0},
};

static const struct opt_spec spec = {
	.program = "aggregate",
	.operands = "METRIC ... [FILE ...]",
	.summary = "Count and sum up records of JSON, TSV or CSV, by key.",
	.options = options,
	.min_operands = 1,
};

static int take_span(void *self, const char *s, size_t len, struct flow *flow)
{
	return aggregate_take_span(self, s, len, flow);
}

static int end_batch(void *self, struct flow *flow)
{
	struct aggregate *a = self;

	records_end(a->records);
	int r = aggregate_take(a, flow);
	return r ? r : aggregate_batch(a, flow);
}

static int end_all(void *self, struct flow *flow)
{
	return aggregate_end(self, flow);
}

static int keep_state(void *self, enum filter_moment when, const struct mark *mark)
{
	return aggregate_state(self, when, mark);
}

/* How many operands stand behind a `--`: those are files. */
static int count_files(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return argc - i - 1;
	return 0;
}

/* Compile everything.  OPT_GO, or the exit status after a message; *OPERANDS are the files then. */
static int prepare(struct aggregate *a, char ***operands, int files)
{
	struct strbuf err = STRBUF_INIT;
	char **last = *operands;
	int r = OPT_GO;

	while (*last)
		last++;
	int n = aggregate_init(a, &opts, *operands, last - files, &err);
	if (n == 0)
		r = opt_usage_error(&spec, "'%s' is no metric, as count or sum(.field)", **operands);
	else if (n == -EINVAL)
		r = opt_usage_error(&spec, "%s", err.s);
	else if (n < 0) {
		warn("%s%s", err.s, err.len ? "" : diag_strerror(n));
		r = diag_status(n);
	} else
		*operands += n;
	strbuf_release(&err);
	return r;
}

int main(int argc, char **argv)
{
	static const struct filter filter = {
		.span = take_span, .batch = end_batch, .end = end_all, .state = keep_state};
	struct aggregate a;
	char **operands;
	int files = count_files(argc, argv);
	int r = opt_parse(&spec, argc, argv, &operands);
	if (r != OPT_GO)
		return r;
	r = prepare(&a, &operands, files);
	if (r == OPT_GO && (r = aggregate_open(&a)) == 0) {
		sig_filter();
		r = filter_run(&filter, &a, &opts.filter, operands);
		aggregate_report(&a);
	}
	return aggregate_release(&a, r);
}
