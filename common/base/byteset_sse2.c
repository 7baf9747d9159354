/* Byte sets by SSE2, which every x86-64 has: one comparison per range of the set.  See byteset.h. */
#if defined(__x86_64__)
#include "common/base/byteset_impl.h"

#include <emmintrin.h>

#define TARGET

/* 0xff where a byte of V lies in [first, first + span]. */
static inline __m128i in_range(__m128i v, uint8_t first, uint8_t span)
{
	__m128i off = _mm_sub_epi8(v, _mm_set1_epi8((char)first));
	return _mm_cmpeq_epi8(_mm_min_epu8(off, _mm_set1_epi8((char)span)), off);
}

static inline __m128i members(const struct byteset *set, __m128i v)
{
	__m128i m = _mm_set1_epi8((char)(set->complement ? 0xff : 0));
	for (unsigned i = 0; i < set->range_count; i++)
		m = _mm_xor_si128(m, in_range(v, set->ranges[i].first, set->ranges[i].span));
	return m;
}

static inline __m128i load(const char *s)
{
	return _mm_loadu_si128((const __m128i *)(const void *)s);
}

static inline void store(char *out, __m128i v)
{
	_mm_storeu_si128((__m128i *)(void *)out, v);
}

static inline uint64_t sse2_mask(const struct byteset *set, const char *s)
{
	uint64_t mask = 0;
	for (int i = 0; i < 4; i++)
		mask |= (uint64_t)(unsigned)_mm_movemask_epi8(members(set, load(s + 16 * i))) << 16 * i;
	return mask;
}

static inline uint64_t sse2_rewrite(const struct byteset *set, const char *s, struct byteset_rewrite how, char *out)
{
	uint64_t mask = 0;
	__m128i delim = _mm_set1_epi8((char)how.delim), bit = _mm_set1_epi8(how.lower ? 0x20 : 0);
	for (int i = 0; i < 4; i++) {
		__m128i v = load(s + 16 * i), m = members(set, v);
		v = _mm_or_si128(v, _mm_and_si128(in_range(v, 'A', 25), bit));
		v = _mm_or_si128(_mm_andnot_si128(m, v), _mm_and_si128(m, delim));
		mask |= (uint64_t)(unsigned)_mm_movemask_epi8(m) << 16 * i;
		store(out + 16 * i, v);
	}
	return mask;
}

static inline void copy_block(char *out, const char *s)
{
	for (int i = 0; i < 4; i++)
		store(out + 16 * i, load(s + 16 * i));
}

#define BLOCK_MASK    sse2_mask
#define BLOCK_REWRITE sse2_rewrite
#define BLOCK_COPY    copy_block
#include "common/base/byteset_kernels.h"

const struct byteset_ops byteset_sse2 = {find, edges, squeeze};
#else
typedef int byteset_sse2_is_empty;
#endif
