/*
 * A handle of librdkafka that remembers what went wrong, and waits for brokers that say what for and end.
 *
 * Layer: kafka (uses base, conf, reason).  librdkafka reports trouble with brokers as events, long before
 * anybody can say whether it matters: one of several brokers may be away, a restarted one comes
 * back.  So errors are only remembered here, and whoever waits decides, by a deadline, that it is
 * over; the last reason then explains why. One thread owns a client.  Events are delivered while
 * that thread calls rd_kafka_poll() or kafka_client_poll().
 */
#ifndef WEIR_KAFKA_CLIENT_H
#define WEIR_KAFKA_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "common/base/patience.h"
#include "common/base/strbuf.h"

enum {
	KAFKA_REFUSED_GRACE_MS = 1000, /* that a wait goes on after a refusal */
	KAFKA_SILENT_MS =
		3000, /* after which silence without a known cause is reported: a busy broker may take a while */
};

struct kafka_client {
	rd_kafka_t *rk;
	void *user;               /* for the other callbacks of the caller, whose opaque is the client */
	rd_kafka_resp_err_t err;  /* the last meaningful error, 0: none since kafka_client_forget() */
	struct strbuf reason;     /* its text, in plain words */
	bool refused;             /* err is about credentials, certificates or rights: waiting seldom helps */
	bool fatal;               /* err is fatal: the handle is of no use any more */
	bool reached;             /* a broker has answered, ever */
	struct strbuf brokers;    /* bootstrap brokers */
	struct patience patience; /* of the wait for brokers that goes on */
	/*
	 * The caller may set these after kafka_client_init().  `tell` is given a line for a message when brokers have
	 * not answered for a second, and another when they do again; NULL: it is not reported.  `timeout_ms` is the
	 * --timeout that such a line names.
	 */
	void (*tell)(const char *line);
	int64_t timeout_ms;
};

/*
 * Create the handle in CLIENT, which must stay where it is until kafka_client_release().
 *
 * Takes CONF in every case; sets its opaque (to CLIENT) and its error callback.
 * Returns 0, or a negative errno (-EINVAL: properties that do not fit together) with the reason in
 * ERR.
 */
int kafka_client_init(
	struct kafka_client *client, rd_kafka_type_t type, rd_kafka_conf_t *conf, struct strbuf *err) MUST_CHECK;

/* Destroy the handle; a consumer has been closed before.  Accepts a client whose init failed. */
void kafka_client_release(struct kafka_client *client);

/* Serve the callbacks of the main queue for at most TIMEOUT_MS, 0: only those that are due. */
void kafka_client_poll(struct kafka_client *client, int timeout_ms);

/* Remember an error that came another way than by librdkafka's error event; REASON is put into plain words. */
void kafka_client_note(struct kafka_client *client, rd_kafka_resp_err_t err, const char *reason);

/*
 * Things work again: forget the last error (but a fatal one stays); if silence was reported, so is its end.
 */
void kafka_client_forget(struct kafka_client *client);

/*
 * PATIENCE, that of a wait for brokers, is at an end for now: true once in a wait, after a second when there is a
 * reason to tell, else after KAFKA_SILENT_MS.
 */
bool kafka_client_is_news(const struct kafka_client *client, struct patience *patience);

/* Nobody has answered yet: the wait begins, or goes on; `tell` is called when that has to be reported. */
void kafka_client_silent(struct kafka_client *client);

/*
 * Append the text that `tell` is called with, for programs with a wait of their own:
 * `h:9092: connection refused; trying for 30s (--timeout)`.
 */
void kafka_client_waiting(const struct kafka_client *client, int64_t timeout_ms, struct strbuf *text);

/* Append that no broker could be reached, and why: `cannot reach a broker: h:9092: … (waited 30s)`. */
void kafka_client_unreached(const struct kafka_client *client, int64_t timeout_ms, struct strbuf *text);

/*
 * The next event of QUEUE, serving the main queue meanwhile; NULL when DEADLINE (clock_ms()) has come, a signal, a
 * fatal error, or KAFKA_REFUSED_GRACE_MS after a refusal (in which another broker may do better).
 * kafka_client_explain() then tells more than RD_KAFKA_RESP_ERR__TIMED_OUT.  The caller destroys the event.
 */
rd_kafka_event_t *kafka_client_event(struct kafka_client *client, rd_kafka_queue_t *queue, int64_t deadline) MUST_CHECK;

/* ERR only says that nobody answered. */
bool kafka_client_is_vague(rd_kafka_resp_err_t err);

/*
 * The better one of two explanations for a failed call: the last event that the client remembers
 * when ERR only says that time ran out or the transport failed, else ERR.  Appends the words to
 * TEXT and returns the error.
 */
rd_kafka_resp_err_t kafka_client_explain(
	const struct kafka_client *client, rd_kafka_resp_err_t err, struct strbuf *text);

/*
 * The same for the end of a wait of TIMEOUT_MS, as a whole message: `WHAT: reason`, or when no broker was ever reached
 * what kafka_client_unreached() says, or the reason alone when it is about the broker and not about WHAT.
 */
rd_kafka_resp_err_t kafka_client_explain_wait(const struct kafka_client *client, rd_kafka_resp_err_t err,
	const char *what, int64_t timeout_ms, struct strbuf *text);

/*
 * The metadata of TOPIC, waiting up to TIMEOUT_MS for a broker to answer; of all topics when TOPIC
 * is NULL.
 *
 * A topic is taken as unknown when two answers in a row say so (a new one needs a moment to
 * spread), and names that are near are proposed; other errors of the topic are waited for, those of
 * single partitions are left to the caller.  Refused credentials end the wait after one second more, in which another
 * broker may do better.  The main queue must not be redirected to a consumer queue. Returns 0 and *ret, which the
 * caller gives to rd_kafka_metadata_destroy(); or an error for kafka_status(), with its explanation
 * in ERR; RD_KAFKA_RESP_ERR__INTR when sig_stop() says so.
 */
rd_kafka_resp_err_t kafka_client_topic(struct kafka_client *client, const char *topic, int timeout_ms,
	const struct rd_kafka_metadata **ret, struct strbuf *err) MUST_CHECK;

#endif
