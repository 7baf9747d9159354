#include "common/stat/spacesaving_impl.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/stat/hash64.h"

/* The greatest count that a key without an entry in S may have had. */
static uint64_t missing_count(const struct spacesaving *s)
{
	uint64_t least = UINT64_MAX;

	if (!s->dropped)
		return 0;
	for (uint32_t i = 0; i < s->n; i++)
		least = s->entry[i].count < least ? s->entry[i].count : least;
	return least;
}

/* The largest counter first. */
static int compare(const void *a, const void *b)
{
	return spacesaving_compare(b, a);
}

/* The entries of both, at ALL; returns their number.  Their keys are those of A and B. */
static size_t add_up(const struct spacesaving *a, const struct spacesaving *b, struct spacesaving_entry *all)
{
	uint64_t missing_a = missing_count(a), missing_b = missing_count(b);
	size_t n = 0;

	for (uint32_t i = 0; i < a->n; i++) {
		const struct spacesaving_entry *other = spacesaving_lookup(b, &a->entry[i]);
		all[n] = a->entry[i];
		all[n].count += other ? other->count : missing_b;
		all[n++].error += other ? other->error : missing_b;
	}
	for (uint32_t i = 0; i < b->n; i++) {
		if (spacesaving_lookup(a, &b->entry[i]))
			continue;
		all[n] = b->entry[i];
		all[n].count += missing_a;
		all[n++].error += missing_a;
	}
	return n;
}

void spacesaving_merge(struct spacesaving *into, const struct spacesaving *from)
{
	struct spacesaving_entry *all = xreallocarray(NULL, (size_t)into->n + from->n + 1, sizeof(*all));
	struct spacesaving merged = {.capacity = into->capacity, .total = into->total + from->total};
	size_t n = add_up(into, from, all);

	merged.dropped = into->dropped || from->dropped || n > merged.capacity;
	qsort(all, n, sizeof(*all), compare);
	for (size_t i = 0; i < n && i < merged.capacity; i++)
		spacesaving_append(&merged, &all[i]);
	free(all);
	spacesaving_release(into);
	*into = merged;
}

/* Capacity, total, was any dropped, number; then the keys in the order of spacesaving_top(), each with count and error.
 */
void spacesaving_save(const struct spacesaving *s, struct strbuf *out)
{
	const struct spacesaving_entry **all = spacesaving_sorted(s);

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

static int load_entry(struct spacesaving *s, struct stat_in *in)
{
	struct spacesaving_entry e = {0};
	const unsigned char *key;
	size_t len;

	if (stat_get_bytes(in, &key, &len) < 0 || len > SPACESAVING_KEY_MAX || stat_get_u64(in, &e.count) < 0 ||
		(s->dropped && stat_get_u64(in, &e.error) < 0) || e.count <= e.error)
		return -EBADMSG;
	e.key = (char *)(uintptr_t)key;
	e.len = (uint32_t)len;
	e.hash = stat_hash64(key, len);
	if (s->n > 0 && spacesaving_compare_top(&s->entry[s->n - 1], &e) >= 0)
		return -EBADMSG;
	if (spacesaving_lookup(s, &e))
		return -EBADMSG;
	spacesaving_append(s, &e);
	return 0;
}

static int load(struct spacesaving *s, struct stat_in *in)
{
	uint64_t capacity, dropped, n, sum = 0;

	if (stat_get_u64(in, &capacity) < 0 || stat_get_u64(in, &s->total) < 0 || stat_get_u64(in, &dropped) < 0 ||
		stat_get_u64(in, &n) < 0)
		return -EBADMSG;
	if (capacity != s->capacity || dropped > 1 || n > capacity || (dropped && n < capacity))
		return -EBADMSG;
	s->dropped = dropped;
	for (uint64_t i = 0; i < n; i++) {
		if (load_entry(s, in) < 0 || (__builtin_add_overflow(sum, s->entry[i].count, &sum) && !dropped))
			return -EBADMSG;
	}
	return dropped || sum == s->total ? 0 : -EBADMSG;
}

int spacesaving_load(struct spacesaving *s, struct stat_in *in)
{
	spacesaving_release(s);
	if (load(s, in) < 0) {
		spacesaving_release(s);
		return -EBADMSG;
	}
	return 0;
}

STAT_OPS(spacesaving);
