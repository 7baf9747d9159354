/*
 * The wait for a consumer group to form: what librdkafka reports about it, and how to react.
 *
 * Two kinds of waiting look the same from outside.  As long as the coordinator does not exist, does not answer or
 * refuses, an answer is missing, and the limit is --timeout.  When it holds the rebalance because other members have
 * not rejoined yet, that is an answer; the limit is then the time that members have for rejoining,
 * max.poll.interval.ms.  Only the statistics of librdkafka distinguish the two.  This module reads no clock and prints
 * nothing.
 */
#ifndef WEIR_CONSUME_JOINING_H
#define WEIR_CONSUME_JOINING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "common/base/patience.h"
#include "common/base/strbuf.h"

struct joining {
	/* on: since then the group has given us no partitions, and the coordinator does not hold the rebalance */
	struct patience answer;
	struct patience held; /* on: the coordinator holds the rebalance */
	int64_t next_word;    /* of a held rebalance */
	char state[32];       /* of the connection to the coordinator, by librdkafka; "" before the first statistics */
	rd_kafka_resp_err_t err; /* the last reason that is known; 0: none */
	struct strbuf reason;
	int64_t refused_ms; /* when the coordinator last refused */
	bool refused;       /* it has refused during this wait */
};

enum joining_step {
	JOINING_GO_ON,
	JOINING_TELL,      /* print that there is no answer */
	JOINING_TELL_HELD, /* print, every minute, that the group waits for others */
	JOINING_OVER,      /* end: no answer within the limit */
	JOINING_OVER_HELD, /* end: the others have not rejoined */
};

void joining_init(struct joining *j);

/* Begin the wait, or begin it again. */
void joining_begin(struct joining *j, int64_t now_ms);

/* There is an assignment.  Returns whether its absence had been reported. */
bool joining_end(struct joining *j);

void joining_release(struct joining *j);

/* Whether there is a wait for partitions at all. */
bool joining_is_on(const struct joining *j);

/* librdkafka has reported ERR while joining; REFUSED: it is the coordinator's answer to the member. */
void joining_note(struct joining *j, rd_kafka_resp_err_t err, const char *reason, bool refused, int64_t now_ms);

/* Statistics of librdkafka, LEN bytes of JSON.  Anything else is ignored. */
void joining_hear(struct joining *j, const char *json, size_t len, int64_t now_ms);

/* What to do now: LIMIT_MS is for a missing answer, HELD_LIMIT_MS for a rebalance that the coordinator holds. */
enum joining_step joining_ask(struct joining *j, int64_t limit_ms, int64_t held_limit_ms, int64_t now_ms);

/* Why there is no answer, in words. */
const char *joining_why(const struct joining *j);

#endif
