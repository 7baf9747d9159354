/* lake-check: options, and the order of the checks.  See check.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "common/base/sig.h"
#include "common/data/utf8.h"
#include "common/kafka/names.h"
#include "common/kafka/offsets.h"
#include "common/lake/housekeeping.h"

static struct check_options opts = {
	.older_ms = -1, .timeout_ms = 30000, .store = {.http = {.tell = warn_line, .stopped = sig_stopped}}};

/* clang-format off */
static const struct opt options[] = {
	KAFKA_OPTIONS(&opts.kafka),
	{ .key = 'g', .name = "group", .type = OPT_STRING, .dest = &opts.group, .arg = "GROUP",
	  .help = "compare or move the positions of this group" },
	KAFKA_TIMEOUT_OPTION(&opts.timeout_ms, "how long to wait for the brokers, and for a store, 30s by default"),
	{ .name = "quick", .dest = &opts.quick, .help = "do not read the files, only check their sizes" },
	{ .name = "repair", .dest = &opts.repair, .help = "first publish files that are committed but not published" },
	{ .name = "clean", .dest = &opts.clean, .help = "first remove old files that dead writers have left" },
	{ .name = "older-than", .type = OPT_DURATION, .dest = &opts.older_ms, .arg = "DURATION",
	  .help = "with --clean: remove files unchanged for this time, 1d by default, 2d in s3://, az:// and hdfs://" },
	{ .name = "host", .type = OPT_STRING, .dest = &opts.host, .arg = "NAME",
	  .help = "with --clean: also young files of writers of this host, unless they run here" },
	{ .name = "against", .type = OPT_STRING, .dest = &opts.against, .arg = "OTHER",
	  .help = "only compare the records with those of the table OTHER, whatever their order" },
	{ .name = "set-position", .type = OPT_LIST, .dest = &opts.moves, .arg = "TOPIC:PARTITION=OFFSET",
	  .help = "only move the table's position to OFFSET" },
	{ .name = "also-group", .dest = &opts.also_group,
	  .help = "with --set-position: move it although the table has the topic for another group" },
	{ .name = "rename-group", .type = OPT_STRING, .dest = &opts.rename, .arg = "OLD",
	  .help = "only give the positions of group OLD to group NEW, which must have none" },
	{ .name = "undo-head", .dest = &opts.undo,
	  .help = "only undo the newest commit, if it is damaged or lacks a file" },
	{ .name = "reason", .type = OPT_STRING, .dest = &opts.reason, .arg = "TEXT",
	  .help = "with these three: the reason, for the log" },
	STORE_OPTIONS(&opts.store),
	{ 0 },
};
/* clang-format on */

static const struct hint hints[] = {
	KAFKA_HINTS,
	{0},
};

static const struct opt_spec spec = {
	.program = "lake-check",
	.operands = "[NEW] TABLE",
	.summary = "Verify a table of a data lake: its log, its files, and against the topic.",
	.example = "weir lake-check -b kafka:9092 lake/clicks >findings ||\n"
		   "    mail -s lake ops <findings",
	.library = "librdkafka",
	.library_version = rd_kafka_version_str,
	.options = options,
	.hints = hints,
	.min_operands = 1,
	.max_operands = 2,
};

/* Whether the topics are to be compared: brokers in the environment alone do not request that. */
static bool has_brokers(void)
{
	return kafka_opts_given(&opts.kafka);
}

static int check_group(const char *option, const char *group)
{
	struct strbuf err = STRBUF_INIT;
	int r = names_check_group(group, &err);
	int status = r < 0 ? opt_usage_error(&spec, "option %s: %s", option, err.s) : EXIT_OK;
	strbuf_release(&err);
	return status;
}

/* Whether the options ask for a check of the table, or for another change of it. */
static bool asks_for_more(void)
{
	return opts.repair || opts.clean || opts.quick || has_brokers();
}

static int check_rename(char **operands)
{
	if (!opts.rename)
		return operands[1] ? opt_usage_error(&spec, "unexpected operand '%s'", operands[1]) : EXIT_OK;
	if (!operands[1])
		return opt_usage_error(&spec, "--rename-group takes both groups and the table: OLD NEW TABLE");
	if (opts.moves.count || opts.undo || opts.group || asks_for_more())
		return opt_usage_error(&spec, "--rename-group cannot be combined with a check or another change");
	int status = check_group("--rename-group", opts.rename);
	return status ? status : check_group("--rename-group", operands[0]);
}

static int check_options(void)
{
	if (opts.against && (opts.moves.count || opts.rename || opts.undo || opts.group || asks_for_more()))
		return opt_usage_error(&spec, "--against cannot be combined with a check or a change");
	if (opts.moves.count && asks_for_more())
		return opt_usage_error(&spec, "--set-position cannot be combined with a check or another change");
	if (opts.also_group && !opts.moves.count)
		return opt_usage_error(&spec, "--also-group needs --set-position");
	if (opts.host && (!opts.clean || !*opts.host))
		return opt_usage_error(&spec, opts.clean ? "--host is empty" : "--host needs --clean");
	if (opts.undo && (opts.moves.count || opts.group || asks_for_more()))
		return opt_usage_error(&spec, "--undo-head cannot be combined with a check or another change");
	if (opts.reason && !opts.moves.count && !opts.undo && !opts.rename)
		return opt_usage_error(&spec, "--reason needs --set-position, --rename-group or --undo-head");
	if (opts.reason && !utf8_valid(opts.reason, strlen(opts.reason)))
		return opt_usage_error(&spec, "--reason is not UTF-8");
	if (opts.group && check_group("--group", opts.group) != EXIT_OK)
		return EXIT_USAGE;
	if (opts.group && !opts.moves.count && !has_brokers())
		return opt_usage_error(&spec, "--group needs --set-position or --brokers");
	opts.store.http.call_ms = opts.timeout_ms;
	const char *fault = store_options_fault(&opts.store);
	if (fault)
		return opt_usage_error(&spec, "%s", fault);
	return EXIT_OK;
}

