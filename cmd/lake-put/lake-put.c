/*
 * lake-put: records into a table of a data lake, all or nothing.
 *
 * A plain stream is staged while it is read, committed at its end and then published, through the
 * commit log of common/lake/log.h.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/sig.h"
#include "common/base/verbosity.h"
#include "common/data/time.h"
#include "common/data/utf8.h"
#include "pipes.h"
#include "table.h"
#include "times.h"

#define MEMORY_DEFAULT (UINT64_C(128) << 20)
#define ID_MAX         1024 /* bytes */

static struct {
	struct filter_opts filter;
	struct codec_spec codec;
	const char *partition_by, *time, *zone, *bad_value, *id;
	const char *suffix;
	bool strip, trust_eof, also_group;
	uint64_t memory;
	int64_t keep_ms;
	struct rejects_opts rejects;
	struct sink_policy policy;
	const char *stats;
	struct verbosity verbosity;
} opts = {
	.codec = {CODEC_ZSTD, 3},
	.memory = MEMORY_DEFAULT,
	.keep_ms = LOG_KEPT_MS,
	.policy = SINK_POLICY_DEFAULT,
};

static int parse_codec(const char *value, void *dest, struct strbuf *err)
{
	return codec_parse(value, dest, err);
}

/* clang-format off */
static const struct opt options[] = {
	{ .name = "compress", .type = OPT_CALL, .dest = &opts.codec, .arg = "gzip|zstd|none[:LEVEL]",
	  .parse = parse_codec, .help = "compression of the files, zstd:3 by default" },
	{ .name = "suffix", .type = OPT_STRING, .dest = &opts.suffix, .arg = "FORMAT",
	  .help = "format in file names: ndjson, csv, …; by default ndjson for JSON objects, else txt" },
	{ .name = "partition-by", .type = OPT_STRING, .dest = &opts.partition_by, .arg = "PATTERN",
	  .help = "directories by time, such as 'dt=%Y-%m-%d/hour=%H'" },
	{ .name = "time", .type = OPT_STRING, .dest = &opts.time, .arg = "TIME",
	  .help = "the time of a record: .FIELD, FORMAT@.FIELD, FORMAT@N of a line, an expression, or now" },
	{ .name = "tz", .type = OPT_STRING, .dest = &opts.zone, .arg = "ZONE",
	  .help = "zone of partitions, and of times without an offset; UTC by default" },
	{ .name = "drop-time", .dest = &opts.strip, .help = "remove the time from the record" },
	{ .name = "on-bad-time", .type = OPT_STRING, .dest = &opts.bad_value, .arg = "VALUE",
	  .help = "the partition of records without a readable time" },
	REJECTS_OPTIONS(&opts.rejects, "error"),
	{ .name = "id", .type = OPT_STRING, .dest = &opts.id, .arg = "NAME",
	  .help = "store the input once: a second run with NAME changes nothing" },
	{ .name = "trust-eof", .dest = &opts.trust_eof, .help = "with --id: treat the end of a pipe as the end of the data" },
	{ .name = "memory", .type = OPT_SIZE, .dest = &opts.memory, .arg = "SIZE", .min = 1 << 20, .max = 1ull << 44,
	  .help = "memory to use, 128M by default" },
	SINK_OPTIONS(&opts.policy),
	{ .name = "also-group", .dest = &opts.also_group,
	  .help = "store a topic for this group although the table has it for another" },
	{ .name = "keep-log", .type = OPT_DURATION, .dest = &opts.keep_ms, .arg = "DURATION",
	  .help = "keep old entries of the log for at least this time, 7d by default" },
	{ .name = "stats", .type = OPT_STRING, .dest = &opts.stats, .arg = "FILE",
	  .help = "write metrics for Prometheus to FILE" },
	FILTER_OPTIONS(&opts.filter),
	VERBOSITY_OPTIONS(&opts.verbosity),
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
	{ "-o", "the table is the first operand, a directory" },
	{ "--output", "the table is the first operand, a directory" },
	{ "--path", "the table is the first operand, a directory" },
	{ "-t", "the table is the first operand, a directory" },
	{ "--table", "the table is the first operand, a directory" },
	{ "--location", "the table is the first operand, a directory" },
	{ "--interval", "--commit-every says how often is committed" },
	{ "--flush-interval", "--commit-every says how often is committed" },
	{ "--batch", "batches come from `weir consume --batch`" },
	{ "--checkpoint", "the table itself knows how far it is" },
	{ "--timestamp", "--time says where the time of a record is" },
	{ "--schema", "records are stored as they come; `weir clean` in front checks them" },
	{0},
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "lake-put",
	.operands = "DIR [FILE ...]",
	.summary = "Write records into a table of a data lake, all or nothing.",
	.example = "weir consume -g clicks --batch 10s clicks |\n"
		   "    weir lake-put --partition-by 'dt=%Y-%m-%d' --time .ts lake/clicks",
	.options = options,
	.hints = hints,
	.min_operands = 1,
};

