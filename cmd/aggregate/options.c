/* The options of aggregate. */
#include "cmd/aggregate/aggregate.h"
#include "cmd/aggregate/kinds.h"

struct aggregate_opts aggregate_options = {.emit = {.limit = UINT64_MAX}, .lateness_ms = -1, .future = FUTURE_DEFAULT};

/* clang-format off */
static const struct opt options[] = {
	{ .key = 'g', .name = "by", .type = OPT_STRING, .dest = &aggregate_options.by, .arg = "LIST",
	  .help = "group by these fields (.a,.b or $1,$2) or expressions: a row for each combination of their values" },
	{ .name = "having", .type = OPT_STRING, .dest = &aggregate_options.emit.having, .arg = "EXPR",
	  .help = "print only rows for which this is true; its fields are output columns" },
	{ .name = "sort", .type = OPT_STRING, .dest = &aggregate_options.emit.sort, .arg = "LIST",
	  .help = "sort rows by these output columns; '-' before one sorts its highest first" },
	{ .key = 'n', .name = "top", .type = OPT_U64, .dest = &aggregate_options.emit.limit, .arg = "TOP",
	  .help = "print only the first TOP rows" },
	{ .name = "format", .type = OPT_CHOICE, .dest = &aggregate_options.emit.format, .arg = "auto|json|tsv|table",
	  .help = "output format; auto: a table on a terminal, else JSON" },
	{ .name = "no-header", .dest = &aggregate_options.emit.no_header, .help = "TSV, table: no line of column names" },
	{ .name = "batch-time", .dest = &aggregate_options.batch_time,
	  .help = "begin rows with the times between which their batch was read" },
	{ .name = "max-groups", .type = OPT_U64, .dest = &aggregate_options.max_groups, .arg = "N", .min = 1, .max = GROUPS_MAX,
	  .help = "how many groups to keep at most" },
	{ .name = "overflow", .type = OPT_CHOICE, .dest = &aggregate_options.overflow, .arg = "error|other",
	  .help = "what to do with more groups than --max-groups: end, or count them together" },
	{ .name = "window", .type = OPT_STRING, .dest = &aggregate_options.window, .arg = "WINDOW",
	  .help = "group by time, too: 'tumbling SIZE', 'sliding SIZE STEP' or 'session GAP'" },
	{ .name = "time", .type = OPT_STRING, .dest = &aggregate_options.time, .arg = "TIME",
	  .help = "the time of a record: a field, FORMAT@FIELD, an expression, or now" },
	{ .name = "lateness", .type = OPT_DURATION, .dest = &aggregate_options.lateness_ms, .arg = "DURATION", .max = 315360000000000,
	  .help = "how far records may be behind the latest one; without it windows stay open to the end" },
	{ .name = "watermark", .type = OPT_CHOICE, .dest = &aggregate_options.watermark, .arg = "source|event",
	  .help = "marked streams: whether windows wait for partitions that are behind (source) or not (event)" },
	{ .name = "late", .type = OPT_STRING, .dest = &aggregate_options.late, .arg = "drop|emit|FILE",
	  .help = "what to do with records that are later than that" },
	FUTURE_OPTION(&aggregate_options.future),
	{ .name = "emit", .type = OPT_CHOICE, .dest = &aggregate_options.when, .arg = "final|update|batch",
	  .help = "which rows to write: of closed windows; after each batch also changed ones, or all" },
	CHECKPOINT_OPTIONS(&aggregate_options.checkpoint),
	{ .name = "partial", .dest = &aggregate_options.emit.partial, .help = "write partial results for --merge" },
	{ .name = "merge", .dest = &aggregate_options.merge, .help = "join partial results of the same query, which are the input" },
	{ .name = "strict", .dest = &aggregate_options.strict, .help = "treat a record as bad if a metric of numbers gets something else" },
	RECORD_FILTER_OPTIONS(&aggregate_options.common, "error"),
	{0},
};
static const struct hint hints[] = {
	BY_HINTS,
	{ "--order-by", "the order of the rows is --sort" },
	{ "--orderby", "the order of the rows is --sort" },
	{ "--order", "the order of the rows is --sort" },
	{ "--limit", "-n TOP prints the first rows only" },
	{ "--head", "-n TOP prints the first rows only" },
	{ "--filter", "`weir filter EXPR` before it chooses records, --having EXPR rows" },
	{ "--where", "`weir filter EXPR` before it chooses records, --having EXPR rows" },
	{ "--output-format", "--format says how the rows are printed" },
	{ "--metric", "metrics are operands, such as count or 'sum(.x)'" },
	{ "--metrics", "metrics are operands, such as count or 'sum(.x)'" },
	{ "-m", "metrics are operands, such as count or 'sum(.x)'" },
	{ "-a", "metrics are operands, such as count or 'sum(.x)'" },
	{ "-f", "metrics are operands, such as count or 'sum(.x)'" },
	{ "--count", "metrics are operands, such as count or 'sum(.x)'" },
	{ "--sum", "metrics are operands, such as count or 'sum(.x)'" },
	{ "--every", "--window 'tumbling 10s' makes groups of ten seconds" },
	{ "--interval", "--window 'tumbling 10s' makes groups of ten seconds" },
	{ "--grace", "--lateness says how far records may be behind" },
	RECORDS_HINTS,
	{0},
};
/* clang-format on */

static void more(struct strbuf *out)
{
	kinds_help(out);
	window_help(out);
}

const struct opt_spec aggregate_spec = {
	.program = "aggregate",
	.looks = true,
	.operands = "METRIC ... [FILE ...]",
	.summary = "Count and sum up records of JSON, TSV or CSV, by key.",
	.example = "weir aggregate -g .user count 'sum(.amount)' \\\n"
		   "    --sort -sum_amount -n 10 events.ndjson",
	.more = more,
	.options = options,
	.hints = hints,
	.min_operands = 1,
};
