/*
 * A member of a group that was given no partitions, with --to: other members read them.
 *
 * Its part is done when the group has committed everything up to the ends.  Until then it stays: what others give up,
 * or leave behind when they die, comes to it.  When the group gets no further for as long as a dead member is taken for
 * a living one, somebody lives and does nothing.
 */
#include "common/base/clock.h"
#include "consume.h"

enum {
	SETTLE_MS = 5000, /* another rebalance may be on its way */
	LOOK_EVERY_MS = 1000,
};

static void look(struct consume *c)
{
	struct others *o = &c->group.others;
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_copy(o->all);
	const struct position *behind = NULL;
	unsigned changes = c->group.changes;
	int64_t sum = 0;
	bool known = !list->cnt || range_progress(c, list, &behind, &sum);
	rd_kafka_topic_partition_list_destroy(list);
	if (!known || changes != c->group.changes)
		return;
	o->done = !behind;
	if (!o->moved || sum != o->sum) {
		o->sum = sum;
		o->moved = clock_ms();
	} else if (behind && clock_ms() - o->moved >= c->group.session_ms) {
		consume_fail(c, EXIT_TEMP,
			"other members of the group '%s' hold all partitions and have got no further for %lld s: "
			"topic '%s', partition %d has not reached offset %lld",
			c->opt->group, (long long)c->group.session_ms / 1000, behind->topic, (int)behind->partition,
			(long long)behind->end);
	}
}

void others_serve(struct consume *c)
{
	struct group *g = &c->group;
	int64_t now = clock_ms();
	if (!c->opt->to_given || !g->empty_since) {
		g->others.done = false;
		g->others.moved = 0;
		return;
	}
	if (now - g->empty_since < SETTLE_MS || now < g->others.next_look)
		return;
	g->others.next_look = now + LOOK_EVERY_MS;
	look(c);
}
