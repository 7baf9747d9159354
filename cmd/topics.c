/*
 * topics: lists the topics of a cluster, one row per partition: its leader, its replicas, and the beginning and end of
 * its log.
 */
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/opt.h"
#include "common/data/table.h"
#include "common/io/outbuf.h"
#include "common/kafka/names.h"
#include "common/kafka/offsets.h"

enum format { FORMAT_TABLE, FORMAT_JSON };

static struct {
	struct kafka_opts kafka;
	int format;
	int64_t timeout_ms; /* limit for all answers of the brokers */
} opts = {.timeout_ms = 10000};

static const struct opt options[] = {
	KAFKA_OPTIONS(&opts.kafka),
	KAFKA_FORMAT_OPTION(&opts.format, "table|json"),
	KAFKA_TIMEOUT_OPTION(&opts.timeout_ms, "how long to wait for the brokers, 10s by default"),
	{0},
};

/* clang-format off */
static const struct hint hints[] = {
	{ "-t", "topics are operands, as in `weir topics clicks`" },
	{ "--topic", "topics are operands, as in `weir topics clicks`" },
	{ "--list", "it lists all topics by itself" },
	{ "--describe", "it describes what it lists" },
	{ "-J", "--format json" },
	{ "--json", "--format json" },
	KAFKA_HINTS,
	{ 0 },
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "topics",
	.operands = "[TOPIC ...]",
	.summary = "List topics: partitions, leaders, replicas, first and next offsets.",
	.example = "weir topics -b kafka:9092",
	.library = "librdkafka",
	.library_version = rd_kafka_version_str,
	.options = options,
	.hints = hints,
};

enum { COLUMNS = 7 };
static const char *const names[COLUMNS] = {"topic", "partition", "leader", "replicas", "in_sync", "first", "next"};

static void fill_row(const struct log_part *part, struct table_cell *row)
{
	row[0] = cell_text(part->topic);
	row[1] = cell_int(part->partition);
	row[2] = cell_known(part->leader);
	row[3] = cell_list(part->replicas, part->replica_count);
	row[4] = cell_list(part->in_sync, part->in_sync_count);
	row[5] = cell_known(part->start);
	row[6] = cell_known(part->end);
}

static int print(const struct log_list *list, struct outbuf *out)
{
	struct text_table table;
	struct table_cell row[COLUMNS];
	int r = 0;
	table_init(&table, names, COLUMNS);
	for (size_t i = 0; i < list->count && !r; i++) {
		fill_row(&list->items[i], row);
		if (opts.format == FORMAT_JSON)
			r = json_write_row(out, names, row, COLUMNS);
		else
			table_add(&table, row);
	}
	if (opts.format == FORMAT_TABLE)
		r = table_write(&table, out);
	table_release(&table);
	return r;
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

/* Load the topics named by OPERANDS, or all.  Returns the exit status; unknown topics are reported and left out. */
static int load(struct log_list *list, struct kafka_client *client, char **operands, int64_t deadline)
{
	int status = EXIT_OK;
	for (size_t i = 0; !i || operands[i]; i++) {
		struct strbuf err = STRBUF_INIT;
		rd_kafka_resp_err_t e = log_list_load(list, client, operands[i], deadline, &err);
		if (e) {
			warn("%s", err.s);
			status = worse(status, (int)kafka_status(e));
		}
		strbuf_release(&err);
		if (!operands[i])
			break;
	}
	return status;
}

static int report_broken(const struct log_list *list, const struct kafka_client *client)
{
	const struct log_part *first = NULL;
	size_t n = log_list_broken(list, &first);
	if (!n)
		return EXIT_OK;
	struct strbuf more = STRBUF_INIT;
	if (n > 1)
		strbuf_addf(&more, " (and %zu more)", n - 1);
	struct strbuf why = STRBUF_INIT;
	rd_kafka_resp_err_t err = kafka_client_explain(client, first->err, &why);
	warn("%s[%d]%s: %s", first->topic, (int)first->partition, more.s, why.s);
	strbuf_release(&why);
	strbuf_release(&more);
	return (int)kafka_status(err);
}

static int run(rd_kafka_conf_t *conf, char **operands)
{
	struct kafka_client client;
	struct log_list list = {0};
	struct outbuf out;
	struct strbuf err = STRBUF_INIT;
	int64_t deadline = clock_ms() + opts.timeout_ms;
	if (kafka_client_init(&client, RD_KAFKA_CONSUMER, conf, &err) < 0)
		die(EXIT_CONFIG, "%s", err.s);
	client.tell = warn_line;
	client.timeout_ms = opts.timeout_ms;
	int status = load(&list, &client, operands, deadline);
	if (!list.count && status)
		return status;
	for (size_t i = 0; i < list.count; i++)
		list.items[i].wanted = true;
	log_list_read_ends(&list, &client, deadline);
	status = worse(status, report_broken(&list, &client));
	outbuf_init(&out, STDOUT_FILENO, "standard output");
	outbuf_color(&out);
	int r = print(&list, &out), closed = outbuf_close(&out);
	r = r < 0 ? r : closed;
	if (r < 0) {
		warn("cannot write standard output: %s", diag_strerror(r));
		status = diag_status(r);
	}
	return status;
}

int main(int argc, char **argv)
{
	char **operands;
	rd_kafka_conf_t *conf;
	struct strbuf err = STRBUF_INIT;
	diag_init("topics");
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	if (names_check_topics(operands, &err) < 0) {
		opt_usage_error(&spec, "%s", err.s);
		strbuf_release(&err);
		return EXIT_USAGE;
	}
	int r = offsets_conf_new(&opts.kafka, &conf, &err);
	if (r < 0)
		die(kafka_conf_status(r), "%s", err.s);
	status = run(conf, operands);
	/* Everything has been written and checked; destroying the handle would only wait for its threads. */
	_exit(status);
}
