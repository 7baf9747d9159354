#include "common/stat/spacesaving_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/stat/hash64.h"

#define FIRST_ROOM 8u

void spacesaving_init(struct spacesaving *s, uint32_t capacity)
{
	*s = (struct spacesaving){.capacity = capacity};
}

void spacesaving_release(struct spacesaving *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		free(s->entry[i].key);
	free(s->entry);
	free(s->heap);
	free(s->table);
	*s = (struct spacesaving){.capacity = s->capacity};
}

static int compare_keys(const struct spacesaving_entry *a, const struct spacesaving_entry *b)
{
	uint32_t len = a->len < b->len ? a->len : b->len;
	int order = len ? memcmp(a->key, b->key, len) : 0;

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

int spacesaving_compare(const struct spacesaving_entry *a, const struct spacesaving_entry *b)
{
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return compare_keys(a, b);
}

static uint32_t table_mask(const struct spacesaving *s)
{
	return 2 * s->room - 1;
}

/* The place of the key in the table, or the free place where it belongs. */
static uint32_t table_find(const struct spacesaving *s, const void *key, uint32_t len, uint64_t hash)
{
	uint32_t mask = table_mask(s), i = (uint32_t)hash & mask;

	for (; s->table[i]; i = (i + 1) & mask) {
		const struct spacesaving_entry *e = &s->entry[s->table[i] - 1];
		if (e->hash == hash && e->len == len && (len == 0 || memcmp(e->key, key, len) == 0))
			break;
	}
	return i;
}

const struct spacesaving_entry *spacesaving_lookup(const struct spacesaving *s, const struct spacesaving_entry *key)
{
	uint32_t found = s->room ? s->table[table_find(s, key->key, key->len, key->hash)] : 0;

	return found ? &s->entry[found - 1] : NULL;
}

/* Free the place I, and move up the entries after it that were displaced by it. */
static void table_remove(struct spacesaving *s, uint32_t i)
{
	uint32_t mask = table_mask(s);

	for (uint32_t j = (i + 1) & mask; s->table[j]; j = (j + 1) & mask) {
		uint32_t home = (uint32_t)s->entry[s->table[j] - 1].hash & mask;
		if (((j - home) & mask) >= ((j - i) & mask)) {
			s->table[i] = s->table[j];
			i = j;
		}
	}
	s->table[i] = 0;
}

static void grow(struct spacesaving *s)
{
	uint32_t room = s->room ? s->room * 2 : FIRST_ROOM;

	s->entry = xreallocarray(s->entry, room, sizeof(*s->entry));
	free(s->table);
	s->table = xcalloc(room, 2 * sizeof(*s->table));
	s->room = room;
	for (uint32_t n = 0; n < s->n; n++) {
		uint32_t i = (uint32_t)s->entry[n].hash & table_mask(s);
		while (s->table[i])
			i = (i + 1) & table_mask(s);
		s->table[i] = n + 1;
	}
}

static void set_key(struct spacesaving_entry *e, const void *key, uint32_t len)
{
	if (len > e->room) {
		free(e->key);
		e->room = (len + 7) & ~7u;
		e->key = xmalloc(e->room);
	}
	if (len > 0)
		memcpy(e->key, key, len);
	e->len = len;
}

void spacesaving_append(struct spacesaving *s, const struct spacesaving_entry *entry)
{
	if (s->n == s->room)
		grow(s);
	uint32_t place = table_find(s, entry->key, entry->len, entry->hash);
	struct spacesaving_entry *e = &s->entry[s->n++];
	*e = (struct spacesaving_entry){.count = entry->count, .error = entry->error, .hash = entry->hash};
	set_key(e, entry->key, entry->len);
	s->table[place] = s->n;
}

static bool goes_first(const struct spacesaving *s, struct spacesaving_node a, struct spacesaving_node b)
{
	if (a.count != b.count)
		return a.count < b.count;
	if (a.tie != b.tie)
		return a.tie < b.tie;
	const struct spacesaving_entry *x = &s->entry[a.entry], *y = &s->entry[b.entry];
	return x->hash != y->hash ? x->hash < y->hash : compare_keys(x, y) < 0;
}

static void sift_down(struct spacesaving *s, uint32_t i)
{
	struct spacesaving_node *heap = s->heap, moving = heap[i];

	for (;;) {
		uint32_t child = 2 * i + 1;
		if (child >= s->n)
			break;
		if (child + 1 < s->n && goes_first(s, heap[child + 1], heap[child]))
			child++;
		if (!goes_first(s, heap[child], moving))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = moving;
}

static struct spacesaving_node node_of(const struct spacesaving *s, uint32_t entry)
{
	const struct spacesaving_entry *e = &s->entry[entry];

	return (struct spacesaving_node){e->count, (uint32_t)(e->hash >> 32), entry};
}

static void make_heap(struct spacesaving *s)
{
	s->heap = xreallocarray(NULL, s->n, sizeof(*s->heap));
	for (uint32_t i = 0; i < s->n; i++)
		s->heap[i] = node_of(s, i);
	for (uint32_t i = s->n / 2; i-- > 0;)
		sift_down(s, i);
}

/* Bring the smallest counter to the top of the heap. */
static void find_smallest(struct spacesaving *s)
{
	if (!s->heap)
		make_heap(s);
	while (s->heap[0].count != s->entry[s->heap[0].entry].count) {
		s->heap[0].count = s->entry[s->heap[0].entry].count;
		sift_down(s, 0);
	}
}

/* Give the smallest counter to KEY. */
static void replace(struct spacesaving *s, const void *key, uint32_t len, uint64_t hash, uint64_t weight)
{
	find_smallest(s);
	struct spacesaving_entry *e = &s->entry[s->heap[0].entry];
	table_remove(s, table_find(s, e->key, e->len, e->hash));
	s->dropped = true;
	e->error = e->count;
	e->count += weight;
	e->hash = hash;
	set_key(e, key, len);
	s->table[table_find(s, key, len, hash)] = s->heap[0].entry + 1;
	s->heap[0] = node_of(s, s->heap[0].entry);
	sift_down(s, 0);
}

int spacesaving_add(struct spacesaving *s, const void *key, size_t size, uint64_t weight)
{
	if (size > SPACESAVING_KEY_MAX)
		return -EMSGSIZE;
	if (weight == 0)
		return 0;
	uint32_t len = (uint32_t)size;
	uint64_t hash = stat_hash64(key, len);
	s->total += weight;
	uint32_t found = s->room ? s->table[table_find(s, key, len, hash)] : 0;
	if (found) {
		s->entry[found - 1].count += weight;
	} else if (s->n < s->capacity) {
		struct spacesaving_entry e = {.count = weight, .hash = hash, .key = (char *)(uintptr_t)key, .len = len};
		spacesaving_append(s, &e);
	} else {
		replace(s, key, len, hash, weight);
	}
	return 0;
}

int spacesaving_compare_top(const struct spacesaving_entry *a, const struct spacesaving_entry *b)
{
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return compare_keys(a, b);
}

static int compare_pointers(const void *a, const void *b)
{
	return spacesaving_compare_top(
		*(const struct spacesaving_entry *const *)a, *(const struct spacesaving_entry *const *)b);
}

const struct spacesaving_entry **spacesaving_sorted(const struct spacesaving *s)
{
	const struct spacesaving_entry **all = xreallocarray(NULL, s->n + 1, sizeof(*all));

	for (uint32_t i = 0; i < s->n; i++)
		all[i] = &s->entry[i];
	qsort(all, s->n, sizeof(*all), compare_pointers);
	return all;
}

size_t spacesaving_top(const struct spacesaving *s, size_t k, const struct spacesaving_entry **ret)
{
	const struct spacesaving_entry **all = spacesaving_sorted(s);

	k = k < s->n ? k : s->n;
	if (k > 0)
		memcpy(ret, all, k * sizeof(*all));
	free(all);
	return k;
}
