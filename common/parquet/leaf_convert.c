/* Values in the type that is wanted: see leaf_convert.h. */
#include "common/parquet/leaf_convert.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define NS_PER_DAY  INT64_C(86400000000000)
#define JULIAN_1970 2440588
#define WIDE        16 /* bytes of the widest number */

static bool load_bytes(const unsigned char *p, size_t len, pq_int128 *ret)
{
	unsigned char sign = len && p[0] & 0x80 ? 0xff : 0;
	unsigned __int128 v = sign ? ~(unsigned __int128)0 : 0;
	for (; len > WIDE; len--) /* only copies of the sign may come before */
		if (*p++ != sign)
			return false;
	for (size_t i = 0; i < len; i++)
		v = v << 8 | p[i];
	*ret = (pq_int128)v;
	return true;
}

static int64_t load_i64(const unsigned char *p)
{
	int64_t v;
	memcpy(&v, p, 8);
	return v;
}

static int32_t load_i32(const unsigned char *p)
{
	int32_t v;
	memcpy(&v, p, 4);
	return v;
}

/* Value I as a whole number. */
static bool load(const struct pq_convert *c, const struct pq_decoded *from, size_t i, pq_int128 *ret)
{
	const unsigned char *p = from->data ? from->data + i * c->from : NULL;
	switch (c->physical) {
	case PQ_INT32:
		*ret = c->reading == PQ_READ_UNSIGNED ? (pq_int128)(uint32_t)load_i32(p) : load_i32(p);
		return true;
	case PQ_INT64:
		*ret = c->reading == PQ_READ_UNSIGNED ? (pq_int128)(uint64_t)load_i64(p) : load_i64(p);
		return true;
	case PQ_INT96:
		*ret = (pq_int128)(load_i32(p + 8) - (int64_t)JULIAN_1970) * NS_PER_DAY + load_i64(p);
		return true;
	case PQ_FIXED:
		return load_bytes(p, c->from, ret);
	default:
		return load_bytes(from->bytes[i].s, from->bytes[i].len, ret);
	}
}

static pq_int128 floor_div(pq_int128 v, int64_t by)
{
	if (v >= INT64_MIN && v <= INT64_MAX) {
		int64_t narrow = (int64_t)v;
		return narrow / by - (narrow % by < 0);
	}
	return v / by - (v % by < 0);
}

static void store(const struct pq_convert *c, pq_int128 v, unsigned char *to)
{
	if (c->real) {
		double d = (double)v;
		memcpy(to, &d, 8);
	} else {
		memcpy(to, &v, c->width); /* little endian */
	}
}

static int numbers(
	const struct pq_convert *c, const struct pq_decoded *from, size_t n, unsigned char *to, const char **why)
{
	for (size_t i = 0; i < n; i++) {
		pq_int128 v;
		bool good = load(c, from, i, &v);
		if (good && c->times != 1)
			good = !__builtin_mul_overflow(v, c->times, &v);
		if (good && c->by != 1)
			v = floor_div(v, c->by);
		if (!good || v < c->least || v > c->most) {
			*why = "a number does not fit into the type that is wanted";
			return -EBADMSG;
		}
		store(c, v, to + i * c->width);
	}
	return 0;
}

/* IEEE 754's binary16. */
static float half(const unsigned char *p)
{
	unsigned bits = p[0] | (unsigned)p[1] << 8, exponent = bits >> 10 & 31, fraction = bits & 1023;
	float v = exponent == 31  ? (fraction ? NAN : INFINITY)
		  : exponent == 0 ? ldexpf((float)fraction, -24)
				  : ldexpf((float)(fraction | 1024), (int)exponent - 25);
	return bits >> 15 ? -v : v;
}

static void reals(const struct pq_convert *c, const struct pq_decoded *from, size_t n, unsigned char *to)
{
	for (size_t i = 0; i < n; i++) {
		const unsigned char *p = from->data + i * c->from;
		float f;
		if (c->reading == PQ_READ_HALF)
			f = half(p);
		else
			memcpy(&f, p, 4);
		double d = f;
		memcpy(to + i * c->width, c->width == 4 ? (const void *)&f : &d, c->width);
	}
}

static void texts(
	const struct pq_convert *c, const struct pq_decoded *from, size_t n, struct pq_bytes *to, struct arena *arena)
{
	for (size_t i = 0; i < n; i++) {
		char text[PQ_TEXT_MAX];
		size_t len = (size_t)(pq_convert_text(c, from->data + i * c->from, text) - text);
		char *own = arena_bytes(arena, len);
		memcpy(own, text, len);
		to[i] = (struct pq_bytes){(const unsigned char *)own, len};
	}
}

/* They are copied, because some encodings make them again for each call. */
static void slices(
	const struct pq_convert *c, const struct pq_decoded *from, size_t n, struct pq_bytes *to, struct arena *arena)
{
	unsigned char *own = (unsigned char *)arena_bytes(arena, n * c->from);
	memcpy(own, from->data, n * c->from);
	for (size_t i = 0; i < n; i++)
		to[i] = (struct pq_bytes){own + i * c->from, c->from};
}

int pq_convert(const struct pq_convert *c, const struct pq_decoded *from, size_t n, void *to, struct arena *arena,
	const char **why)
{
	if (!n) /* then FROM may have no memory at all */
		return 0;
	switch (c->kind) {
	case PQ_CONVERT_NUMBER:
		return numbers(c, from, n, to, why);
	case PQ_CONVERT_REAL:
		reals(c, from, n, to);
		return 0;
	case PQ_CONVERT_TEXT:
		texts(c, from, n, to, arena);
		return 0;
	default:
		slices(c, from, n, to, arena);
		return 0;
	}
}

size_t pq_value_width(const struct schema_field *field)
{
	switch (field->type) {
	case SCHEMA_BOOL:
		return 1;
	case SCHEMA_INT32:
	case SCHEMA_DATE:
	case SCHEMA_FLOAT:
		return 4;
	case SCHEMA_STRING:
	case SCHEMA_BINARY:
		return 0;
	case SCHEMA_DECIMAL:
		return field->precision > 18 ? WIDE : 8;
	default:
		return 8;
	}
}
