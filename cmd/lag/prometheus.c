/*
 * A report in Prometheus' text format: see report.h.
 *
 * The names are those that kafka-lag-exporter has made common, without its labels of members, which would start new
 * series at each rebalance.  Unknown values have no sample.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/lag/report.h"
#include "common/data/table.h"

/* A metric of each row, and the field of the row that it shows. */
struct row_metric {
	const char *name, *help;
	int64_t (*value)(const struct lag_row *row);
};

static int64_t row_committed(const struct lag_row *row)
{
	return row->committed;
}

static int64_t row_lag(const struct lag_row *row)
{
	return row->lag;
}

static int64_t row_lost(const struct lag_row *row)
{
	return row->lost;
}

static const struct row_metric row_metrics[] = {
	{"kafka_consumergroup_group_offset", "Next offset that the group reads from the partition.", row_committed},
	{"kafka_consumergroup_group_lag", "Records of the partition that the group has still to read.", row_lag},
	{"kafka_consumergroup_group_lost", "Records that were deleted before the group read them.", row_lost},
};

/* A metric of the rows of a group, or of a group's topic. */
struct sum_metric {
	const char *name, *help;
	bool by_topic;
	int64_t (*value)(const struct sums *sums);
};

static int64_t sum_lag(const struct sums *sums)
{
	return sums->lag;
}

static int64_t sum_worst(const struct sums *sums)
{
	return sums->worst;
}

static int64_t sum_unknown(const struct sums *sums)
{
	return (int64_t)sums->unknown;
}

static const struct sum_metric sum_metrics[] = {
	{"kafka_consumergroup_group_topic_sum_lag", "Sum of the known lags of the group in the topic.", true, sum_lag},
	{"kafka_consumergroup_group_sum_lag", "Sum of the known lags of the group.", false, sum_lag},
	{"kafka_consumergroup_group_max_lag", "Highest known lag of the group in one partition.", false, sum_worst},
	{"kafka_consumergroup_group_unknown_partitions", "Partitions whose lag is not known.", false, sum_unknown},
};

static int print_row_metric(const struct lag_report *report, const struct row_metric *metric, struct outbuf *out)
{
	int r = prom_write_head(out, metric->name, "gauge", metric->help);
	for (size_t i = 0; i < report->count && !r; i++) {
		const struct lag_row *row = &report->rows[i];
		char partition[16];
		snprintf(partition, sizeof partition, "%" PRId32, row->log->partition);
		const struct prom_label labels[] = {
			{"group", row->group->name}, {"topic", row->log->topic}, {"partition", partition}};
		if (metric->value(row) >= 0)
			r = prom_write_sample(out, metric->name, labels, 3, metric->value(row));
	}
	return r;
}

static int print_sum_metric(const struct lag_report *report, const struct sum_metric *metric, struct outbuf *out)
{
	int r = prom_write_head(out, metric->name, "gauge", metric->help);
	for (size_t i = 0, n; i < report->count && !r; i += n) {
		const struct lag_row *row = &report->rows[i];
		n = rows_run(row, report->count - i, metric->by_topic);
		struct sums sums = rows_sum(row, n);
		const struct prom_label labels[] = {{"group", row->group->name}, {"topic", row->log->topic}};
		if (metric->value(&sums) >= 0)
			r = prom_write_sample(
				out, metric->name, labels, metric->by_topic ? 2 : 1, metric->value(&sums));
	}
	return r;
}

static int print_logs(const struct log_list *logs, bool latest, struct outbuf *out)
{
	const char *name = latest ? "kafka_partition_latest_offset" : "kafka_partition_earliest_offset";
	int r = prom_write_head(out, name, "gauge",
		latest ? "Next offset to be written to the partition." : "First offset of the partition.");
	for (size_t i = 0; i < logs->count && !r; i++) {
		const struct log_part *log = &logs->items[i];
		char partition[16];
		snprintf(partition, sizeof partition, "%" PRId32, log->partition);
		const struct prom_label labels[] = {{"topic", log->topic}, {"partition", partition}};
		if (log->wanted && !log->err)
			r = prom_write_sample(out, name, labels, 2, latest ? log->end : log->start);
	}
	return r;
}

int print_prometheus(const struct lag_report *report, const struct log_list *logs, struct outbuf *out)
{
	int r = print_logs(logs, true, out);
	if (!r)
		r = print_logs(logs, false, out);
	for (size_t i = 0; i < sizeof row_metrics / sizeof *row_metrics && !r; i++)
		r = print_row_metric(report, &row_metrics[i], out);
	for (size_t i = 0; i < sizeof sum_metrics / sizeof *sum_metrics && !r; i++)
		r = print_sum_metric(report, &sum_metrics[i], out);
	return r;
}
