#include "common/stat/spacesaving.h"

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
	*s = (struct spacesaving){0};
}

void spacesaving_clear(struct spacesaving *s)
{
	uint32_t capacity = s->capacity;

	spacesaving_release(s);
	spacesaving_init(s, capacity);
}

static int compare_keys(const struct spacesaving_entry *a, const struct spacesaving_entry *b)
{
	uint32_t len = a->len < b->len ? a->len : b->len;
	int order = len ? memcmp(a->key, b->key, len) : 0;

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* Is A to go before B? */
static bool smaller(const struct spacesaving_entry *a, const struct spacesaving_entry *b)
{
	if (a->count != b->count)
		return a->count < b->count;
	return a->hash != b->hash ? a->hash < b->hash : compare_keys(a, b) < 0;
}

static uint32_t table_mask(const struct spacesaving *s)
{
	return 2 * s->room - 1;
}

/* The place in the table of the key, or the free one where it would be. */
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

/* Free the place I, and move up those behind it that it kept from theirs. */
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
		e->room = (len + 15) & ~15u;
		e->key = xmalloc(e->room);
	}
	if (len > 0)
		memcpy(e->key, key, len);
	e->len = len;
}

/* A new entry for the key of KEY, with its numbers. */
static void append(struct spacesaving *s, const struct spacesaving_entry *key)
{
	if (s->n == s->room)
		grow(s);
	uint32_t place = table_find(s, key->key, key->len, key->hash);
	struct spacesaving_entry *e = &s->entry[s->n++];
	*e = (struct spacesaving_entry){.count = key->count, .error = key->error, .hash = key->hash};
	set_key(e, key->key, key->len);
	s->table[place] = s->n;
}

static void heap_put(struct spacesaving *s, uint32_t i, uint32_t entry)
{
	s->heap[i] = entry;
	s->entry[entry].place = i;
}

static void sift_down(struct spacesaving *s, uint32_t i)
{
	uint32_t moving = s->heap[i];

	for (;;) {
		uint32_t child = 2 * i + 1;
		if (child >= s->n)
			break;
		if (child + 1 < s->n && smaller(&s->entry[s->heap[child + 1]], &s->entry[s->heap[child]]))
			child++;
		if (!smaller(&s->entry[s->heap[child]], &s->entry[moving]))
			break;
		heap_put(s, i, s->heap[child]);
		i = child;
	}
	heap_put(s, i, moving);
}

static void order(struct spacesaving *s)
{
	s->heap = xreallocarray(s->heap, s->n, sizeof(*s->heap));
	for (uint32_t i = 0; i < s->n; i++)
		heap_put(s, i, i);
	for (uint32_t i = s->n / 2; i-- > 0;)
		sift_down(s, i);
	s->ordered = true;
}

/* Give the smallest counter to another key. */
static void replace(struct spacesaving *s, const void *key, uint32_t len, uint64_t hash, uint64_t weight)
{
	if (!s->ordered)
		order(s);
	struct spacesaving_entry *e = &s->entry[s->heap[0]];
	table_remove(s, table_find(s, e->key, e->len, e->hash));
	s->dropped = true;
	e->error = e->count;
	e->count += weight;
	e->hash = hash;
	set_key(e, key, len);
	uint32_t place = table_find(s, key, len, hash);
	s->table[place] = s->heap[0] + 1;
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
		struct spacesaving_entry *e = &s->entry[found - 1];
		e->count += weight;
		if (s->ordered)
			sift_down(s, e->place);
	} else if (s->n < s->capacity) {
		append(s, &(struct spacesaving_entry){
				  .count = weight, .hash = hash, .key = (char *)(uintptr_t)key, .len = len});
	} else {
		replace(s, key, len, hash, weight);
	}
	return 0;
}

/* Largest count first, then smallest key. */
static int compare_counts(const void *a, const void *b)
{
	const struct spacesaving_entry *x = *(const struct spacesaving_entry *const *)a;
	const struct spacesaving_entry *y = *(const struct spacesaving_entry *const *)b;

	return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : compare_keys(x, y);
}

/* All entries in that order; the caller frees the list. */
static const struct spacesaving_entry **sorted(const struct spacesaving *s)
{
	const struct spacesaving_entry **all = xreallocarray(NULL, s->n + 1, sizeof(*all));

	for (uint32_t i = 0; i < s->n; i++)
		all[i] = &s->entry[i];
	qsort(all, s->n, sizeof(*all), compare_counts);
	return all;
}

size_t spacesaving_top(const struct spacesaving *s, size_t k, const struct spacesaving_entry **ret)
{
	const struct spacesaving_entry **all = sorted(s);

	k = k < s->n ? k : s->n;
	if (k > 0)
		memcpy(ret, all, k * sizeof(*all));
	free(all);
	return k;
}

