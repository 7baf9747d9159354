/* Types of leaves: see leaf_type.h. */
#include "common/parquet/leaf_type.h"

#include <errno.h>
#include <string.h>

size_t pq_physical_width(const struct pq_element *e)
{
	static const size_t widths[] = {[PQ_BOOLEAN] = 1,
		[PQ_INT32] = 4,
		[PQ_INT64] = 8,
		[PQ_INT96] = 12,
		[PQ_FLOAT] = 4,
		[PQ_DOUBLE] = 8,
		[PQ_BYTE_ARRAY] = 0};
	return e->physical == PQ_FIXED ? (size_t)e->length : widths[e->physical];
}

bool pq_is_list(const struct pq_element *e)
{
	return e->logical == PQ_LOGICAL_LIST || e->converted == PQ_CONVERTED_LIST;
}

bool pq_is_map(const struct pq_element *e)
{
	return e->logical == PQ_LOGICAL_MAP || e->converted == PQ_CONVERTED_MAP ||
	       e->converted == PQ_CONVERTED_MAP_KEY_VALUE;
}

bool pq_list_is_two_levels(const struct pq_element *e, const struct pq_element *r)
{
	size_t len = strlen(e->name);
	return r->children != 1 || strcmp(r->name, "array") == 0 ||
	       (strncmp(r->name, e->name, len) == 0 && strcmp(r->name + len, "_tuple") == 0);
}

static void set(struct pq_leaf_type *ret, enum schema_type type, unsigned bits)
{
	ret->field.type = type;
	ret->field.bits = (uint8_t)bits;
}

/* BITS is 0 when E is not marked as an integer of some size. */
static void integer(const struct pq_element *e, struct pq_leaf_type *ret)
{
	static const int sizes[] = {8, 16, 32, 64}; /* without a sign, and with one */
	int bits = e->logical == PQ_LOGICAL_INTEGER ? e->bits : 0;
	bool is_unsigned = bits && e->is_unsigned, wide = e->physical == PQ_INT64;
	if (!bits && e->converted >= PQ_CONVERTED_UINT_8 && e->converted <= PQ_CONVERTED_INT_64) {
		is_unsigned = e->converted < PQ_CONVERTED_INT_8;
		bits = sizes[(e->converted - PQ_CONVERTED_UINT_8) % 4];
	}
	if (bits != 8 && bits != 16 && bits != 32)
		bits = wide ? 64 : 32;
	if (is_unsigned) {
		ret->reading = PQ_READ_UNSIGNED;
		bits *= 2;
	}
	if (bits == 128) {
		set(ret, SCHEMA_DECIMAL, 0);
		ret->field.precision = 20;
	} else {
		set(ret, bits == 64 ? SCHEMA_INT64 : SCHEMA_INT32, bits < 32 ? (unsigned)bits : 0);
	}
}

/* The unit of a time or timestamp of E's physical type, whose ConvertedTypes are MILLIS and the one after it; 0: it is
 * none. */
static int time_unit(const struct pq_element *e, int logical, int millis)
{
	int unit = e->logical == logical        ? e->unit
		   : e->logical >= 0            ? 0
		   : e->converted == millis     ? PQ_MILLIS
		   : e->converted == millis + 1 ? PQ_MICROS
						: 0;
	return unit < PQ_MILLIS || unit > PQ_NANOS ? 0 : unit;
}

static void number(const struct pq_element *e, struct pq_leaf_type *ret)
{
	int time = time_unit(e, PQ_LOGICAL_TIME, PQ_CONVERTED_TIME_MILLIS);
	int stamp = time_unit(e, PQ_LOGICAL_TIMESTAMP, PQ_CONVERTED_TIMESTAMP_MILLIS);
	bool wide = e->physical == PQ_INT64;
	if (time && wide == (time != PQ_MILLIS)) {
		set(ret, SCHEMA_STRING, 0);
		ret->reading = PQ_READ_TIME;
		ret->unit = time;
	} else if (stamp && wide) {
		bool local = e->logical == PQ_LOGICAL_TIMESTAMP && !e->utc;
		set(ret, local ? SCHEMA_TIMESTAMP_NTZ : SCHEMA_TIMESTAMP, 0);
		ret->unit = stamp;
	} else if (!wide && (e->logical == PQ_LOGICAL_DATE || e->converted == PQ_CONVERTED_DATE)) {
		set(ret, SCHEMA_DATE, 0);
	} else {
		integer(e, ret);
	}
}

static void bytes(const struct pq_element *e, struct pq_leaf_type *ret)
{
	bool text = e->logical == PQ_LOGICAL_STRING || e->logical == PQ_LOGICAL_ENUM || e->logical == PQ_LOGICAL_JSON ||
		    e->converted == PQ_CONVERTED_UTF8 || e->converted == PQ_CONVERTED_ENUM ||
		    e->converted == PQ_CONVERTED_JSON;
	set(ret, text ? SCHEMA_STRING : SCHEMA_BINARY, 0);
	if (e->physical != PQ_FIXED)
		return;
	if (e->logical == PQ_LOGICAL_UUID && e->length == 16) {
		set(ret, SCHEMA_STRING, 0);
		ret->reading = PQ_READ_UUID;
	} else if (e->converted == PQ_CONVERTED_INTERVAL && e->length == 12) {
		set(ret, SCHEMA_STRING, 0);
		ret->reading = PQ_READ_INTERVAL;
	} else if (e->logical == PQ_LOGICAL_FLOAT16 && e->length == 2) {
		set(ret, SCHEMA_FLOAT, 0);
		ret->reading = PQ_READ_HALF;
	}
}

/* Whether values of E's physical type can be decimals. */
static bool holds_decimals(const struct pq_element *e)
{
	return e->physical == PQ_INT32 || e->physical == PQ_INT64 || e->physical == PQ_BYTE_ARRAY ||
	       e->physical == PQ_FIXED;
}

int pq_leaf_type(const struct pq_element *e, struct pq_leaf_type *ret, const char **why)
{
	*ret = (struct pq_leaf_type){.reading = PQ_READ_PLAIN};
	if ((e->converted == PQ_CONVERTED_DECIMAL || e->logical == PQ_LOGICAL_DECIMAL) && holds_decimals(e)) {
		if (e->precision < 1 || e->precision > SCHEMA_MAX_PRECISION || e->scale < 0 ||
			e->scale > e->precision) {
			*why = "is a decimal that is too large, or has no precision";
			return -EINVAL;
		}
		set(ret, SCHEMA_DECIMAL, 0);
		ret->field.precision = (uint8_t)e->precision;
		ret->field.scale = (uint8_t)e->scale;
		return 0;
	}
	switch (e->physical) {
	case PQ_BOOLEAN:
		set(ret, SCHEMA_BOOL, 0);
		break;
	case PQ_INT32:
	case PQ_INT64:
		number(e, ret);
		break;
	case PQ_INT96:
		set(ret, SCHEMA_TIMESTAMP, 0);
		ret->reading = PQ_READ_INT96;
		break;
	case PQ_FLOAT:
	case PQ_DOUBLE:
		set(ret, e->physical == PQ_FLOAT ? SCHEMA_FLOAT : SCHEMA_DOUBLE, 0);
		break;
	default:
		bytes(e, ret);
	}
	return 0;
}
