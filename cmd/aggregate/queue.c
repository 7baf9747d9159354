/* Records on their way to a large table: see queue.h. */
#include "cmd/aggregate/queue.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void queue_init(struct queue *q, const struct query *query)
{
	q->width = query->accum_count;
	q->values = xcalloc(QUEUE_ROOM * q->width + 1, sizeof *q->values);
}

void queue_release(struct queue *q)
{
	free(q->values);
	q->values = NULL;
}

/* Numbers are taken from the value itself; texts, from the record. */
static inline bool stays(const struct queue *q, const struct value *v)
{
	if (v->type <= VALUE_DOUBLE)
		return true;
	return v->s >= q->span && v->s + v->len <= q->span_end && v->raw >= q->span &&
	       v->raw + v->raw_len <= q->span_end;
}

bool queue_add(struct queue *q, const struct query *query, const struct groups_key *key, const struct value *values,
	uint64_t number)
{
	struct queued *item = &q->items[q->count];
	struct value *to = q->values + q->count * q->width;

	if (key->s && key->len > QUEUE_KEY)
		return false;
	for (size_t i = 0; i < q->width; i++) {
		int slot = query->accums[i].slot;
		if (slot < 0)
			continue;
		if (!stays(q, &values[slot]))
			return false;
		to[i] = values[slot];
	}
	item->key = *key;
	item->number = number;
	item->at = query->now;
	if (key->s) {
		memcpy(item->text, key->s, key->len);
		item->key.s = item->text;
	}
	groups_prefetch(&q->pane->groups, key);
	q->count++;
	return true;
}

void queue_fetch(const struct queue *q)
{
	for (size_t i = 0; i < q->count; i++)
		groups_sooner(&q->pane->groups, q->items[i].key.tag);
}
