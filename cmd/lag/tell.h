/* Messages about facts that the report itself does not show, and the exit statuses that follow from them. */
#ifndef WEIR_LAG_TELL_H
#define WEIR_LAG_TELL_H

#include "cmd/lag/report.h"

/*
 * Report groups that were named and do not exist or have no rows; TOPICS_NAMED: topics were named, too.  CLIENT's last
 * error explains a missing answer.
 */
int tell_groups(const struct group_list *groups, const struct kafka_client *client, bool topics_named);

/* Report that no group at all has a row; OPERAND is the first topic asked for, NULL: none. */
int tell_nothing(const char *operand);

/* Report partitions whose ends are not known.  Partitions that no longer exist are named, but are not a failure. */
int tell_logs(const struct log_list *logs, const struct kafka_client *client);

/* Report positions that the broker did not give, or that are impossible. */
int tell_rows(const struct lag_report *report);

/*
 * The answer to --max-lag: EXIT_NO, with a message, if at least one partition is over the limit, even if others are
 * unknown; otherwise STATUS or, if something is unknown, the worse of STATUS and EXIT_TEMP.  A group that has neither a
 * position nor a member (perhaps a misspelt name) is always over.
 */
int judge(const struct lag_report *report, uint64_t max_lag, int status);

#endif
