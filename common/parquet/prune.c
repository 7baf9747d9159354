/* Pruning: see prune.h. */
#include "common/parquet/prune.h"

#include <math.h>
#include <string.h>

#include "common/data/columntext.h"
#include "common/data/jsonout.h"
#include "common/data/number.h"
#include "common/data/time.h"

#define US_PER_DAY  INT64_C(86400000000)
#define SECONDS_LEN 19 /* of 2026-11-22T10:00:00 */
#define DATE_LEN    10

/* How a bound lies to the value that rows are compared with. */
enum side { BELOW, SAME, ABOVE, UNKNOWN };

static enum side side_of(int order)
{
	return order < 0 ? BELOW : order > 0 ? ABOVE : SAME;
}

static bool is_number(const struct value *v)
{
	return v->type == VALUE_INT || v->type == VALUE_DOUBLE || v->type == VALUE_NUMBER;
}

/* A bound of a column of numbers, as a reader of JSON would have it. */
static enum side compare_number(const struct schema_field *field, const struct prune_bound *b, const struct value *v)
{
	char text[COLUMNTEXT_MAX], *end = text;
	struct value bound = {.type = VALUE_INT, .i = b->v.i};
	if (field->type == SCHEMA_DECIMAL)
		end = columntext_decimal(text, b->v.big, field->scale);
	else if (field->type == SCHEMA_FLOAT && isfinite(b->v.d))
		end = jsonout_float(text, (float)b->v.d);
	else if (field->type == SCHEMA_DOUBLE && isfinite(b->v.d))
		end = jsonout_double(text, b->v.d);
	else if (field->type == SCHEMA_FLOAT || field->type == SCHEMA_DOUBLE)
		return UNKNOWN;
	if (end > text && !value_of_text(text, (size_t)(end - text), &bound))
		return UNKNOWN;
	return side_of(number_compare(&bound, v));
}

static enum side compare_bytes(const char *s, size_t len, const struct value *v)
{
	size_t least = len < v->len ? len : v->len;
	int order = least ? memcmp(s, v->s, least) : 0;
	return side_of(order ? order : (len > v->len) - (len < v->len));
}

/*
 * A bound of times, of which the value is a text.  Fractions of a second have no fixed length, and a 'Z' after them, so
 * only whole seconds are in the order of texts: all times of a second begin with the same text.  Years beyond 9999 have
 * a sign, so texts of other years are not in their order at all.
 */
static enum side compare_time_text(
	const struct schema_field *field, const struct prune_bound *b, bool max, const struct value *v)
{
	char text[COLUMNTEXT_MAX];
	struct columntext_date date = {0};
	bool day = field->type == SCHEMA_DATE;
	int64_t s = day ? b->v.i * 86400 : b->v.i / 1000000 - (b->v.i % 1000000 < 0);
	if (s < TIME_MIN_S || s > TIME_MAX_S)
		return UNKNOWN;
	if (day) {
		(void)columntext_date(text, b->v.i, &date);
		return compare_bytes(text, DATE_LEN, v);
	}
	(void)columntext_time(text, b->v.i, &date);
	if (max)
		text[SECONDS_LEN] = '\x7f';
	return compare_bytes(text, SECONDS_LEN + max, v);
}

/* The same with a value that is a time. */
static enum side compare_time(const struct schema_field *field, const struct prune_bound *b, const struct value *v)
{
	int64_t us = b->v.i;
	if (field->type == SCHEMA_DATE && __builtin_mul_overflow(us, US_PER_DAY, &us))
		return UNKNOWN;
	/* without an offset it is read in the zone that a user has asked for */
	if (field->type != SCHEMA_TIMESTAMP && time_zone_is_set())
		return UNKNOWN;
	return side_of((us > v->i) - (us < v->i));
}

static enum side compare(const struct schema_field *field, const struct prune_bound *b, bool max, const struct value *v)
{
	if (!b->known)
		return UNKNOWN;
	switch (field->type) {
	case SCHEMA_BOOL:
		return v->type == VALUE_BOOL ? side_of((int)(b->v.i != 0) - (int)v->b) : UNKNOWN;
	case SCHEMA_INT32:
	case SCHEMA_INT64:
	case SCHEMA_FLOAT:
	case SCHEMA_DOUBLE:
	case SCHEMA_DECIMAL:
		return is_number(v) ? compare_number(field, b, v) : UNKNOWN;
	case SCHEMA_STRING:
		return v->type == VALUE_STRING ? compare_bytes(b->v.bytes.s, b->v.bytes.len, v) : UNKNOWN;
	case SCHEMA_DATE:
	case SCHEMA_TIMESTAMP:
	case SCHEMA_TIMESTAMP_NTZ:
		if (v->type == VALUE_TIME)
			return compare_time(field, b, v);
		return v->type == VALUE_STRING ? compare_time_text(field, b, max, v) : UNKNOWN;
	default:
		return UNKNOWN;
	}
}

