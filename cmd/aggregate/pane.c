/* The groups of a batch or a pane: see pane.h. */
#include "cmd/aggregate/pane.h"

#include <stdlib.h>

#include "common/base/alloc.h"

void pane_init(struct pane *pane, struct pane_set *set, int64_t start_ms, int64_t end_ms)
{
	*pane = (struct pane){.set = set, .start_ms = start_ms, .end_ms = end_ms};
	groups_init(&pane->groups, &set->seed, set->query->block_size, 0);
}

void pane_release(struct pane *pane)
{
	if (!pane->set)
		return;
	for (uint32_t i = 0; i < pane->groups.slots; i++)
		query_block_release(pane->set->query, groups_state(&pane->groups, i));
	pane->set->groups -= pane->groups.count;
	groups_release(&pane->groups);
	if (pane->other)
		query_block_release(pane->set->query, pane->other);
	free(pane->other);
	pane->other = NULL;
	pane->set = NULL;
}

void *pane_block_of(struct pane *pane, const struct groups_key *key)
{
	struct pane_set *set = pane->set;
	bool is_new = false, full = set->max_groups && set->groups >= set->max_groups;
	uint32_t slot = full ? groups_find_key(&pane->groups, key) : groups_get_key(&pane->groups, key, &is_new);

	if (slot == GROUPS_NONE) {
		set->overflowed++;
		return set->other ? pane_other(pane) : NULL;
	}
	void *block = groups_state(&pane->groups, slot);
	if (is_new) {
		set->groups++;
		query_block_init(set->query, block);
	}
	return block;
}

void *pane_block(struct pane *pane, const char *s, size_t len)
{
	struct groups_key key = groups_key_of(&pane->groups, s, len);

	return pane_block_of(pane, &key);
}

void *pane_other(struct pane *pane)
{
	if (!pane->other) {
		pane->other = xcalloc(1, pane->set->query->block_size + 1);
		query_block_init(pane->set->query, pane->other);
	}
	return pane->other;
}

void pane_each(const struct pane *pane, void (*on_group)(void *self, const struct key_group *group), void *self)
{
	struct key_group group = {.start_ms = pane->start_ms, .end_ms = pane->end_ms};

	for (uint32_t i = 0; i < pane->groups.slots; i++) {
		group.key = groups_key(&pane->groups, i, &group.key_len);
		group.block = groups_state(&pane->groups, i);
		on_group(self, &group);
	}
	group = (struct key_group){.other = true, .start_ms = pane->start_ms, .end_ms = pane->end_ms, .key = ""};
	group.block = pane->other;
	if (pane->other)
		on_group(self, &group);
}

bool pane_merge(struct pane *into, const struct pane *from)
{
	size_t len;

	for (uint32_t i = 0; i < from->groups.slots; i++) {
		const char *key = groups_key(&from->groups, i, &len);
		void *block = pane_block(into, key, len);
		if (!block)
			return false;
		query_block_merge(into->set->query, block, groups_state(&from->groups, i));
	}
	if (from->other)
		query_block_merge(into->set->query, pane_other(into), from->other);
	return true;
}