static int check_id(char **operands)
{
	if (!opts.id)
		return opts.trust_eof ? opt_usage_error(&spec, "--trust-eof needs --id") : EXIT_OK;
	if (!*opts.id || strlen(opts.id) > ID_MAX || !utf8_valid(opts.id, strlen(opts.id)))
		return opt_usage_error(&spec, "--id is not 1 to %d bytes of UTF-8", ID_MAX);
	size_t i = 0;
	do {
		const char *path = operands[i] ? operands[i] : "-";
		if (!opts.trust_eof && !pipes_no_pipe(path))
			return opt_usage_error(&spec,
				"--id takes regular files, which '%s' is not: its end may as well be a failure before "
				"it; write a file first (--trust-eof takes the pipe all the same)",
				path);
	} while (operands[i] && operands[++i]);
	return EXIT_OK;
}

/* Whether the directory for --on-bad-time can have that name. */
static bool bad_value_fits(const struct layout *layout)
{
	struct strbuf dir = STRBUF_INIT;
	char **values = layout_constant(layout, opts.bad_value);
	int r = layout_dir(layout, values, &dir);
	layout_free_values(layout, values);
	strbuf_release(&dir);
	return r == 0;
}

static bool suffix_ok(const char *s)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t len = strlen(s);
	return len && len <= 16 && strspn(s, chars) == len && strcmp(s, "gz") != 0 && strcmp(s, "zst") != 0;
}

static int check_options(char **operands, struct layout *layout, struct times *times)
{
	struct strbuf err = STRBUF_INIT;
	int status = EXIT_OK;
	const char *time = opts.time ? opts.time : "now";
	if (opts.zone && time_zone_set(opts.zone) < 0)
		status = opt_usage_error(&spec, TIME_NO_ZONE, opts.zone);
	else if (layout_init(layout, opts.partition_by, &err) < 0)
		status = opt_usage_error(&spec, "--partition-by '%s': %s", opts.partition_by, err.s);
	else if (layout->count && !opts.time)
		status = opt_usage_error(
			&spec, "--partition-by needs --time: .FIELD, FORMAT@N, or now, which is when a record is read");
	else if (times_init(times, time, opts.strip, &opts.filter, &err) < 0)
		status = opt_usage_error(&spec, "--time '%s': %s", time, err.s);
	else if (opts.bad_value && (!*opts.bad_value || !utf8_valid(opts.bad_value, strlen(opts.bad_value))))
		status = opt_usage_error(&spec, "--on-bad-time is empty or not UTF-8");
	else if (opts.bad_value && !layout->count)
		status = opt_usage_error(&spec, "--on-bad-time needs --partition-by");
	else if (opts.bad_value && opts.rejects.fate != REJECTS_ERROR)
		status = opt_usage_error(&spec,
			"--on-bad-time and --rejects exclude each other: either such records are stored, or not");
	else if (opts.bad_value && !bad_value_fits(layout))
		status = opt_usage_error(&spec, "--on-bad-time is too long for the name of a directory");
	strbuf_release(&err);
	if (!status && opts.suffix && !suffix_ok(opts.suffix))
		status = opt_usage_error(&spec,
			"--suffix '%s' is not 1 to 16 letters and digits, without that of a "
			"compression",
			opts.suffix);
	return status ? status : check_id(operands);
}

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
	int r = store_open_writer(url, uuid, &store, &err);
	struct writer_config config = {.store = store,
		.layout = layout,
		.codec = opts.codec,
		.memory = opts.memory,
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
	status = check_options(operands + 1, &layout, &times);
	if (status == EXIT_OK)
		status = rejects_open(&rejects, &opts.rejects, &spec, operands + 1);
	if (status == OPT_GO)
		status = run(operands[0], operands + 1, &layout, &times, &rejects);
	status = rejects_end(&rejects, status);
	times_release(&times);
	layout_release(&layout);
	return status;
}
