/*
 * consume: records of Kafka topics to standard output.  See weir-consume(1).
 */
#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/num.h"
#include "common/base/sig.h"
#include "common/data/time.h"
#include "common/data/where_parse.h"
#include "common/kafka/names.h"
#include "topics.h"

/* Sets RECORDS (for a plain number) or BYTES (for one with a unit). */
static int parse_limit(const char *word, struct batch_options *o)
{
	bool unit = *word && strspn(word, "0123456789") != strlen(word);
	uint64_t *to = unit ? &o->bytes : &o->records;
	if (*to != UINT64_MAX)
		return -EINVAL;
	return unit ? num_size(word, to) : num_u64(word, to);
}

static int parse_batch(const char *value, void *dest, struct strbuf *err)
{
	struct batch_options *o = dest;
	char *copy = xstrdup(value), *rest = copy, *word = strsep(&rest, ",");
	int r = num_duration(word, &o->interval_ms);
	o->on = true;
	o->records = o->bytes = UINT64_MAX;
	while (r == 0 && (word = strsep(&rest, ",")))
		r = parse_limit(word, o);
	free(copy);
	if (r == 0 && (o->interval_ms < 1 || !o->records || !o->bytes))
		r = -EINVAL;
	if (r < 0)
		strbuf_addstr(err, "is not DURATION[,RECORDS][,BYTES], such as 10s,1000000,64M");
	return r;
}

static struct consume_options opts = {
	.count = UINT64_MAX,
	.memory = 160 << 20,
	.timeout_ms = 30000,
	.source = SOURCE_OPTIONS_INIT,
};
static bool null, plain, envelope;
static int output = -1, newline = -1, key_form = -1, value_form = -1, on_lost, tombstones;
static const char *print_format;

#define FORMS "text|json|base64" /* in the order of enum record_form */

/* clang-format off */
static const struct opt options[] = {
	KAFKA_OPTIONS(&opts.kafka),
	{ .key = 'g', .name = "group", .type = OPT_STRING, .dest = &opts.group, .arg = "GROUP",
	  .help = "join this consumer group and commit what was written" },
	{ .key = 'p', .name = "partitions", .type = OPT_CALL, .dest = &opts, .arg = "PARTITIONS",
	  .parse = topics_parse_partitions, .many = true, .help = "read only these partitions: 0,2-5" },
	{ .name = "from", .type = OPT_STRING, .dest = &opts.from_text, .arg = "PLACE",
	  .help = "where to begin: start (default), end, stored, N, +N, -N or @TIME" },
	{ .name = "to", .type = OPT_STRING, .dest = &opts.to_text, .arg = "PLACE",
	  .help = "where to end; by default never" },
	{ .name = "tz", .type = OPT_STRING, .dest = &opts.zone, .arg = "ZONE",
	  .help = "zone of times without an offset, UTC by default" },
	{ .name = "by-time", .dest = &opts.by_time,
	  .help = "merge the partitions by the time of their records" },
	{ .key = 'n', .name = "count", .type = OPT_U64, .dest = &opts.count, .arg = "COUNT",
	  .help = "end after COUNT records" },
	{ .name = "format", .type = OPT_CHOICE, .dest = &output, .arg = "raw|json",
	  .help = "the value alone (default), or all as JSON" },
	{ .name = "value", .type = OPT_CHOICE, .dest = &value_form, .arg = FORMS,
	  .help = "what values are: text (default), JSON to be written as such, or bytes" },
	{ .name = "key", .type = OPT_CHOICE, .dest = &key_form, .arg = FORMS,
	  .help = "the same for keys, with --format json or --envelope" },
	{ .name = "envelope", .dest = &envelope,
	  .help = "values are JSON objects: add topic, partition, offset, timestamp, key and headers" },
	{ .key = 'f', .name = "print", .type = OPT_STRING, .dest = &print_format, .arg = "FORMAT",
	  .help = "the format, of %t %p %o %T %d %k %K %s %S %h, \\n" },
	{ .key = '0', .name = "null", .dest = &null, .help = "records end with NUL, not with a line feed" },
	{ .name = "newline", .type = OPT_CHOICE, .dest = &newline, .arg = "error|space|escape",
	  .help = "what to do with a line feed in a record" },
	{ .name = "tombstones", .type = OPT_CHOICE, .dest = &tombstones, .arg = "keep|skip",
	  .help = "write records without a value as empty ones, or leave them out" },
	REJECTS_OPTIONS(&opts.rejects, "error"),
	{ .name = "batch", .type = OPT_CALL, .dest = &opts.batch, .arg = "DURATION[,RECORDS][,BYTES]", .parse = parse_batch,
	  .help = "write a marked stream; a batch ends at whichever comes first" },
	SOURCE_OPTIONS(&opts.source, "acknowledgements in a rebalance"),
	{ .name = "on-lost", .type = OPT_CHOICE, .dest = &on_lost, .arg = "error|skip",
	  .help = "what to do about records that retention has removed" },
	{ .name = "adopt", .dest = &opts.batch.adopt, .help = "take over a group that belongs to another table" },
	{ .name = "instance-id", .type = OPT_STRING, .dest = &opts.instance_id, .arg = "ID",
	  .help = "static membership in the group, under this ID" },
	{ .name = "reset", .dest = &opts.reset, .help = "begin at --from, even if the group has positions" },
	{ .name = "memory", .type = OPT_SIZE, .dest = &opts.memory, .arg = "SIZE", .min = 1 << 20, .max = 1ull << 40,
	  .help = "resident memory to use, 160M by default" },
	KAFKA_TIMEOUT_OPTION(&opts.timeout_ms, "how long to wait for the brokers, 30s by default"),
	{ .name = "plain", .dest = &plain, .help = "allow the output to begin with any byte" },
	{ 0 },
};
/* clang-format on */

