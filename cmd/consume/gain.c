/*
 * An assignment of a marked stream: the sinks say where they are, and that is where each partition goes on; the group's
 * own offset counts only for partitions of which no sink holds a position.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/sig.h"
#include "consume.h"

static bool all_answered(const struct consume *c)
{
	return ackd_answered(&c->batch.acks, c->batch.mark.batch - 1);
}

/* Ask the sinks; false when there is no answer (yet another rebalance is none either). */
static bool ask_sinks(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	unsigned changes = c->group.changes;
	if (!batch_query(c, list))
		return false;
	if (acks_wait(c, all_answered, "the sinks to tell their positions", c->opt->batch.sink_timeout_ms, true))
		return true;
	if (!c->status && !sig_stop() && changes == c->group.changes)
		consume_fail(c, EXIT_TEMP, "the sinks did not tell their positions within %g s",
			(double)c->opt->batch.sink_timeout_ms / 1000);
	return false;
}

static bool take_answer(struct consume *c, struct position *p)
{
	struct strbuf err = STRBUF_INIT;
	struct mark_part last;
	int r = ackd_position(&c->batch.acks, p->topic, p->partition, &p->was, &err);
	if (r < 0)
		consume_fail(c, EXIT_CONFIG, "topic '%s', partition %d: the sinks disagree: %s", p->topic,
			(int)p->partition, err.s);
	strbuf_release(&err);
	p->held = ackd_holds(&c->batch.acks, p->topic, p->partition);
	p->before = (struct identity){0};
	if (r == 0 && p->was >= 0 && ackd_last(&c->batch.acks, p->topic, p->partition, &last))
		p->before = (struct identity){
			.known = true, .offset = last.last_offset, .ms = last.last_ms, .crc = last.last_crc};
	return r == 0;
}

/* What the group knows must not contradict what the sinks say. */
static bool check_group(struct consume *c, struct position *p)
{
	const char *table = batch_table(c, p->table);
	if (!table && p->held)
		table = "the new one"; /* which would lack what the group has behind it */
	bool foreign = p->stored >= 0 && p->table && table && strcmp(p->table, table) != 0;
	if (foreign && c->opt->batch.adopt)
		p->committed = POSITION_NONE; /* from now on they are this table's, also when that is behind */
	else if (foreign) {
		consume_fail(c, EXIT_CONFIG,
			"topic '%s', partition %d: the group '%s' belongs to table %s, not to %s (--adopt takes it "
			"over)",
			p->topic, (int)p->partition, c->opt->group, p->table, table);
		return false;
	}
	if (p->was >= 0 && p->stored >= 0 && p->was != p->stored)
		warn("topic '%s', partition %d: the sink holds %" PRId64 ", the group %" PRId64 "; the sink counts",
			p->topic, (int)p->partition, p->was, p->stored);
	return true;
}

/* Filters downstream keep what they have seen: a run never goes back. */
static bool check_forwards(struct consume *c, const struct position *p)
{
	if (p->reached == POSITION_NONE || p->next >= p->reached)
		return true;
	consume_fail(c, EXIT_TEMP,
		"topic '%s', partition %d: the sink holds %" PRId64 ", but this run has read up to %" PRId64
		"; a new run goes on from the sink",
		p->topic, (int)p->partition, p->next, p->reached);
	return false;
}

/* The record before the start comes again when it can be compared; it is there unless retention has taken it. */
static int64_t first_to_fetch(struct position *p)
{
	const struct identity *b = &p->before;
	if (b->known && (b->offset >= p->next || b->offset < p->lo || p->was != p->next))
		p->before.known = false;
	return b->known ? b->offset : p->next;
}

static bool agree(struct consume *c, rd_kafka_topic_partition_list_t *list)
{
	for (int i = 0; i < list->cnt; i++)
		if (!take_answer(c, positions_get(&c->positions, list->elems[i].topic, list->elems[i].partition)))
			return false;
	unsigned changes = c->group.changes;
	if (!range_resolve(c, list) || changes != c->group.changes)
		return false; /* no R will say that these partitions are ours */
	for (int i = 0; i < list->cnt; i++) {
		rd_kafka_topic_partition_t *e = &list->elems[i];
		struct position *p = positions_get(&c->positions, e->topic, e->partition);
		if (!check_group(c, p) || !check_forwards(c, p))
			return false;
		if (p->held && p->was < 0)
			p->written = POSITION_NONE; /* until a batch is acknowledged */
		p->in_batch = true;
		p->from = p->next;
		p->records = 0;
		e->offset = first_to_fetch(p);
	}
	begin_tell(c, list);
	return true;
}

/* A partition of LIST begins somewhere that nothing would lead to again. */
static bool begins_anew(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	for (int i = 0; i < list->cnt; i++) {
		const struct position *p = positions_get(&c->positions, list->elems[i].topic, list->elems[i].partition);
		if (p->held && p->was < 0 && p->next != p->lo)
			return true;
	}
	return false;
}

/*
 * Before a record is read it is durable where its partition began: a run that is killed before its first commit would
 * else be followed by one that begins at another end, and what came between would be missing.
 */
static bool settle_starts(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	unsigned changes = c->group.changes;
	if (!begins_anew(c, list))
		return true;
	if (!batch_cut(c, true))
		return false;
	if (acks_wait(c, batch_settled, "the sinks to commit where partitions begin", c->opt->batch.sink_timeout_ms,
		    true))
		return true;
	if (!c->status && !sig_stop() && changes == c->group.changes)
		consume_fail(c, EXIT_TEMP, "the sinks did not commit within %g s where partitions begin",
			(double)c->opt->batch.sink_timeout_ms / 1000);
	return false;
}

void gain(struct consume *c, rd_kafka_topic_partition_list_t *list)
{
	unsigned changes = c->group.changes;
	if (!batch_cut(c, true))
		return;
	if (list->cnt && !ask_sinks(c, list))
		return;
	KILL_POINT("consume-answered");
	if (list->cnt && !agree(c, list))
		return;
	if (changes != c->group.changes || !batch_resume(c) || !list->cnt || changes != c->group.changes)
		return;
	if (settle_starts(c, list) && changes == c->group.changes)
		source_assign(c, list);
}

bool gain_verify(struct consume *c, struct position *p, const rd_kafka_message_t *m)
{
	struct identity want = p->before, is;
	if (!want.known)
		return false;
	p->before.known = false;
	if (m->offset != want.offset) /* compaction took it: nothing to compare */
		return m->offset < p->next;
	is = record_identity(m);
	if (is.crc != want.crc || is.ms != want.ms)
		consume_fail(c, EXIT_DATA,
			"topic '%s', partition %d: the record at offset %" PRId64
			" is not the one that %s: the topic was made anew or truncated",
			p->topic, (int)p->partition, m->offset, c->batch.on ? "the sink has" : "was read before");
	return true;
}
