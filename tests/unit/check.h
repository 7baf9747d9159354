/*
 * The smallest unit-test harness: CHECK macros that print both sides, and TAP on standard output.
 *
 * A test file has functions `static void test_x(void)`, and a main of
 *     TEST(test_x); TEST(test_y); return check_done();
 */
#ifndef WEIR_TESTS_CHECK_H
#define WEIR_TESTS_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int check_failures, check_count, check_bad;

#define CHECK(cond)                                                                  \
	do {                                                                         \
		if (!(cond)) {                                                       \
			printf("# %s:%d: %s is false\n", __FILE__, __LINE__, #cond); \
			check_failures++;                                            \
		}                                                                    \
	} while (0)

#define CHECK_INT(a, b)                                                                                               \
	do {                                                                                                          \
		long long check_a = (long long)(a), check_b = (long long)(b);                                         \
		if (check_a != check_b) {                                                                             \
			printf("# %s:%d: %s is %lld, not %s (%lld)\n", __FILE__, __LINE__, #a, check_a, #b, check_b); \
			check_failures++;                                                                             \
		}                                                                                                     \
	} while (0)

#define CHECK_STR(a, b)                                                                       \
	do {                                                                                  \
		const char *check_a = (a), *check_b = (b);                                    \
		if (!check_a || !check_b || strcmp(check_a, check_b) != 0) {                  \
			printf("# %s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, #a, \
				check_a ? check_a : "(null)", check_b ? check_b : "(null)");  \
			check_failures++;                                                     \
		}                                                                             \
	} while (0)

/* A null pointer is as good as any for no bytes; memcmp() would not take it. */
static inline bool check_equal(const void *a, size_t n, const void *b, size_t m)
{
	return n == m && (n == 0 || memcmp(a, b, n) == 0);
}

#define CHECK_MEM(a, alen, b, blen)                                                                             \
	do {                                                                                                    \
		size_t check_n = (alen), check_m = (blen);                                                      \
		if (!check_equal((a), check_n, (b), check_m)) {                                                 \
			printf("# %s:%d: %s (%zu bytes) differs from %s (%zu bytes)\n", __FILE__, __LINE__, #a, \
				check_n, #b, check_m);                                                          \
			check_failures++;                                                                       \
		}                                                                                               \
	} while (0)

#define TEST(fn) check_run(#fn, fn)

static inline void check_run(const char *name, void (*fn)(void))
{
	check_failures = 0;
	fn();
	check_bad += check_failures > 0;
	printf("%sok %d - %s\n", check_failures ? "not " : "", ++check_count, name);
	fflush(stdout);
}

static inline int check_done(void)
{
	printf("1..%d\n", check_count);
	return check_bad != 0;
}

#endif