/* clang-format off */
static const struct hint hints[] = {
	{ "-o", "--from says where to begin: start, end, N, -N or @TIME" },
	{ "--offset", "--from says where to begin: start, end, N, -N or @TIME" },
	{ "--offsets", "--from says where to begin: start, end, N, -N or @TIME" },
	{ "--from-beginning", "it begins at the start by itself" },
	{ "--tail", "the last ten records of each partition are --from -10 --to end" },
	{ "-e", "--to end ends at the end" },
	{ "--exit", "--to end ends at the end" },
	{ "-c", "-n COUNT ends after COUNT records" },
	{ "--max-messages", "-n COUNT ends after COUNT records" },
	{ "--num", "-n COUNT ends after COUNT records" },
	{ "-C", "`weir consume` reads, `weir produce` writes" },
	{ "-P", "`weir consume` reads, `weir produce` writes" },
	{ "-J", "--format json writes everything as JSON" },
	{ "-K", "-f '%k\\t%s\\n' writes keys, too" },
	{ "--print-key", "-f '%k\\t%s\\n' writes keys, too" },
	{ "--json", "--format json writes everything as JSON" },
	{ "-G", "-g GROUP, and topics as operands" },
	{ "--group-id", "the group is -g GROUP" },
	{ "-k", "records of a key: --format json, and `weir filter '.key == \"…\"'` after it" },
	{ "-l", "-n COUNT ends after COUNT records" },
	{ "--limit", "-n COUNT ends after COUNT records" },
	{ "--follow", "without --to it goes on for ever" },
	{ "-u", "output is passed on whenever reading has to wait: there is no buffer to turn off" },
	{ "-D", "records end with a line feed, with NUL by -0, or as -f says" },
	{ "-Z", "--tombstones says what becomes of records without a value" },
	{ "-s", "values are bytes here: JSON, text and so on, but not Avro or Protobuf" },
	{ "-r", "values are bytes here: JSON, text and so on, but not Avro or Protobuf" },
	{ "--from-offset", "--from says where to begin: start, end, N, -N or @TIME" },
	{ "--since", "--from @TIME begins at a time, such as @-1h" },
	{ "--until", "--to @TIME ends at a time" },
	{ "--timestamp", "--from @TIME begins at a time, such as @-1h" },
	KAFKA_HINTS,
	{ 0 },
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "consume",
	.looks = true,
	.operands = "TOPIC ...",
	.summary = "Write the records of Kafka topics to standard output.",
	.example = "weir consume -g words --batch 10s lines |\n"
		   "    weir split | weir lake-put /lake/words",
	.library = "librdkafka",
	.library_version = rd_kafka_version_str,
	.options = options,
	.hints = hints,
	.min_operands = 1,
};

/* --from and --to, whose times are in the zone of --tz: OPT_GO or EXIT_USAGE. */
static int parse_places(void)
{
	struct strbuf err = STRBUF_INIT;
	int64_t now = clock_epoch_ms();
	int status = OPT_GO;
	if (opts.zone && time_zone_set(opts.zone) < 0)
		status = opt_usage_error(&spec, TIME_NO_ZONE, opts.zone);
	else if (opts.from_text && where_parse(opts.from_text, now, &opts.from, &err) < 0)
		status = opt_usage_error(&spec, "option --from: '%s' %s", opts.from_text, err.s);
	else if (opts.to_text && where_parse(opts.to_text, now, &opts.to, &err) < 0)
		status = opt_usage_error(&spec, "option --to: '%s' %s", opts.to_text, err.s);
	opts.from_given = opts.from_text;
	opts.to_given = opts.to_text;
	if (status == OPT_GO && opts.from.kind == WHERE_TIME && opts.from.n > now)
		warn("--from is a time that has not come yet: each partition begins at its end");
	strbuf_release(&err);
	return status;
}

