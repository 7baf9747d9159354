/* The table of partitions: see positions.h. */
#include "positions.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void positions_release(struct positions *t)
{
	for (size_t i = 0; i < t->count; i++) {
		strbuf_release(&t->all[i]->prefix);
		free(t->all[i]->table);
		free(t->all[i]);
	}
	for (size_t i = 0; i < t->topic_count; i++) {
		free(t->topics[i].name);
		free(t->topics[i].partitions);
	}
	free(t->topics);
	free(t->all);
	*t = (struct positions){0};
}

/* Where NAME stands or belongs among the topics. */
static size_t find_topic(const struct positions *t, const char *name, bool *ret_found)
{
	size_t lo = 0, hi = t->topic_count;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(t->topics[mid].name, name);
		if (c == 0) {
			*ret_found = true;
			return mid;
		}
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*ret_found = false;
	return lo;
}

struct topic_positions *positions_topic(struct positions *t, const char *name)
{
	bool found;
	size_t i = find_topic(t, name, &found);
	if (!found) {
		t->topics = xreallocarray(t->topics, t->topic_count + 1, sizeof *t->topics);
		memmove(t->topics + i + 1, t->topics + i, (t->topic_count - i) * sizeof *t->topics);
		t->topics[i] = (struct topic_positions){.name = xstrdup(name)};
		t->topic_count++;
	}
	return &t->topics[i];
}

static struct position *add(struct positions *t, const struct topic_positions *topic, int32_t partition)
{
	struct position *p = xcalloc(1, sizeof *p);
	p->topic = topic->name;
	p->partition = partition;
	p->committed = p->stored = p->timed = p->was = p->reached = POSITION_NONE;
	p->max_ms = p->anchor_max_ms = p->checked = POSITION_NONE;
	p->end = POSITION_NEVER;
	strbuf_init(&p->prefix);
	t->all = xreallocarray(t->all, t->count + 1, sizeof *t->all);
	t->all[t->count++] = p;
	return p;
}

struct position *positions_get(struct positions *t, const char *topic, int32_t partition)
{
	struct topic_positions *tp = positions_topic(t, topic);
	size_t i = (size_t)partition;
	if (i >= tp->count) {
		tp->partitions = xreallocarray(tp->partitions, i + 1, sizeof *tp->partitions);
		memset(tp->partitions + tp->count, 0, (i + 1 - tp->count) * sizeof *tp->partitions);
		tp->count = i + 1;
	}
	if (!tp->partitions[i])
		tp->partitions[i] = add(t, tp, partition);
	return tp->partitions[i];
}

void positions_new_batch(struct positions *t)
{
	t->last = NULL;
}

struct position *positions_of(struct positions *t, const rd_kafka_message_t *m)
{
	if (!t->last || t->last_topic != m->rkt || t->last->partition != m->partition) {
		t->last = positions_get(t, rd_kafka_topic_name(m->rkt), m->partition);
		t->last_topic = m->rkt;
	}
	return t->last;
}

void positions_assign(struct positions *t, struct position *p, int64_t start)
{
	t->assigned += !p->assigned;
	t->open -= p->assigned && !p->ended;
	t->unheard -= p->assigned && !p->heard;
	p->assigned = true;
	p->epoch = t->epoch;
	p->next = p->written = start;
	p->anchor.known = false;
	p->ended = p->heard = p->lost = false;
	t->open++;
	t->unheard++;
}

void positions_renew(struct positions *t)
{
	t->epoch++;
	t->unheard = t->assigned;
	for (size_t i = 0; i < t->count; i++)
		if (t->all[i]->assigned) {
			t->all[i]->epoch = t->epoch;
			t->all[i]->heard = false;
		}
}

void positions_drop_all(struct positions *t)
{
	for (size_t i = 0; i < t->count; i++)
		t->all[i]->assigned = false;
	t->assigned = t->open = t->unheard = 0;
	t->epoch++;
}

void positions_written(struct positions *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->all[i]->assigned)
			t->all[i]->written = t->all[i]->next;
}

rd_kafka_topic_partition_list_t *positions_list(const struct positions *t)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)t->assigned);
	for (size_t i = 0; i < t->count; i++)
		if (t->all[i]->assigned)
			rd_kafka_topic_partition_list_add(list, t->all[i]->topic, t->all[i]->partition)->offset =
				t->all[i]->next;
	return list;
}
