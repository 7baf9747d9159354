/*
 * Errors, and when it is over.
 *
 * librdkafka tries everything again by itself and reports what it meets on the way.  As long as an error is
 * remembered, the leaders of all partitions that are read are asked a question now and then: an answer of all means
 * that the trouble is over, none for --timeout that the program is.
 */
#include "consume.h"

#include "common/base/clock.h"

enum {
	PROBE_MS = 2000, /* to wait for an answer */
	PROBE_EVERY_MS = 1000,
	GONE_MS = 5000,
	LOOK_EVERY_MS = 5000, /* while all is well again and errors keep coming */
};

static bool has_regex(const struct consume *c)
{
	for (char **t = c->opt->topics; *t; t++)
		if (**t == '^')
			return true;
	return false;
}

static void on_end(struct consume *c, const rd_kafka_message_t *m)
{
	struct position *p = positions_of(&c->positions, m);
	int64_t at = m->offset < p->end ? m->offset : p->end;
	if (!p->assigned || p->epoch > c->batch_epoch)
		return;
	positions_hear(&c->positions, p);
	if (!p->ended && at >= p->next)
		positions_advance(&c->positions, p, at);
}

static bool is_unknown_topic(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
	       err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

static void fail_message(struct consume *c, const rd_kafka_message_t *m, enum exit_status status)
{
	if (m->rkt && is_unknown_topic(m->err))
		consume_fail(c, status, "topic '%s' was deleted", rd_kafka_topic_name(m->rkt));
	else if (m->rkt && m->partition >= 0)
		consume_fail(c, status, "topic '%s', partition %d: %s", rd_kafka_topic_name(m->rkt), (int)m->partition,
			rd_kafka_message_errstr(m));
	else if (m->rkt)
		consume_fail(c, status, "topic '%s': %s", rd_kafka_topic_name(m->rkt), rd_kafka_message_errstr(m));
	else if (c->group.member)
		consume_fail(c, status, "the group '%s': %s%s", c->opt->group, rd_kafka_message_errstr(m),
			m->err == RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL
				? " (its members have another partition.assignment.strategy, or it is no consumer "
				  "group)"
				: "");
	else
		consume_fail(c, status, "%s", rd_kafka_message_errstr(m));
}

static void on_lost(struct consume *c, const rd_kafka_message_t *m)
{
	struct position *p = positions_of(&c->positions, m);
	if (!p->assigned || p->epoch > c->batch_epoch || p->ended)
		return;
	p->lost = true;
	c->trouble.lost = true;
}

bool trouble_fatal(struct consume *c)
{
	char text[512] = "";
	rd_kafka_resp_err_t err = rd_kafka_fatal_error(c->client.rk, text, sizeof text);
	if (err == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
		consume_fail(c, EXIT_CONFIG, "another member of the group '%s' has come with the instance id '%s': %s",
			c->opt->group, c->opt->instance_id ? c->opt->instance_id : "", text);
	else if (err)
		consume_fail(c, kafka_status(err), "%s: %s", rd_kafka_err2str(err), text);
	return err;
}

static void note(struct consume *c, const rd_kafka_message_t *m)
{
	const char *reason = rd_kafka_message_errstr(m);
	bool about_group = !m->rkt && joining_is_on(&c->group.joining);
	if (about_group)
		joining_note(&c->group.joining, m->err, reason, true, clock_ms());
	else
		kafka_client_note(&c->client, m->err, reason);
}

void trouble_message(struct consume *c, const rd_kafka_message_t *m)
{
	enum exit_status status = kafka_status(m->err);
	if (m->err == RD_KAFKA_RESP_ERR__FATAL)
		trouble_fatal(c);
	else if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
		on_end(c, m);
	else if (m->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || m->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
		on_lost(c, m);
	else if (!m->rkt && !c->group.member)
		return; /* about the group that librdkafka wants, and nobody is in */
	else if (is_unknown_topic(m->err) && has_regex(c))
		return; /* one of those that matched is gone */
	else if (status == EXIT_CONFIG || status == EXIT_DATA)
		fail_message(c, m, status);
	else
		note(c, m);
}

/* What is still to be read: all of it, or the first partition of each topic. */
static rd_kafka_topic_partition_list_t *still_open(const struct positions *t, bool all)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	for (size_t i = 0; i < t->topic_count; i++) {
		bool more = true;
		for (size_t j = 0; j < t->topics[i].count && more; j++) {
			const struct position *p = t->topics[i].partitions[j];
			if (!p || !p->assigned || p->ended)
				continue;
			rd_kafka_topic_partition_list_add(list, p->topic, p->partition);
			more = all;
		}
	}
	return list;
}

/*
 * Whether the leaders of what is still to be read answer; when nothing is, whether any broker does.  As long as nothing
 * is wrong one partition tells that its topic is there: to ask for a thousand took a second of a busy broker.
 * *ret_topic is the topic that the error is about, NULL when it is about more.
 */
static rd_kafka_resp_err_t probe(struct consume *c, const char **ret_topic)
{
	const struct rd_kafka_metadata *md;
	bool trouble = c->client.err || c->trouble.since;
	rd_kafka_topic_partition_list_t *list = still_open(&c->positions, trouble);
	rd_kafka_resp_err_t err = list->cnt ? range_ask(c, list, RD_KAFKA_OFFSET_END, PROBE_MS)
					    : rd_kafka_metadata(c->client.rk, 0, NULL, &md, PROBE_MS);
	if (!err && !list->cnt)
		rd_kafka_metadata_destroy(md);
	*ret_topic = NULL;
	for (int i = 0; err && !*ret_topic && i < list->cnt; i++)
		if (list->elems[i].err)
			*ret_topic =
				positions_get(&c->positions, list->elems[i].topic, list->elems[i].partition)->topic;
	rd_kafka_topic_partition_list_destroy(list);
	return err;
}

static void recovered(struct consume *c)
{
	struct trouble *t = &c->trouble;
	if (t->since)
		warn("the brokers answer again");
	if (t->unknown)
		group_retake(c);
	t->since = 0;
	t->unknown = false;
	t->next_probe = clock_ms() + (c->batch.on ? PROBE_EVERY_MS : LOOK_EVERY_MS);
	kafka_client_forget(&c->client);
}

/* No answer: say so once, and end when the time is over.  A topic that is unknown for GONE_MS has been deleted. */
static void silent(struct consume *c, rd_kafka_resp_err_t err, const char *topic)
{
	struct trouble *t = &c->trouble;
	struct strbuf text = STRBUF_INIT;
	int64_t now = clock_ms();
	if (is_unknown_topic(err) && topic && t->since && now - t->since >= GONE_MS) {
		consume_fail(c, EXIT_CONFIG, "topic '%s' was deleted", topic);
		return;
	}
	if (is_unknown_topic(err) && topic && c->batch.on)
		t->unknown = true;
	err = kafka_client_explain(&c->client, err, &text);
	t->next_probe = now + PROBE_EVERY_MS;
	if (!t->since) {
		t->since = now;
		warn("no answer: %s; trying for %lld s", text.s, (long long)(c->opt->timeout_ms + 999) / 1000);
	} else if (now - t->since >= c->opt->timeout_ms) {
		consume_fail(
			c, kafka_status(err), "no answer for %lld s: %s", (long long)(now - t->since) / 1000, text.s);
	}
	strbuf_release(&text);
}

/* librdkafka says nothing of a topic that was deleted and made again meanwhile; a marked stream must know. */
static bool must_look(const struct consume *c)
{
	return c->client.err || (c->batch.on && c->positions.open) || c->group.joining.held.on;
}

void trouble_serve(struct consume *c)
{
	if (!must_look(c) || clock_ms() < c->trouble.next_probe)
		return;
	struct joining *j = &c->group.joining;
	if (j->answer.on) { /* what brokers say is no answer of the group's; but it may tell why there is none */
		if (c->client.err)
			joining_note(j, c->client.err, c->client.reason.s, false, clock_ms());
		kafka_client_forget(&c->client);
		c->trouble.next_probe = clock_ms() + PROBE_EVERY_MS / 10;
		return;
	}
	const char *topic;
	rd_kafka_resp_err_t err = probe(c, &topic);
	if (!err || (is_unknown_topic(err) && has_regex(c))) /* of those that match, one may go */
		recovered(c);
	else
		silent(c, err, topic);
}
