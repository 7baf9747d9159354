/* A handle that remembers its errors: see client.h. */
#include "common/kafka/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/sig.h"
#include "common/kafka/reason.h"

enum {
	STEP_MS = 100, /* length of one wait for an event; signals and refusals are noticed between waits */
};

static bool is_refusal(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR__AUTHENTICATION || err == RD_KAFKA_RESP_ERR__SSL ||
	       err == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED ||
	       err == RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM || err == RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE ||
	       err == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED ||
	       err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
	       err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
	       err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
}

/* A refusal by TLS counts as a refusal, whatever state the connection was in. */
static rd_kafka_resp_err_t classify(rd_kafka_resp_err_t err, const char *reason)
{
	return reason_is_tls_refusal(reason) ? RD_KAFKA_RESP_ERR__SSL : err;
}

void kafka_client_note(struct kafka_client *client, rd_kafka_resp_err_t err, const char *reason)
{
	client->err = classify(err, reason);
	client->refused = is_refusal(client->err);
	strbuf_clear(&client->reason);
	reason_plain(reason, &client->reason);
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque)
{
	struct kafka_client *client = opaque;
	rd_kafka_resp_err_t err = (rd_kafka_resp_err_t)code;
	char text[512] = "";
	if (client->fatal)
		return;
	if (err == RD_KAFKA_RESP_ERR__FATAL) {
		err = rd_kafka_fatal_error(rk, text, sizeof text);
		client->fatal = true;
		kafka_client_note(client, err, text);
	} else if (err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
		/* Only a summary; the error before it is the informative one. */
		if (!client->err)
			kafka_client_note(client, err, reason);
	} else if (!client->refused || is_refusal(classify(err, reason))) {
		kafka_client_note(client, err, reason);
	}
}

static void add_value(struct strbuf *text, rd_kafka_conf_t *conf, const char *name)
{
	size_t size = 0; /* with the final NUL */
	if (rd_kafka_conf_get(conf, name, NULL, &size) != RD_KAFKA_CONF_OK || !size)
		return;
	char *value = xmalloc(size);
	if (rd_kafka_conf_get(conf, name, value, &size) == RD_KAFKA_CONF_OK)
		strbuf_addstr(text, value);
	free(value);
}

/* Explain why librdkafka would not start with CONF: TEXT, and the file where TEXT names only a property. */
static void say_why(rd_kafka_conf_t *conf, const char *text, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT, path = STRBUF_INIT;
	const char *end = strstr(text, ".location failed: ");
	if (end && strncmp(text, "ssl.", 4) == 0) {
		strbuf_add(&name, text, (size_t)(end - text) + strlen(".location"));
		add_value(&path, conf, name.s);
		strbuf_addf(err, "%s: cannot use '%s': ", name.s, path.s);
		reason_plain(end + strlen(".location failed: "), err);
	} else if (strstr(text, "sasl.kerberos.kinit.cmd")) {
		strbuf_addstr(err, "sasl.mechanism is GSSAPI, which needs sasl.kerberos.keytab; is another one meant"
				   " (PLAIN, SCRAM-SHA-512)?");
	} else {
		strbuf_addstr(err, text);
	}
	strbuf_release(&name);
	strbuf_release(&path);
}

int kafka_client_init(struct kafka_client *client, rd_kafka_type_t type, rd_kafka_conf_t *conf, struct strbuf *err)
{
	char text[512] = "";
	void *user = client->user;
	*client = (struct kafka_client){.user = user, .reason = STRBUF_INIT, .brokers = STRBUF_INIT};
	add_value(&client->brokers, conf, "bootstrap.servers");
	rd_kafka_conf_set_opaque(conf, client);
	rd_kafka_conf_set_error_cb(conf, on_error);
	client->rk = rd_kafka_new(type, conf, text, sizeof text);
	if (client->rk)
		return 0;
	int r = errno ? -errno : -EINVAL;
	say_why(conf, text, err);
	rd_kafka_conf_destroy(conf);
	return r;
}

void kafka_client_release(struct kafka_client *client)
{
	if (client->rk)
		rd_kafka_destroy(client->rk);
	client->rk = NULL;
	strbuf_release(&client->reason);
	strbuf_release(&client->brokers);
}

void kafka_client_poll(struct kafka_client *client, int timeout_ms)
{
	rd_kafka_poll(client->rk, timeout_ms);
}

