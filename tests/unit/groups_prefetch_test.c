#include "common/data/groups_prefetch.h"

#include <string.h>

#include "tests/unit/check.h"

/* A key of 1 to 60 bytes. */
static size_t make_key(char *buf, unsigned number)
{
	size_t len = 1 + number % 60;

	memset(buf, 'k', len);
	buf[0] = (char)('a' + number % 26);
	return len;
}

/* Keys are kept unchanged, whatever their length and even if the caller's copy changes; no slot is made or changed. */
static void test_keys(void)
{
	struct hash_seed seed;
	struct groups g;
	struct groups_prefetch p;
	char buf[60];
	bool is_new;

	CHECK_INT(hash_seed_random(&seed), 0);
	groups_init(&g, &seed, 100, 0);
	groups_prefetch_init(&p);
	for (unsigned round = 0; round < 50; round++) {
		for (unsigned i = 0; i < GROUPS_PREFETCH; i++) {
			size_t len = make_key(buf, round * 7 + i);
			struct groups_key key = groups_key_of(&g, buf, len);
			CHECK_INT(groups_prefetch_add(&p, &g, &key), i);
			memset(buf, '?', sizeof buf);
		}
		size_t count = g.count;
		groups_prefetch_slots(&p, &g);
		CHECK_INT(g.count, count);
		for (unsigned i = 0; i < p.count; i++) {
			size_t len = make_key(buf, round * 7 + i);
			struct groups_key key = groups_prefetch_key(&p, i);
			uint32_t slot = groups_get_key(&g, &key, &is_new); /* which may move the table */
			CHECK(groups_find(&g, buf, len) == slot && slot != GROUPS_NONE);
		}
		groups_prefetch_clear(&p);
		CHECK_INT(p.count, 0);
	}
	groups_prefetch_release(&p);
	groups_release(&g);
}

/* With an empty table, and without keys. */
static void test_empty(void)
{
	struct hash_seed seed = {{1, 2, 3}};
	struct groups g;
	struct groups_prefetch p;

	groups_init(&g, &seed, 0, 0);
	groups_prefetch_init(&p);
	groups_prefetch_slots(&p, &g);
	struct groups_key key = groups_key_of(&g, "", 0);
	groups_prefetch_add(&p, &g, &key);
	groups_prefetch_slots(&p, &g);
	key = groups_prefetch_key(&p, 0);
	CHECK_INT(groups_find_key(&g, &key), GROUPS_NONE);
	groups_prefetch_release(&p);
	groups_release(&g);
}

int main(void)
{
	TEST(test_keys);
	TEST(test_empty);
	return check_done();
}