/* Make both configurations, or none; returns an exit status after a message. */
static int configure(rd_kafka_conf_t **ret_conf, rd_kafka_conf_t **ret_consumer)
{
	static const char *const defaults[] = {"enable.partition.eof=true", "auto.offset.reset=error", NULL};
	struct strbuf err = STRBUF_INIT;
	int r = offsets_conf_new(&opts.kafka, ret_conf, &err);
	if (r == 0) {
		struct kafka_opts k = opts.kafka;
		k.defaults = defaults;
		r = kafka_conf_new(&k, ret_consumer, &err);
		if (r < 0)
			rd_kafka_conf_destroy(*ret_conf);
	}
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	return r < 0 ? (int)kafka_conf_status(r) : EXIT_OK;
}

/* A topic that was read for several groups is not a finding, because a user has allowed it; but it is reported. */
static void tell_groups(const struct audit *audit)
{
	for (size_t i = 0; i < audit->nparts; i++) {
		const struct audit_part *first = NULL, *p = &audit->parts[i];
		bool told = false;
		for (size_t j = 0; j < i; j++) {
			if (!audit->parts[j].count || strcmp(audit->parts[j].topic, p->topic) != 0)
				continue;
			first = first ? first : &audit->parts[j];
			told = told || strcmp(audit->parts[j].group, p->group) == 0;
		}
		if (first && p->count && !told)
			warn("topic '%s' was read for group '%s' and for group '%s': records that both have read are "
			     "in the "
			     "table twice",
				p->topic, first->group, p->group);
	}
}

/* There is no log: say in TEXT what becomes of the stages that a dead writer of this machine has left in SURVEY. */
static void tell_left(const struct survey *survey, struct strbuf *text)
{
	for (size_t i = 0; i < survey->count; i++) {
		if (survey->items[i].kind != FOUND_STAGE || survey->items[i].owner != OWNER_DEAD)
			continue;
		strbuf_addstr(text, "; the next lake-put to it on this machine removes what a dead writer has left");
		return;
	}
}

/* Check the table itself; 0 when its log could be read. */
static int check_table(
	struct audit *audit, struct store *store, const struct table_checks *checks, struct check_report *report)
{
	struct survey first, second;
	struct strbuf err = STRBUF_INIT;
	int64_t before_ms = before_of(store, &opts);
	int r = store_survey(store, &first, &err);
	if (r < 0)
		report_fail(report, r, err.s);
	strbuf_clear(&err);
	r = checks->log(audit, store, &err);
	if (r == 0)
		tell_groups(audit);
	if (r == -ENOENT)
		tell_left(&first, &err);
	if (r < 0) {
		report_fail(report, r, err.s);
	} else {
		checks->files(audit, store, opts.quick, before_ms);
		strbuf_clear(&err);
		if (store_survey(store, &second, &err) < 0) /* it was reported before */
			strbuf_clear(&err);
		checks->rest(audit, store, &first, &second, before_ms);
		survey_release(&second);
	}
	survey_release(&first);
	strbuf_release(&err);
	return r;
}

static int check(struct store *store, const struct table_checks *checks)
{
	struct check_report report;
	struct audit audit;
	rd_kafka_conf_t *conf = NULL, *consumer = NULL;
	int status = has_brokers() ? configure(&conf, &consumer) : EXIT_OK;
	if (status)
		return status;
	if (opts.repair || opts.clean)
		status = repair_and_clean(store, checks, &opts);
	report_init(&report);
	audit_init(&audit, report_find, report_fail, &report);
	int r = check_table(&audit, store, checks, &report);
	if (r == 0 && conf) {
		compare_topics(&audit, &opts, conf, consumer, &report);
	} else if (conf) {
		rd_kafka_conf_destroy(conf);
		rd_kafka_conf_destroy(consumer);
	}
	audit_release(&audit);
	int found = report_close(&report);
	return status > found ? status : found;
}

static int run(const char *url)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	const struct table_checks *checks = NULL;
	int status, r = opts.repair || opts.clean ? store_open_writer(url, NULL, &opts.store, &store, &err)
						  : store_open(url, NULL, &opts.store, &store, &err);
	if (r == 0)
		r = find_checks(store, &checks, &err);
	if (r < 0) {
		warn("%s", err.s);
		status = (int)diag_status(r);
	} else if (opts.repair && !checks->publish) {
		status = refuse_delta(store, "--repair", "its files are published before they are committed");
	} else {
		status = check(store, checks);
	}
	store_close(store);
	strbuf_release(&err);
	return status;
}

int main(int argc, char **argv)
{
	char **operands;
	sig_filter();
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	status = check_options();
	if (status == EXIT_OK)
		status = check_rename(operands);
	if (status == EXIT_OK && opts.rename)
		status = rename_group(operands[1], &opts, operands[0]);
	else if (status == EXIT_OK && opts.moves.count)
		status = move_positions(operands[0], &opts, &spec);
	else if (status == EXIT_OK && opts.undo)
		status = undo(operands[0], &opts);
	else if (status == EXIT_OK && opts.against)
		status = compare_tables(operands[0], &opts);
	else if (status == EXIT_OK)
		status = run(operands[0]);
	opt_list_release(&opts.moves);
	kafka_opts_release(&opts.kafka);
	return status;
}
