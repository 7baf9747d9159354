/* Errors of brokers, and when they are over: see health.h. */
#include "health.h"

#include "lookup.h"
#include "topics.h"

enum {
	PROBE_MS = 2000, /* how long to wait for an answer */
	PROBE_EVERY_MS = 1000,
	GONE_MS = 5000,
	LOOK_EVERY_MS = 5000, /* while everything works again but errors still arrive */
};

bool health_unknown_topic(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
	       err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

/* The partitions still to be read: all of them, or the first one of each topic. */
static rd_kafka_topic_partition_list_t *still_open(const struct cursors *t, bool all)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	const struct topic *last = NULL;
	for (size_t i = 0; i < t->count; i++) {
		const struct cursor *c = t->items[i];
		if (!c->assigned || c->ended || (!all && c->topic == last))
			continue;
		rd_kafka_topic_partition_list_add(list, c->topic->name, c->partition);
		last = c->topic;
	}
	return list;
}

/*
 * Whether the leaders of the partitions still to be read answer; when there are none, whether any broker does.  As long
 * as no error is known, one partition per topic is enough to see that the topic exists: asking for a thousand took a
 * second of a busy broker.  TOPIC gets the name that the error is about, and stays empty when it is about more than
 * one.
 */
static rd_kafka_resp_err_t probe(
	const struct health *h, struct broker *b, const struct cursors *t, struct strbuf *topic)
{
	const struct rd_kafka_metadata *md;
	rd_kafka_topic_partition_list_t *list = still_open(t, b->client.err || h->since);
	rd_kafka_resp_err_t err = list->cnt ? lookup_offsets(b->client.rk, list, RD_KAFKA_OFFSET_END, PROBE_MS)
					    : rd_kafka_metadata(b->client.rk, 0, NULL, &md, PROBE_MS);
	if (!err && !list->cnt)
		rd_kafka_metadata_destroy(md);
	for (int i = 0; err && !topic->len && i < list->cnt; i++)
		if (list->elems[i].err)
			strbuf_addstr(topic, list->elems[i].topic);
	rd_kafka_topic_partition_list_destroy(list);
	return err;
}

static enum health_step recovered(struct health *h, struct broker *b, bool watch, int64_t now_ms, struct strbuf *text)
{
	bool told = h->since, retake = h->unknown;
	if (told)
		strbuf_addstr(text, "the brokers answer again");
	*h = (struct health){.next_probe = now_ms + (watch ? PROBE_EVERY_MS : LOOK_EVERY_MS)};
	kafka_client_forget(&b->client);
	return retake ? HEALTH_RETAKE : told ? HEALTH_TELL : HEALTH_WELL;
}

/*
 * There is no answer: report that once, and end when the time is over.  A topic that is unknown for GONE_MS was
 * deleted.
 */
static enum health_step silent(struct health *h, struct broker *b, rd_kafka_resp_err_t err, const char *topic,
	bool watch, int64_t now_ms, int *ret_status, struct strbuf *text)
{
	int64_t timeout_ms = b->opt->timeout_ms;
	bool unknown = health_unknown_topic(err) && *topic;
	if (unknown && h->since && now_ms - h->since >= GONE_MS) {
		strbuf_addf(text, "topic '%s' was deleted", topic);
		*ret_status = EXIT_CONFIG;
		return HEALTH_OVER;
	}
	h->unknown = h->unknown || (unknown && watch);
	h->next_probe = now_ms + PROBE_EVERY_MS;
	if (!h->since) {
		h->since = now_ms;
		strbuf_addstr(text, "no answer: ");
		kafka_client_explain(&b->client, err, text);
		strbuf_addf(text, "; trying for %lld s", (long long)(timeout_ms + 999) / 1000);
		return HEALTH_TELL;
	}
	if (now_ms - h->since < timeout_ms)
		return HEALTH_WELL;
	strbuf_addf(text, "no answer for %lld s: ", (long long)(timeout_ms + 999) / 1000);
	*ret_status = kafka_status(kafka_client_explain(&b->client, err, text));
	return HEALTH_OVER;
}

enum health_step health_ask(struct health *h, struct broker *b, const struct cursors *t, bool watch, int64_t now_ms,
	int *ret_status, struct strbuf *text)
{
	struct joining *j = &b->joining;
	if ((!b->client.err && !watch && !j->held.on) || now_ms < h->next_probe)
		return HEALTH_WELL;
	/* an answer of the brokers is not an answer of the group, but may explain why the latter is missing */
	if (j->answer.on) {
		if (b->client.err)
			joining_note(j, b->client.err, b->client.reason.s, false, now_ms);
		kafka_client_forget(&b->client);
		h->next_probe = now_ms + PROBE_EVERY_MS / 10;
		return HEALTH_WELL;
	}
	struct strbuf topic = STRBUF_INIT;
	rd_kafka_resp_err_t err = probe(h, b, t, &topic);
	enum health_step step;
	/* a topic that merely matches may be deleted */
	if (!err || (health_unknown_topic(err) && topics_has_regex(b->opt)))
		step = recovered(h, b, watch, now_ms, text);
	else
		step = silent(h, b, err, topic.s, watch, now_ms, ret_status, text);
	strbuf_release(&topic);
	return step;
}
