/* Shredding: the members of an object that becomes a map.  See shred_impl.h. */
#include "common/parquet/shred_impl.h"

#include <stdlib.h>

#include "common/base/alloc.h"

/* Put the members of the object T into ALL.  Returns its last token; NULL: refused. */
static const uint32_t *collect(struct shred *sh, const uint32_t *t, struct shred_entries *all)
{
	struct json_walk *w = &sh->walk;
	char c = json_byte(w, ++t);

	while (c != '}') {
		struct shred_entry e = {.nth = all->count};
		if (c != '"')
			return json_walk_fail(w, *t, "a name in quotes was expected");
		if (!shred_names_text(sh, t, &e.key, &e.len))
			return NULL;
		if (json_byte(w, ++t) != ':')
			return json_walk_fail(w, *t, "':' was expected");
		e.value = ++t;
		t = json_skip(w, t, json_byte(w, t));
		if (!t)
			return NULL;
		if (all->count == all->room) {
			all->room = all->room ? all->room * 2 : 16;
			all->items = xreallocarray(all->items, all->room, sizeof(*all->items));
		}
		all->items[all->count++] = e;
		c = json_byte(w, ++t);
		if (c == ',' && (c = json_byte(w, ++t)) != '}')
			continue;
		if (c != '}' || w->base[t[-1]] == ',')
			return json_walk_fail(
				w, *t, c == '}' ? "a name in quotes was expected" : "',' or '}' was expected");
	}
	return t;
}

static int by_key(const void *a, const void *b)
{
	const struct shred_entry *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int r = len ? memcmp(x->key, y->key, len) : 0;

	if (r || x->len != y->len)
		return r ? r : x->len < y->len ? -1 : 1;
	return x->nth < y->nth ? -1 : 1;
}

static int by_place(const void *a, const void *b)
{
	const struct shred_entry *x = a, *y = b;

	return x->nth < y->nth ? -1 : 1;
}

/* Of several entries with the same key the last one counts. */
static void drop_doubles(struct shred_entries *all)
{
	size_t kept = 0;

	if (all->count < 2)
		return;
	qsort(all->items, all->count, sizeof(*all->items), by_key);
	for (size_t i = 0; i < all->count; i++) {
		const struct shred_entry *e = &all->items[i], *next = e + 1;
		if (i + 1 == all->count || e->len != next->len || (e->len && memcmp(e->key, next->key, e->len) != 0))
			all->items[kept++] = *e;
	}
	all->count = kept;
	qsort(all->items, all->count, sizeof(*all->items), by_place);
}

const uint32_t *shred_map_collect(struct shred *sh, const uint32_t *t, struct shred_entries *ret)
{
	t = collect(sh, t, ret);
	if (t)
		drop_doubles(ret);
	return t;
}
