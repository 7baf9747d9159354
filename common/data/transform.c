/* Iceberg's transforms: see transform.h. */
#include "common/data/transform.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/murmur3.h"
#include "common/data/convert.h"

#define DAY_S  INT64_C(86400)
#define MICROS INT64_C(1000000)

/* A value of a column. */
struct scalar {
	convert_i128 n; /* bool, int, bigint, decimal (without its point), days or microseconds */
	const char *s;  /* string, binary */
	size_t len;
	char *owned; /* of binary */
};

static bool is_micros(enum schema_type type)
{
	return type == SCHEMA_TIMESTAMP || type == SCHEMA_TIMESTAMP_NTZ;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

/* V as a value of F, whose type a transform accepts. */
static int convert(const struct schema_field *f, const struct value *v, struct time_cache *cache, struct scalar *ret,
	const char **why)
{
	int64_t n = 0;
	int32_t small = 0;
	bool b = false;
	int r;

	switch (f->type) {
	case SCHEMA_STRING:
		return convert_string(v, &ret->s, &ret->len, why);
	case SCHEMA_BINARY:
		ret->s = ret->owned = xmalloc(v->len / 4 * 3 + 1);
		return convert_binary(v, ret->owned, &ret->len, why);
	case SCHEMA_DECIMAL:
		return convert_decimal(v, f->precision, f->scale, &ret->n, why);
	case SCHEMA_BOOL:
		r = convert_bool(v, &b, why);
		ret->n = b;
		return r;
	case SCHEMA_INT32:
	case SCHEMA_DATE:
		r = f->type == SCHEMA_DATE ? convert_date(v, &small, why) : convert_int32(v, f->bits, &small, why);
		ret->n = small;
		return r;
	case SCHEMA_INT64:
		r = convert_int64(v, &n, why);
		break;
	case SCHEMA_TIMESTAMP:
		r = convert_timestamp(v, f->unit, cache, &n, why);
		break;
	default:
		r = convert_timestamp_ntz(v, f->unit, &n, why);
		break;
	}
	ret->n = n;
	return r;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The date and the time of a scalar of type TYPE; the seconds since the epoch. */
static int64_t civil(enum schema_type type, int64_t n, struct tm *ret)
{
	int64_t s = type == SCHEMA_DATE ? n * DAY_S : floor_div(n, MICROS);
	time_civil(s, ret);
	return s;
}

/* A decimal number, or another with the scale 0. */
static void add_number(struct strbuf *out, convert_i128 n, unsigned scale)
{
	char digits[48];
	size_t at = sizeof digits;
	__extension__ unsigned __int128 rest =
		n < 0 ? -(__extension__(unsigned __int128) n) : (__extension__(unsigned __int128) n);

	for (unsigned i = 0; rest || i <= scale; i++) {
		if (i && i == scale)
			digits[--at] = '.';
		digits[--at] = (char)('0' + (int)(rest % 10));
		rest /= 10;
	}
	strbuf_addf(out, "%s%.*s", n < 0 ? "-" : "", (int)(sizeof digits - at), digits + at);
}

/* C, unless it is NUL, and N in WIDTH digits at least; strbuf_addf() took a quarter of a writer's time here. */
static void add_digits(struct strbuf *out, char c, unsigned n, unsigned width)
{
	char text[8];
	unsigned at = sizeof text;

	while (n || at > sizeof text - width) {
		text[--at] = (char)('0' + n % 10);
		n /= 10;
	}
	if (c)
		text[--at] = c;
	strbuf_add(out, text + at, sizeof text - at);
}

/* What `identity` and the transforms of times make of N. */
static void add_time(struct strbuf *out, enum transform_kind kind, enum schema_type type, int64_t n)
{
	struct tm tm;
	int64_t s = civil(type, n, &tm);
	bool whole = kind == TRANSFORM_IDENTITY && is_micros(type);

	add_digits(out, '\0', (unsigned)tm.tm_year + 1900, 4);
	if (kind == TRANSFORM_YEAR)
		return;
	add_digits(out, '-', (unsigned)tm.tm_mon + 1, 2);
	if (kind == TRANSFORM_MONTH)
		return;
	add_digits(out, '-', (unsigned)tm.tm_mday, 2);
	if (kind == TRANSFORM_HOUR)
		add_digits(out, '-', (unsigned)tm.tm_hour, 2);
	if (!whole)
		return;
	add_digits(out, type == SCHEMA_TIMESTAMP ? 'T' : ' ', (unsigned)tm.tm_hour, 2);
	add_digits(out, ':', (unsigned)tm.tm_min, 2);
	add_digits(out, ':', (unsigned)tm.tm_sec, 2);
	if (n != s * MICROS)
		add_digits(out, '.', (unsigned)(n - s * MICROS), 6);
	if (type == SCHEMA_TIMESTAMP)
		strbuf_addch(out, 'Z');
}

/* --- bucket and truncate ------------------------------------------------------------------------------------------ */

/* The bytes of N, highest first, as few as show its sign. */
static size_t decimal_bytes(convert_i128 n, unsigned char bytes[16])
{
	size_t first = 0;

	for (size_t i = 16; i-- > 0; n >>= 8)
		bytes[i] = (unsigned char)n;
	while (first < 15 &&
		((bytes[first] == 0 && bytes[first + 1] < 128) || (bytes[first] == 255 && bytes[first + 1] >= 128)))
		first++;
	memmove(bytes, bytes + first, 16 - first);
	return 16 - first;
}

static uint32_t bucket(const struct schema_field *f, const struct scalar *v, uint32_t n)
{
	unsigned char bytes[16];
	uint32_t hash;

	if (f->type == SCHEMA_STRING || f->type == SCHEMA_BINARY) {
		hash = murmur3_32(v->s, v->len);
	} else if (f->type == SCHEMA_DECIMAL) {
		hash = murmur3_32(bytes, decimal_bytes(v->n, bytes));
	} else {
		for (size_t i = 0; i < 8; i++)
			bytes[i] = (unsigned char)((uint64_t)v->n >> 8 * i);
		hash = murmur3_32(bytes, 8);
	}
	return (hash & INT32_MAX) % n;
}

/* The bytes of the first N characters of valid UTF-8. */
static size_t prefix(const char *s, size_t len, uint32_t n)
{
	size_t i = 0;

	for (; i < len; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80 && n-- == 0)
			break;
	return i;
}

/* The least value of the type of F, without its point. */
static convert_i128 least(const struct schema_field *f)
{
	convert_i128 power = 1;

	if (f->type == SCHEMA_INT64)
		return INT64_MIN;
	if (f->type == SCHEMA_INT32)
		return -(INT64_C(1) << ((f->bits ? f->bits : 32) - 1));
	for (unsigned i = 0; i < f->precision; i++)
		power *= 10;
	return 1 - power;
}

static int add_multiple(
	struct strbuf *out, const struct schema_field *f, convert_i128 value, uint32_t n, const char **why)
{
	convert_i128 below = value - (value % n + n) % n;

	if (below < least(f)) {
		*why = "is so low that the column has no such partition";
		return -ERANGE;
	}
	add_number(out, below, f->type == SCHEMA_DECIMAL ? f->scale : 0);
	return 0;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

static int add_text(struct strbuf *out, const char *s, size_t len, const char **why)
{
	if (!len)
		return -ENODATA;
	if (memchr(s, '\0', len)) {
		*why = "has a NUL";
		return -EINVAL;
	}
	strbuf_add(out, s, len);
	return 0;
}

static int add_value(const struct transform *t, const struct schema_field *f, const struct scalar *v,
	struct strbuf *out, const char **why)
{
	const enum transform_kind kind = t->kind;

	if (kind == TRANSFORM_BUCKET)
		strbuf_addf(out, "%" PRIu32, bucket(f, v, t->n));
	else if (f->type == SCHEMA_STRING)
		return add_text(out, v->s, kind == TRANSFORM_TRUNCATE ? prefix(v->s, v->len, t->n) : v->len, why);
	else if (kind == TRANSFORM_TRUNCATE)
		return add_multiple(out, f, v->n, t->n, why);
	else if (f->type == SCHEMA_BOOL)
		strbuf_addstr(out, v->n ? "true" : "false");
	else if (f->type == SCHEMA_DATE || is_micros(f->type))
		add_time(out, kind, f->type, (int64_t)v->n);
	else
		add_number(out, v->n, f->type == SCHEMA_DECIMAL ? f->scale : 0);
	return 0;
}

int transform_value(const struct transform *t, const struct schema_field *source, const struct value *v,
	struct time_cache *cache, struct strbuf *ret, const char **why)
{
	struct scalar scalar = {0};
	int r = convert(source, v, cache, &scalar, why);

	if (r == 0)
		r = add_value(t, source, &scalar, ret, why);
	free(scalar.owned);
	return r;
}
