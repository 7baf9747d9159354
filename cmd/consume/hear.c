/* Turns what has happened into events of the session: see loop.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/sig.h"
#include "common/kafka/groups.h"
#include "loop.h"
#include "notes.h"
#include "partition.h"
#include "topics.h"

/* --- the brokers ----------------------------------------------------------------------------------------------------
 */

/* Those partitions of LIST that must be read, with the offsets of LIST; the caller frees them. */
static struct session_part *parts_of(struct consume *c, const rd_kafka_topic_partition_list_t *list, size_t *ret_count)
{
	struct session_part *parts = xcalloc((size_t)(list ? list->cnt : 0) + 1, sizeof *parts);
	*ret_count = 0;
	for (int i = 0; list && i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		if (!e->err && topics_wanted(c->opt, e->topic))
			parts[(*ret_count)++] = (struct session_part){
				.cursor = cursors_get(&c->source.session.cursors, e->topic, e->partition),
				.offset = e->offset};
	}
	return parts;
}

static void assigned(struct consume *c, const struct news *n)
{
	struct session_event e = {.kind = EVENT_ASSIGNED};
	struct session_part *parts = parts_of(c, n->list, &e.count);
	e.parts = parts;
	for (size_t i = 0; i < e.count; i++)
		parts[i].cursor->topic->matched = !topics_named(c->opt, parts[i].cursor->topic->name);
	if (joining_end(&c->broker.joining))
		warn("the group '%s' has formed", c->opt->group);
	others_note(&c->others, !e.count, clock_ms());
	consume_step(c, &e);
	free(parts);
}

/* Whether a rebalance came before the commit: the new owner goes on from the commit before it. */
static bool is_stale(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION || err == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
	       err == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS || err == RD_KAFKA_RESP_ERR__STATE ||
	       err == RD_KAFKA_RESP_ERR__NO_OFFSET;
}

static enum session_refusal refusal_of(rd_kafka_resp_err_t err)
{
	if (!err)
		return REFUSAL_NONE;
	if (is_stale(err))
		return REFUSAL_STALE;
	if (health_unknown_topic(err)) /* deleted, perhaps created again: health.c reports it */
		return REFUSAL_AGAIN;
	return kafka_status(err) == EXIT_CONFIG ? REFUSAL_FINAL : REFUSAL_AGAIN;
}

static void committed(struct consume *c, const struct news *n)
{
	struct session_event e = {.kind = EVENT_COMMITTED};
	rd_kafka_resp_err_t err = n->err;
	KILL_POINT("source-after-commit");
	for (int i = 0; n->list && !err && i < n->list->cnt; i++)
		err = n->list->elems[i].err;
	c->commit_err = err;
	struct session_part *parts = parts_of(c, n->err ? NULL : n->list, &e.count);
	e.parts = parts;
	e.refusal = refusal_of(err);
	if (err == RD_KAFKA_RESP_ERR__FATAL)
		consume_fail_client(c);
	else if (e.refusal == REFUSAL_STALE && !c->broker.member)
		consume_fail(c, EXIT_CONFIG,
			"cannot commit for the group '%s': %s; it has members, so -p commits nothing for it",
			c->opt->group, rd_kafka_err2str(err));
	else if ((!err || e.refusal == REFUSAL_STALE) && patience_end(&c->commit) && !err)
		warn("commits for the group '%s' succeed again", c->opt->group);
	consume_step(c, &e);
	if (!err)
		notes_committed(&c->broker, &c->source.session);
	free(parts);
}

static void on_end(struct consume *c, const rd_kafka_message_t *m)
{
	struct cursor *cursor = consume_cursor(c, m);
	if (!cursor->assigned || cursor->epoch > c->epoch)
		return;
	broker_heard(&c->broker, cursor);
	cursors_at_tail(&c->source.session.cursors, cursor, m->offset);
}

static void on_missing(struct consume *c, const rd_kafka_message_t *m)
{
	struct session_part part = {.cursor = consume_cursor(c, m)};
	if (part.cursor->epoch <= c->epoch)
		consume_step(c, &(struct session_event){.kind = EVENT_MISSING, .parts = &part, .count = 1});
}

static void fail_group(struct consume *c, const rd_kafka_message_t *m, int status)
{
	struct strbuf hint = STRBUF_INIT;
	group_hint(m->err, c->opt->group, &hint);
	consume_fail(c, status, "the group '%s': %s%s", c->opt->group, rd_kafka_message_errstr(m), hint.s);
	strbuf_release(&hint);
}

static void fail_message(struct consume *c, const rd_kafka_message_t *m, int status)
{
	const char *text = rd_kafka_message_errstr(m);
	if (m->rkt && health_unknown_topic(m->err))
		consume_fail(c, status, "topic '%s' was deleted", rd_kafka_topic_name(m->rkt));
	else if (m->rkt && m->partition >= 0)
		consume_fail(c, status, "topic '%s', partition %d: %s", rd_kafka_topic_name(m->rkt), (int)m->partition,
			text);
	else if (m->rkt)
		consume_fail(c, status, "topic '%s': %s", rd_kafka_topic_name(m->rkt), text);
	else if (c->broker.member)
		fail_group(c, m, status);
	else
		consume_fail(c, status, "%s", text);
}

static void note(struct consume *c, const rd_kafka_message_t *m)
{
	const char *reason = rd_kafka_message_errstr(m);
	if (!m->rkt && joining_is_on(&c->broker.joining))
		joining_note(&c->broker.joining, m->err, reason, true, clock_ms());
	else
		kafka_client_note(&c->broker.client, m->err, reason);
}

void hear_message(struct consume *c, const rd_kafka_message_t *m)
{
	int status = kafka_status(m->err);
	if (m->err == RD_KAFKA_RESP_ERR__FATAL)
		consume_fail_client(c);
	else if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
		on_end(c, m);
	else if (m->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || m->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
		on_missing(c, m);
	else if (!m->rkt && !c->broker.member)
		return; /* it is about the group that librdkafka requires, which has no members */
	else if (health_unknown_topic(m->err) && topics_has_regex(c->opt))
		return; /* a topic that matched the expression was deleted */
	else if (status == EXIT_CONFIG || status == EXIT_DATA)
		fail_message(c, m, status);
	else
		note(c, m);
}

void hear_brokers(struct consume *c)
{
	broker_serve(&c->broker);
	consume_fail_client(c);
	for (size_t i = 0; i < c->broker.news_count; i++) {
		struct news n = c->broker.news[i]; /* handling an item may append more */
		if (n.kind == NEWS_ASSIGNED)
			assigned(c, &n);
		else if (n.kind == NEWS_REVOKED)
			consume_step_kind(c, EVENT_REVOKED);
		else if (n.kind == NEWS_LOST)
			consume_step_kind(c, EVENT_LOST);
		else if (n.kind == NEWS_COMMITTED)
			committed(c, &n);
		else
			hear_message(c, n.message);
	}
	broker_forget_news(&c->broker);
}

/* --- the sinks ------------------------------------------------------------------------------------------------------
 */

void hear_sinks(struct consume *c)
{
	struct strbuf err = STRBUF_INIT;
	struct session_event e;
	struct session_part about;
	int r;
	while ((r = source_hear_sinks(&c->source, &e, &about, &err)) > 0) {
		if (e.kind == EVENT_SINKS_READY && !in_group_begin(c))
			break;
		consume_step(c, &e);
		if (e.kind == EVENT_ACKED)
			KILL_POINT("source-after-ack");
	}
	if (r < 0)
		consume_fail(c, EXIT_TEMP, "%s; what it has not acknowledged is not committed", err.s);
	strbuf_release(&err);
}
