/* The table of partitions: see cursors.h. */
#include "common/stream/cursors.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void cursors_release(struct cursors *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->items[i]);
	for (size_t i = 0; i < t->topic_count; i++) {
		free(t->topics[i]->name);
		free(t->topics[i]);
	}
	free(t->items);
	free(t->topics);
	*t = (struct cursors){0};
}

struct topic *cursors_topic(struct cursors *t, const char *name)
{
	size_t lo = 0, hi = t->topic_count;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int r = strcmp(t->topics[mid]->name, name);
		if (r == 0)
			return t->topics[mid];
		if (r < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	struct topic *topic = xcalloc(1, sizeof *topic);
	topic->name = xstrdup(name);
	topic->recorded = -1;
	t->topics = xreallocarray(t->topics, t->topic_count + 1, sizeof *t->topics);
	memmove(t->topics + lo + 1, t->topics + lo, (t->topic_count - lo) * sizeof *t->topics);
	t->topics[lo] = topic;
	t->topic_count++;
	return topic;
}

static int compare(const struct cursor *c, const char *topic, int32_t partition)
{
	int r = strcmp(c->topic->name, topic);
	return r ? r : (c->partition > partition) - (c->partition < partition);
}

struct cursor *cursors_get(struct cursors *t, const char *topic, int32_t partition)
{
	size_t lo = 0, hi = t->count;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int r = compare(t->items[mid], topic, partition);
		if (r == 0)
			return t->items[mid];
		if (r < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	struct cursor *c = xcalloc(1, sizeof *c);
	*c = (struct cursor){.topic = cursors_topic(t, topic),
		.partition = partition,
		.committed = OFFSET_NONE,
		.end = OFFSET_NEVER,
		.reached = OFFSET_NONE,
		.from_timed = OFFSET_NONE,
		.to_timed = OFFSET_NONE,
		.stored = OFFSET_NONE,
		.expected = OFFSET_NONE,
		.max_ms = -1,
		.anchor_max_ms = -1,
		.checked = OFFSET_NONE};
	t->items = xreallocarray(t->items, t->count + 1, sizeof *t->items);
	memmove(t->items + lo + 1, t->items + lo, (t->count - lo) * sizeof *t->items);
	t->items[lo] = c;
	t->count++;
	return c;
}

void cursors_assign(struct cursors *t, struct cursor *c, int64_t start)
{
	t->assigned += !c->assigned;
	t->open += !c->assigned || c->ended;
	c->assigned = true;
	c->epoch = t->epoch;
	c->next = c->acked = start;
	c->ended = false;
	c->anchor.known = false;
}

void cursors_advance(struct cursors *t, struct cursor *c, int64_t next)
{
	c->next = next;
	if (next < c->end || !c->assigned || c->ended)
		return;
	c->ended = true;
	t->open--;
}

void cursors_renew(struct cursors *t)
{
	t->epoch++;
	for (size_t i = 0; i < t->count; i++)
		if (t->items[i]->assigned)
			t->items[i]->epoch = t->epoch;
}

void cursors_drop_all(struct cursors *t)
{
	for (size_t i = 0; i < t->count; i++)
		t->items[i]->assigned = false;
	t->assigned = t->open = 0;
	t->epoch++;
}

enum verdict cursors_accept(struct cursors *t, struct cursor *c, int64_t offset, unsigned epoch)
{
	if (!c->assigned || c->epoch > epoch)
		return RECORD_SKIP;
	if (c->before.known) { /* compaction may have taken it: then there is nothing to compare */
		c->before.known = false;
		if (offset == c->before.offset)
			return RECORD_COMPARE;
	}
	if (c->ended || offset < c->next)
		return RECORD_SKIP;
	if (offset < c->end)
		return RECORD_TAKE;
	cursors_advance(t, c, c->end > c->next ? c->end : c->next);
	return RECORD_SKIP;
}
