#include "common/data/groups.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/data/keys.h"
#include "tests/unit/check.h"

static struct groups make(size_t state_size, size_t limit)
{
	struct hash_seed seed;
	struct groups g;

	CHECK_INT(hash_seed_random(&seed), 0);
	groups_init(&g, &seed, state_size, limit);
	return g;
}

/* Keys of all lengths up to 40, some of which share their beginnings or their ends. */
static size_t make_key(char *buf, unsigned number)
{
	size_t len = number % 41;

	memset(buf, number % 3 ? 'a' : 0, len);
	if (len >= sizeof number)
		memcpy(buf + (number % 2 ? 0 : len - sizeof number), &number, sizeof number);
	else if (len)
		buf[0] = (char)(number / 41);
	return len;
}

static void test_empty_key_and_nuls(void)
{
	struct groups g = make(4, 0);
	bool is_new;
	size_t len;

	CHECK_INT(groups_find(&g, "", 0), GROUPS_NONE);
	CHECK_INT(groups_get(&g, "", 0, &is_new), 0);
	CHECK(is_new);
	for (size_t n = 1; n < 20; n++) {
		CHECK_INT(groups_get(&g, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", n, &is_new), n);
		CHECK(is_new);
	}
	CHECK_INT(groups_get(&g, "", 0, &is_new), 0);
	CHECK(!is_new);
	groups_key(&g, 17, &len);
	CHECK_INT(len, 17);
	CHECK_INT(g.state_size, 8);
	groups_release(&g);
}

static void test_limit(void)
{
	struct groups g = make(0, 2);
	bool is_new;

	CHECK_INT(groups_get(&g, "a", 1, &is_new), 0);
	CHECK_INT(groups_get(&g, "b", 1, &is_new), 1);
	CHECK_INT(groups_get(&g, "c", 1, &is_new), GROUPS_NONE);
	CHECK_INT(groups_get(&g, "a", 1, &is_new), 0);
	groups_remove(&g, 0);
	CHECK(!groups_used(&g, 0));
	CHECK_INT(groups_get(&g, "c", 1, &is_new), 0);
	CHECK(is_new);
	CHECK_INT(groups_find(&g, "a", 1), GROUPS_NONE);
	groups_release(&g);
}

/* Add and remove at random, compared with an array. */
static void test_against_array(void)
{
	enum { KEYS = 50000, ROUNDS = 400000 };
	static uint32_t slot_of[KEYS];
	struct groups g = make(sizeof(unsigned), 0);
	uint64_t state = 1;
	size_t count = 0, len;
	char buf[40];

	memset(slot_of, 0xff, sizeof slot_of);
	for (unsigned i = 0; i < ROUNDS; i++) {
		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		/* There are few short keys: only those from which the number can be derived. */
		unsigned number = (unsigned)(state >> 33) % KEYS;
		if (number % 41 < 4 && number >= 41)
			continue;
		bool is_new;
		len = make_key(buf, number);
		uint32_t slot = groups_find(&g, buf, len);
		CHECK_INT(slot, slot_of[number]);
		if (slot != GROUPS_NONE)
			CHECK_INT(*(unsigned *)groups_state(&g, slot), number + 1);
		if (slot != GROUPS_NONE && state >> 62) {
			groups_remove(&g, slot);
			slot_of[number] = GROUPS_NONE;
			count--;
		} else {
			slot_of[number] = groups_get(&g, buf, len, &is_new);
			CHECK(is_new == (slot == GROUPS_NONE));
			count += is_new;
			*(unsigned *)groups_state(&g, slot_of[number]) = number + 1;
		}
		CHECK_INT(g.count, count);
	}
	for (uint32_t i = 0; i < g.slots; i++) {
		if (!groups_used(&g, i))
			continue;
		unsigned number = *(unsigned *)groups_state(&g, i) - 1;
		const char *key = groups_key(&g, i, &len);
		CHECK_INT(slot_of[number], i);
		CHECK_MEM(key, len, buf, make_key(buf, number));
		count--;
	}
	CHECK_INT(count, 0);
	groups_release(&g);
}

/* The memory of removed groups is freed while others are added. */
static void test_memory_is_bounded(void)
{
	struct groups g = make(16, 0);
	char key[64];
	bool is_new;

	for (unsigned i = 0; i < 300000; i++) {
		int len = snprintf(key, sizeof key, "a key of more than sixteen bytes, number %u", i);
		CHECK(groups_get(&g, key, (size_t)len, &is_new) != GROUPS_NONE);
		if (i < 1000)
			continue;
		len = snprintf(key, sizeof key, "a key of more than sixteen bytes, number %u", i - 1000);
		groups_remove(&g, groups_find(&g, key, (size_t)len));
	}
	CHECK_INT(g.count, 1000);
	CHECK(groups_memory(&g) < 8 << 20);
	groups_release(&g);
}

static void test_many(void)
{
	enum { MANY = 1000000 };
	struct groups g = make(8, 0);
	bool is_new;

	for (uint32_t i = 0; i < MANY; i++)
		if (groups_get(&g, (const char *)&i, sizeof i, &is_new) != i || !is_new)
			break;
	CHECK_INT(g.count, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		if (groups_find(&g, (const char *)&i, sizeof i) != i)
			CHECK_INT(i, MANY);
	CHECK(groups_memory(&g) < (size_t)MANY * 100);
	groups_release(&g);
}

int main(void)
{
	TEST(test_empty_key_and_nuls);
	TEST(test_limit);
	TEST(test_against_array);
	TEST(test_memory_is_bounded);
	TEST(test_many);
	return check_done();
}
