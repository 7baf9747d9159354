/*
 * Times: the one form that nearly all programs write.
 *
 * Eight characters are handled at once, in one word.  With this, converting a timestamp whose minute is not in a cache
 * takes 22 ns instead of 36 (tests/unit/time_test.c compares both ways).
 */
#include <string.h>

#include "common/data/time_impl.h"

/* A word of eight bytes with C at each place of PLACES (bit 0: the first) and 0 at the others. */
#define AT(places, c)                                                                               \
	(((places)&1 ? (uint64_t)(c) : 0) | ((places)&2 ? (uint64_t)(c) << 8 : 0) |                 \
		((places)&4 ? (uint64_t)(c) << 16 : 0) | ((places)&8 ? (uint64_t)(c) << 24 : 0) |   \
		((places)&16 ? (uint64_t)(c) << 32 : 0) | ((places)&32 ? (uint64_t)(c) << 40 : 0) | \
		((places)&64 ? (uint64_t)(c) << 48 : 0) | ((places)&128 ? (uint64_t)(c) << 56 : 0))

/*
 * Whether the eight bytes at S have C at the PLACES and digits at the others.  Then each byte of *ret_pairs is ten
 * times the digit there plus the next digit.
 */
static inline bool take_pairs(const char *s, unsigned places, char c, uint64_t *ret_pairs)
{
	const uint64_t others = AT(places, c), digits = AT(~places, 0xff);
	uint64_t word = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&word, s, sizeof word);
#else
	for (int i = 7; i >= 0; i--)
		word = word << 8 | (unsigned char)s[i];
#endif
	uint64_t values = word ^ (others | (digits & AT(0xff, '0'))); /* 0 to 9 for digits, 0 for the others */
	if ((values & ~digits) || (((values + AT(0xff, 6)) | values) & AT(0xff, 0xf0)))
		return false;
	*ret_pairs = values * 10 + (values >> 8);
	return true;
}

static inline unsigned pair(uint64_t pairs, int place)
{
	return (unsigned)(pairs >> (8 * place)) & 0xff;
}

/* The number of two digits at S; above 99 when they are not digits. */
static inline unsigned two(const char *s)
{
	unsigned ten = (unsigned)(s[0] - '0'), one = (unsigned)(s[1] - '0');

	return ten > 9 || one > 9 ? 100 : ten * 10 + one;
}

/* Whether Z or +hh:mm are the LEFT bytes at S; the offset in seconds. */
static inline bool take_offset(const char *s, size_t left, int *ret_s)
{
	*ret_s = 0;
	if (left == 1)
		return *s == 'Z';
	if (left != 6 || (*s != '+' && *s != '-') || s[3] != ':')
		return false;
	unsigned hours = two(s + 1), minutes = two(s + 4);
	*ret_s = (int)(hours * 3600 + minutes * 60) * (*s == '-' ? -1 : 1);
	return hours < 24 && minutes < 60;
}

/* The digits of a fraction at S[*POS], after its point, as nanoseconds; moves *POS past them. */
static inline bool take_fraction(const char *s, size_t len, size_t *pos, long *ret_ns)
{
	static const long scales[] = {0, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
	size_t start = *pos, n;
	long value = 0;

	for (; *pos < len && ascii_is_digit(s[*pos]); ++*pos)
		if (*pos - start < 9)
			value = value * 10 + (s[*pos] - '0');
	n = *pos - start;
	*ret_ns = value * scales[n < 9 ? n : 9];
	return n > 0;
}

bool time_take_fixed(const char *s, size_t len, struct timespec *ret)
{
	uint64_t date, clock;
	size_t pos = 19;
	long ns = 0;
	int zone;

	/* 2026-11- 22T10:00:59 */
	if (len < 20 || s[10] != 'T' || !take_pairs(s, 0x90, '-', &date) || !take_pairs(s + 11, 0x24, ':', &clock))
		return false;
	unsigned year = pair(date, 0) * 100 + pair(date, 2), month = pair(date, 5), day = two(s + 8);
	unsigned hour = pair(clock, 0), minute = pair(clock, 3), second = pair(clock, 6);
	if (hour > 23 || minute > 59 || second > 59 || !time_date_ok(year, month, day))
		return false;
	if (s[pos] == '.' && (pos++, !take_fraction(s, len, &pos, &ns)))
		return false;
	if (!take_offset(s + pos, len - pos, &zone))
		return false;
	int64_t t = time_days(year, month, day) * DAY_S + (int64_t)(hour * 3600 + minute * 60 + second) - zone;
	if (t < TIME_MIN_S || t > TIME_MAX_S)
		return false;
	*ret = (struct timespec){.tv_sec = t, .tv_nsec = ns};
	return true;
}