/* Whether the bounds are in order; those of some writers are not. */
static bool is_sane(const struct schema_field *field, const struct prune_facts *f)
{
	if (!f->min.known || !f->max.known)
		return true;
	switch (field->type) {
	case SCHEMA_FLOAT:
	case SCHEMA_DOUBLE:
		return f->min.v.d <= f->max.v.d;
	case SCHEMA_DECIMAL:
		return f->min.v.big <= f->max.v.big;
	case SCHEMA_STRING:
	case SCHEMA_BINARY: {
		const struct value max = {.s = f->max.v.bytes.s, .len = f->max.v.bytes.len};
		return compare_bytes(f->min.v.bytes.s, f->min.v.bytes.len, &max) != ABOVE;
	}
	default:
		return f->min.v.i <= f->max.v.i;
	}
}

static bool is_time(const struct schema_field *field)
{
	return field->type == SCHEMA_DATE || field->type == SCHEMA_TIMESTAMP || field->type == SCHEMA_TIMESTAMP_NTZ;
}

/* Whether all rows have the value V. */
static bool is_all(const struct schema_field *field, const struct prune_facts *f, enum side min, enum side max)
{
	bool real = field->type == SCHEMA_FLOAT || field->type == SCHEMA_DOUBLE;
	bool text = field->type == SCHEMA_TIMESTAMP || field->type == SCHEMA_TIMESTAMP_NTZ;
	return min == SAME && max == SAME && f->min.exact && f->max.exact && f->nulls == 0 && !text &&
	       (!real || f->no_nan);
}

bool prune_may(const struct schema_field *field, const struct prune_facts *f, enum prune_op op, const struct value *v)
{
	bool all_null = f->rows > 0 && f->nulls == f->rows;
	if (value_is_null(v) && (op == PRUNE_EQ || op == PRUNE_NE))
		op = op == PRUNE_EQ ? PRUNE_NULL : PRUNE_NOT_NULL;
	if (op == PRUNE_NULL)
		return f->nulls != 0;
	if (op == PRUNE_NOT_NULL)
		return !all_null;
	if (all_null)
		return op == PRUNE_NE;
	enum side min = UNKNOWN, max = UNKNOWN;
	if (is_sane(field, f)) {
		min = compare(field, &f->min, false, v);
		max = compare(field, &f->max, true, v);
	}
	if (v->type == VALUE_STRING && is_time(field) && max == UNKNOWN) /* texts of years beyond 9999 come first */
		min = UNKNOWN;
	switch (op) {
	case PRUNE_LT:
		return min == BELOW || min == UNKNOWN;
	case PRUNE_LE:
		return min != ABOVE;
	case PRUNE_GE:
		return max != BELOW;
	case PRUNE_GT:
		return max == ABOVE || max == UNKNOWN;
	case PRUNE_EQ:
		return min != ABOVE && max != BELOW && (!f->may_have || f->may_have(f->arg, v));
	default:
		return !is_all(field, f, min, max);
	}
}

bool prune_tree(const struct prune *pred,
	const struct schema_field *(*facts)(void *arg, size_t column, struct prune_facts *ret), void *arg)
{
	struct prune_facts known;
	const struct schema_field *field;
	switch (pred->op) {
	case PRUNE_ANY:
		return true;
	case PRUNE_NONE:
		return false;
	case PRUNE_AND:
		for (size_t i = 0; i < pred->children; i++)
			if (!prune_tree(&pred->child[i], facts, arg))
				return false;
		return true;
	case PRUNE_OR:
		for (size_t i = 0; i < pred->children; i++)
			if (prune_tree(&pred->child[i], facts, arg))
				return true;
		return false;
	default:
		field = facts(arg, pred->column, &known);
		return !field || prune_may(field, &known, pred->op, &pred->value);
	}
}
