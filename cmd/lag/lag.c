/*
 * lag: how far consumer groups are behind the ends of the partitions that they read, one row a group and partition.
 *
 * Positions are read before ends, so that a lag is never negative.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/lag/report.h"
#include "cmd/lag/tell.h"
#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/opt.h"
#include "common/kafka/members.h"
#include "common/kafka/names.h"

enum {
	MEMBERS_MS = 3000, /* limit for the members of groups; the manual names it */
};

#define NO_MAXIMUM UINT64_MAX

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_PROMETHEUS };

static struct {
	struct kafka_opts kafka;
	struct opt_list groups;
	bool all_groups;
	int format;
	uint64_t max_lag;
	int64_t timeout_ms; /* limit for all answers of the brokers */
} opts = {.max_lag = NO_MAXIMUM, .timeout_ms = 10000};

static const struct opt options[] = {
	KAFKA_OPTIONS(&opts.kafka),
	{.key = 'g',
		.name = "group",
		.type = OPT_LIST,
		.dest = &opts.groups,
		.arg = "GROUP",
		.help = "show this consumer group"},
	{.name = "all-groups", .dest = &opts.all_groups, .help = "show all groups of the cluster"},
	KAFKA_FORMAT_OPTION(&opts.format, "table|json|prometheus"),
	{.name = "max-lag",
		.type = OPT_U64,
		.dest = &opts.max_lag,
		.arg = "N",
		.help = "exit with 1 if a partition is more than N records behind"},
	KAFKA_TIMEOUT_OPTION(&opts.timeout_ms, "how long to wait for the brokers, 10s by default"),
	{0},
};

/* clang-format off */
static const struct hint hints[] = {
	{ "-t", "topics are operands, as in `weir lag -g ingest clicks`" },
	{ "--topic", "topics are operands, as in `weir lag -g ingest clicks`" },
	{ "--watch", "`watch weir lag -g GROUP` shows it again and again" },
	{ "--describe", "-g GROUP describes a group, --all-groups all of them" },
	{ "--list", "--all-groups shows all groups" },
	{ "--groups", "-g GROUP, or --all-groups" },
	{ "-J", "--format json" },
	KAFKA_HINTS,
	{ 0 },
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "lag",
	.operands = "[TOPIC ...]",
	.summary = "Show how far consumer groups are behind, by partition.",
	.example = "weir lag -g ingest",
	.library = "librdkafka",
	.library_version = rd_kafka_version_str,
	.options = options,
	.hints = hints,
};

/* The data of one run. */
struct lag_run {
	struct kafka_client client;
	struct members_query members;
	struct group_list groups;
	struct log_list logs;
	struct lag_report report;
	char **topics; /* the operands, NULL at the end */
	int64_t deadline;
	int status; /* the worst so far */
};

static void note(struct lag_run *run, int status)
{
	if (status > run->status)
		run->status = status;
}

/* --- asking --- */

static void find_groups(struct lag_run *run)
{
	struct strbuf err = STRBUF_INIT;
	for (size_t i = 0; i < opts.groups.count; i++)
		group_list_add(&run->groups, opts.groups.items[i]);
	if (opts.all_groups) {
		rd_kafka_resp_err_t e = group_list_load(&run->groups, &run->client, run->deadline, &err);
		if (e) {
			warn("%s", err.s);
			note(run, (int)kafka_status(e));
		}
	}
	strbuf_release(&err);
}

static void load_logs(struct lag_run *run)
{
	for (size_t i = 0; !i || run->topics[i]; i++) {
		struct strbuf err = STRBUF_INIT;
		rd_kafka_resp_err_t e = log_list_load(&run->logs, &run->client, run->topics[i], run->deadline, &err);
		if (e) {
			warn("%s", err.s);
			note(run, (int)kafka_status(e));
		}
		strbuf_release(&err);
		if (!run->topics[i])
			break;
	}
}

static void read_positions(struct lag_run *run)
{
	group_list_read_positions(&run->groups, &run->client, NULL, run->deadline);
	/* A broker that cannot list positions (librdkafka's mock cluster) reports that there are none. */
	if (!opts.all_groups && run->logs.count)
		group_list_read_positions(&run->groups, &run->client, &run->logs, run->deadline);
}

/* --- choosing the rows --- */

/* Give GROUP a part for each partition of TOPIC. */
static void add_topic(const struct lag_run *run, struct group *group, const char *topic)
{
	size_t n;
	const struct log_part *log = log_list_topic(&run->logs, topic, &n);
	for (size_t i = 0; i < n; i++)
		group_part(group, topic, log[i].partition);
}

/* All partitions of a topic that the group reads are rows, even those without a position (for example, new ones). */
static void complete(const struct lag_run *run, struct group *group)
{
	char *last = NULL; /* a copy: group_part() moves the parts */
	for (size_t i = 0; i < group->count; i++) {
		if (last && strcmp(last, group->parts[i].topic) == 0)
			continue;
		free(last);
		last = xstrdup(group->parts[i].topic);
		add_topic(run, group, last);
	}
	free(last);
}

