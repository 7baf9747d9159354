/*
 * Messages about what a report does not say by itself, and the exit statuses that follow from it.
 */
#ifndef WEIR_LAG_TELL_H
#define WEIR_LAG_TELL_H

#include "cmd/lag/report.h"

/*
 * Groups that were named and do not exist or have no rows; TOPICS_NAMED: topics were named too.  What CLIENT last heard
 * explains an answer that did not come.
 */
int tell_groups(const struct group_list *groups, const struct kafka_client *client, bool topics_named);

/* No group at all has a row; OPERAND is the first topic asked for, NULL: none. */
int tell_nothing(const char *operand);

/* Partitions whose ends are not known.  Those that do not exist any more are named, but no failure. */
int tell_logs(const struct log_list *logs, const struct kafka_client *client);

/* Positions that the broker did not tell, or that can not be. */
int tell_rows(const struct lag_report *report);

/*
 * The answer to --max-lag: EXIT_NO, with a message, as soon as one partition is over, whatever else is unknown; else
 * the worse one of STATUS and EXIT_TEMP when something is unknown.  A group that has neither a position nor a member
 * (a misspelt name?) is always over.
 */
int judge(const struct lag_report *report, uint64_t max_lag, int status);

#endif
