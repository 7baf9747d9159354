/*
 * Errors, and when they are over.
 *
 * librdkafka tries everything again by itself and reports what it meets on the way.  As long as an error is remembered,
 * the leaders of all partitions that are read are asked a question now and then: an answer of all means that the
 * trouble is over, none for --timeout that the program is.
 */
#ifndef WEIR_CONSUME_HEALTH_H
#define WEIR_CONSUME_HEALTH_H

#include "broker.h"

struct health {
	int64_t since; /* the brokers have not answered since then; 0: no trouble */
	int64_t next_probe;
	bool unknown; /* a topic is not there: nothing is read until it is known to be the same */
};

enum health_step {
	HEALTH_WELL,   /* or nothing to be asked now */
	HEALTH_TELL,   /* TEXT is news */
	HEALTH_RETAKE, /* the same, unless it is empty; what is assigned may not be what it was */
	HEALTH_OVER,   /* the end: TEXT and *ret_status */
};

/*
 * Ask, when it is time to: for two seconds at most.  WATCH: also when nothing is wrong, because librdkafka says nothing
 * of a topic that was deleted and made anew.
 */
enum health_step health_ask(struct health *h, struct broker *b, const struct cursors *t, bool watch, int64_t now_ms,
	int *ret_status, struct strbuf *text);

/* ERR says that a topic is not there. */
bool health_unknown_topic(rd_kafka_resp_err_t err);

#endif
