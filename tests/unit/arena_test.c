/* arena: memory that was returned stays where it is, is not shared, and is counted. */
#include "common/base/arena.h"

#include <stdint.h>

#include "tests/unit/check.h"

static void test_contents_stay(void)
{
	enum { COUNT = 5000 };
	struct arena a = {0};
	char *p[COUNT];
	for (int i = 0; i < COUNT; i++) {
		size_t size = (size_t)(i * 37 % 301);
		p[i] = arena_bytes(&a, size);
		memset(p[i], i % 256, size);
	}
	int bad = 0;
	for (int i = 0; i < COUNT; i++)
		for (int k = 0; k < i * 37 % 301; k++)
			bad += (uint8_t)p[i][k] != i % 256;
	CHECK_INT(bad, 0);
	CHECK(a.bytes >= 5000 * 150);
	CHECK(a.bytes < 2 * 5000 * 150 + (1 << 20));
	arena_release(&a);
	CHECK_INT(a.bytes, 0);
}

static void test_large(void)
{
	struct arena a = {0};
	char *small = arena_bytes(&a, 1);
	char *large = arena_bytes(&a, 5 << 20);
	memset(large, 'x', 5 << 20);
	char *next = arena_bytes(&a, 1);
	CHECK(next == small + 1); /* the block that was begun is used further */
	arena_release(&a);
}

static void test_cost_is_exact(void)
{
	struct arena a = {0};
	static const size_t sizes[] = {0, 1, 100, 16384, 1, 0, 70000, 3, 2000000, 16300, 16384, 900000, 900000};
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			size_t before = a.bytes, cost = arena_cost(&a, sizes[i]);
			memset(arena_bytes(&a, sizes[i]), 1, sizes[i]);
			CHECK_INT(a.bytes - before, cost);
		}
	}
	arena_release(&a);
	arena_release(&a);
	CHECK(arena_bytes(&a, 0)); /* it is usable again */
	arena_release(&a);
}

int main(void)
{
	TEST(test_contents_stay);
	TEST(test_large);
	TEST(test_cost_is_exact);
	return check_done();
}
