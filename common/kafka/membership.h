/*
 * For whom a transaction commits offsets: the member of a consumer group and its generation, as text that goes through
 * a mark from the consumer to the producer.
 *
 * Layer: kafka (uses base, data/base64).  The broker refuses offsets of another generation than the group's, and so a
 * consumer that has lost its partitions.  A reader of fixed partitions has no generation; nothing refuses its offsets.
 */
#ifndef WEIR_KAFKA_MEMBERSHIP_H
#define WEIR_KAFKA_MEMBERSHIP_H

#include <stdbool.h>

#include <librdkafka/rdkafka.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

/*
 * Append the membership of CONSUMER.  Call it in the thread that serves rebalances, and before any further poll.  0;
 * -EAGAIN when it is not a member at the moment, and a rebalance will be reported; or -EINVAL when librdkafka has none.
 */
int membership_add(struct strbuf *out, rd_kafka_t *consumer) MUST_CHECK;

/* Append that of a reader of fixed partitions, which has the name GROUP only.  0 or -EINVAL. */
int membership_add_fixed(struct strbuf *out, const char *group) MUST_CHECK;

/*
 * Read the LEN characters at S.  0, and *ret is freed by rd_kafka_consumer_group_metadata_destroy(); or -EBADMSG.
 */
int membership_read(const char *s, size_t len, rd_kafka_consumer_group_metadata_t **ret) MUST_CHECK;

/*
 * Whether the SIZE bytes at DATA, as rd_kafka_consumer_group_metadata_write() makes them, are of a member that has a
 * generation.  Bytes of a form that is not known count as such.
 */
bool membership_has_generation(const char *data, size_t size);

#endif
