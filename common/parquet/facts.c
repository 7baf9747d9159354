/* Facts of a file: see facts.h. */
#include "common/parquet/facts.h"

#include <math.h>
#include <string.h>

/* Whether the order of bounds that nothing names is known: that of signed numbers. */
static bool is_signed(const struct pq_facts_of *of)
{
	const struct pq_convert *c = of->convert;
	return (c->physical == PQ_INT32 || c->physical == PQ_INT64 || c->physical == PQ_FLOAT ||
		       c->physical == PQ_DOUBLE) &&
	       c->reading == PQ_READ_PLAIN;
}

/* Whether values of the file and what they are converted to have the same order. */
static bool keeps_order(const struct pq_facts_of *of)
{
	const struct pq_convert *c = of->convert;
	return c->reading != PQ_READ_INT96 && c->reading != PQ_READ_INTERVAL && of->field->type != SCHEMA_BINARY;
}

/* The bound that VALUE is, WIDTH bytes of a number of TYPE; false: NaN, which bounds nothing. */
static bool put_number(enum schema_type type, size_t width, const unsigned char *value, struct prune_bound *ret)
{
	int64_t wide = 0;
	int32_t narrow;
	float f;
	if (type == SCHEMA_FLOAT) {
		memcpy(&f, value, 4);
		ret->v.d = f;
		return !isnan(f);
	}
	if (type == SCHEMA_DOUBLE) {
		memcpy(&ret->v.d, value, 8);
		return !isnan(ret->v.d);
	}
	if (type == SCHEMA_DECIMAL && width == 16) {
		memcpy(&ret->v.big, value, 16);
		return true;
	}
	memcpy(&narrow, value, 4);
	memcpy(&wide, value, width);
	ret->v.i = width == 4 ? narrow : wide;
	if (type == SCHEMA_DECIMAL)
		ret->v.big = ret->v.i;
	return true;
}

/* A bound in PLAIN encoding, which for byte strings may be a prefix. */
static void set_bound(
	const struct pq_facts_of *of, const unsigned char *s, size_t len, bool exact, struct prune_bound *ret)
{
	const struct pq_convert *c = of->convert;
	const struct pq_bytes bytes = {s, len};
	struct pq_decoded from = {.data = s, .bytes = c->from ? NULL : &bytes};
	unsigned char value[16];
	const char *why;
	if (!s || (c->from && len != c->from) || c->kind == PQ_CONVERT_TEXT)
		return;
	ret->exact = exact || c->from;
	if (of->field->type == SCHEMA_STRING) {
		ret->known = true;
		ret->v.bytes.s = (const char *)s;
		ret->v.bytes.len = len;
		return;
	}
	if (c->kind == PQ_CONVERT_NOTHING)
		memcpy(value, s, c->width);
	else if (pq_convert(c, &from, 1, value, NULL, &why) < 0)
		return;
	ret->known = put_number(of->field->type, c->width, value, ret);
}

void pq_facts_of_chunk(
	const struct pq_facts_of *of, const struct pq_file_chunk *chunk, int64_t rows, struct prune_facts *ret)
{
	bool trusted = keeps_order(of) && (is_signed(of) || (of->leaf->ordered && !chunk->old_bounds));
	bool counted = !of->leaf->max_rep && chunk->nulls >= 0 && chunk->nulls <= rows;
	*ret = (struct prune_facts){.rows = rows, .nulls = counted ? chunk->nulls : -1, .no_nan = chunk->nans == 0};
	if (!of->leaf->max_def)
		ret->nulls = 0;
	if (!trusted)
		return;
	set_bound(of, chunk->min, chunk->min_len, chunk->min_exact, &ret->min);
	set_bound(of, chunk->max, chunk->max_len, chunk->max_exact, &ret->max);
}

void pq_facts_of_page(
	const struct pq_facts_of *of, const struct pq_page_bounds_read *page, int64_t rows, struct prune_facts *ret)
{
	*ret = (struct prune_facts){.rows = rows, .nulls = page->nulls <= rows ? page->nulls : -1};
	if (!of->leaf->max_def)
		ret->nulls = 0;
	if (page->nulls_only) {
		ret->nulls = rows;
		return;
	}
	if (!keeps_order(of) || (!of->leaf->ordered && !is_signed(of)))
		return;
	set_bound(of, page->min, page->min_len, false, &ret->min);
	set_bound(of, page->max, page->max_len, false, &ret->max);
}

const void *pq_facts_plain(const struct pq_facts_of *of, const struct value *v, unsigned char *to, size_t *ret_len)
{
	enum schema_type type = of->field->type;
	*ret_len = of->convert->width;
	if (of->convert->kind != PQ_CONVERT_NOTHING)
		return NULL;
	if (type == SCHEMA_STRING && v->type == VALUE_STRING) {
		*ret_len = v->len;
		return v->s;
	}
	if (type == SCHEMA_INT32 && v->type == VALUE_INT && v->i >= INT32_MIN && v->i <= INT32_MAX) {
		int32_t narrow = (int32_t)v->i;
		memcpy(to, &narrow, 4);
		return to;
	}
	if (type == SCHEMA_INT64 && v->type == VALUE_INT) {
		memcpy(to, &v->i, 8);
		return to;
	}
	if (type == SCHEMA_DOUBLE && v->type == VALUE_DOUBLE && v->d != 0) { /* zeros have two forms */
		memcpy(to, &v->d, 8);
		return to;
	}
	return NULL;
}
