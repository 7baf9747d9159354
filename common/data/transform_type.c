/* Which transforms exist, and for which types: see transform.h. */
#include <errno.h>

#include "common/data/schema_text.h"
#include "common/data/transform.h"

const char *transform_name(enum transform_kind kind)
{
	static const char *const names[TRANSFORMS] = {"identity", "year", "month", "day", "hour", "bucket", "truncate"};
	return names[kind];
}

bool transform_has_number(enum transform_kind kind)
{
	return kind == TRANSFORM_BUCKET || kind == TRANSFORM_TRUNCATE;
}

static bool is_micros(enum schema_type type)
{
	return type == SCHEMA_TIMESTAMP || type == SCHEMA_TIMESTAMP_NTZ;
}

static bool takes(enum transform_kind kind, enum schema_type type)
{
	const bool number = type == SCHEMA_INT32 || type == SCHEMA_INT64 || type == SCHEMA_DECIMAL;
	const bool time = type == SCHEMA_DATE || is_micros(type);

	switch (kind) {
	case TRANSFORM_IDENTITY:
		return number || time || type == SCHEMA_STRING || type == SCHEMA_BOOL;
	case TRANSFORM_HOUR:
		return is_micros(type);
	case TRANSFORM_BUCKET:
		return number || time || type == SCHEMA_STRING || type == SCHEMA_BINARY;
	case TRANSFORM_TRUNCATE:
		return number || type == SCHEMA_STRING;
	default:
		return time;
	}
}

int transform_type(
	const struct transform *t, const struct schema_field *source, struct schema_field *ret, struct strbuf *err)
{
	if (!takes(t->kind, source->type)) {
		struct strbuf type = STRBUF_INIT;
		schema_print_type(source, &type);
		strbuf_addf(err, "is %s, which cannot make partitions", type.s);
		if (t->kind != TRANSFORM_IDENTITY)
			strbuf_addf(err, " with %s", transform_name(t->kind));
		strbuf_release(&type);
		return -EINVAL;
	}
	switch (t->kind) {
	case TRANSFORM_YEAR:
	case TRANSFORM_BUCKET:
		ret->type = SCHEMA_INT32;
		return 0;
	case TRANSFORM_MONTH:
	case TRANSFORM_HOUR:
		ret->type = SCHEMA_STRING;
		return 0;
	case TRANSFORM_DAY:
		ret->type = SCHEMA_DATE;
		return 0;
	default:
		ret->type = source->type;
		ret->precision = source->precision;
		ret->scale = source->scale;
		ret->bits = source->bits;
		return 0;
	}
}
