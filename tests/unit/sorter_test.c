/* Unit tests of common/io/sorter: what comes back is sorted, whether it fits into the memory or not. */
#include "common/io/sorter.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"

#define LEAST (64 << 10) /* bytes of memory of the smallest sorter */

static void add(struct sorter *s, const char *key, const char *data)
{
	CHECK_INT(sorter_add(s, key, strlen(key), data, strlen(data)), 0);
}

static void check_next(struct sorter *s, const char *data)
{
	const char *got;
	size_t len;
	CHECK_INT(sorter_next(s, &got, &len), 1);
	CHECK_MEM(got, len, data, strlen(data));
}

static void check_end(struct sorter *s)
{
	const char *got;
	size_t len;
	CHECK_INT(sorter_next(s, &got, &len), 0);
	CHECK_INT(sorter_next(s, &got, &len), 0);
	sorter_free(s);
}

static void test_in_memory(void)
{
	struct sorter *s = sorter_new(0);
	CHECK_INT(sorter_begin(s), 0);
	check_end(s);
	s = sorter_new(1 << 20);
	static const char *const keys[] = {"b", "", "abcdefghi", "a", "abcdefgh", "b", "a"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		add(s, keys[i], (char[]){(char)('0' + i), '\0'});
	CHECK_INT(sorter_begin(s), 0);
	for (const char *want = "1364205"; *want; want++) /* those with the same key keep their order */
		check_next(s, (char[]){*want, '\0'});
	check_end(s);
}

/* Add COUNT items with keys in any order, many of them the same, to a small sorter, and check what comes back. */
static void check_many(uint32_t count, uint32_t keys, size_t pad)
{
	struct sorter *s = sorter_new(LEAST);
	char *data = xcalloc(1, pad + 8);
	uint32_t random = 1, last_key = 0, last_nr = 0;
	const char *got;
	size_t len;
	for (uint32_t i = 0; i < count; i++) {
		random = random * 1664525 + 1013904223;
		uint32_t key = (random >> 8) % keys;
		unsigned char bytes[4] = {(unsigned char)(key >> 24), (unsigned char)(key >> 16),
			(unsigned char)(key >> 8), (unsigned char)key};
		memcpy(data, &key, 4);
		memcpy(data + 4, &i, 4);
		CHECK_INT(sorter_add(s, bytes, sizeof bytes, data, 8 + (pad ? i % pad : 0)), 0);
	}
	CHECK_INT(sorter_begin(s), 0);
	for (uint32_t n = 0; n < count; n++) {
		uint32_t key, nr;
		if (sorter_next(s, &got, &len) != 1) {
			CHECK_INT(n, count);
			break;
		}
		memcpy(&key, got, 4);
		memcpy(&nr, got + 4, 4);
		bool good = n == 0 || last_key < key || (last_key == key && last_nr < nr);
		if (!good || len != 8 + (pad ? nr % pad : 0)) {
			CHECK_INT(nr, -1);
			break;
		}
		last_key = key;
		last_nr = nr;
	}
	check_end(s);
	free(data);
}

static void test_in_a_file(void)
{
	check_many(1, 1, 0);
	check_many(1500, 100, 0);  /* all of it in memory */
	check_many(2000, 5000, 0); /* two stretches */
	check_many(200000, UINT32_MAX, 0);
	check_many(100000, 3, 60);
	check_many(500, 1000, 30000); /* longer than what is read of a stretch at once */
}

static void test_too_long(void)
{
	struct sorter *s = sorter_new(LEAST);
	char *data = xcalloc(1, LEAST);
	CHECK_INT(sorter_add(s, "k", 1, data, LEAST), -EFBIG);
	CHECK_INT(sorter_add(s, data, LEAST, "", 0), -EFBIG);
	CHECK_INT(sorter_add(s, "k", 1, data, LEAST - 41), 0);
	CHECK_INT(sorter_add(s, "k", 1, data, LEAST - 40), -EFBIG);
	CHECK_INT(sorter_add(s, "a", 1, "x", 1), 0);
	CHECK_INT(sorter_begin(s), 0);
	check_next(s, "x");
	sorter_free(s);
	free(data);
}

static void test_no_directory(void)
{
	const char *before = getenv("TMPDIR");
	char *kept = before ? xstrdup(before) : NULL;
	struct sorter *s = sorter_new(LEAST);
	char *data = xcalloc(1, LEAST / 2);
	CHECK_INT(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
	CHECK_INT(sorter_add(s, "k", 1, data, LEAST / 2), 0);
	CHECK_INT(sorter_add(s, "k", 1, data, LEAST / 2), -ENOENT);
	sorter_free(s);
	free(data);
	CHECK_INT(kept ? setenv("TMPDIR", kept, 1) : unsetenv("TMPDIR"), 0);
	free(kept);
}

int main(void)
{
	TEST(test_in_memory);
	TEST(test_in_a_file);
	TEST(test_too_long);
	TEST(test_no_directory);
	return check_done();
}
