/*
 * produce: writes records to a Kafka topic.
 *
 * Input: lines, or the JSON objects that consume writes.  Ends with 0 only when all in-sync replicas have acknowledged
 * every record.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/produce/produce.h"
#include "common/base/escape.h"
#include "common/base/sig.h"
#include "common/kafka/names.h"

#define CODECS "none|gzip|snappy|lz4|zstd"

#define COMMIT_MS    60000
#define COMMIT_BYTES (UINT64_C(128) << 20)

static struct produce_opts opts = {.cut = STRBUF_INIT,
	.partition = UINT64_MAX,
	.codec = -1,
	.timeout_ms = 30000,
	.from.input.header_option = "--header-line",
	.policy = {.every_ms = -1, .records = UINT64_MAX}};

static int parse_cut(const char *value, void *dest, struct strbuf *err)
{
	struct strbuf *cut = dest;
	strbuf_clear(cut);
	int r = escape_text(value, cut, err);
	if (!r && !cut->len)
		strbuf_addstr(err, "is empty");
	return r || !cut->len ? -1 : 0;
}

static int parse_keep(const char *value, void *dest, struct strbuf *err)
{
	struct produce_opts *o = dest;
	for (const char *w = value; w;) {
		size_t n = strcspn(w, ",");
		if (n == 9 && memcmp(w, "partition", n) == 0)
			o->keep_partition = true;
		else if (n == 9 && memcmp(w, "timestamp", n) == 0)
			o->keep_timestamp = true;
		else
			return strbuf_addstr(err, "is not partition, timestamp or partition,timestamp"), -1;
		w = w[n] ? w + n + 1 : NULL;
	}
	return 0;
}

/* clang-format off */
static const struct opt options[] = {
	KAFKA_OPTIONS(&opts.kafka),
	{.key = 'k', .name = "key", .type = OPT_STRING, .dest = &opts.key, .arg = "KEY", .help = "the key of every record"},
	{.key = 'K', .name = "key-delimiter", .type = OPT_CALL, .dest = &opts.cut, .arg = "DELIM", .parse = parse_cut,
		.help = "a line is a key, DELIM and a value; with \\t \\n \\\\ \\xNN"},
	{.key = 'H', .name = "header", .type = OPT_LIST, .dest = &opts.headers, .arg = "NAME=VALUE",
		.help = "add this header to every record"},
	{.key = 'p', .name = "partition", .type = OPT_U64, .dest = &opts.partition, .arg = "PARTITION",
		.max = INT32_MAX, .help = "the partition of every record"},
	{.name = "tombstone", .type = OPT_STRING, .dest = &opts.tombstone, .arg = "TEXT",
		.help = "a value that equals TEXT is sent as null"},
	FROM_OPTIONS(&opts.from),
	{.key = 'z', .name = "compress", .type = OPT_CHOICE, .dest = &opts.codec, .arg = CODECS,
		.help = "compress batches"},
	{.name = "format", .type = OPT_CHOICE, .dest = &opts.format, .arg = "raw|json|file",
		.help = "lines, what consume --format json writes, or a record for each file"},
	{.name = "keep", .type = OPT_CALL, .dest = &opts, .arg = "PARTS", .parse = parse_keep, .many = true,
		.help = "with --format json: keep partition, timestamp or both"},
	REJECTS_OPTIONS(&opts.rejects, "error"),
	{.name = "dead-letter", .type = OPT_STRING, .dest = &opts.dead_letter, .arg = "TOPIC",
		.help = "bad records go to this topic, with the reason in headers"},
	{.name = "rate", .type = OPT_U64, .dest = &opts.rate, .arg = "N", .min = 1, .max = 1000000000,
		.help = "at most N records a second"},
	SINK_OPTIONS(&opts.policy, "by default every batch"),
	KAFKA_TIMEOUT_OPTION(&opts.timeout_ms, "how long to wait for the brokers, 30s by default"),
	FILTER_OPTIONS(&opts.filter),
	{0},
};
/* clang-format on */

