/*
 * Keys that were seen within a span of time: a queue in the order of time, and a table with open addressing that finds
 * a key's place in the queue.
 */
#include "common/data/recent.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

#define FIRST_CAP  1024
#define ENTRY_SIZE (sizeof(struct recent_entry) + 2 * sizeof(uint32_t))

int recent_init(struct recent *r, int64_t window_ms, uint64_t memory)
{
	*r = (struct recent){.window_ms = window_ms, .cap = FIRST_CAP, .now_ms = INT64_MIN};
	/* While the queue grows, the old and the new one exist at the same time: 1.5 times what the new one needs. */
	size_t most = FIRST_CAP;
	while (most < (UINT64_C(1) << 30) && most * 2 * ENTRY_SIZE * 3 / 2 <= memory)
		most *= 2;
	r->limit = most;
	for (int i = 0; i < 2; i++) {
		int e = hash_seed_random(&r->seed[i]);
		if (e < 0)
			return e;
	}
	r->queue = xcalloc(r->cap, sizeof(*r->queue));
	r->table = xcalloc(r->cap * 2, sizeof(*r->table));
	return 0;
}

void recent_release(struct recent *r)
{
	free(r->queue);
	free(r->table);
	*r = (struct recent){0};
}

static uint64_t hash(const struct hash_seed *seed, const char *s, size_t len)
{
	uint64_t state = seed->k[2], block[2];
	size_t left = len;

	for (; left >= 16; left -= 16, s += 16) {
		memcpy(block, s, 16);
		state = hash_step(seed, state, block[0], block[1]);
	}
	memset(block, 0, sizeof(block));
	memcpy(block, s, left);
	state = hash_step(seed, state, block[0], block[1]);
	return hash_end(seed, state, len) * 0x9e3779b97f4a7c15u;
}

struct recent_key recent_hash(const struct recent *r, const void *s, size_t len)
{
	return (struct recent_key){hash(&r->seed[0], s, len), hash(&r->seed[1], s, len)};
}

static size_t home(const struct recent *r, const struct recent_key *key)
{
	return (size_t)(key->hi >> 20 ^ key->lo) & (r->cap * 2 - 1);
}

/* The place of KEY in the table, or the free one where it would go. */
static size_t find(const struct recent *r, const struct recent_key *key)
{
	size_t mask = r->cap * 2 - 1, i = home(r, key);

	for (; r->table[i]; i = (i + 1) & mask) {
		const struct recent_key *other = &r->queue[r->table[i] - 1].key;
		if (other->hi == key->hi && other->lo == key->lo)
			break;
	}
	return i;
}

/* Free place I of the table, and close the gap, because a gap would end searches too early. */
static void table_remove(struct recent *r, size_t i)
{
	size_t mask = r->cap * 2 - 1;

	for (size_t k = (i + 1) & mask; r->table[k]; k = (k + 1) & mask) {
		size_t want = home(r, &r->queue[r->table[k] - 1].key);
		if (((k - want) & mask) >= ((k - i) & mask)) { /* it may be moved to I */
			r->table[i] = r->table[k];
			i = k;
		}
	}
	r->table[i] = 0;
}

/*
 * Enter the key at place AT of the ring into the table; it is not in the table yet, so it need not be compared with
 * other keys.
 */
static void table_add(struct recent *r, size_t at)
{
	size_t mask = r->cap * 2 - 1, i = home(r, &r->queue[at].key);

	while (r->table[i])
		i = (i + 1) & mask;
	r->table[i] = (uint32_t)at + 1;
}

/* Times are far from the limits of int64, but their differences may exceed them. */
static bool too_old(const struct recent *r, const struct recent_entry *e, int64_t now_ms)
{
	return (uint64_t)now_ms - (uint64_t)e->ms >= (uint64_t)r->window_ms;
}

void recent_forget(struct recent *r)
{
	table_remove(r, find(r, &r->queue[r->head].key));
	r->head = (r->head + 1) & (r->cap - 1);
	r->count--;
}

bool recent_has(const struct recent *r, struct recent_key key, int64_t now_ms)
{
	uint32_t at = r->table[find(r, &key)];
	if (now_ms < r->now_ms)
		now_ms = r->now_ms;
	return at && !too_old(r, &r->queue[at - 1], now_ms);
}

static void grow(struct recent *r)
{
	struct recent old = *r;

	r->cap *= 2;
	r->queue = xmalloc(r->cap * sizeof(*r->queue));
	r->table = xcalloc(r->cap * 2, sizeof(*r->table));
	r->head = 0;
	for (size_t i = 0; i < r->count; i++) {
		r->queue[i] = old.queue[(old.head + i) & (old.cap - 1)];
		table_add(r, i);
	}
	free(old.queue);
	free(old.table);
}

void recent_tick(struct recent *r, int64_t now_ms)
{
	if (now_ms > r->now_ms)
		r->now_ms = now_ms;
}

void recent_add(struct recent *r, struct recent_key key, int64_t now_ms)
{
	recent_tick(r, now_ms);
	while (r->count && too_old(r, &r->queue[r->head], r->now_ms))
		recent_forget(r);
	if (r->count == r->cap && r->cap < r->limit)
		grow(r);
	if (r->count == r->cap) {
		recent_forget(r);
		r->evicted++;
	}
	size_t at = (r->head + r->count) & (r->cap - 1);
	r->queue[at] = (struct recent_entry){.key = key, .ms = r->now_ms};
	table_add(r, at);
	r->count++;
	r->added++;
}
