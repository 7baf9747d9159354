/*
 * produce: writes records to a Kafka topic.
 *
 * Input: lines, or the JSON objects that consume writes.  Ends with 0 only when all in-sync replicas have acknowledged
 * every record.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cmd/produce/produce.h"
#include "common/base/escape.h"
#include "common/base/sig.h"
#include "common/kafka/names.h"

#define CODECS "none|gzip|snappy|lz4|zstd"

static struct produce_opts opts = {.cut = STRBUF_INIT, .partition = UINT64_MAX, .codec = -1, .timeout_ms = 30000};

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
	{.key = 'z', .name = "compress", .type = OPT_CHOICE, .dest = &opts.codec, .arg = CODECS,
		.help = "compress batches"},
	{.name = "format", .type = OPT_CHOICE, .dest = &opts.format, .arg = "raw|json",
		.help = "lines, or what consume --format json writes"},
	{.name = "keep", .type = OPT_CALL, .dest = &opts, .arg = "PARTS", .parse = parse_keep, .many = true,
		.help = "with --format json: keep partition, timestamp or both"},
	REJECTS_OPTIONS(&opts.rejects, "error"),
	KAFKA_TIMEOUT_OPTION(&opts.timeout_ms, "how long to wait for the brokers, 30s by default"),
	FILTER_OPTIONS(&opts.filter),
	VERBOSITY_OPTIONS(&opts.verbosity),
	{0},
};
/* clang-format on */

/* clang-format off */
static const struct hint hints[] = {
	{ "-P", "`weir consume` reads, `weir produce` writes" },
	{ "-C", "`weir consume` reads, `weir produce` writes" },
	{ "-l", "files are operands after the topic" },
	{ "-D", "records end with a line feed, or with NUL by -0" },
	{ "-Z", "null is a value of --format json only" },
	{ "-T", "`tee` before it shows what is sent" },
	{ "-t", "the topic is the first operand, as in `weir produce clicks`" },
	{ "--topic", "the topic is the first operand, as in `weir produce clicks`" },
	{ "-f", "files are operands after the topic" },
	{ "--file", "files are operands after the topic" },
	{ "--partitioner", "-X partitioner=" },
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
	.operands = "TOPIC [FILE ...]",
	.summary = "Write records to a Kafka topic and wait until all are acknowledged.",
	.example = "tail -F /var/log/syslog | weir produce -b broker:9092 syslog",
	.library = "librdkafka",
	.library_version = rd_kafka_version_str,
	.options = options,
	.hints = hints,
	.min_operands = 1,
};

/* Make the headers of -H; returns OPT_GO or the exit status after a message. */
static int make_headers(rd_kafka_headers_t **ret)
{
	if (!opts.headers.count)
		return OPT_GO;
	rd_kafka_headers_t *headers = rd_kafka_headers_new(opts.headers.count);
	for (size_t i = 0; i < opts.headers.count; i++) {
		const char *name = opts.headers.items[i], *equals = strchr(name, '=');
		if (!equals || equals == name) {
			rd_kafka_headers_destroy(headers);
			return opt_usage_error(&spec, "option --header: '%s' is not NAME=VALUE", name);
		}
		rd_kafka_header_add(headers, name, equals - name, equals + 1, -1);
	}
	*ret = headers;
	return OPT_GO;
}

static int check_topic(char *topic)
{
	struct strbuf err = STRBUF_INIT;
	int r = names_check_topics((char *[]){topic, NULL}, &err);
	int status = r < 0 ? opt_usage_error(&spec, "%s", err.s) : OPT_GO;
	strbuf_release(&err);
	return status;
}

/* Checks that the table cannot express; returns OPT_GO or EXIT_USAGE. */
static int check_options(char *topic)
{
	bool json = opts.format == PRODUCE_JSON;
	if (opts.key && opts.cut.len)
		return opt_usage_error(&spec, "--key and --key-delimiter exclude each other");
	if (json && (opts.key || opts.cut.len))
		return opt_usage_error(&spec, "--format json has the keys in its records");
	if (!json && (opts.keep_partition || opts.keep_timestamp))
		return opt_usage_error(&spec, "--keep needs --format json");
	if (opts.keep_partition && opts.partition != UINT64_MAX)
		return opt_usage_error(&spec, "--keep partition and --partition exclude each other");
	return check_topic(topic);
}

/* A failure ends the program even when no further record comes. */
static int look(void *self, struct flow *flow)
{
	struct produce *p = self;
	(void)flow;
	return sender_check(&p->sender);
}

/* Read all inputs, and wait for the records that were handed over. */
static int send_all(struct produce *p, char **files)
{
	const struct filter filter = {
		.span = opts.format == PRODUCE_JSON ? produce_json : produce_raw, .idle = look, .plain_only = true};
	int status = filter_run(&filter, p, &opts.filter, files);
	p->rejects.read = p->records + p->rejects.count;
	if (status <= EXIT_NO)
		status = rejects_batch(&p->rejects, NULL);
	/* Whatever has ended the input, the result for the records handed over before is included. */
	int unacknowledged = sender_finish(&p->sender, produce_where, p);
	if (unacknowledged && status != EXIT_DATA)
		status = unacknowledged;
	if (!unacknowledged)
		inform("done: %" PRIu64 " %s acknowledged", p->sender.accepted,
			diag_plural(p->sender.accepted, "record", "records"));
	return status;
}

static int run(const char *topic, char **files)
{
	static const char *const codecs[] = {"none", "gzip", "snappy", "lz4", "zstd"};
	struct produce p = {.opts = &opts};
	opts.filter.as_is = opts.filter.null; /* values of any bytes */
	int status = make_headers(&p.headers);
	if (status != OPT_GO)
		return status;
	status = rejects_open(&p.rejects, &opts.rejects, &spec, files);
	if (opts.format == PRODUCE_JSON && json_record_init(&p.reader) < 0)
		die(EXIT_TEMP, "%s", diag_strerror(ENOMEM));
	int32_t partition = opts.partition == UINT64_MAX ? RD_KAFKA_PARTITION_UA : (int32_t)opts.partition;
	if (status == OPT_GO)
		status = sender_init(&p.sender, &opts.kafka, topic, partition,
			opts.codec < 0 ? NULL : codecs[opts.codec], (int)opts.timeout_ms);
	if (!status) {
		inform("writing to topic '%s'", topic);
		status = send_all(&p, files);
	}
	status = rejects_end(&p.rejects, status);
	sender_release(&p.sender);
	if (p.headers)
		rd_kafka_headers_destroy(p.headers);
	if (opts.format == PRODUCE_JSON)
		json_record_release(&p.reader);
	places_release(&p.places);
	return status;
}

int main(int argc, char **argv)
{
	char **operands;
	diag_init(spec.program);
	sig_effects();
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status == OPT_GO)
		status = check_options(operands[0]);
	verbosity_set(&opts.verbosity);
	if (status == OPT_GO)
		status = run(operands[0], operands + 1);
	kafka_opts_release(&opts.kafka);
	opt_list_release(&opts.headers);
	strbuf_release(&opts.cut);
	return status;
}