/* Decide which rows there are, and request the ends of their partitions. */
static void choose_rows(struct lag_run *run)
{
	for (size_t i = 0; i < run->groups.count; i++) {
		struct group *group = &run->groups.items[i];
		if (*run->topics)
			group_keep_topics(group, run->topics);
		for (char **t = run->topics; *t && !opts.all_groups; t++)
			add_topic(run, group, *t);
		complete(run, group);
		for (size_t k = 0; k < group->count; k++) {
			const struct group_part *part = &group->parts[k];
			if (!log_list_find(&run->logs, part->topic, part->partition))
				log_list_add_missing(
					&run->logs, &run->client, part->topic, part->partition, run->deadline);
			log_list_find(&run->logs, part->topic, part->partition)->wanted = true;
		}
	}
}

/* --- the whole run --- */

static void print(struct lag_run *run)
{
	struct outbuf out;
	outbuf_init(&out, STDOUT_FILENO, "standard output");
	outbuf_color(&out);
	int r = opts.format == FORMAT_JSON         ? print_json(&run->report, &out)
		: opts.format == FORMAT_PROMETHEUS ? print_prometheus(&run->report, &run->logs, &out)
		: run->report.count                ? print_table(&run->report, &out)
						   : 0;
	int closed = outbuf_close(&out);
	r = r < 0 ? r : closed;
	if (r < 0) {
		warn("cannot write standard output: %s", diag_strerror(r));
		run->status = diag_status(r);
	}
}

static bool refuse(struct lag_run *run, struct strbuf *err)
{
	warn("%s", err->s);
	strbuf_release(err);
	note(run, EXIT_CONFIG);
	return false;
}

/* Returns false when there is nothing to report; messages have been printed. */
static bool ask(struct lag_run *run, rd_kafka_conf_t *members_conf)
{
	struct strbuf err = STRBUF_INIT;
	int64_t members_deadline = clock_ms() + (opts.timeout_ms < MEMBERS_MS ? opts.timeout_ms : MEMBERS_MS);
	if (members_ask(&run->members, members_conf, &err) < 0)
		return refuse(run, &err);
	find_groups(run);
	if (run->groups.count || !run->status)
		load_logs(run);
	if (run->status && !run->logs.count)
		return false;
	read_positions(run);
	members_collect(&run->members, &run->groups, members_deadline);
	if (!opts.all_groups)
		group_list_find_others(&run->groups, &run->client, run->deadline);
	choose_rows(run);
	log_list_read_ends(&run->logs, &run->client, run->deadline);
	return true;
}

static int run_lag(rd_kafka_conf_t *conf, char **operands)
{
	struct lag_run run = {.topics = operands, .deadline = clock_ms() + opts.timeout_ms};
	struct strbuf err = STRBUF_INIT;
	rd_kafka_conf_t *members_conf = rd_kafka_conf_dup(conf);
	if (group_reader_conf(conf, opts.groups.count ? opts.groups.items[0] : "weir-lag", &err) < 0 ||
		kafka_client_init(&run.client, RD_KAFKA_CONSUMER, conf, &err) < 0) {
		rd_kafka_conf_destroy(members_conf);
		refuse(&run, &err);
		return run.status;
	}
	run.client.tell = warn_line;
	run.client.timeout_ms = opts.timeout_ms;
	if (!ask(&run, members_conf))
		return run.status;
	report_make(&run.report, &run.groups, &run.logs);
	if (!opts.all_groups)
		note(&run, tell_groups(&run.groups, &run.client, *operands != NULL));
	else if (!run.report.count && !run.status)
		note(&run, tell_nothing(*operands));
	note(&run, tell_logs(&run.logs, &run.client));
	note(&run, tell_rows(&run.report));
	if (opts.max_lag != NO_MAXIMUM)
		run.status = judge(&run.report, opts.max_lag, run.status);
	print(&run);
	return run.status;
}

/* Checks that the table cannot express; returns OPT_GO or EXIT_USAGE. */
static int check_options(bool topics)
{
	struct strbuf err = STRBUF_INIT;
	int r = 0;
	if (!opts.groups.count && !opts.all_groups)
		return opt_usage_error(
			&spec, "name a group (-g), or give --all-groups%s", topics ? "; operands are topics" : "");
	if (opts.groups.count && opts.all_groups)
		return opt_usage_error(&spec, "--group and --all-groups exclude each other");
	for (size_t i = 0; i < opts.groups.count && r == 0; i++)
		r = names_check_group(opts.groups.items[i], &err);
	int status = r < 0 ? opt_usage_error(&spec, "option --group: %s", err.s) : OPT_GO;
	strbuf_release(&err);
	return status;
}

int main(int argc, char **argv)
{
	char **operands;
	rd_kafka_conf_t *conf;
	struct strbuf err = STRBUF_INIT;
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	status = check_options(*operands);
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
	status = run_lag(conf, operands);
	/* The output has been checked.  Handles are not destroyed, because one of them may be blocked (members.h). */
	_exit(status);
}