/* clang-format off */
static const struct hint hints[] = {
	{ "-P", "`weir consume` reads, `weir produce` writes" },
	{ "-C", "`weir consume` reads, `weir produce` writes" },
	{ "-l", "files are operands after the topic; a record for each file: --format file" },
	{ "--throttle", "--rate N records a second" },
	{ "--throughput", "--rate N records a second" },
	{ "-D", "records end with a line feed, or with NUL by -0" },
	{ "-Z", "--tombstone ''" },
	{ "-T", "`tee` before it shows what is sent" },
	{ "-t", "the topic is the first operand, as in `weir produce clicks`" },
	{ "--topic", "the topic is the first operand, as in `weir produce clicks`" },
	{ "-f", "files are operands after the topic" },
	{ "--file", "files are operands after the topic" },
	{ "--compression-codec", "-z compresses batches" },
	{ "--compression", "-z compresses batches" },
	{ "--batch-size", "-X batch.size=" },
	{ "--sync", "by itself it waits until all records are acknowledged" },
	{ "--acks", "all replicas acknowledge, unless -X acks=N says otherwise" },
	{ "-J", "--format json" },
	{ "--json", "--format json" },
	KAFKA_HINTS,
	{ 0 },
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "produce",
	.looks = true,
	.operands = "TOPIC [FILE ...]",
	.summary = "Write records to a Kafka topic and wait until all are acknowledged.",
	.example = "tail -F /var/log/syslog | weir produce -b broker:9092 syslog",
	.library = "librdkafka",
	.library_version = rd_kafka_version_str,
	.options = options,
	.hints = hints,
	.min_operands = 1,
};

static int check_topic(const char *topic)
{
	struct strbuf err = STRBUF_INIT;
	int r = names_check_topics((char *[]){(char *)(uintptr_t)topic, NULL}, &err);
	int status = r < 0 ? opt_usage_error(&spec, "%s", err.s) : OPT_GO;
	strbuf_release(&err);
	return status;
}

static int check_dead_letter(const char *topic)
{
	if (opts.rejects.fate != REJECTS_ERROR)
		return opt_usage_error(&spec, "--dead-letter and --rejects exclude each other");
	if (strcmp(opts.dead_letter, topic) == 0)
		return opt_usage_error(&spec, "--dead-letter cannot be the topic itself");
	opts.rejects.fate = REJECTS_DROP;
	opts.rejects.topic = opts.dead_letter;
	return check_topic(opts.dead_letter);
}

/* Where the parts of a record come from. */
static int check_parts(void)
{
	bool json = opts.format == PRODUCE_JSON, fields = from_is_wanted(&opts.from);
	const struct records_opts *in = &opts.from.input;
	if (!!opts.key + !!opts.cut.len + !!opts.from.key > 1)
		return opt_usage_error(&spec, "--key, --key-delimiter and --key-from exclude each other");
	if (fields && opts.cut.len)
		return opt_usage_error(&spec, "--key-delimiter and fields of the line exclude each other");
	if (json && (opts.key || opts.cut.len || fields || opts.tombstone))
		return opt_usage_error(&spec, "--format json has key, value, headers and time in its records");
	if (opts.format == PRODUCE_FILE && (opts.cut.len || fields))
		return opt_usage_error(&spec, "--format file has no lines");
	if (!fields && (in->format || in->header || in->sep || in->tz))
		return opt_usage_error(
			&spec, "--input, --header-line, --delimiter and --tz need a field, as in --key-from");
	if (opts.partition != UINT64_MAX && (opts.from.partitioner || opts.from.partition))
		return opt_usage_error(&spec, "--partition and --partitioner exclude each other");
	return OPT_GO;
}

/* Checks that the table cannot express; returns OPT_GO or EXIT_USAGE. */
static int check_options(char *topic)
{
	bool json = opts.format == PRODUCE_JSON;
	int status = check_parts();
	if (status != OPT_GO)
		return status;
	if (!json && (opts.keep_partition || opts.keep_timestamp))
		return opt_usage_error(&spec, "--keep needs --format json");
	if (opts.keep_partition && opts.partition != UINT64_MAX)
		return opt_usage_error(&spec, "--keep partition and --partition exclude each other");
	opts.filter.as_is = opts.filter.null; /* values of any bytes */
	/* Every batch, unless something else was asked for. */
	if (opts.policy.every_ms < 0)
		opts.policy.every_ms = opts.policy.bytes || opts.policy.records != UINT64_MAX ? COMMIT_MS : 0;
	if (!opts.policy.bytes)
		opts.policy.bytes = COMMIT_BYTES;
	status = check_topic(topic);
	return status == OPT_GO && opts.dead_letter ? check_dead_letter(topic) : status;
}

int main(int argc, char **argv)
{
	char **operands;
	diag_init(spec.program);
	sig_effects();
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status == OPT_GO)
		status = check_options(operands[0]);
	if (status == OPT_GO)
		status = produce_run(&opts, &spec, operands[0], operands + 1);
	kafka_opts_release(&opts.kafka);
	opt_list_release(&opts.headers);
	opt_list_release(&opts.from.headers);
	strbuf_release(&opts.cut);
	return status;
}
