/* Waiting for the metadata of a topic, and suggesting the topic that the user meant: see client.h. */
#include "common/kafka/client.h"

#include "common/base/clock.h"
#include "common/base/near.h"
#include "common/base/sig.h"

enum {
	FIRST_STEP_MS = 250, /* length of a wait; a signal or a refusal is noticed between steps */
	LAST_STEP_MS = 4000, /* steps grow, because an answer that comes after its step is lost */
	SPREAD_MS = 300,     /* before a new topic is looked up a second time */
	NEAR_MS = 2000,      /* for the list of all topics, when one is unknown */
};

/* Send one request; 0 and *ret, the error of the request, or that of the topic. */
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

static bool is_unknown(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
}

static bool is_final(rd_kafka_resp_err_t err, int *unknown)
{
	if (is_unknown(err))
		return ++*unknown == 2;
	*unknown = 0;
	return err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED || err == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION ||
	       err == RD_KAFKA_RESP_ERR__FATAL || err == RD_KAFKA_RESP_ERR__INVALID_ARG;
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Repeat the request until there is an answer or a final error, or DEADLINE has come. */
static rd_kafka_resp_err_t ask_until(
	struct kafka_client *client, rd_kafka_topic_t *topic, int64_t deadline, const struct rd_kafka_metadata **ret)
{
	int unknown = 0;
	int64_t step = FIRST_STEP_MS;
	bool shortened = false;
	patience_begin(&client->patience, clock_ms());
	for (;;) {
		int64_t left = deadline - clock_ms();
		rd_kafka_resp_err_t err = ask(client, topic, min64(step, left > 1 ? left : 1), ret);
		if (!err || is_final(err, &unknown))
			return err;
		kafka_client_poll(client, kafka_client_is_vague(err) ? 0 : SPREAD_MS);
		if (sig_stop())
			return RD_KAFKA_RESP_ERR__INTR;
		if (client->fatal || clock_ms() >= deadline)
			return err;
		kafka_client_silent(client);
		if (client->refused && !shortened) {
			deadline = min64(deadline, clock_ms() + KAFKA_REFUSED_GRACE_MS);
			shortened = true;
		}
		/* The second step ends when silence is reported, PATIENCE_TELL_MS after the beginning. */
		step = step == FIRST_STEP_MS                      ? PATIENCE_TELL_MS - FIRST_STEP_MS
		       : step == PATIENCE_TELL_MS - FIRST_STEP_MS ? PATIENCE_TELL_MS
								  : min64(2 * step, LAST_STEP_MS);
	}
}

/* Append the topics whose names are nearest to NAME and near enough. */
static void add_near(struct strbuf *text, const struct rd_kafka_metadata *md, const char *name)
{
	size_t best = NEAR_FAR, found = 0;
	for (int i = 0; i < md->topic_cnt; i++) {
		size_t far = near_distance(name, md->topics[i].topic);
		best = far < best ? far : best;
	}
	for (int i = 0; i < md->topic_cnt && best < NEAR_FAR; i++)
		if (near_distance(name, md->topics[i].topic) == best)
			strbuf_addf(text, "%s'%s'", found++ ? " or " : "; did you mean ", md->topics[i].topic);
	if (found)
		strbuf_addch(text, '?');
}

static void say_unknown(struct kafka_client *client, const char *topic, struct strbuf *text)
{
	const struct rd_kafka_metadata *md;
	strbuf_addf(text, "there is no topic '%s'", topic);
	if (!rd_kafka_metadata(client->rk, 1, NULL, &md, NEAR_MS)) {
		add_near(text, md, topic);
		rd_kafka_metadata_destroy(md);
	}
	strbuf_addstr(text, " (`weir topics` lists them)");
}

/* Explain why there is no answer about TOPIC, or about all topics when it is NULL. */
static rd_kafka_resp_err_t explain(
	struct kafka_client *client, rd_kafka_resp_err_t err, const char *topic, int timeout_ms, struct strbuf *text)
{
	struct strbuf what = STRBUF_INIT;
	if (topic && is_unknown(err)) {
		say_unknown(client, topic, text);
		return err;
	}
	if (topic)
		strbuf_addf(&what, "topic '%s'", topic);
	else
		strbuf_addstr(&what, "cannot list the topics");
	err = kafka_client_explain_wait(client, err, what.s, timeout_ms, text);
	strbuf_release(&what);
	return err;
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
	return explain(client, e, topic, timeout_ms, err);
}
