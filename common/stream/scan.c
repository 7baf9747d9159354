/* The scan over whole records: see scan.h. */
#include "common/stream/scan.h"

#include <stdbool.h>

#include "common/stream/mark.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

static bool is_control(char c)
{
	return c == MARK_ETB || c == MARK_DLE;
}

/* Scan from S + I on; START: a record begins there.  Adds to *ret_records. */
static size_t scan_rest(const char *s, size_t i, size_t len, char delim, bool start, uint64_t *ret_records)
{
	for (; i < len; i++) {
		if (start && is_control(s[i]))
			break;
		start = s[i] == delim;
		*ret_records += start;
	}
	return i;
}

static size_t scan_plain(const char *s, size_t len, char delim, uint64_t *ret_records)
{
	*ret_records = 0;
	return scan_rest(s, 0, len, delim, true, ret_records);
}

#ifdef __x86_64__
/*
 * One step of STEP bytes: ENDS has a bit for each delimiter, CONTROLS for each ETB and DLE.  A match is a control byte
 * after a delimiter; CARRY is set when the step before ended with a delimiter.
 */
#define SCAN_STEP(step)                                                  \
	uint32_t starts = ends << 1 | carry, hits = controls & starts;   \
	if (hits) {                                                      \
		unsigned at = (unsigned)__builtin_ctz(hits);             \
		uint32_t before = ends & ((1u << at) - 1);               \
		*ret_records = n + (uint64_t)__builtin_popcount(before); \
		return i + at;                                           \
	}                                                                \
	n += (uint64_t)__builtin_popcount(ends);                         \
	carry = ends >> ((step)-1);

static size_t scan_sse2(const char *s, size_t len, char delim, uint64_t *ret_records)
{
	const __m128i etb = _mm_set1_epi8(MARK_ETB), dle = _mm_set1_epi8(MARK_DLE), end = _mm_set1_epi8(delim);
	uint64_t n = 0;
	uint32_t carry = 1;
	size_t i = 0;
	for (; i + 16 <= len; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s + i));
		uint32_t ends = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, end));
		uint32_t controls =
			(uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, etb), _mm_cmpeq_epi8(v, dle)));
		SCAN_STEP(16)
	}
	*ret_records = n;
	return scan_rest(s, i, len, delim, carry, ret_records);
}

__attribute__((target("avx2,popcnt,bmi"))) static size_t scan_avx2(
	const char *s, size_t len, char delim, uint64_t *ret_records)
{
	const __m256i etb = _mm256_set1_epi8(MARK_ETB), dle = _mm256_set1_epi8(MARK_DLE), end = _mm256_set1_epi8(delim);
	uint64_t n = 0;
	uint32_t carry = 1;
	size_t i = 0;
	for (; i + 32 <= len; i += 32) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(s + i));
		uint32_t ends = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, end));
		uint32_t controls = (uint32_t)_mm256_movemask_epi8(
			_mm256_or_si256(_mm256_cmpeq_epi8(v, etb), _mm256_cmpeq_epi8(v, dle)));
		SCAN_STEP(32)
	}
	*ret_records = n;
	return scan_rest(s, i, len, delim, carry, ret_records);
}

scan_function *scan_version(unsigned i)
{
	if (i == 2)
		return __builtin_cpu_supports("avx2") ? scan_avx2 : NULL;
	return i == 1 ? scan_sse2 : scan_plain;
}

size_t scan_records(const char *s, size_t len, char delim, uint64_t *ret_records)
{
	if (__builtin_cpu_supports("avx2"))
		return scan_avx2(s, len, delim, ret_records);
	return scan_sse2(s, len, delim, ret_records);
}
#else
scan_function *scan_version(unsigned i)
{
	return i == 0 ? scan_plain : NULL;
}

size_t scan_records(const char *s, size_t len, char delim, uint64_t *ret_records)
{
	return scan_plain(s, len, delim, ret_records);
}
#endif
