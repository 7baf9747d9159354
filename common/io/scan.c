/* Scans over long stretches of memory: see scan.h. */
#include "common/io/scan.h"

#include "common/io/mark.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

const char *scan_control(const char *s, size_t len)
{
	size_t i = 0;
#ifdef __SSE2__
	const __m128i etb = _mm_set1_epi8(MARK_ETB), dle = _mm_set1_epi8(MARK_DLE);
	for (; i + 16 <= len; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s + i));
		int hits = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, etb), _mm_cmpeq_epi8(v, dle)));
		if (hits)
			return s + i + __builtin_ctz((unsigned)hits);
	}
#endif
	for (; i < len; i++)
		if (s[i] == MARK_ETB || s[i] == MARK_DLE)
			return s + i;
	return NULL;
}

uint64_t scan_count(const char *s, size_t len, char c)
{
	uint64_t n = 0;
	size_t i = 0;
#ifdef __SSE2__
	const __m128i want = _mm_set1_epi8(c), zero = _mm_setzero_si128();
	while (i + 16 <= len) {
		/* A lane counts to 255 before it is summed up. */
		size_t stop = len - i < 255 * 16 ? i + (len - i) / 16 * 16 : i + 255 * 16;
		__m128i lanes = zero;
		for (; i < stop; i += 16)
			lanes = _mm_sub_epi8(
				lanes, _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(s + i)), want));
		__m128i sums = _mm_sad_epu8(lanes, zero);
		n += (uint64_t)_mm_cvtsi128_si64(sums) + (uint64_t)_mm_cvtsi128_si64(_mm_srli_si128(sums, 8));
	}
#endif
	for (; i < len; i++)
		n += s[i] == c;
	return n;
}
