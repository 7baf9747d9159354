/* Which partitions to read: the operands and -p. */
#ifndef WEIR_CONSUME_TOPICS_H
#define WEIR_CONSUME_TOPICS_H

#include "common/kafka/client.h"
#include "common/stream/session.h"
#include "options.h"

/* Parse -p; see struct opt's parse. */
int topics_parse_partitions(const char *value, void *dest, struct strbuf *err);

/* Whether an operand is an internal topic, or an expression that begins with "^__". */
bool topics_internal(const struct consume_options *opt);

/* Whether an operand is a regular expression. */
bool topics_has_regex(const struct consume_options *opt);

/* Whether the regular expression PATTERN can be compiled: 0, or EXIT_USAGE with the reason in ERR. */
int topics_check(const char *pattern, struct strbuf *err) MUST_CHECK;

/*
 * Whether TOPIC is to be read: internal topics, whose names begin with "__", only when they are named or an expression
 * asks for such names.
 */
bool topics_wanted(const struct consume_options *opt, const char *topic);

/* Whether TOPIC is an operand itself, not only matched by one. */
bool topics_named(const struct consume_options *opt, const char *topic);

/*
 * Make sure that the topics exist, and put the partitions that -p selects into T. *ret is a list of them, which the
 * caller frees.  0, an exit status with the reason in ERR, or -1 after a signal.
 */
int topics_list(const struct consume_options *opt, struct kafka_client *client, struct cursors *t,
	struct session_part **ret, size_t *ret_count, struct strbuf *err) MUST_CHECK;

/*
 * Find partitions that were added to the topics and that T does not have yet.  *ret is a list of them, which the caller
 * frees; NULL: there are none, or no answer within two seconds.
 */
struct session_part *topics_added(
	const struct consume_options *opt, rd_kafka_t *rk, struct cursors *t, size_t *ret_count) MUST_CHECK;

#endif
