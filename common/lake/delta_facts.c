/* Statistics in the log of a Delta table: see delta_facts.h. */
#include "common/lake/delta_facts.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/convert.h"
#include "common/lake/json_in.h"

#define MILLISECOND 1000 /* in microseconds */

void delta_facts_begin(struct delta_file_facts *f, const struct delta_columns *columns, const json_t *add)
{
	const char *text = text_in(add, "stats");
	*f = (struct delta_file_facts){.columns = columns, .add = add};
	f->stats = text ? json_loads(text, 0, NULL) : NULL;
}

void delta_facts_end(struct delta_file_facts *f)
{
	json_decref(f->stats);
	f->stats = NULL;
}

/* The bound of a column of dates or times; errors of convert.h. */
static int time_bound(const struct schema_field *field, const struct value *v, struct prune_bound *ret)
{
	const char *why;
	int32_t days = 0;
	int r;
	if (field->type == SCHEMA_TIMESTAMP)
		return convert_timestamp(v, TIME_AUTO, NULL, &ret->v.i, &why);
	if (field->type == SCHEMA_TIMESTAMP_NTZ)
		return convert_timestamp_ntz(v, TIME_AUTO, &ret->v.i, &why);
	r = convert_date(v, &days, &why);
	ret->v.i = r == 0 ? days : 0;
	return r;
}

/* The same for floats and doubles: NaN bounds nothing. */
static int real_bound(const struct schema_field *field, const struct value *v, struct prune_bound *ret)
{
	const char *why;
	float single = 0;
	int r = field->type == SCHEMA_FLOAT ? convert_float(v, &single, &why) : convert_double(v, &ret->v.d, &why);
	if (field->type == SCHEMA_FLOAT)
		ret->v.d = r == 0 ? (double)single : 0;
	return r == 0 && ret->v.d != ret->v.d ? -EINVAL : r;
}

/* The bound that the text V is for a column of the type of FIELD; not known when it is none. */
static void set_bound(const struct schema_field *field, const struct value *v, struct prune_bound *ret)
{
	const char *why;
	bool flag;
	int r = -EINVAL;
	switch (field->type) {
	case SCHEMA_BOOL:
		r = convert_bool(v, &flag, &why);
		ret->v.i = r == 0 && flag;
		break;
	case SCHEMA_INT32:
	case SCHEMA_INT64:
		r = convert_int64(v, &ret->v.i, &why);
		break;
	case SCHEMA_FLOAT:
	case SCHEMA_DOUBLE:
		r = real_bound(field, v, ret);
		break;
	case SCHEMA_DECIMAL:
		r = convert_decimal(v, field->precision, field->scale, &ret->v.big, &why);
		break;
	case SCHEMA_DATE:
	case SCHEMA_TIMESTAMP:
	case SCHEMA_TIMESTAMP_NTZ:
		r = time_bound(field, v, ret);
		break;
	case SCHEMA_STRING:
		ret->v.bytes.s = v->s;
		ret->v.bytes.len = v->len;
		r = 0;
		break;
	default:
		break;
	}
	ret->known = ret->exact = r == 0;
}

/* The bound in the member JSON of the statistics.  UP: it is the greatest value. */
static void read_bound(const struct schema_field *field, const json_t *json, bool up, struct prune_bound *ret)
{
	char number[40];
	const char *text = json_string_value(json);
	if (json_is_integer(json))
		snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
	else if (json_is_real(json)) /* the digits are exact only where a double has them all */
		snprintf(number, sizeof number, field->type == SCHEMA_DECIMAL ? "%.15g" : "%.17g",
			json_real_value(json));
	else if (json_is_boolean(json))
		snprintf(number, sizeof number, "%s", json_is_true(json) ? "true" : "false");
	else if (!text)
		return;
	if (!text && (field->type == SCHEMA_STRING || (field->type == SCHEMA_DECIMAL && field->precision > 15)))
		return;
	text = text ? text : number;
	const struct value v = {
		.type = VALUE_TEXT, .s = text, .len = strlen(text), .raw = text, .raw_len = strlen(text)};
	set_bound(field, &v, ret);
	if (field->type == SCHEMA_STRING)
		ret->exact = false;
	if (ret->known && (field->type == SCHEMA_TIMESTAMP || field->type == SCHEMA_TIMESTAMP_NTZ)) {
		ret->exact = false;
		ret->v.i += up ? MILLISECOND - 1 : 0;
	}
}

