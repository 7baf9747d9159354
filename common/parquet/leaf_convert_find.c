/* Which values can become others, and how: see leaf_convert.h. */
#include <errno.h>

#include "common/parquet/leaf_convert.h"

#define US_PER_DAY INT64_C(86400000000)

static bool is_integer(enum schema_type type)
{
	return type == SCHEMA_INT32 || type == SCHEMA_INT64;
}

static bool is_timestamp(enum schema_type type)
{
	return type == SCHEMA_TIMESTAMP || type == SCHEMA_TIMESTAMP_NTZ;
}

static bool is_bytes(enum schema_type type)
{
	return type == SCHEMA_STRING || type == SCHEMA_BINARY;
}

static pq_int128 power_of_ten(unsigned n)
{
	pq_int128 v = 1;
	while (n--)
		v *= 10;
	return v;
}

/* What the numbers of WANT can be. */
static void set_range(struct pq_convert *c, const struct schema_field *want)
{
	unsigned bits = want->type == SCHEMA_INT32  ? (want->bits ? want->bits : 32)
			: want->type == SCHEMA_DATE ? 32
						    : 64;
	c->most = (pq_int128)(INT64_MAX >> (64 - bits));
	c->least = -c->most - 1;
	if (want->type == SCHEMA_DECIMAL) {
		c->most = power_of_ten(want->precision) - 1;
		c->least = -c->most;
	}
}

/* Whether HAVE, which is a number, can become a WANT, and by which factor. */
static bool set_factor(const struct pq_leaf_type *have, const struct schema_field *want, struct pq_convert *c)
{
	enum schema_type from = have->field.type;
	unsigned scale = from == SCHEMA_DECIMAL ? have->field.scale : 0;
	bool whole = is_integer(from) || (from == SCHEMA_DECIMAL && have->reading == PQ_READ_UNSIGNED);
	c->times = c->by = 1;
	if (from == SCHEMA_DATE && want->type == SCHEMA_TIMESTAMP_NTZ) {
		c->times = US_PER_DAY;
		return true;
	}
	if (is_timestamp(from) && is_timestamp(want->type)) {
		if (have->reading == PQ_READ_INT96 || have->unit == PQ_NANOS)
			c->by = 1000;
		else if (have->unit == PQ_MILLIS)
			c->times = 1000;
		return true;
	}
	if (want->type == SCHEMA_DECIMAL && (whole || from == SCHEMA_DECIMAL) && want->scale >= scale) {
		c->times = power_of_ten(want->scale - scale);
		return true;
	}
	if (whole && want->type == SCHEMA_DOUBLE) {
		c->real = true;
		return true;
	}
	return (from == want->type && from != SCHEMA_DECIMAL) || (whole && is_integer(want->type));
}

/* Whether the file has the numbers of HAVE exactly as they are wanted. */
static bool is_same(const struct pq_leaf_type *have, const struct schema_field *want, const struct pq_convert *c)
{
	unsigned bits = have->field.bits ? have->field.bits : 32;
	bool narrower = want->type == SCHEMA_INT32 && want->bits && want->bits < bits;
	bool fewer = want->type == SCHEMA_DECIMAL && want->precision < have->field.precision;
	return have->reading == PQ_READ_PLAIN && c->from == c->width && c->times == 1 && c->by == 1 && !c->real &&
	       (c->physical == PQ_INT32 || c->physical == PQ_INT64) && !narrower && !fewer;
}

static bool find_number(const struct pq_leaf_type *have, const struct schema_field *want, struct pq_convert *c)
{
	if (!set_factor(have, want, c))
		return false;
	set_range(c, want);
	c->kind = is_same(have, want, c) ? PQ_CONVERT_NOTHING : PQ_CONVERT_NUMBER;
	return true;
}

int pq_convert_find(
	const struct pq_element *e, const struct schema_field *want, struct pq_convert *ret, const char **why)
{
	struct pq_leaf_type have;
	bool good = false;
	int r = pq_leaf_type(e, &have, why);
	if (r < 0)
		return r;
	enum schema_type from = have.field.type;
	*ret = (struct pq_convert){.kind = PQ_CONVERT_NOTHING,
		.reading = have.reading,
		.physical = (enum pq_physical)e->physical,
		.unit = have.unit,
		.from = pq_physical_width(e),
		.width = pq_value_width(want)};
	if (from == SCHEMA_BOOL) {
		good = want->type == SCHEMA_BOOL;
	} else if (from == SCHEMA_FLOAT || from == SCHEMA_DOUBLE) {
		good = want->type == from || (from == SCHEMA_FLOAT && want->type == SCHEMA_DOUBLE);
		if (have.reading == PQ_READ_HALF || want->type != from)
			ret->kind = PQ_CONVERT_REAL;
	} else if (is_bytes(from)) {
		good = is_bytes(want->type);
		if (have.reading != PQ_READ_PLAIN)
			ret->kind = PQ_CONVERT_TEXT;
		else if (e->physical == PQ_FIXED)
			ret->kind = PQ_CONVERT_SLICES;
	} else {
		good = find_number(&have, want, ret);
	}
	*why = "does not have the type that it must have";
	return good ? 0 : -EINVAL;
}
