/* hash: the seed and the length make a difference, and similar keys are spread over a table. */
#include "common/base/hash.h"

#include "tests/unit/check.h"

static const struct hash_seed fixed = {{0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu}};

static void test_seeds_differ(void)
{
	struct hash_seed a, b;
	CHECK_INT(hash_seed_random(&a), 0);
	CHECK_INT(hash_seed_random(&b), 0);
	CHECK(memcmp(&a, &b, sizeof a) != 0);
	CHECK(hash_short(&a, 1, 2, 9) != hash_short(&b, 1, 2, 9));
}

static void test_length_counts(void)
{
	for (size_t len = 0; len < 16; len++)
		CHECK(hash_short(&fixed, 'a', 0, len) != hash_short(&fixed, 'a', 0, len + 1));
	CHECK(hash_end(&fixed, 5, 17) != hash_end(&fixed, 5, 18));
}

/* The fullest of 4096 places when 4096 keys that differ in a few bits are hashed by their top bits. */
static int fullest(unsigned shift, int in_hi)
{
	int places[4096] = {0}, most = 0;
	for (uint64_t i = 0; i < 4096; i++) {
		uint64_t key = i << shift;
		uint64_t h = hash_short(&fixed, in_hi ? 7 : key, in_hi ? key : 7, 16);
		int n = ++places[h >> 52];
		most = n > most ? n : most;
	}
	return most;
}

static void test_spread(void)
{
	for (unsigned shift = 0; shift <= 52; shift += 4) {
		CHECK(fullest(shift, 0) < 16); /* chance would give 7 */
		CHECK(fullest(shift, 1) < 16);
	}
}

/* Every bit of a step's input changes the result, and the order of steps matters. */
static void test_steps(void)
{
	uint64_t h = hash_step(&fixed, fixed.k[2], 0, 0);
	for (int i = 0; i < 64; i++) {
		CHECK(hash_step(&fixed, fixed.k[2], 1ull << i, 0) != h);
		CHECK(hash_step(&fixed, fixed.k[2], 0, 1ull << i) != h);
	}
	CHECK(hash_step(&fixed, hash_step(&fixed, 0, 1, 2), 3, 4) !=
		hash_step(&fixed, hash_step(&fixed, 0, 3, 4), 1, 2));
}

int main(void)
{
	TEST(test_seeds_differ);
	TEST(test_length_counts);
	TEST(test_spread);
	TEST(test_steps);
	return check_done();
}
