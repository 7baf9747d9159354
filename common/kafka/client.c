/* A handle that remembers its errors: see client.h. */
#include "common/kafka/client.h"

#include <errno.h>

#include "common/base/clock.h"
#include "common/base/sig.h"

enum {
	FIRST_STEP_MS = 250, /* of a wait; a signal or a refusal is noticed between steps */
	LAST_STEP_MS = 4000, /* steps grow, because an answer that comes after its step is lost */
	REFUSED_GRACE_MS = 1000,
	SPREAD_MS = 300, /* until a new topic is looked for a second time */
};

static bool is_refusal(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR__AUTHENTICATION || err == RD_KAFKA_RESP_ERR__SSL ||
	       err == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED ||
	       err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
	       err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
	       err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
}

void kafka_client_note(struct kafka_client *client, rd_kafka_resp_err_t err, const char *reason)
{
	client->err = err;
	client->refused = is_refusal(err);
	strbuf_clear(&client->reason);
	strbuf_addstr(&client->reason, reason);
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
		/* A summary: the error before it is the one that tells something. */
		if (!client->err)
			kafka_client_note(client, err, reason);
	} else if (!client->refused || is_refusal(err)) {
		kafka_client_note(client, err, reason);
	}
}

int kafka_client_init(struct kafka_client *client, rd_kafka_type_t type, rd_kafka_conf_t *conf, struct strbuf *err)
{
	char text[512] = "";
	client->rk = NULL;
	client->err = RD_KAFKA_RESP_ERR_NO_ERROR;
	client->refused = client->fatal = false;
	strbuf_init(&client->reason);
	rd_kafka_conf_set_opaque(conf, client);
	rd_kafka_conf_set_error_cb(conf, on_error);
	client->rk = rd_kafka_new(type, conf, text, sizeof text);
	if (client->rk)
		return 0;
	int r = errno ? -errno : -EINVAL;
	rd_kafka_conf_destroy(conf);
	strbuf_addstr(err, text);
	return r;
}

void kafka_client_release(struct kafka_client *client)
{
	if (client->rk)
		rd_kafka_destroy(client->rk);
	client->rk = NULL;
	strbuf_release(&client->reason);
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
}

/* ERR only says that nobody answered. */
static bool is_vague(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR__TRANSPORT || err == RD_KAFKA_RESP_ERR__TIMED_OUT ||
	       err == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE || err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
	       err == RD_KAFKA_RESP_ERR__WAIT_COORD;
}

rd_kafka_resp_err_t kafka_client_explain(
	const struct kafka_client *client, rd_kafka_resp_err_t err, struct strbuf *text)
{
	if (client->err && (is_vague(err) || client->fatal)) {
		strbuf_addstr(text, client->reason.s);
		return client->err;
	}
	strbuf_addstr(text, rd_kafka_err2str(err));
	return err;
}

/* One question; 0 and *ret, the error of the request, or that of the topic. */
static rd_kafka_resp_err_t ask(
	struct kafka_client *client, rd_kafka_topic_t *topic, int64_t timeout_ms, const struct rd_kafka_metadata **ret)
{
	const struct rd_kafka_metadata *md;
	rd_kafka_resp_err_t err = rd_kafka_metadata(client->rk, !topic, topic, &md, (int)timeout_ms);
	if (err)
		return err;
	if (topic)
		err = md->topic_cnt == 1 ? md->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
	if (err)
		rd_kafka_metadata_destroy(md);
	else
		*ret = md;
	return err;
}

static bool is_final(rd_kafka_resp_err_t err, int *unknown)
{
	if (err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
		return ++*unknown == 2;
	*unknown = 0;
	return err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED || err == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION ||
	       err == RD_KAFKA_RESP_ERR__FATAL || err == RD_KAFKA_RESP_ERR__INVALID_ARG;
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Ask until there is an answer, a final error, or DEADLINE has come. */
static rd_kafka_resp_err_t ask_until(
	struct kafka_client *client, rd_kafka_topic_t *topic, int64_t deadline, const struct rd_kafka_metadata **ret)
{
	int unknown = 0;
	int64_t step = FIRST_STEP_MS;
	bool shortened = false;
	for (;;) {
		int64_t left = deadline - clock_ms();
		rd_kafka_resp_err_t err = ask(client, topic, min64(step, left > 1 ? left : 1), ret);
		if (!err || is_final(err, &unknown))
			return err;
		kafka_client_poll(client, is_vague(err) ? 0 : SPREAD_MS);
		if (sig_stop())
			return RD_KAFKA_RESP_ERR__INTR;
		if (client->fatal || clock_ms() >= deadline)
			return err;
		if (client->refused && !shortened) {
			deadline = min64(deadline, clock_ms() + REFUSED_GRACE_MS);
			shortened = true;
		}
		step = min64(2 * step, LAST_STEP_MS);
	}
}

rd_kafka_resp_err_t kafka_client_topic(struct kafka_client *client, const char *topic, int timeout_ms,
	const struct rd_kafka_metadata **ret, struct strbuf *err)
{
	rd_kafka_topic_t *rkt = NULL;
	rd_kafka_resp_err_t e;
	if (topic) {
		rkt = rd_kafka_topic_new(client->rk, topic, NULL);
		if (!rkt) {
			e = rd_kafka_last_error();
			strbuf_addf(err, "topic '%s': %s", topic, rd_kafka_err2str(e));
			return e;
		}
	}
	e = ask_until(client, rkt, clock_ms() + timeout_ms, ret);
	if (rkt)
		rd_kafka_topic_destroy(rkt);
	if (!e) {
		kafka_client_forget(client);
		return e;
	}
	if (topic)
		strbuf_addf(err, "topic '%s': ", topic);
	return kafka_client_explain(client, e, err);
}
