/*
 * Errors of brokers: how long to retry, and when they are over.
 *
 * librdkafka retries everything by itself and reports the errors that it meets.  As long as an error is remembered, the
 * leaders of all partitions that are read are sent a request now and then.  When all answer, the trouble is over; when
 * they do not for --timeout, the program ends.
 */
#ifndef WEIR_CONSUME_HEALTH_H
#define WEIR_CONSUME_HEALTH_H

#include "broker.h"

struct health {
	int64_t since; /* since when the brokers have not answered; 0: no trouble */
	int64_t next_probe;
	bool unknown; /* a topic does not exist: nothing is read until it is known whether it is still the same topic */
};

enum health_step {
	HEALTH_WELL,   /* all is well, or the next request is not due */
	HEALTH_TELL,   /* print TEXT */
	HEALTH_RETAKE, /* the same, unless it is empty; the assigned topics may have been recreated */
	HEALTH_OVER,   /* the program must end, with TEXT and *ret_status */
};

/*
 * Send the request when it is due; takes at most two seconds.  With WATCH, even when there is no error, because
 * librdkafka does not report that a topic was deleted and created again.
 */
enum health_step health_ask(struct health *h, struct broker *b, const struct cursors *t, bool watch, int64_t now_ms,
	int *ret_status, struct strbuf *text);

/* Whether ERR says that a topic does not exist. */
bool health_unknown_topic(rd_kafka_resp_err_t err);

#endif
