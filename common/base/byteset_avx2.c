/* Byte sets by AVX2: two look-ups of 16 entries suffice for any set.  See byteset.h. */
#if defined(__x86_64__)
#include "common/base/byteset_impl.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,popcnt")))

/* A row of 16 in both halves. */
TARGET static inline __m256i twice(const uint8_t *row)
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)row));
}

/*
 * 0xff where a byte of V is a member.  vpshufb gives 0 for indices with the top bit set, and otherwise uses the low
 * four bits: so the first row serves the bytes below 0x80 and, with the top bit flipped, the second row the others.
 */
TARGET static inline __m256i members(const struct byteset *set, __m256i v)
{
	const __m256i bits = _mm256_set1_epi64x((long long)0x8040201008040201u);
	__m256i column = _mm256_or_si256(_mm256_shuffle_epi8(twice(set->row[0]), v),
		_mm256_shuffle_epi8(twice(set->row[1]), _mm256_xor_si256(v, _mm256_set1_epi8((char)0x80))));
	__m256i high = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));
	__m256i bit = _mm256_shuffle_epi8(bits, high);
	return _mm256_cmpeq_epi8(_mm256_and_si256(column, bit), bit);
}

TARGET static inline __m256i load(const char *s)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)s);
}

TARGET static inline void store(char *out, __m256i v)
{
	_mm256_storeu_si256((__m256i *)(void *)out, v);
}

TARGET static inline uint64_t join(__m256i low, __m256i high)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | (uint32_t)_mm256_movemask_epi8(low);
}

TARGET static inline uint64_t avx2_mask(const struct byteset *set, const char *s)
{
	return join(members(set, load(s)), members(set, load(s + 32)));
}

/* V with DELIM where M is set, and capitals turned into small letters: BIT is 0x20 or 0. */
TARGET static inline __m256i rewrite(__m256i v, __m256i m, __m256i delim, __m256i bit)
{
	__m256i off = _mm256_sub_epi8(v, _mm256_set1_epi8('A'));
	__m256i capital = _mm256_cmpeq_epi8(_mm256_min_epu8(off, _mm256_set1_epi8(25)), off);
	return _mm256_blendv_epi8(_mm256_or_si256(v, _mm256_and_si256(capital, bit)), delim, m);
}

TARGET static inline uint64_t avx2_rewrite(
	const struct byteset *set, const char *s, struct byteset_rewrite how, char *out)
{
	__m256i delim = _mm256_set1_epi8((char)how.delim), bit = _mm256_set1_epi8(how.lower ? 0x20 : 0);
	__m256i a = load(s), b = load(s + 32), ma = members(set, a), mb = members(set, b);
	store(out, rewrite(a, ma, delim, bit));
	store(out + 32, rewrite(b, mb, delim, bit));
	return join(ma, mb);
}

TARGET static inline void copy_block(char *out, const char *s)
{
	__m256i a = load(s), b = load(s + 32);
	store(out, a);
	store(out + 32, b);
}

#define BLOCK_MASK    avx2_mask
#define BLOCK_REWRITE avx2_rewrite
#define BLOCK_COPY    copy_block
#include "common/base/byteset_kernels.h"

const struct byteset_ops byteset_avx2 = {find, edges, squeeze};
#else
typedef int byteset_avx2_is_empty;
#endif
