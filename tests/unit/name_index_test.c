/* Unit tests of common/data/name_index.h. */
#include "common/data/name_index.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/check.h"

static void test_none(void)
{
	struct name_index x = {0};
	CHECK_INT(name_index_find(&x, "a", 1), NAME_INDEX_NONE);
	name_index_release(&x);
}

static void test_numbers(void)
{
	struct name_index x = {0};
	char name[64];
	bool is_new;
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 1000; i++) {
			size_t len =
				(size_t)snprintf(name, sizeof name, "%s%u", i % 2 ? "" : "a name of many bytes ", i);
			CHECK_INT(name_index_find(&x, name, len), round ? i : NAME_INDEX_NONE);
			CHECK_INT(name_index_add(&x, name, len, &is_new), i);
			CHECK_INT(is_new, !round);
		}
	}
	CHECK_INT(name_index_find(&x, "1", 0), NAME_INDEX_NONE);
	CHECK_INT(name_index_add(&x, "", 0, &is_new), 1000);
	CHECK_INT(name_index_find(&x, "1", 0), 1000);
	name_index_release(&x);
	CHECK_INT(name_index_find(&x, "1", 1), NAME_INDEX_NONE);
	CHECK_INT(name_index_add(&x, "1", 1, &is_new), 0);
	name_index_release(&x);
}

int main(void)
{
	TEST(test_none);
	TEST(test_numbers);
	return check_done();
}
