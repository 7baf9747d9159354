/* Records queued for a look-up in a large table: see queue.h. */
#include "cmd/aggregate/queue.h"

#include <stdlib.h>

#include "common/base/alloc.h"

void queue_init(struct queue *q, const struct query *query)
{
	groups_prefetch_init(&q->keys);
	q->width = query->accum_count;
	q->values = xcalloc(GROUPS_PREFETCH * q->width + 1, sizeof *q->values);
}

void queue_release(struct queue *q)
{
	if (q->values)
		groups_prefetch_release(&q->keys);
	free(q->values);
}

/* Numbers are copied; texts must lie in the span. */
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
	struct value *to = q->values + q->keys.count * q->width;

	for (size_t i = 0; i < q->width; i++) {
		int slot = query->accums[i].slot;
		if (slot < 0)
			continue;
		if (!stays(q, &values[slot]))
			return false;
		to[i] = values[slot];
	}
	q->items[q->keys.count] = (struct queued){.number = number, .at = query->now};
	groups_prefetch_add(&q->keys, &q->pane->groups, key);
	return true;
}