/* What the member NAME of the statistics says of the field to which the STEPS fields of WAY lead. */
static const json_t *member(
	const struct delta_file_facts *f, const char *name, const struct schema_field *const *way, size_t steps)
{
	const json_t *at = json_object_get(f->stats, name);
	for (size_t i = 0; i < steps; i++)
		at = json_object_get(at, delta_columns_name((void *)(uintptr_t)f->columns, way[i]));
	return at;
}

/* All rows have the value of the partition, so what is true of one is true of all. */
static void read_partition(const struct delta_file_facts *f, const struct schema_field *field, struct prune_facts *ret)
{
	const json_t *values = json_object_get(f->add, "partitionValues");
	const char *text = text_in(values, delta_columns_name((void *)(uintptr_t)f->columns, field));
	const struct value v = {.type = VALUE_TEXT, .s = text, .len = text ? strlen(text) : 0, .raw = text};
	ret->rows = 1;
	ret->nulls = v.len ? 0 : 1;
	if (v.len && field->type != SCHEMA_BINARY)
		set_bound(field, &v, &ret->min);
	ret->no_nan = ret->min.known;
	ret->max = ret->min;
}

/*
 * The digits of a bound are those of a float if the column had that type when the file was written, and the double that
 * this float is may be less or greater than the double that they are.  UP: it is the greatest value.
 */
static void widen(const struct schema_field *field, bool up, struct prune_bound *bound)
{
	if (!bound->known || field->type != SCHEMA_DOUBLE || !(fabs(bound->v.d) <= (double)FLT_MAX))
		return;
	double single = (double)(float)bound->v.d;
	bound->exact = false;
	if (up ? single > bound->v.d : single < bound->v.d)
		bound->v.d = single;
}

void delta_facts_within(
	const struct delta_file_facts *f, const struct schema_field *const *way, size_t steps, struct prune_facts *ret)
{
	const struct schema_field *field = way[steps - 1];
	*ret = (struct prune_facts){.rows = number_in(f->stats, "numRecords"), .nulls = -1};
	if (steps == 1 && delta_columns_partitioned(f->columns, field)) {
		read_partition(f, field, ret);
		return;
	}
	const json_t *nulls = member(f, "nullCount", way, steps);
	if (json_is_integer(nulls))
		ret->nulls = json_integer_value(nulls);
	read_bound(field, member(f, "minValues", way, steps), false, &ret->min);
	read_bound(field, member(f, "maxValues", way, steps), true, &ret->max);
	if (f->columns->widened) {
		widen(field, false, &ret->min);
		widen(field, true, &ret->max);
	}
}

void delta_facts_of(const struct delta_file_facts *f, const struct schema_field *field, struct prune_facts *ret)
{
	delta_facts_within(f, &field, 1, ret);
}

/* The facts of a file, for the columns of a schema. */
struct wanted_facts {
	struct delta_file_facts file;
	const struct schema *want;
};

/* A callback of prune_tree(). */
static const struct schema_field *wanted_of(void *arg, size_t column, struct prune_facts *ret)
{
	const struct wanted_facts *facts = arg;
	const struct schema_field *field = &facts->want->root.children[column];
	if (schema_has_children(field->type))
		return NULL;
	delta_facts_of(&facts->file, field, ret);
	return field;
}

bool delta_facts_may(
	const struct delta_columns *columns, const struct schema *want, const struct prune *pred, const json_t *add)
{
	struct wanted_facts facts = {.want = want};
	if (pred->op == PRUNE_ANY)
		return true;
	delta_facts_begin(&facts.file, columns, add);
	bool may = prune_tree(pred, wanted_of, &facts);
	delta_facts_end(&facts.file);
	return may;
}
