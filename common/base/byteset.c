/* Byte sets: see byteset.h.  This file has the set itself, the choice of the level and the portable kernels. */
#include "common/base/byteset.h"

#include <errno.h>
#include <string.h>

#include "common/base/byteset_impl.h"

#define TARGET
#define BLOCK_COPY(out, s) memcpy(out, s, 64)

static inline uint64_t portable_mask(const struct byteset *set, const char *s)
{
	uint64_t mask = 0;
	for (int i = 0; i < 64; i++)
		mask |= (uint64_t)set->member[(uint8_t)s[i]] << i;
	return mask;
}

static inline uint64_t portable_rewrite(const struct byteset *set, const char *s, struct byteset_rewrite how, char *out)
{
	uint64_t mask = 0;
	for (int i = 0; i < 64; i++) {
		uint8_t c = (uint8_t)s[i], member = set->member[c];
		mask |= (uint64_t)member << i;
		if (how.lower)
			c |= (uint8_t)((uint8_t)(c - 'A') < 26 ? 0x20 : 0);
		out[i] = (char)(member ? how.delim : c);
	}
	return mask;
}

#define BLOCK_MASK    portable_mask
#define BLOCK_REWRITE portable_rewrite
#include "common/base/byteset_kernels.h"

const struct byteset_ops byteset_portable = {find, edges, squeeze};

/* Find the ranges of bytes whose membership is WANT; returns how many there are, and stores the first few. */
static unsigned find_ranges(struct byteset *set, uint8_t want)
{
	unsigned n = 0;
	for (unsigned i = 0; i < 256;) {
		unsigned first = i;
		while (i < 256 && set->member[i] == want)
			i++;
		if (i == first) {
			i++;
			continue;
		}
		if (n < BYTESET_MAX_RANGES)
			set->ranges[n] = (struct byteset_range){(uint8_t)first, (uint8_t)(i - 1 - first)};
		n++;
	}
	return n;
}

/* Derive what the kernels use from set->member, and take the best of them. */
static void prepare(struct byteset *set)
{
	set->complement = find_ranges(set, 0) < find_ranges(set, 1);
	unsigned n = find_ranges(set, !set->complement);
	set->range_count = (uint8_t)(n > BYTESET_MAX_RANGES ? BYTESET_MAX_RANGES + 1 : n);
	int level = BYTESET_LEVELS;
	while (byteset_use(set, (enum byteset_level)-- level) < 0)
		;
}

void byteset_init(struct byteset *set, const char *members, size_t len)
{
	memset(set, 0, sizeof *set);
	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t)members[i];
		set->member[c] = 1;
		set->row[c >> 7][c & 15] |= (uint8_t)(1u << (c >> 4 & 7));
	}
	prepare(set);
}

#if defined(__x86_64__)
static const struct byteset_ops *ops_of(const struct byteset *set, enum byteset_level level)
{
	if (level == BYTESET_SSE2)
		return set->range_count <= BYTESET_MAX_RANGES ? &byteset_sse2 : NULL;
	if (level == BYTESET_AVX2)
		return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
				       __builtin_cpu_supports("popcnt")
			       ? &byteset_avx2
			       : NULL;
	return &byteset_portable;
}
#else
static const struct byteset_ops *ops_of(const struct byteset *set, enum byteset_level level)
{
	(void)set;
	return level == BYTESET_PORTABLE ? &byteset_portable : NULL;
}
#endif

int byteset_use(struct byteset *set, enum byteset_level level)
{
	const struct byteset_ops *ops = ops_of(set, level);
	if (!ops)
		return -ENOTSUP;
	set->ops = ops;
	return 0;
}

size_t byteset_find(const struct byteset *set, const char *s, size_t len, uint32_t *ret_pos)
{
	return set->ops->find(set, s, len, ret_pos);
}

size_t byteset_edges(const struct byteset *set, const char *s, size_t len, bool *in_run, uint32_t *ret_pos)
{
	return set->ops->edges(set, s, len, in_run, ret_pos);
}

size_t byteset_squeeze(
	const struct byteset *set, const char *s, size_t len, char delim, bool lower, bool *in_run, char *out)
{
	struct byteset_rewrite how = {(uint8_t)delim, lower};
	return set->ops->squeeze(set, s, len, how, in_run, out);
}
