/* Keys that will be looked up soon: see groups_prefetch.h. */
#include "common/data/groups_prefetch.h"

void groups_prefetch_init(struct groups_prefetch *p)
{
	p->count = 0;
	strbuf_init(&p->text);
}

void groups_prefetch_release(struct groups_prefetch *p)
{
	strbuf_release(&p->text);
}

size_t groups_prefetch_add(struct groups_prefetch *p, const struct groups *g, const struct groups_key *key)
{
	__builtin_prefetch(&g->table[key->tag >> g->shift], 1);
	p->keys[p->count] = *key;
	if (key->s) {
		p->at[p->count] = p->text.len;
		strbuf_add(&p->text, key->s, key->len);
	}
	return p->count++;
}

static void get_slot(const struct groups *g, uint32_t tag)
{
	size_t mask = g->size - 1;

	for (size_t i = tag >> g->shift; g->table[i].slot; i = (i + 1) & mask) {
		if (g->table[i].tag != tag)
			continue;
		const char *slot = (const char *)groups_slot(g, g->table[i].slot - 1);
		for (size_t k = 0; k < g->slot_size + 63; k += 64)
			__builtin_prefetch(slot + k, 1);
		return;
	}
}

void groups_prefetch_slots(const struct groups_prefetch *p, const struct groups *g)
{
	for (size_t i = 0; i < p->count; i++)
		get_slot(g, p->keys[i].tag);
}
