/* Shared by the tests of common/stat: numbers that look random and are always the same, and checks of saved states. */
#ifndef WEIR_TESTS_STAT_H
#define WEIR_TESTS_STAT_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/stat/bytes.h"
#include "common/stat/hash64.h"
#include "tests/unit/check.h"

/* SplitMix64. */
static inline uint64_t random_next(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	uint64_t z = *state;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* From 0 up to 1. */
static inline double random_unit(uint64_t *state)
{
	return (double)(random_next(state) >> 11) * 0x1p-53;
}

/* Any double, including NaN and denormal ones. */
static inline double random_bits(uint64_t *state)
{
	uint64_t bits = random_next(state);
	double d;

	memcpy(&d, &bits, sizeof(d));
	return d;
}

static inline double random_normal(uint64_t *state)
{
	double u = 1 - random_unit(state);
	return sqrt(-2 * log(u)) * cos(6.283185307179586 * random_unit(state));
}

static inline void shuffle(double *v, size_t n, uint64_t *state)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)(random_next(state) % i);
		double swap = v[i - 1];
		v[i - 1] = v[j];
		v[j] = swap;
	}
}

static inline int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The result of DuckDB's quantile_cont for the N sorted values at V. */
static inline double exact_quantile(const double *v, size_t n, double q)
{
	double h = q * (double)(n - 1), low = floor(h);
	size_t i = (size_t)low;
	return i + 1 >= n || h == low || v[i] == v[i + 1] ? v[i] : v[i] * (1 - (h - low)) + v[i + 1] * (h - low);
}

/* Whether A and B are saved as the same bytes. */
#define CHECK_SAME(type, a, b)                                         \
	do {                                                           \
		struct strbuf same_a = STRBUF_INIT;                    \
		struct strbuf same_b = STRBUF_INIT;                    \
		type##_save(a, &same_a);                               \
		type##_save(b, &same_b);                               \
		CHECK_MEM(same_a.s, same_a.len, same_b.s, same_b.len); \
		strbuf_release(&same_a);                               \
		strbuf_release(&same_b);                               \
	} while (0)

/*
 * Save A and load it into EMPTY: the bytes must be the same.  Every shorter input must be refused (for long ones a
 * sample is tried), and so must a flipped bit, unless it makes another state that is saved as the bytes that were read.
 */
#define CHECK_SAVED(type, a, empty)                                                             \
	do {                                                                                    \
		struct strbuf saved = STRBUF_INIT;                                              \
		struct strbuf again = STRBUF_INIT;                                              \
		type##_save(a, &saved);                                                         \
		unsigned char *state = (unsigned char *)saved.s;                                \
		struct stat_in in = {state, state + saved.len};                                 \
		CHECK_INT(type##_load(empty, &in), 0);                                          \
		CHECK(in.s == in.end);                                                          \
		type##_save(empty, &again);                                                     \
		CHECK_MEM(saved.s, saved.len, again.s, again.len);                              \
		type##_release(empty);                                                          \
		for (size_t cut = 0; cut < saved.len; cut += 1 + saved.len / 200) {             \
			in = (struct stat_in){state, state + cut};                              \
			CHECK_INT(type##_load(empty, &in), -EBADMSG);                           \
		}                                                                               \
		for (size_t bit = 0; bit < saved.len * 8; bit += 1 + saved.len / 50) {          \
			state[bit / 8] ^= (unsigned char)(1u << bit % 8);                       \
			in = (struct stat_in){state, state + saved.len};                        \
			if (type##_load(empty, &in) == 0) {                                     \
				strbuf_clear(&again);                                           \
				type##_save(empty, &again);                                     \
				CHECK_MEM(saved.s, (size_t)(in.s - state), again.s, again.len); \
				type##_release(empty);                                          \
			}                                                                       \
			state[bit / 8] ^= (unsigned char)(1u << bit % 8);                       \
		}                                                                               \
		strbuf_release(&saved);                                                         \
		strbuf_release(&again);                                                         \
	} while (0)

/* Whether X is saved as LEN bytes with the hash HASH. */
#define CHECK_FORMAT(type, x, length, hash)                                                   \
	do {                                                                                  \
		struct strbuf format = STRBUF_INIT;                                           \
		type##_save(x, &format);                                                      \
		CHECK_INT(format.len, length);                                                \
		uint64_t format_hash = stat_hash64(format.s, format.len);                     \
		if (format_hash != (hash))                                                    \
			printf("# " #type ": 0x%016llxu\n", (unsigned long long)format_hash); \
		CHECK(format_hash == (hash));                                                 \
		strbuf_release(&format);                                                      \
	} while (0)

/* Numbers of all magnitudes and both signs, computed with integers only. */
static inline double format_value(int i)
{
	uint64_t seed = (uint64_t)i;
	int64_t whole = (int64_t)(random_next(&seed) % 200001) - 100000;

	return (double)whole / (double)(1 << i % 20);
}

#endif
