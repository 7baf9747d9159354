/* Why records were not acknowledged: see sender_impl.h. */
#include "cmd/produce/sender_impl.h"

#include <inttypes.h>

enum {
	LOOK_MS = 1000, /* limit for finding out whether the topic still exists */
};

static bool is_too_large(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || err == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE;
}

static bool is_gone(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
	       err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

/* A broker reports `too large` about a batch, whichever record is the cause. */
static void add_size(const struct sender *s, struct strbuf *text)
{
	uint64_t limit = s->config.max_bytes;
	if (limit && s->first.size >= limit)
		strbuf_addf(text, "; it has %zu bytes, and max.message.bytes of the topic is %" PRIu64, s->first.size,
			limit);
	else if (limit)
		strbuf_addf(text,
			"; not the record (%zu bytes), but a batch of them is larger than max.message.bytes of the "
			"topic"
			" (%" PRIu64 "): set a smaller batch.size (-X)",
			s->first.size, limit);
	else
		strbuf_addf(text,
			"; the record (%zu bytes) or a batch of them is larger than max.message.bytes of the topic; a "
			"smaller"
			" batch.size (-X) makes smaller batches",
			s->first.size);
}

static void add_hint(const struct sender *s, rd_kafka_resp_err_t err, struct strbuf *text)
{
	if (is_too_large(err))
		add_size(s, text);
	else if (err == RD_KAFKA_RESP_ERR_INVALID_RECORD && s->first.no_key && s->config.compacted)
		strbuf_addstr(text, "; the topic is compacted and takes no record without a key (-k, -K)");
	else if (err == RD_KAFKA_RESP_ERR_INVALID_RECORD && s->first.no_key)
		strbuf_addstr(text, "; a compacted topic takes no record without a key (-k, -K)");
	else if (err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
		strbuf_addstr(
			text, "; this user may not write idempotently (IDEMPOTENT_WRITE on the cluster is missing)");
}

/* There was no answer, and no reason is known: find out whether the topic was deleted, or its leader is down. */
static rd_kafka_resp_err_t look(struct sender *s)
{
	const struct rd_kafka_metadata *md;
	rd_kafka_resp_err_t err = rd_kafka_metadata(s->client.rk, 0, s->topic, &md, LOOK_MS);
	if (err)
		return err;
	if (md->topic_cnt == 1)
		err = md->topics[0].err;
	for (int i = 0; !err && md->topic_cnt == 1 && i < md->topics[0].partition_cnt; i++)
		if (md->topics[0].partitions[i].leader < 0)
			err = RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
	rd_kafka_metadata_destroy(md);
	return err;
}

/* The time is over, with or without a signal. */
static rd_kafka_resp_err_t add_timeout(struct sender *s, rd_kafka_resp_err_t err, struct strbuf *text)
{
	rd_kafka_resp_err_t found = s->client.err ? s->client.err : look(s);
	if (is_gone(found))
		return found;
	strbuf_addstr(text, "no acknowledgement in time");
	if (s->client.err)
		strbuf_addf(text, " (%s)", s->client.reason.s);
	else if (found)
		strbuf_addf(text, " (%s)", rd_kafka_err2str(found));
	return s->client.err ? s->client.err : err;
}

int sender_explain(struct sender *s, struct strbuf *text)
{
	rd_kafka_resp_err_t err = s->first.err;
	size_t before = text->len;
	if (!s->client.fatal && (err == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT || err == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
					err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT))
		err = add_timeout(s, err, text);
	if (text->len != before)
		return (int)kafka_status(err);
	if (!s->client.fatal && err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION && !is_gone(look(s))) {
		strbuf_addf(text, "topic '%s' has no such partition", s->name);
		return EXIT_CONFIG;
	}
	if (!s->client.fatal && is_gone(err)) {
		strbuf_addf(text, "topic '%s' or the partition is not there any more (deleted?)", s->name);
		return EXIT_CONFIG;
	}
	err = kafka_client_explain(&s->client, err, text);
	add_hint(s, err, text);
	return (int)kafka_status(err);
}
