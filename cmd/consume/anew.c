/*
 * A plain stream whose topic is deleted, made anew and filled beyond the position: its new records must not be passed
 * over.  Nothing at that position tells, so records that were read before are looked for again.
 *
 * Now and then the leaders are asked for the first record that is younger than all that had been read at the look
 * before.  In the same log it lies behind those; in a new one it does not.  Only then the last of those records is
 * fetched again and compared, which decides: timestamps may go back, and control records have them as well.
 */
#include <stdlib.h>

#include "common/base/clock.h"
#include "consume.h"

enum {
	LOOK_EVERY_MS = 3000,
	ANSWER_MS = 2000,
};

bool anew_suspicious(int64_t answer, int64_t anchor, int64_t checked)
{
	return answer >= 0 && answer <= anchor && answer != checked;
}

/* Partitions of which something came since their anchor, with the time to ask for. */
static rd_kafka_topic_partition_list_t *moved(const struct positions *t)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	for (size_t i = 0; i < t->count; i++) {
		const struct position *p = t->all[i];
		if (p->assigned && p->anchor.known && !p->before.known && p->anchor_max_ms >= 0 &&
			p->last.offset > p->anchor.offset)
			rd_kafka_topic_partition_list_add(list, p->topic, p->partition)->offset = p->anchor_max_ms + 1;
	}
	return list;
}

/*
 * What was read so far is what the next look asks about; with FIRST only where nothing was read before: that need not
 * wait for a look, before which the topic may be made anew.
 */
static void drop_anchors(struct positions *t, bool first)
{
	for (size_t i = 0; i < t->count; i++) {
		struct position *p = t->all[i];
		if (!p->last.known || p->before.known || (first && p->anchor.known))
			continue;
		p->anchor = p->last;
		p->anchor_max_ms = p->max_ms;
	}
}

/* Whether some record is to be fetched again. */
static bool judge(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	bool any = false;
	for (int i = 0; i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		struct position *p = positions_get(&c->positions, e->topic, e->partition);
		if (e->err || !anew_suspicious(e->offset, p->anchor.offset, p->checked))
			continue;
		p->checked = e->offset;
		p->before = p->anchor;
		any = true;
	}
	return any;
}

/* Read on, and for those that are to be verified from the record before. */
static void fetch_again(struct consume *c)
{
	positions_renew(&c->positions);
	rd_kafka_topic_partition_list_t *list = positions_list(&c->positions);
	for (int i = 0; i < list->cnt; i++) {
		rd_kafka_topic_partition_t *e = &list->elems[i];
		const struct position *p = positions_get(&c->positions, e->topic, e->partition);
		if (p->before.known)
			e->offset = p->before.offset;
	}
	source_assign(c, list);
	rd_kafka_topic_partition_list_destroy(list);
}

void anew_look(struct consume *c)
{
	rd_kafka_topic_partition_list_t *list = moved(&c->positions);
	rd_kafka_resp_err_t err =
		list->cnt ? rd_kafka_offsets_for_times(c->client.rk, list, ANSWER_MS) : RD_KAFKA_RESP_ERR_NO_ERROR;
	if (!err) { /* without an answer the same is asked again */
		bool again = judge(c, list);
		drop_anchors(&c->positions, false);
		if (again)
			fetch_again(c);
	}
	rd_kafka_topic_partition_list_destroy(list);
}

void anew_serve(struct consume *c)
{
	int64_t now = clock_ms();
	if (c->batch.on || c->group.revoking)
		return;
	drop_anchors(&c->positions, true);
	if (now < c->next_look)
		return;
	if (c->next_look)
		anew_look(c);
	c->next_look = clock_ms() + LOOK_EVERY_MS;
}
