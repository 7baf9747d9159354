/* Values that become texts: see leaf_convert.h. */
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/jsonout.h"
#include "common/parquet/leaf_convert.h"

#define PER_DAY INT64_C(86400) /* seconds */

/* The digits of V, COUNT of them. */
static char *put_digits(char *to, uint64_t v, unsigned count)
{
	for (unsigned i = count; i; i--, v /= 10)
		to[i - 1] = (char)('0' + v % 10);
	return to + count;
}

/* 8 digits, 4, 4, 4 and 12. */
static char *put_uuid(const unsigned char *p, char *to)
{
	static const unsigned char bytes[] = {4, 2, 2, 2, 6};
	for (size_t i = 0; i < sizeof bytes; i++) {
		if (i)
			*to++ = '-';
		to = ascii_put_hex(to, p, bytes[i]);
		p += bytes[i];
	}
	return to;
}

/* 10:00:00.5, with as few groups of three digits as it takes; what is not a time of a day is a number of units. */
static char *put_time(const struct pq_convert *c, const unsigned char *p, char *to)
{
	static const int64_t units[] = {[PQ_MILLIS] = 1000, [PQ_MICROS] = 1000000, [PQ_NANOS] = 1000000000};
	int32_t narrow;
	int64_t v;
	if (c->from == 4) {
		memcpy(&narrow, p, 4);
		v = narrow;
	} else {
		memcpy(&v, p, 8);
	}
	if (v < 0 || v > PER_DAY * units[c->unit])
		return jsonout_int(to, v);
	uint64_t s = (uint64_t)(v / units[c->unit]), part = (uint64_t)(v % units[c->unit]);
	to = put_digits(to, s / 3600, 2);
	*to++ = ':';
	to = put_digits(to, s / 60 % 60, 2);
	*to++ = ':';
	to = put_digits(to, s % 60, 2);
	if (!part)
		return to;
	unsigned digits = 3 * (unsigned)c->unit;
	for (; part % 1000 == 0; part /= 1000)
		digits -= 3;
	*to++ = '.';
	return put_digits(to, part, digits);
}

/* ISO 8601's durations: P1M2DT3.5S. */
static char *put_interval(const unsigned char *p, char *to)
{
	uint32_t part[3];
	memcpy(part, p, sizeof part);
	*to++ = 'P';
	to = jsonout_int(to, part[0]);
	*to++ = 'M';
	to = jsonout_int(to, part[1]);
	*to++ = 'D';
	*to++ = 'T';
	to = jsonout_int(to, part[2] / 1000);
	if (part[2] % 1000) {
		*to++ = '.';
		to = put_digits(to, part[2] % 1000, 3);
	}
	*to++ = 'S';
	return to;
}

char *pq_convert_text(const struct pq_convert *c, const unsigned char *p, char *to)
{
	if (c->reading == PQ_READ_UUID)
		return put_uuid(p, to);
	return c->reading == PQ_READ_TIME ? put_time(c, p, to) : put_interval(p, to);
}
