/* What the values of a leaf are: see actual.h. */
#include "common/parquet/actual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

/* --- values ------------------------------------------------------------------------------------------------------- */

static int compare_bytes(const struct prune_bound *a, const struct prune_bound *b)
{
	size_t n = a->v.bytes.len < b->v.bytes.len ? a->v.bytes.len : b->v.bytes.len;
	int r = n ? memcmp(a->v.bytes.s, b->v.bytes.s, n) : 0;
	return r ? r : (a->v.bytes.len > b->v.bytes.len) - (a->v.bytes.len < b->v.bytes.len);
}

/* Less than, equal to or greater than zero as A is less than, equal to or greater than B. */
static int compare(const struct schema_field *field, const struct prune_bound *a, const struct prune_bound *b)
{
	switch (field->type) {
	case SCHEMA_FLOAT:
	case SCHEMA_DOUBLE:
		return (a->v.d > b->v.d) - (a->v.d < b->v.d);
	case SCHEMA_DECIMAL:
		return (a->v.big > b->v.big) - (a->v.big < b->v.big);
	case SCHEMA_STRING:
		return compare_bytes(a, b);
	default:
		return (a->v.i > b->v.i) - (a->v.i < b->v.i);
	}
}

/* The number at P, of WIDTH bytes, that is a value of FIELD. */
static void read_number(const struct schema_field *field, const unsigned char *p, size_t width, struct prune_bound *ret)
{
	int32_t narrow;
	float single;
	if (field->type == SCHEMA_FLOAT) {
		memcpy(&single, p, sizeof single);
		ret->v.d = (double)single;
	} else if (field->type == SCHEMA_DOUBLE) {
		memcpy(&ret->v.d, p, sizeof ret->v.d);
	} else if (width == sizeof ret->v.big) {
		memcpy(&ret->v.big, p, sizeof ret->v.big);
	} else {
		int64_t wide = *p; /* a boolean */
		if (width == sizeof narrow) {
			memcpy(&narrow, p, sizeof narrow);
			wide = narrow;
		} else if (width == sizeof wide) {
			memcpy(&wide, p, sizeof wide);
		}
		if (field->type == SCHEMA_DECIMAL)
			ret->v.big = wide;
		else
			ret->v.i = wide;
	}
}

/* The value of entry ENTRY of LEAF, which is not null. */
static struct prune_bound value_of(const struct pq_scan_leaf *leaf, size_t entry)
{
	const struct pq_batch *b = &leaf->batch;
	const struct pq_column_values *values = b->index ? &leaf->dictionary : &b->values;
	size_t i = b->at ? b->at[entry] : entry;
	struct prune_bound ret = {.known = true};
	i = b->index ? b->index[i] : i;
	if (values->bytes) {
		ret.v.bytes.s = (const char *)values->bytes[i].s;
		ret.v.bytes.len = values->bytes[i].len;
	} else {
		read_number(leaf->field, values->data + i * leaf->width, leaf->width, &ret);
	}
	return ret;
}

/* --- taking in ---------------------------------------------------------------------------------------------------- */

/* Make VALUE the bound TO; a string is copied to *BYTES, which has *ROOM bytes. */
static void keep(
	const struct schema_field *field, struct prune_bound value, struct prune_bound *to, char **bytes, size_t *room)
{
	if (field->type == SCHEMA_STRING) {
		size_t len = value.v.bytes.len;
		if (len > *room || !*bytes) {
			*room = 2 * len + 16;
			*bytes = xreallocarray(*bytes, *room, 1);
		}
		if (len)
			memcpy(*bytes, value.v.bytes.s, len);
		value.v.bytes.s = *bytes;
	}
	*to = value;
}

void pq_actual_add(struct pq_actual *e, const struct pq_scan_leaf *leaf, size_t row)
{
	const struct schema_field *field = leaf->field;
	e->rows++;
	if (leaf->batch.def && leaf->batch.def[row] != leaf->max_def) {
		e->nulls++;
		return;
	}
	if (field->type == SCHEMA_BINARY)
		return;
	struct prune_bound value = value_of(leaf, row);
	if ((field->type == SCHEMA_FLOAT || field->type == SCHEMA_DOUBLE) && isnan(value.v.d)) {
		e->nans++;
		return;
	}
	if (!e->min.known || compare(field, &value, &e->min) < 0)
		keep(field, value, &e->min, &e->least, &e->least_room);
	if (!e->max.known || compare(field, &value, &e->max) > 0)
		keep(field, value, &e->max, &e->greatest, &e->greatest_room);
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

const char *pq_actual_fault(
	const struct pq_actual *e, const struct schema_field *field, const struct prune_facts *facts, bool loose)
{
	uint64_t nulls = (uint64_t)facts->nulls;
	if (e->min.known && facts->min.known && compare(field, &e->min, &facts->min) < 0)
		return "a value is less than the least one";
	if (e->max.known && facts->max.known && compare(field, &e->max, &facts->max) > 0)
		return "a value is greater than the greatest one";
	if (facts->nulls >= 0 && nulls != e->nulls) {
		bool none = nulls == 0, all = facts->rows >= 0 && facts->nulls == facts->rows;
		if (!loose || none || (all && e->nulls != e->rows))
			return "the number of nulls is wrong";
	}
	return facts->no_nan && e->nans ? "there are NaN" : NULL;
}

bool pq_actual_in_order(const struct schema_field *field, enum pq_boundary_order order,
	const struct prune_facts *before, const struct prune_facts *page)
{
	int sign = order == PQ_DESCENDING ? -1 : 1;
	return order == PQ_UNORDERED || (sign * compare(field, &before->min, &page->min) <= 0 &&
						sign * compare(field, &before->max, &page->max) <= 0);
}

void pq_actual_clear(struct pq_actual *e)
{
	free(e->least);
	free(e->greatest);
	*e = (struct pq_actual){0};
}
