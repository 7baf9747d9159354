/* The last value of each key: see latest.h. */
#include "cmd/map/latest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/stat/bytes.h"

/* What a key takes beside its bytes and those of its value: a slot, its place in the table, and an allocation. */
#define ENTRY_COST 96

struct latest_entry {
	uint32_t older, newer; /* slots, GROUPS_NONE: there is none */
	uint32_t len, cap;
	uint64_t saves; /* as it was when the value was set */
	char *s;
};

static struct latest_entry *entry_of(const struct latest *l, uint32_t slot)
{
	return groups_state(&l->groups, slot);
}

static void init_groups(struct latest *l)
{
	struct hash_seed seed = l->groups.seed;

	groups_init(&l->groups, &seed, sizeof(struct latest_entry), 0);
	l->used = 0;
	l->oldest = l->newest = GROUPS_NONE;
}

int latest_init(struct latest *l, uint64_t limit)
{
	*l = (struct latest){.limit = limit};
	int r = hash_seed_random(&l->groups.seed);
	init_groups(l);
	return r;
}

/* Keep the seed, which latest_load() needs again. */
static void clear(struct latest *l)
{
	struct hash_seed seed = l->groups.seed;

	for (uint32_t i = 0; i < l->groups.slots; i++)
		if (groups_used(&l->groups, i))
			free(entry_of(l, i)->s);
	groups_release(&l->groups);
	l->groups.seed = seed;
}

void latest_release(struct latest *l)
{
	clear(l);
	*l = (struct latest){0};
}

static uint64_t cost(const struct latest *l, uint32_t slot)
{
	size_t len;

	(void)groups_key(&l->groups, slot, &len);
	return ENTRY_COST + len + entry_of(l, slot)->len;
}

static void unlink_entry(struct latest *l, const struct latest_entry *e)
{
	*(e->older == GROUPS_NONE ? &l->oldest : &entry_of(l, e->older)->newer) = e->newer;
	*(e->newer == GROUPS_NONE ? &l->newest : &entry_of(l, e->newer)->older) = e->older;
}

static void link_newest(struct latest *l, uint32_t slot)
{
	struct latest_entry *e = entry_of(l, slot);

	e->older = l->newest;
	e->newer = GROUPS_NONE;
	*(l->newest == GROUPS_NONE ? &l->oldest : &entry_of(l, l->newest)->newer) = slot;
	l->newest = slot;
}

static void forget_oldest(struct latest *l)
{
	uint32_t slot = l->oldest;

	l->used -= cost(l, slot);
	unlink_entry(l, entry_of(l, slot));
	free(entry_of(l, slot)->s);
	groups_remove(&l->groups, slot);
}

bool latest_find(const struct latest *l, const char *key, size_t len, const char **ret_s, size_t *ret_len)
{
	uint32_t slot = groups_find(&l->groups, key, len);

	if (slot == GROUPS_NONE)
		return false;
	*ret_s = entry_of(l, slot)->s;
	*ret_len = entry_of(l, slot)->len;
	return true;
}

static void keep(struct latest_entry *e, const char *s, size_t len)
{
	if (!e->s || len > e->cap || len < e->cap / 4) {
		e->cap = (uint32_t)len;
		e->s = xreallocarray(e->s, len + 1, 1);
	}
	if (len)
		memcpy(e->s, s, len);
	e->len = (uint32_t)len;
}

void latest_set(struct latest *l, const char *key, size_t len, const char *value, size_t value_len)
{
	bool new;
	uint32_t slot = groups_get(&l->groups, key, len, &new);

	while (slot == GROUPS_NONE) { /* there are a billion */
		forget_oldest(l);
		l->evicted++;
		slot = groups_get(&l->groups, key, len, &new);
	}
	struct latest_entry *e = entry_of(l, slot);
	if (!new) {
		l->used -= cost(l, slot);
		unlink_entry(l, e);
	}
	keep(e, value, value_len);
	e->saves = l->saves;
	link_newest(l, slot);
	for (l->used += cost(l, slot); l->used > l->limit && l->oldest != slot; l->evicted++)
		forget_oldest(l);
}

/* The number of keys that were set since the last time, or of all; *RET_FIRST is the oldest of these. */
static uint64_t news(const struct latest *l, bool full, uint32_t *ret_first)
{
	uint64_t n = 0;
	uint32_t slot = l->newest;

	for (*ret_first = slot; slot != GROUPS_NONE && (full || entry_of(l, slot)->saves == l->saves); n++) {
		*ret_first = slot;
		slot = entry_of(l, slot)->older;
	}
	return n;
}

void latest_save(struct latest *l, bool full, struct checkpoint_out *out)
{
	struct strbuf text = STRBUF_INIT;
	uint32_t slot;
	uint64_t n = news(l, full, &slot);

	stat_put_u64(&text, l->evicted);
	stat_put_u64(&text, l->groups.count);
	stat_put_u64(&text, n);
	for (; n; n--, slot = entry_of(l, slot)->newer) {
		const struct latest_entry *e = entry_of(l, slot);
		size_t len;
		const char *key = groups_key(&l->groups, slot, &len);
		stat_put_bytes(&text, key, len);
		stat_put_bytes(&text, e->s, e->len);
		if (text.len > 1 << 16) {
			checkpoint_put(out, text.s, text.len);
			strbuf_clear(&text);
		}
	}
	checkpoint_put(out, text.s, text.len);
	strbuf_release(&text);
	l->saves++;
}

/* Read N keys with their values, and nothing else.  Nothing is forgotten yet: which are is told by their number. */
static int load_entries(struct latest *l, struct stat_in *in, uint64_t n,
	bool (*is_value)(void *self, const char *s, size_t len), void *self)
{
	const unsigned char *key, *value;
	size_t key_len, value_len;
	uint64_t limit = l->limit;
	int r = 0;

	for (l->limit = UINT64_MAX; n && r == 0; n--) {
		if (stat_get_bytes(in, &key, &key_len) < 0 || stat_get_bytes(in, &value, &value_len) < 0 ||
			value_len >= UINT32_MAX || (is_value && !is_value(self, (const char *)value, value_len)))
			r = -EBADMSG;
		else
			latest_set(l, (const char *)key, key_len, (const char *)value, value_len);
	}
	l->limit = limit;
	return r == 0 && in->s != in->end ? -EBADMSG : r;
}

int latest_load(struct latest *l, bool full, const char *s, size_t len,
	bool (*is_value)(void *self, const char *s, size_t len), void *self)
{
	struct stat_in in = {.s = (const unsigned char *)s, .end = (const unsigned char *)s + len};
	uint64_t evicted, count, n;

	if (full) {
		clear(l);
		init_groups(l);
	}
	if (stat_get_u64(&in, &evicted) < 0 || stat_get_u64(&in, &count) < 0 || stat_get_u64(&in, &n) < 0 ||
		load_entries(l, &in, n, is_value, self) < 0)
		return -EBADMSG;
	while (l->groups.count > count)
		forget_oldest(l);
	for (l->evicted = evicted; l->used > l->limit && l->oldest != l->newest; l->evicted++)
		forget_oldest(l);
	l->saves++; /* the next delta has what is set from now on */
	return 0;
}