/* Checks that the table cannot express: OPT_GO or EXIT_USAGE. */
static int check_options(void)
{
	struct strbuf err = STRBUF_INIT;
	const char *group_only = opts.reset                       ? "--reset"
				 : opts.from.kind == WHERE_STORED ? "--from stored"
				 : opts.to.kind == WHERE_STORED   ? "--to stored"
								  : NULL;
	if (group_only && !opts.group)
		return opt_usage_error(&spec, "%s needs -g", group_only);
	if (opts.group && names_check_group(opts.group, &err) < 0) {
		int status = opt_usage_error(&spec, "%s", err.s);
		strbuf_release(&err);
		return status;
	}
	if (opts.batch.on && !opts.group)
		return opt_usage_error(&spec, "--batch needs -g");
	if (opts.batch.on && opts.reset)
		return opt_usage_error(
			&spec, "--reset is for plain streams; with --batch the sink says where to begin");
	if (opts.instance_id && (!opts.group || opts.partition_count))
		return opt_usage_error(&spec, "--instance-id needs -g and no -p");
	if (opts.reset && opts.from.kind == WHERE_STORED)
		return opt_usage_error(&spec, "--reset and --from stored contradict each other");
	if (opts.to_given && opts.to.kind == WHERE_TIME && opts.to.n > clock_epoch_ms())
		return opt_usage_error(&spec, "--to is a time that has not come yet");
	if (print_format && (output >= 0 || key_form >= 0 || value_form >= 0 || envelope))
		return opt_usage_error(&spec, "-f excludes --format, --value, --key and --envelope");
	if (key_form >= 0 && output != 1 && !envelope)
		return opt_usage_error(&spec, "--key needs --format json or --envelope");
	if (envelope && ((value_form >= 0 && value_form != RECORD_JSON) || output == 0))
		return opt_usage_error(
			&spec, "--envelope adds to JSON: it excludes --value text|base64 and --format raw");
	return OPT_GO;
}

static int check_topics(char **topics)
{
	struct strbuf err = STRBUF_INIT;
	int status = OPT_GO;
	for (char **t = topics; *t && status == OPT_GO; t++) {
		if (!**t)
			status = opt_usage_error(&spec, "the name of a topic is empty");
		else if (**t == '^' && (!opts.group || opts.partition_count))
			status = opt_usage_error(&spec, "'%s' is a regular expression, which needs -g and no -p", *t);
		else if (**t == '^' && topics_check(*t, &err))
			status = opt_usage_error(&spec, "%s", err.s);
	}
	strbuf_release(&err);
	return status;
}

/* OPT_GO or an exit status. */
static int set_encoder(struct encoder *e)
{
	struct strbuf err = STRBUF_INIT;
	int status = OPT_GO;
	e->frame.delim = null ? '\0' : '\n';
	e->frame.policy = newline < 0 ? FRAME_ERROR : (enum frame_policy)newline;
	e->encoding = print_format  ? ENCODE_FORMAT
		      : envelope    ? ENCODE_ENVELOPE
		      : output == 1 ? ENCODE_JSON
				    : ENCODE_RAW;
	e->plain = plain;
	e->key_form = key_form < 0 ? RECORD_TEXT : (enum record_form)key_form;
	e->value_form = envelope ? RECORD_JSON : value_form < 0 ? RECORD_TEXT : (enum record_form)value_form;
	if (print_format && format_init(&e->format, print_format, &e->frame, &err) < 0)
		status = opt_usage_error(&spec, "option -f: %s", err.s);
	strbuf_release(&err);
	return status;
}

static int run(struct consume *c)
{
	int status = rejects_open(&c->rejects, &opts.rejects, &spec, (char *[]){NULL});
	encode_init(&c->encoder);
	if (status == OPT_GO)
		status = consume_run(c);
	encode_release(&c->encoder);
	return rejects_end(&c->rejects, status);
}

int main(int argc, char **argv)
{
	struct consume c = {.opt = &opts};
	int status = opt_parse(&spec, argc, argv, &opts.topics);
	if (status == OPT_GO)
		status = parse_places();
	if (status == OPT_GO)
		status = check_options();
	if (status == OPT_GO)
		status = check_topics(opts.topics);
	if (status != OPT_GO)
		return status;
	status = set_encoder(&c.encoder);
	if (status != OPT_GO) {
		format_release(&c.encoder.format);
		return status;
	}
	opts.batch.skip_lost = on_lost;
	opts.skip_tombstones = tombstones;
	sig_effects();
	status = run(&c);
	kafka_opts_release(&opts.kafka);
	free(opts.partitions);
	return status;
}
