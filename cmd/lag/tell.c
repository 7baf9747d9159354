/* Messages and statuses: see tell.h. */
#include "cmd/lag/tell.h"

#include <inttypes.h>

#include "common/base/diag.h"

static int worse(int a, int b)
{
	return a > b ? a : b;
}

/* Whether the group has never read anything, as far as is known. */
static bool is_missing(const struct group *group)
{
	if (group->err || group->members)
		return false;
	for (size_t i = 0; i < group->count; i++)
		if (group->parts[i].committed >= 0 || group->parts[i].err)
			return false;
	return true;
}

static int tell_error(const struct group *group, const struct kafka_client *client)
{
	struct strbuf why = STRBUF_INIT;
	rd_kafka_resp_err_t err = kafka_client_explain(client, group->err, &why);
	warn("group '%s': %s", group->name, why.s);
	strbuf_release(&why);
	return (int)kafka_status(err);
}

static void tell_missing(const struct group *group)
{
	struct strbuf near = STRBUF_INIT;
	if (group->near)
		strbuf_addf(&near, "; did you mean '%s'?", group->near);
	warn("group '%s' does not exist%s (`weir lag --all-groups` lists them)", group->name, near.s);
	strbuf_release(&near);
}

int tell_groups(const struct group_list *groups, const struct kafka_client *client, bool topics_named)
{
	int status = EXIT_OK;
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];
		if (group->err) {
			status = worse(status, tell_error(group, client));
		} else if (group->state == GROUP_OTHER) {
			warn("group '%s' is not a consumer group (a share group?): it has no positions", group->name);
			status = worse(status, EXIT_CONFIG);
		} else if (!group->count && topics_named) {
			continue; /* none of the topics exists, which was reported */
		} else if (!group->count && group->state != GROUP_DEAD) {
			warn("group '%s' has no positions", group->name);
			status = worse(status, EXIT_CONFIG);
		} else if (!group->count) {
			tell_missing(group);
			status = worse(status, EXIT_CONFIG);
		} else if (group->state == GROUP_DEAD && is_missing(group)) {
			tell_missing(group);
		}
	}
	return status;
}

int tell_nothing(const char *operand)
{
	warn("no group has a position%s", operand ? " in these topics" : "");
	return EXIT_NO;
}

/* Print one message for the partitions that no longer exist, and one for those that do not answer. */
static int tell_some_logs(const struct log_list *logs, const struct kafka_client *client, bool gone)
{
	const struct log_part *first = NULL;
	size_t n = 0;
	int status = EXIT_OK;
	for (size_t i = 0; i < logs->count; i++) {
		const struct log_part *log = &logs->items[i];
		if (!log->wanted || !log->err || is_gone(log->err) != gone)
			continue;
		first = first ? first : log;
		n++;
		if (!gone)
			status = worse(status, (int)kafka_status(log->err));
	}
	if (!n)
		return status;
	struct strbuf why = STRBUF_INIT;
	rd_kafka_resp_err_t err = kafka_client_explain(client, first->err, &why);
	if (n == 1)
		warn("%s[%d]: %s", first->topic, (int)first->partition, why.s);
	else
		warn("%s[%d] and %zu more: %s", first->topic, (int)first->partition, n - 1, why.s);
	strbuf_release(&why);
	return gone ? status : worse(status, (int)kafka_status(err));
}

int tell_logs(const struct log_list *logs, const struct kafka_client *client)
{
	return worse(tell_some_logs(logs, client, false), tell_some_logs(logs, client, true));
}

int tell_rows(const struct lag_report *report)
{
	int status = EXIT_OK;
	for (size_t i = 0; i < report->count; i++) {
		const struct lag_row *row = &report->rows[i];
		const struct log_part *log = row->log;
		if (row->err && !row->group->err) {
			warn("group '%s', %s[%d]: %s", row->group->name, log->topic, (int)log->partition,
				rd_kafka_err2str(row->err));
			status = worse(status, (int)kafka_status(row->err));
		} else if (!log->err && row->committed > log->end) {
			warn("group '%s': position %" PRId64 " in %s[%d] is beyond the end %" PRId64
			     " (topic recreated or truncated?)",
				row->group->name, row->committed, log->topic, (int)log->partition, log->end);
		}
	}
	return status;
}

static void add_records(struct strbuf *b, int64_t n, const char *what)
{
	strbuf_addf(b, "%" PRId64 " %s %s", n, diag_plural((uint64_t)n, "record", "records"), what);
}

/* Explain why ROW is over the limit. */
static void add_reason(struct strbuf *b, const struct lag_row *row)
{
	if (is_missing(row->group))
		strbuf_addstr(b, "the group has neither positions nor members");
	else if (row->lost > 0)
		add_records(b, row->lost, "lost");
	else if (row->lag >= 0)
		add_records(b, row->lag, "behind");
	else if (row->committed >= 0)
		strbuf_addstr(b, "the position is beyond the end");
	else {
		strbuf_addstr(b, "no position, ");
		add_records(b, row->log->end - row->log->start, "to read");
	}
}

int judge(const struct lag_report *report, uint64_t max_lag, int status)
{
	const struct lag_row *first = NULL;
	size_t over = 0;
	for (size_t i = 0; i < report->count; i++) {
		const struct lag_row *row = &report->rows[i];
		enum verdict verdict = is_missing(row->group) ? LAG_OVER : row_verdict(row, max_lag);
		if (verdict == LAG_UNKNOWN)
			status = worse(status, EXIT_TEMP);
		if (verdict != LAG_OVER)
			continue;
		first = first ? first : row;
		over++;
	}
	if (!over)
		return status;
	struct strbuf text = STRBUF_INIT;
	add_reason(&text, first);
	if (over > 1)
		strbuf_addf(&text, " (and %zu partition%s more)", over - 1, over > 2 ? "s" : "");
	warn("over --max-lag %" PRIu64 ": group '%s', %s[%d]: %s", max_lag, first->group->name, first->log->topic,
		(int)first->log->partition, text.s);
	strbuf_release(&text);
	return EXIT_NO;
}
