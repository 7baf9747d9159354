/*
 * A handle of librdkafka that remembers errors, and whose waits for brokers report what they wait for and have a limit.
 *
 * Layer: kafka (uses base, conf, reason).  librdkafka reports trouble with brokers as events, long before it is known
 * whether it matters: one of several brokers may be down, or a restarted one comes back.  So errors are only remembered
 * here; the code that waits decides, by a deadline, to give up, and the last reason then explains why.  One thread owns
 * a client.  Events are delivered while that thread calls rd_kafka_poll() or kafka_client_poll().
 */
#ifndef WEIR_KAFKA_CLIENT_H
#define WEIR_KAFKA_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "common/base/patience.h"
#include "common/base/strbuf.h"

enum {
	KAFKA_REFUSED_GRACE_MS = 1000, /* how long a wait goes on after a refusal */
	KAFKA_SILENT_MS =
		3000, /* after this long, silence without a known cause is reported; a busy broker may take a while */
};

struct kafka_client {
	rd_kafka_t *rk;
	void *user;               /* for other callbacks of the caller, which get the client as their opaque */
	rd_kafka_resp_err_t err;  /* the last meaningful error, 0: none since kafka_client_forget() */
	struct strbuf reason;     /* its text, in plain English */
	bool refused;             /* err is about credentials, certificates or rights: waiting seldom helps */
	bool fatal;               /* err is fatal: the handle can no longer be used */
	bool reached;             /* some broker has answered at least once */
	struct strbuf brokers;    /* bootstrap brokers */
	struct patience patience; /* of the current wait for brokers */
	/*
	 * The caller may set these after kafka_client_init().  `tell` is called with a line for a message when brokers
	 * have not answered for a second, and with another line when they answer again; NULL: neither is reported.
	 * `timeout_ms` is the --timeout named in such a line.
	 */
	void (*tell)(const char *line);
	int64_t timeout_ms;
};

/*
 * Create the handle in CLIENT, which must stay where it is until kafka_client_release().
 *
 * Takes ownership of CONF in every case; sets its opaque (to CLIENT) and its error callback.
 * Returns 0, or a negative errno (-EINVAL: properties that do not fit together) with the reason in
 * ERR.
 */
int kafka_client_init(
	struct kafka_client *client, rd_kafka_type_t type, rd_kafka_conf_t *conf, struct strbuf *err) MUST_CHECK;

/* Destroy the handle; a consumer must have been closed before.  Accepts a client whose init failed. */
void kafka_client_release(struct kafka_client *client);

/* Serve the callbacks of the main queue for at most TIMEOUT_MS, 0: only those that are due. */
void kafka_client_poll(struct kafka_client *client, int timeout_ms);

/* Remember an error that was not an error event of librdkafka; REASON is translated into plain English. */
void kafka_client_note(struct kafka_client *client, rd_kafka_resp_err_t err, const char *reason);

/* Brokers answer again: forget the last error, unless it is fatal; if silence was reported, report its end. */
void kafka_client_forget(struct kafka_client *client);

/*
 * Whether it is time to report PATIENCE, a wait for brokers: true once in a wait, after a second when there is a reason
 * to report, else after KAFKA_SILENT_MS.
 */
bool kafka_client_is_news(const struct kafka_client *client, struct patience *patience);

/* No broker has answered yet: begin or continue the wait; `tell` is called when it is time to report it. */
void kafka_client_silent(struct kafka_client *client);

/*
 * Append the text that `tell` is called with, for programs that wait in their own loop: `h:9092: connection refused;
 * trying for 30s (--timeout)`.
 */
void kafka_client_waiting(const struct kafka_client *client, int64_t timeout_ms, struct strbuf *text);

/* Append that no broker could be reached, and why: `cannot reach a broker: h:9092: … (waited 30s)`. */
void kafka_client_unreached(const struct kafka_client *client, int64_t timeout_ms, struct strbuf *text);

/*
 * The next event of QUEUE, serving the main queue meanwhile.  NULL at DEADLINE (clock_ms()), after a signal or a fatal
 * error, or KAFKA_REFUSED_GRACE_MS after a refusal (in that time another broker may accept).  kafka_client_explain()
 * then has a better explanation than RD_KAFKA_RESP_ERR__TIMED_OUT.  The caller destroys the event.
 */
rd_kafka_event_t *kafka_client_event(struct kafka_client *client, rd_kafka_queue_t *queue, int64_t deadline) MUST_CHECK;

/* Whether ERR only says that there was no answer. */
bool kafka_client_is_vague(rd_kafka_resp_err_t err);

/*
 * The better of two explanations for a failed call: ERR or, if that only says that time ran out or the transport
 * failed, the last error that the client remembers.  Appends the text to TEXT and returns the error.
 */
rd_kafka_resp_err_t kafka_client_explain(
	const struct kafka_client *client, rd_kafka_resp_err_t err, struct strbuf *text);

/*
 * The same for the end of a wait of TIMEOUT_MS, as a whole message: `WHAT: reason`; or the reason alone, if it is about
 * the broker and not about WHAT; or the text of kafka_client_unreached(), if no broker was ever reached.
 */
rd_kafka_resp_err_t kafka_client_explain_wait(const struct kafka_client *client, rd_kafka_resp_err_t err,
	const char *what, int64_t timeout_ms, struct strbuf *text);

/*
 * Get the metadata of TOPIC, or of all topics when TOPIC is NULL, waiting up to TIMEOUT_MS for a broker to answer.
 *
 * A topic counts as unknown when two answers in a row say so (a new one needs a moment to become known everywhere), and
 * then topics with similar names are suggested.  After other errors of the topic the request is repeated; errors of
 * single partitions are left to the caller.  Refused credentials end the wait after one more second, in which another
 * broker may accept them.  The main queue must not be redirected to a consumer queue.  Returns 0 and *ret, which the
 * caller gives to rd_kafka_metadata_destroy(); or an error for kafka_status(), with its explanation in ERR;
 * RD_KAFKA_RESP_ERR__INTR after a signal (sig_stop()).
 */
rd_kafka_resp_err_t kafka_client_topic(struct kafka_client *client, const char *topic, int timeout_ms,
	const struct rd_kafka_metadata **ret, struct strbuf *err) MUST_CHECK;

#endif
