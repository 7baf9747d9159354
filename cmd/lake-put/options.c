/* The options of lake-put: see options.h. */
#include "options.h"

#include <errno.h>
#include <string.h>

#include "common/data/time.h"
#include "common/data/utf8.h"
#include "common/lake/log.h"
#include "common/parquet/file_schema.h"
#include "partition_options.h"
#include "common/io/file.h"
#include "common/io/pipes.h"

#define MEMORY_DEFAULT (UINT64_C(128) << 20)
#define ROW_GROUP      (UINT64_C(128) << 20)
#define INFER          10000

struct put_options opts = {
	.codec = {CODEC_ZSTD, 3},
	.memory = MEMORY_DEFAULT,
	.infer = INFER,
	.row_group = ROW_GROUP,
	.keep_ms = LOG_KEPT_MS,
	.policy = SINK_POLICY_DEFAULT,
	.store = {.http = {.tell = warn_line}},
};

static int parse_codec(const char *value, void *dest, struct strbuf *err)
{
	opts.snappy = strcmp(value, "snappy") == 0;
	return opts.snappy ? 0 : codec_parse(value, dest, err);
}

/* The index of VALUE among the WORDS of its option, a list that ends with NULL; or -EINVAL. */
static int parse_word(const char *value, const char *const *words, struct strbuf *err)
{
	strbuf_addstr(err, "is not ");
	for (int i = 0; words[i]; i++) {
		if (strcmp(value, words[i]) == 0)
			return i;
		strbuf_addf(err, "%s%s", !i ? "" : words[i + 1] ? ", " : " or ", words[i]);
	}
	return -EINVAL;
}

static int parse_table(const char *value, void *dest, struct strbuf *err)
{
	static const char *const words[] = {[TABLE_RAW] = "raw", [TABLE_DELTA] = "delta", NULL};
	int r = parse_word(value, words, err);
	if (r >= 0)
		*(enum table_kind *)dest = (enum table_kind)r;
	return r < 0 ? r : 0;
}

static int parse_new_field(const char *value, void *dest, struct strbuf *err)
{
	static const char *const words[] = {
		[SHRED_NEW_FAIL] = "fail", [SHRED_NEW_IGNORE] = "ignore", [SHRED_NEW_ADD] = "add", NULL};
	int r = parse_word(value, words, err);
	if (r >= 0)
		*(enum shred_new *)dest = (enum shred_new)r;
	return r < 0 ? r : 0;
}

