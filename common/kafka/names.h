/*
 * Which names a consumer group and a topic may have.
 *
 * Layer: kafka (uses base and data/utf8; does not need librdkafka).  A group's name goes to the brokers, into marks,
 * into the log of a table and into messages, and must be the same name everywhere.  But librdkafka drops leading
 * blanks, marks and logs are UTF-8, and a terminal would interpret control characters.
 */
#ifndef WEIR_KAFKA_NAMES_H
#define WEIR_KAFKA_NAMES_H

#include "common/base/strbuf.h"

/*
 * Whether NAME can name a consumer group: not empty, at most 32767 bytes (what Kafka's protocol can carry), valid
 * UTF-8, no leading blank, no control characters (C0, DEL, C1).
 *
 * Returns 0, or -EINVAL with the reason, which quotes NAME, in ERR.
 */
int names_check_group(const char *name, struct strbuf *err) MUST_CHECK;

/*
 * Check that none of NAMES, a list that ends with NULL, is empty: with an empty topic librdkafka 2.0.2 crashes, or
 * requests all topics.  Other impossible names are left for the broker to refuse.
 *
 * Returns 0, or -EINVAL with the reason in ERR.
 */
int names_check_topics(char *const *names, struct strbuf *err) MUST_CHECK;

#endif
