/* Many names: see name_index.h. */
#include "common/data/name_index.h"

uint32_t name_index_add(struct name_index *x, const char *name, size_t len, bool *ret_new)
{
	if (!x->begun) {
		/* Without a random one names that were chosen for it would be found more slowly, and that is all. */
		struct hash_seed seed = {{UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd1b54a32d192ed03), 1}};
		(void)!hash_seed_random(&seed);
		groups_init(&x->groups, &seed, 0, 0);
		x->begun = true;
	}
	return groups_get(&x->groups, name, len, ret_new);
}

void name_index_release(struct name_index *x)
{
	groups_release(&x->groups);
	x->begun = false;
}