/* clang-format off */
static const struct opt options[] = {
	{ .name = "table", .type = OPT_CALL, .dest = &opts.table, .arg = "raw|delta", .parse = parse_table,
	  .help = "records as they come, by default, or a Delta table of Parquet files" },
	RECORDS_INPUT_OPTIONS(&opts.input),
	{ .name = "schema", .type = OPT_CALL, .dest = &opts.schema, .arg = "SCHEMA|@FILE", .parse = pq_schema_option,
	  .help = "with --table delta: the columns, such as 'ts timestamp, user string'" },
	{ .name = "infer", .type = OPT_U64, .dest = &opts.infer, .arg = "N", .max = 1 << 24,
	  .help = "a new Delta table without --schema gets the columns of the first N records, 10000 by default" },
	{ .name = "on-new-field", .type = OPT_CALL, .dest = &opts.on_new, .arg = "fail|ignore|add", .parse = parse_new_field,
	  .help = "with --table delta: fields that are not columns make a record bad, by default, are left out, or become columns" },
	{ .name = "create", .dest = &opts.create, .help = "only create the Delta table, with the columns of --schema" },
	{ .name = "row-group", .type = OPT_SIZE, .dest = &opts.row_group, .arg = "SIZE", .min = 1 << 16, .max = 1ull << 40,
	  .help = "with --table delta: bytes of a row group before compression, 128M by default" },
	{ .name = "compress", .type = OPT_CALL, .dest = &opts.codec, .arg = "gzip|zstd|snappy|none[:LEVEL]",
	  .parse = parse_codec, .help = "compression of the files, zstd:3 by default" },
	{ .name = "suffix", .type = OPT_STRING, .dest = &opts.suffix, .arg = "FORMAT",
	  .help = "format in file names: ndjson, csv, …; by default ndjson for JSON objects, else txt" },
	{ .name = "partition-by", .type = OPT_STRING, .dest = &opts.partition_by, .arg = "PATTERN|LIST",
	  .help = "directories by time and fields, such as 'region={.region}/dt=%F', or a Delta table's columns: 'day(ts), region'" },
	{ .name = "time", .type = OPT_STRING, .dest = &opts.time, .arg = "TIME",
	  .help = "the time of a record: .FIELD, $N, FORMAT@.FIELD, FORMAT@N of a line, an expression, or now" },
	{ .name = "tz", .type = OPT_STRING, .dest = &opts.zone, .arg = "ZONE",
	  .help = "zone of partitions, and of times without an offset; UTC by default" },
	{ .name = "drop-time", .dest = &opts.strip, .help = "remove the time from the record" },
	{ .name = "on-bad-time", .type = OPT_STRING, .dest = &opts.bad_value, .arg = "VALUE",
	  .help = "the partition of records without a readable time" },
	REJECTS_OPTIONS(&opts.rejects, "error"),
	ONCE_OPTIONS(&opts.once),
	{ .name = "memory", .type = OPT_SIZE, .dest = &opts.memory, .arg = "SIZE", .min = 1 << 20, .max = 1ull << 44,
	  .help = "memory to use, 128M by default" },
	{ .name = "max-tables", .type = OPT_U64, .dest = &opts.max_tables, .arg = "N", .min = 1, .max = 10000,
	  .help = "if TABLE has a field, such as lake/{.topic}: at most so many tables, 64 by default" },
	SINK_OPTIONS(&opts.policy, "60s by default"),
	{ .name = "also-group", .dest = &opts.also_group,
	  .help = "store a topic for this group although the table has it for another" },
	{ .name = "keep-log", .type = OPT_DURATION, .dest = &opts.keep_ms, .arg = "DURATION",
	  .help = "keep old entries of the log for at least this time, 7d by default" },
	{ .name = "dry-run", .dest = &opts.dry_run,
	  .help = "only try what writing needs: permissions, and that two writers cannot overwrite each other" },
	{ .name = "stats", .type = OPT_STRING, .dest = &opts.stats, .arg = "FILE",
	  .help = "write metrics for Prometheus to FILE" },
	STORE_OPTIONS(&opts.store),
	STORE_TIMEOUT_OPTION(&opts.store),
	STORE_WRITE_OPTIONS(&opts.store),
	FILTER_OPTIONS(&opts.filter),
	{ 0 },
};

static const struct hint hints[] = {
	{ "--format", "records are stored as they come; --suffix is what names of files say, --compress how they are packed" },
	{ "-f", "records are stored as they come; --suffix is what names of files say, --compress how they are packed" },
	{ "--codec", "--compress packs the files" },
	{ "-z", "--compress packs the files" },
	{ "--mode", "records are always added to the table" },
	{ "--append", "records are always added to the table" },
	{ "--overwrite", "records are always added to the table; a new one is another directory" },
	{ "-o", "the table is the first operand, a directory or a URL" },
	{ "--output", "the table is the first operand, a directory or a URL" },
	{ "--path", "the table is the first operand, a directory or a URL" },
	{ "-t", "the table is the first operand, a directory or a URL" },
	{ "--location", "the table is the first operand, a directory or a URL" },
	{ "--interval", "--commit-every says how often to commit" },
	{ "--flush-interval", "--commit-every says how often to commit" },
	{ "--batch", "batches come from `weir consume --batch`" },
	{ "--checkpoint", "the table itself knows how far it is" },
	{ "--csv", "--input csv, with --header when the first line has the columns' names" },
	{ "--tsv", "--input tsv, with --header when the first line has the columns' names" },
	{ "--json", "--input json" },
	{ "-H", "--header says that the first line has the columns' names" },
	{ "-d", "--delimiter C is between the fields of CSV, such as ';'" },
	{ "--timestamp", "--time says where the time of a record is" },
	{0},
};
/* clang-format on */

const struct opt_spec spec = {
	.program = "lake-put",
	.looks = true,
	.operands = "TABLE [FILE ...]",
	.summary = "Write records into a table of a data lake, all or nothing.",
	.example = "weir consume -g clicks --batch 10s clicks |\n"
		   "    weir lake-put --partition-by 'dt=%Y-%m-%d' --time .ts lake/clicks",
	.options = options,
	.hints = hints,
	.min_operands = 1,
};