void kafka_client_forget(struct kafka_client *client)
{
	if (client->fatal)
		return;
	client->err = RD_KAFKA_RESP_ERR_NO_ERROR;
	client->refused = false;
	client->reached = true;
	if (patience_end(&client->patience) && client->tell)
		client->tell("the brokers answer");
}

bool kafka_client_is_vague(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR__TRANSPORT || err == RD_KAFKA_RESP_ERR__TIMED_OUT ||
	       err == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE || err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
	       err == RD_KAFKA_RESP_ERR__WAIT_COORD;
}

rd_kafka_resp_err_t kafka_client_explain(
	const struct kafka_client *client, rd_kafka_resp_err_t err, struct strbuf *text)
{
	if (client->err && (kafka_client_is_vague(err) || client->fatal)) {
		strbuf_addstr(text, client->reason.s);
		return client->err;
	}
	if (!client->reached && kafka_client_is_vague(err))
		strbuf_addf(text, "%s: no answer", client->brokers.s);
	else
		strbuf_addstr(text, rd_kafka_err2str(err));
	return err;
}

void kafka_client_waiting(const struct kafka_client *client, int64_t timeout_ms, struct strbuf *text)
{
	if (client->reached)
		strbuf_addstr(text, "no answer: ");
	if (client->reached && !client->err)
		strbuf_addstr(text, "the brokers are connected, but silent");
	else
		(void)kafka_client_explain(client, RD_KAFKA_RESP_ERR__TIMED_OUT, text); /* only its text is needed */
	strbuf_addstr(text, "; trying for ");
	reason_add_duration(text, timeout_ms);
	strbuf_addstr(text, " (--timeout)");
}

void kafka_client_unreached(const struct kafka_client *client, int64_t timeout_ms, struct strbuf *text)
{
	strbuf_addstr(text, "cannot reach a broker: ");
	(void)kafka_client_explain(client, RD_KAFKA_RESP_ERR__TIMED_OUT, text);
	strbuf_addstr(text, " (waited ");
	reason_add_duration(text, timeout_ms);
	strbuf_addstr(text, ")");
}

rd_kafka_resp_err_t kafka_client_explain_wait(const struct kafka_client *client, rd_kafka_resp_err_t err,
	const char *what, int64_t timeout_ms, struct strbuf *text)
{
	bool vague = kafka_client_is_vague(err);
	if (vague && !client->reached && !client->refused && !client->fatal) {
		kafka_client_unreached(client, client->timeout_ms ? client->timeout_ms : timeout_ms, text);
		return client->err ? client->err : err;
	}
	if (!(vague && client->err))
		strbuf_addf(text, "%s: ", what);
	return kafka_client_explain(client, err, text);
}

bool kafka_client_is_news(const struct kafka_client *client, struct patience *patience)
{
	int64_t now = clock_ms();
	patience_begin(patience, now);
	/* A refusal will end the wait soon anyway, with the same text. */
	if (client->refused || (!client->err && now - patience->since < KAFKA_SILENT_MS))
		return false;
	return patience_ask(patience, -1, now) == PATIENCE_TELL;
}

void kafka_client_silent(struct kafka_client *client)
{
	if (!kafka_client_is_news(client, &client->patience) || !client->tell)
		return;
	struct strbuf text = STRBUF_INIT;
	kafka_client_waiting(client, client->timeout_ms, &text);
	client->tell(text.s);
	strbuf_release(&text);
}

rd_kafka_event_t *kafka_client_event(struct kafka_client *client, rd_kafka_queue_t *queue, int64_t deadline)
{
	bool shortened = false;
	patience_begin(&client->patience, clock_ms());
	for (;;) {
		int64_t now = clock_ms(), left = deadline - now;
		rd_kafka_event_t *event = rd_kafka_queue_poll(queue, left >= STEP_MS ? STEP_MS
								     : left > 0      ? (int)left
										     : 0);
		if (event)
			return event;
		kafka_client_poll(client, 0);
		kafka_client_silent(client);
		if (left <= 0 || client->fatal || sig_stop())
			return NULL;
		if (client->refused && !shortened) {
			deadline = now + KAFKA_REFUSED_GRACE_MS < deadline ? now + KAFKA_REFUSED_GRACE_MS : deadline;
			shortened = true;
		}
	}
}