/* What a key that is not in S may have had. */
static uint64_t missing_count(const struct spacesaving *s)
{
	uint64_t least = UINT64_MAX;

	for (uint32_t i = 0; s->dropped && i < s->n; i++)
		least = s->entry[i].count < least ? s->entry[i].count : least;
	return s->dropped ? least : 0;
}

static const struct spacesaving_entry *lookup(const struct spacesaving *s, const struct spacesaving_entry *key)
{
	uint32_t found = s->room ? s->table[table_find(s, key->key, key->len, key->hash)] : 0;

	return found ? &s->entry[found - 1] : NULL;
}

/* The largest first. */
static int compare_rank(const void *a, const void *b)
{
	return smaller(a, b) ? 1 : -1;
}

void spacesaving_merge(struct spacesaving *into, const struct spacesaving *from)
{
	uint64_t miss_into = missing_count(into), miss_from = missing_count(from);
	struct spacesaving_entry *all = xreallocarray(NULL, (size_t)into->n + from->n + 1, sizeof(*all));
	struct spacesaving merged = {.capacity = into->capacity, .total = into->total + from->total};
	size_t n = 0;

	for (uint32_t i = 0; i < into->n; i++) {
		const struct spacesaving_entry *other = lookup(from, &into->entry[i]);
		all[n] = into->entry[i];
		all[n].count += other ? other->count : miss_from;
		all[n++].error += other ? other->error : miss_from;
	}
	for (uint32_t i = 0; i < from->n; i++) {
		if (lookup(into, &from->entry[i]))
			continue;
		all[n] = from->entry[i];
		all[n].count += miss_into;
		all[n++].error += miss_into;
	}
	merged.dropped = into->dropped || from->dropped || n > merged.capacity;
	qsort(all, n, sizeof(*all), compare_rank);
	for (size_t i = 0; i < n && i < merged.capacity; i++)
		append(&merged, &all[i]);
	free(all);
	spacesaving_release(into);
	*into = merged;
}

/* Capacity, total, was any dropped, number; then the keys in the order of spacesaving_top(), each with count and error.
 */
void spacesaving_save(const struct spacesaving *s, struct strbuf *out)
{
	const struct spacesaving_entry **all = sorted(s);

	stat_put_u64(out, s->capacity);
	stat_put_u64(out, s->total);
	stat_put_u64(out, s->dropped);
	stat_put_u64(out, s->n);
	for (uint32_t i = 0; i < s->n; i++) {
		stat_put_bytes(out, all[i]->key, all[i]->len);
		stat_put_u64(out, all[i]->count);
		if (s->dropped)
			stat_put_u64(out, all[i]->error);
	}
	free(all);
}

/* The next entry, which comes after LAST (NULL: it is the first). */
static int load_entry(struct spacesaving *s, struct stat_in *in, const struct spacesaving_entry *last)
{
	struct spacesaving_entry e = {0};
	const unsigned char *key;
	size_t len;

	if (stat_get_bytes(in, &key, &len) < 0 || len > SPACESAVING_KEY_MAX || stat_get_u64(in, &e.count) < 0 ||
		(s->dropped && stat_get_u64(in, &e.error) < 0))
		return -EBADMSG;
	e.key = (char *)(uintptr_t)key;
	e.len = (uint32_t)len;
	const struct spacesaving_entry *order[] = {last, &e};
	if (e.count <= e.error || (last && compare_counts(&order[0], &order[1]) >= 0))
		return -EBADMSG;
	e.hash = stat_hash64(key, len);
	if (lookup(s, &e))
		return -EBADMSG;
	append(s, &e);
	return 0;
}

int spacesaving_load(struct spacesaving *s, struct stat_in *in)
{
	uint64_t capacity, total, dropped, n, sum = 0;

	spacesaving_clear(s);
	if (stat_get_u64(in, &capacity) < 0 || stat_get_u64(in, &total) < 0 || stat_get_u64(in, &dropped) < 0 ||
		stat_get_u64(in, &n) < 0)
		return -EBADMSG;
	if (capacity != s->capacity || dropped > 1 || n > capacity || (dropped && n < capacity))
		return -EBADMSG;
	s->total = total;
	s->dropped = dropped;
	for (uint64_t i = 0; i < n; i++) {
		if (load_entry(s, in, i > 0 ? &s->entry[i - 1] : NULL) < 0)
			goto damaged;
		sum += s->entry[i].count;
	}
	if (!dropped && sum != total)
		goto damaged;
	return 0;
damaged:
	spacesaving_clear(s);
	return -EBADMSG;
}
