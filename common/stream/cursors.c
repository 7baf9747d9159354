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

/* The key by which a topic or a partition is searched for. */
struct cursor_key {
	const char *topic;
	int32_t partition;
};

static int compare_topic(const struct cursors *t, size_t i, const struct cursor_key *key)
{
	return strcmp(t->topics[i]->name, key->topic);
}

static int compare_cursor(const struct cursors *t, size_t i, const struct cursor_key *key)
{
	const struct cursor *c = t->items[i];
	int r = strcmp(c->topic->name, key->topic);
	return r ? r : (c->partition > key->partition) - (c->partition < key->partition);
}

/* Find KEY among COUNT things in COMPARE's order: *RET is its index, or where it belongs. */
static bool find(const struct cursors *t, size_t count, const struct cursor_key *key,
	int (*compare)(const struct cursors *t, size_t i, const struct cursor_key *key), size_t *ret)
{
	size_t lo = 0, hi = count;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int r = compare(t, mid, key);
		if (r == 0) {
			*ret = mid;
			return true;
		}
		if (r < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*ret = lo;
	return false;
}

struct topic *cursors_topic(struct cursors *t, const char *name)
{
	size_t i;
	if (find(t, t->topic_count, &(struct cursor_key){.topic = name}, compare_topic, &i))
		return t->topics[i];
	struct topic *topic = xcalloc(1, sizeof *topic);
	topic->name = xstrdup(name);
	topic->recorded = -1;
	t->topics = xreallocarray(t->topics, t->topic_count + 1, sizeof *t->topics);
	memmove(t->topics + i + 1, t->topics + i, (t->topic_count - i) * sizeof *t->topics);
	t->topics[i] = topic;
	t->topic_count++;
	return topic;
}

struct cursor *cursors_get(struct cursors *t, const char *topic, int32_t partition)
{
	size_t i;
	if (find(t, t->count, &(struct cursor_key){topic, partition}, compare_cursor, &i))
		return t->items[i];
	struct cursor *c = xcalloc(1, sizeof *c);
	*c = (struct cursor){.topic = cursors_topic(t, topic),
		.partition = partition,
		.committed = OFFSET_NONE,
		.end = OFFSET_NEVER,
		.reached = OFFSET_NONE,
		.tail = OFFSET_NONE,
		.from_timed = OFFSET_NONE,
		.to_timed = OFFSET_NONE,
		.stored = OFFSET_NONE,
		.expected = OFFSET_NONE,
		.max_ms = TIME_UNKNOWN,
		.anchor_max_ms = -1,
		.checked = OFFSET_NONE};
	t->items = xreallocarray(t->items, t->count + 1, sizeof *t->items);
	memmove(t->items + i + 1, t->items + i, (t->count - i) * sizeof *t->items);
	t->items[i] = c;
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
	c->tail = OFFSET_NONE;
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

void cursors_at_tail(struct cursors *t, struct cursor *c, int64_t offset)
{
	int64_t at = offset < c->end ? offset : c->end;
	c->tail = offset;
	if (at >= c->next)
		cursors_advance(t, c, at);
}

void cursors_renew(struct cursors *t)
{
	t->epoch++;
	for (size_t i = 0; i < t->count; i++)
		t->items[i]->epoch = t->epoch; /* partitions that are not assigned have no valid epoch */
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
	if (offset >= c->tail)
		c->tail = OFFSET_NONE;
	if (c->before.known) { /* compaction may have removed it: then there is nothing to compare */
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
