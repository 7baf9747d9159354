/*
 * Who is in consumer groups, and who reads which partition.
 *
 * Layer: kafka (uses base, groups).  librdkafka 2.0.2 survives no DescribeGroups request on a broker that does not know
 * it (its mock cluster): it answers, and then its thread blocks for ever or aborts on memory that it has freed.  So the
 * brokers are asked first whether they know groups at all; and all of this is done on a handle of its own, with a
 * deadline, which is never destroyed: whatever happens to it costs the names of the members, nothing else.  The program
 * must end by _exit(2).
 */
#ifndef WEIR_KAFKA_MEMBERS_H
#define WEIR_KAFKA_MEMBERS_H

#include "common/kafka/groups.h"

struct members_query {
	rd_kafka_t *rk;
	rd_kafka_queue_t *queue;
};

/*
 * Begin: connect to the brokers and ask them whether they know groups, while the caller does other work.  CONF is taken
 * in every case.  Returns 0 or -EINVAL with the reason in ERR.
 */
int members_ask(struct members_query *query, rd_kafka_conf_t *conf, struct strbuf *err) MUST_CHECK;

/*
 * Ask who is in the groups of LIST, wait until DEADLINE for the answer and put states and members into LIST; partitions
 * that a member reads and the group has no position in are added.  Whatever is not told in time stays GROUP_UNKNOWN.
 * After this the query is spent.
 */
void members_collect(struct members_query *query, struct group_list *list, int64_t deadline);

#endif
