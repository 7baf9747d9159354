/* Rows, sums and the verdict: see report.h. */
#include "cmd/lag/report.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

static struct lag_row new_row(const struct group *group, const struct group_part *part, const struct log_part *log)
{
	struct lag_row row = {
		.group = group,
		.log = log,
		.committed = part->committed,
		.lag = -1,
		.lost = -1,
		.member = part->member,
		.err = part->err ? part->err : group->err,
	};
	int64_t next = part->committed;
	if (next < 0 || log->err || next > log->end)
		return row;
	row.lost = next < log->start ? log->start - next : 0;
	row.lag = log->end - next - row.lost;
	return row;
}

void report_make(struct lag_report *report, const struct group_list *groups, const struct log_list *logs)
{
	size_t count = 0;
	for (size_t i = 0; i < groups->count; i++)
		count += groups->items[i].count;
	report->rows = xreallocarray(NULL, count, sizeof *report->rows);
	report->count = 0;
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];
		for (size_t k = 0; k < group->count; k++) {
			const struct group_part *part = &group->parts[k];
			report->rows[report->count++] =
				new_row(group, part, log_list_find(logs, part->topic, part->partition));
		}
	}
}

bool is_gone(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
	       err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

enum verdict row_verdict(const struct lag_row *row, uint64_t max_lag)
{
	if (is_gone(row->log->err))
		return LAG_OK;
	if (row->log->err || row->err)
		return LAG_UNKNOWN;
	if (row->lost > 0)
		return LAG_OVER;
	if (row->lag >= 0)
		return (uint64_t)row->lag > max_lag ? LAG_OVER : LAG_OK;
	if (row->committed >= 0)
		return LAG_OVER;
	return (uint64_t)(row->log->end - row->log->start) > max_lag ? LAG_OVER : LAG_OK;
}

struct sums rows_sum(const struct lag_row *rows, size_t count)
{
	struct sums sums = {.partitions = count, .worst = -1};
	for (size_t i = 0; i < count; i++) {
		if (rows[i].lag < 0) {
			sums.unknown++;
			continue;
		}
		sums.lag += rows[i].lag;
		sums.lost += rows[i].lost;
		if (rows[i].lag > sums.worst)
			sums.worst = rows[i].lag;
	}
	if (sums.unknown == count)
		sums.lag = sums.lost = -1;
	return sums;
}

size_t rows_run(const struct lag_row *rows, size_t count, bool by_topic)
{
	size_t n = 1;
	while (n < count && rows[n].group == rows->group &&
		(!by_topic || strcmp(rows[n].log->topic, rows->log->topic) == 0))
		n++;
	return n;
}
