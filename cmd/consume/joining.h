/*
 * The wait for a consumer group to form: what librdkafka tells of it, and what follows.
 *
 * Two kinds of waiting look alike from outside.  As long as the coordinator is not there, does not answer or refuses,
 * an answer is missing, and the limit is --timeout.  When it holds the rebalance because other members have not joined
 * again yet, that is an answer: the limit is then the time that members have for it, max.poll.interval.ms.  Only the
 * statistics of librdkafka tell the two apart.  Nothing here reads a clock or prints.
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
	struct patience answer; /* on: the group has not given us partitions since then, and is not held */
	struct patience held;   /* on: the coordinator holds the rebalance */
	int64_t next_word;      /* of a held rebalance */
	char state[32]; /* of the way to the coordinator, as librdkafka has it; "" before the first statistics */
	rd_kafka_resp_err_t err; /* the last reason that is known; 0: none */
	struct strbuf reason;
	int64_t refused_ms; /* when the coordinator said no for the last time */
	bool refused;       /* it has, in this wait */
};

enum joining_step {
	JOINING_GO_ON,
	JOINING_TELL,      /* that there is no answer */
	JOINING_TELL_HELD, /* that others are waited for: every minute */
	JOINING_OVER,      /* no answer within the limit */
	JOINING_OVER_HELD, /* the others have not come */
};

void joining_init(struct joining *j);

/* The wait begins, anew if it was on. */
void joining_begin(struct joining *j, int64_t now_ms);

/* There is an assignment; true: its absence had been told. */
bool joining_end(struct joining *j);

void joining_release(struct joining *j);

/* Whether partitions are waited for at all. */
bool joining_is_on(const struct joining *j);

/* librdkafka has met this on its way; REFUSED: it is what the coordinator answered to the member. */
void joining_note(struct joining *j, rd_kafka_resp_err_t err, const char *reason, bool refused, int64_t now_ms);

/* Statistics of librdkafka, LEN bytes of JSON.  What is no such thing is passed over. */
void joining_hear(struct joining *j, const char *json, size_t len, int64_t now_ms);

/* What is to be done: LIMIT_MS without an answer, HELD_LIMIT_MS when the coordinator holds the rebalance. */
enum joining_step joining_ask(struct joining *j, int64_t limit_ms, int64_t held_limit_ms, int64_t now_ms);

/* Why there is no answer, in words. */
const char *joining_why(const struct joining *j);

#endif
