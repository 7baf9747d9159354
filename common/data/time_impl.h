/* The parts with which times are read and written.  Private to time*.c. */
#ifndef WEIR_DATA_TIME_IMPL_H
#define WEIR_DATA_TIME_IMPL_H

#include "common/base/ascii.h"
#include "common/data/time.h"

#define NS_PER_S INT64_C(1000000000)
#define DAY_S    INT64_C(86400)

/* Read RFC 3339 at *S; moves *S past it. */
int time_scan_rfc3339(const char **s, const char *end, struct timespec *ret) MUST_CHECK;

/*
 * The LEN bytes at S in the form that nearly all programs write, 2026-11-22T10:00:00.999Z or with an offset like
 * +01:00; false: it may still be another form of RFC 3339, and *ret is untouched.
 */
bool time_take_fixed(const char *s, size_t len, struct timespec *ret) MUST_CHECK;

/* Read an epoch number at *S: sign, digits, fraction; moves *S past it. */
int time_scan_epoch(const char **s, const char *end, enum time_unit unit, struct timespec *ret) MUST_CHECK;

/* Read a time at *S by PATTERN, in which only SIMPLE conversions (time_format.c) are left; moves *S past it. */
int time_scan_strptime(const char **s, const char *end, const char *pattern, struct timespec *ret) MUST_CHECK;

/* Write VALUE in N digits at P; returns where they end. */
static inline char *time_put_digits(char *p, int n, long value)
{
	for (int i = n - 1; i >= 0; i--, value /= 10)
		p[i] = (char)('0' + value % 10);
	return p + n;
}

/* Read N digits at *S into *RET; moves *S past them. */
static inline bool time_scan_digits(const char **s, const char *end, int n, int *ret)
{
	int value = 0;

	if (end - *s < n)
		return false;
	for (int i = 0; i < n; i++) {
		char c = (*s)[i];
		if (!ascii_is_digit(c))
			return false;
		value = value * 10 + (c - '0');
	}
	*s += n;
	*ret = value;
	return true;
}

static inline bool time_scan_literal(const char **s, const char *end, char c)
{
	if (*s == end || **s != c)
		return false;
	++*s;
	return true;
}

/* Read the digits of a fraction of a second at *S (at least one) as nanoseconds. */
static inline bool time_scan_fraction(const char **s, const char *end, long *ret_ns)
{
	long ns = 0, scale = NS_PER_S / 10;

	if (*s == end || !ascii_is_digit(**s))
		return false;
	for (; *s < end && ascii_is_digit(**s); ++*s, scale /= 10)
		ns += (**s - '0') * scale;
	*ret_ns = ns;
	return true;
}

/* Read an offset to UTC at *S: Z, +hh, +hhmm or +hh:mm. */
static inline bool time_scan_offset(const char **s, const char *end, int *ret_s)
{
	int hours, minutes = 0;

	if (time_scan_literal(s, end, 'Z') || time_scan_literal(s, end, 'z')) {
		*ret_s = 0;
		return true;
	}
	if (*s == end || (**s != '+' && **s != '-'))
		return false;
	bool minus = *(*s)++ == '-';
	if (!time_scan_digits(s, end, 2, &hours))
		return false;
	bool colon = time_scan_literal(s, end, ':');
	if ((colon || (*s < end && ascii_is_digit(**s))) && !time_scan_digits(s, end, 2, &minutes))
		return false;
	if (hours > 23 || minutes > 59)
		return false;
	*ret_s = (hours * 3600 + minutes * 60) * (minus ? -1 : 1);
	return true;
}

#endif
