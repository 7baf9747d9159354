/* The scan over long stretches of memory: see scan.h. */
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
