/* The results of lag, as rows, and their output. */
#ifndef WEIR_LAG_REPORT_H
#define WEIR_LAG_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/io/outbuf.h"
#include "common/kafka/groups.h"
#include "common/kafka/offsets.h"

/* One partition of one group; everything is borrowed from the lists that it was made from.  -1: not known, or none. */
struct lag_row {
	const struct group *group;
	const struct log_part *log;
	int64_t committed;
	int64_t lag; /* records that can be read: from the position, or the first offset, to the end */
	/* records between the position and the first offset, which were deleted before the group read them */
	int64_t lost;
	const char *member;      /* NULL: none or not known */
	rd_kafka_resp_err_t err; /* of the position */
};

struct lag_report {
	struct lag_row *rows; /* in the order of group, topic, partition */
	size_t count;
};

/* Compute the rows of all parts of GROUPS, each of which is in LOGS. */
void report_make(struct lag_report *report, const struct group_list *groups, const struct log_list *logs);

/* Whether ERR says that a partition does not exist (any more). */
bool is_gone(rd_kafka_resp_err_t err);

/* The verdict of --max-lag on a row. */
enum verdict {
	LAG_OK, /* at most the limit; or the partition no longer exists, so that nothing can be read from it */
	/* more than the limit; or records were lost; or the position is beyond the end, so that the lag is unknown */
	LAG_OVER,
	LAG_UNKNOWN, /* the broker did not answer */
};

/* Without a position the lag may be as long as the log, because the consumer may start anywhere in it. */
enum verdict row_verdict(const struct lag_row *row, uint64_t max_lag);

/* Sums of a group, or of all groups. */
struct sums {
	size_t partitions;
	size_t unknown;           /* partitions without a known lag */
	int64_t lag, lost, worst; /* lag of the other partitions; -1: there are none */
};

/* The sums of the COUNT rows from ROWS on. */
struct sums rows_sum(const struct lag_row *rows, size_t count);

/* How many of the COUNT rows from ROWS on have the same group as the first row and, with by_topic, the same topic. */
size_t rows_run(const struct lag_row *rows, size_t count, bool by_topic);

/* Write the report.  Return 0 or -errno of the output. */
int print_table(const struct lag_report *report, struct outbuf *out) MUST_CHECK;
int print_json(const struct lag_report *report, struct outbuf *out) MUST_CHECK;
int print_prometheus(const struct lag_report *report, const struct log_list *logs, struct outbuf *out) MUST_CHECK;

#endif