static bool suffix_ok(const char *s)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t len = strlen(s);
	return len && len <= 16 && strspn(s, chars) == len && strcmp(s, "gz") != 0 && strcmp(s, "zst") != 0;
}

/* What is wrong if an option was given that only the other kind of table has; NULL: nothing. */
static const char *kind_fault(void)
{
	bool delta = opts.table == TABLE_DELTA;
	if (!delta && opts.schema.root.count)
		return "--schema needs --table delta: a raw table stores records as they come";
	if (!delta && opts.infer != INFER)
		return "--infer needs --table delta: a raw table stores records as they come";
	if (opts.schema.root.count && opts.infer != INFER)
		return "--infer and --schema exclude each other: either the columns are given, or inferred";
	if (!delta && opts.on_new != SHRED_NEW_FAIL)
		return "--on-new-field needs --table delta: a raw table stores records as they come";
	if (!delta && opts.row_group != ROW_GROUP)
		return "--row-group needs --table delta";
	if (!delta && opts.snappy)
		return "--compress snappy needs --table delta";
	if (opts.create && (!delta || !opts.schema.root.count))
		return "--create needs --table delta and --schema";
	if (opts.create && (opts.dry_run || opts.once.id))
		return "--create cannot be combined with --dry-run or --id: nothing is read";
	if (delta && opts.suffix)
		return "--suffix is for raw tables: files of a Delta table are Parquet";
	if (delta && opts.strip)
		return "--drop-time is for raw tables: --on-new-field ignore leaves out what is not a column";
	if (delta && opts.bad_value)
		return "--on-bad-time is for raw tables: see --rejects";
	return NULL;
}

/* What is wrong with --input and --header, or NULL; TIMES is what --time names. */
static const char *input_fault(const struct times *times)
{
	bool text = opts.input.format == RECORDS_TSV || opts.input.format == RECORDS_CSV || opts.input.header;
	if (opts.table != TABLE_DELTA && opts.input.sep)
		return "--delimiter needs --table delta: a raw table stores records as they come";
	if (opts.table != TABLE_DELTA)
		return opts.input.header ? "--header needs --table delta: a raw table stores records as they come, and "
					   "its files have no headers"
					 : NULL;
	if (text && times->column)
		return "--time FORMAT@N is for lines of text: columns of TSV and CSV are FORMAT@$N, or FORMAT@.NAME "
		       "with "
		       "--header";
	return NULL;
}

struct records_opts options_input(void)
{
	struct records_opts input = opts.input;
	input.lines = opts.table == TABLE_RAW;
	if (input.format == RECORDS_AUTO && opts.table == TABLE_DELTA && !input.header)
		input.format = RECORDS_JSON;
	return input;
}

int options_check(char **operands, struct layout *layout, struct times *times)
{
	const struct records_opts input = options_input();
	int status = EXIT_OK;
	if (opts.zone && time_zone_set(opts.zone) < 0)
		status = opt_usage_error(&spec, TIME_NO_ZONE, opts.zone);
	else if (opts.input.header && opts.input.format == RECORDS_JSON)
		status = opt_usage_error(&spec, "--header is for TSV and CSV, not for JSON");
	else
		status = partition_options_check(&opts, &spec, &input, layout, times);
	if (!status && opts.suffix && !suffix_ok(opts.suffix))
		status = opt_usage_error(&spec,
			"--suffix '%s' is not 1 to 16 letters and digits, or is that of a "
			"compression",
			opts.suffix);
	if (!status && (opts.dry_run || opts.create) && *operands)
		status = opt_usage_error(&spec, "%s reads nothing: unexpected operand '%s'",
			opts.create ? "--create" : "--dry-run", *operands);
	const char *fault = store_options_fault(&opts.store);
	fault = fault ? fault : kind_fault();
	fault = fault ? fault : input_fault(times);
	if (!status && file_is_input(opts.stats, operands))
		fault = "the file of --stats is also an input";
	if (!status && fault)
		status = opt_usage_error(&spec, "%s", fault);
	return status ? status : once_check(&opts.once, &spec, operands);
}
