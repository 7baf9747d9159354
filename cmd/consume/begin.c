/*
 * Where a partition begins: what is known of it, for the decision that common/kafka/starts.c makes.
 *
 * A table's log says how many partitions a topic had when the group began to read it.  Where no table does, what the
 * brokers and the group knew when this program began has to do: a partition, or a topic that an expression matches, of
 * which the group has nothing while it has some of its neighbours, came later.
 */
#include <inttypes.h>
#include <string.h>

#include "common/kafka/starts.h"
#include "consume.h"

bool begin_look(struct consume *c, rd_kafka_topic_partition_list_t *list)
{
	const struct options *o = c->opt;
	if (!o->group || o->reset || o->from.kind == WHERE_START || !list->cnt)
		return true; /* it would make no difference */
	if (!range_stored(c, list))
		return false;
	for (int i = 0; i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		if (positions_get(&c->positions, e->topic, e->partition)->stored < 0)
			continue;
		positions_topic(&c->positions, e->topic)->stored = true;
		c->positions.stored = true;
	}
	return true;
}

static bool find_parts(struct consume *c, const char *topic, bool held)
{
	struct strbuf err = STRBUF_INIT;
	struct topic_positions *t = positions_topic(&c->positions, topic);
	struct topic_facts facts = {
		.recorded = -1,
		.at_start = t->at_start,
		.matched = !topics_named(c, topic),
		.elsewhere = held ? ackd_began(&c->batch.acks) : c->positions.stored && !t->stored,
	};
	if (c->batch.on && ackd_parts(&c->batch.acks, topic, &facts.recorded, &err) < 0)
		consume_fail(c, EXIT_CONFIG,
			"topic '%s': the sinks disagree on how many partitions it had when the group '%s' began: %s",
			topic, c->opt->group, err.s);
	strbuf_release(&err);
	t->parts = start_parts(&facts);
	return !c->status;
}

bool begin_parts(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	const char *topic = NULL;
	bool ok = true;
	for (int i = 0; i < list->cnt && ok; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		if (!topic || strcmp(topic, e->topic) != 0)
			ok = find_parts(c, e->topic, positions_get(&c->positions, e->topic, e->partition)->held);
		topic = e->topic;
	}
	return ok;
}

static struct start_facts facts_of(struct consume *c, const struct position *p)
{
	const struct topic_positions *t = positions_topic(&c->positions, p->topic);
	/* Whoever names partitions begins with them one after the other. */
	bool beside = t->stored && !p->held && p->stored < 0 && !c->opt->partition_count;
	return (struct start_facts){
		.from = &c->opt->from,
		.lo = p->lo,
		.hi = p->hi,
		.timed = p->timed,
		.sink = p->was,
		.held = p->held,
		.stored = p->stored,
		.reset = c->opt->reset,
		.later = p->partition >= t->parts || beside,
	};
}

int64_t begin_place(struct consume *c, const struct where *w, const struct position *p)
{
	struct start_facts facts = facts_of(c, p);
	return start_place(&facts, w);
}

int64_t begin_group(struct consume *c, const struct position *p)
{
	struct start_facts facts = facts_of(c, p);
	enum start_by by;
	facts.held = facts.reset = false;
	int64_t at = start_of(&facts, &by);
	return at < p->lo ? p->lo : at;
}

void begin_tell(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	const struct position *first = NULL;
	int more = -1;
	for (int i = 0; i < list->cnt; i++) {
		const struct position *p = positions_get(&c->positions, list->elems[i].topic, list->elems[i].partition);
		if (!p->held || p->was >= 0 || p->stored < 0 || p->next == p->stored)
			continue;
		first = first ? first : p;
		more++;
	}
	if (!first)
		return;
	struct strbuf others = STRBUF_INIT;
	if (more)
		strbuf_addf(&others, ", and %d more", more);
	warn("topic '%s', partition %d%s: the group '%s' is at %" PRId64
	     ", the sink has none of it; beginning at %" PRId64 " (--from stored would go on at the group's)",
		first->topic, (int)first->partition, others.s, c->opt->group, first->stored, first->next);
	strbuf_release(&others);
}

bool begin_at(struct consume *c, struct position *p, int64_t *ret_start)
{
	struct start_facts facts = facts_of(c, p);
	enum start_by by;
	*ret_start = start_of(&facts, &by);
	p->committed = c->opt->group && !c->opt->reset ? p->stored : POSITION_NONE;
	if (*ret_start < 0) {
		consume_fail(c, EXIT_CONFIG, "topic '%s', partition %d: the group '%s' has no position", p->topic,
			(int)p->partition, c->opt->group);
		return false;
	}
	if (*ret_start >= p->lo)
		return true;
	if (!range_forgive(c, p, *ret_start))
		return false;
	*ret_start = p->lo;
	return true;
}
