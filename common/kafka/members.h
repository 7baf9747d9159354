/*
 * The members of consumer groups, and which of them reads which partition.
 *
 * Layer: kafka (uses base, groups).  A DescribeGroups request to a broker that does not support it (such as
 * librdkafka's mock cluster) breaks librdkafka 2.0.2: it gives an answer, and then its thread blocks for ever or aborts
 * because of memory that it has freed.  So the brokers are first asked whether they support groups at all.  All of this
 * is done on a separate handle, with a deadline, and the handle is never destroyed; so whatever goes wrong, only the
 * names of the members are lost.  The program must end by _exit(2).
 */
#ifndef WEIR_KAFKA_MEMBERS_H
#define WEIR_KAFKA_MEMBERS_H

#include "common/kafka/groups.h"

struct members_query {
	rd_kafka_t *rk;
	rd_kafka_queue_t *queue;
};

/*
 * Begin: connect to the brokers and ask them whether they support groups, while the caller does other work.  CONF is
 * consumed in every case.  Returns 0 or -EINVAL with the reason in ERR.
 */
int members_ask(struct members_query *query, rd_kafka_conf_t *conf, struct strbuf *err) MUST_CHECK;

/*
 * Request the members of the groups of LIST, wait until DEADLINE for the answer, and put states and members into LIST;
 * partitions that a member reads and in which the group has no position are added.  Groups without an answer in time
 * stay GROUP_UNKNOWN.  Afterwards the query cannot be used again.
 */
void members_collect(struct members_query *query, struct group_list *list, int64_t deadline);

#endif
