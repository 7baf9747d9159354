/*
 * Who is in consumer groups, and who reads which partition.
 *
 * Layer: kafka (uses base, groups).  The question is put on a handle of its own and is under way while the caller does
 * other work: on a broker that does not know the request, librdkafka 2.0.2 answers and then blocks the whole handle for
 * ever.  So that handle is never destroyed, and the program must end by _exit(2).
 */
#ifndef WEIR_KAFKA_MEMBERS_H
#define WEIR_KAFKA_MEMBERS_H

#include "common/kafka/groups.h"

struct members_query {
	rd_kafka_t *rk;
	rd_kafka_queue_t *queue;
};

/*
 * Ask who is in the groups of LIST; the answers are for members_collect().  CONF is taken in every case.
 * Returns 0 or -EINVAL with the reason in ERR.
 */
int members_ask(struct members_query *query, rd_kafka_conf_t *conf, const struct group_list *list, int timeout_ms,
	struct strbuf *err) MUST_CHECK;

/*
 * Wait until DEADLINE for the answer and put states and members into LIST; partitions that a member reads and the group
 * has no position in are added.  Whatever is not told in time stays GROUP_UNKNOWN.  After this the query is spent.
 */
void members_collect(struct members_query *query, struct group_list *list, int64_t deadline);

#endif
