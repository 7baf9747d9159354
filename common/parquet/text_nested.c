/* Structs, lists and maps as JSON: see text.h.  They are assembled from levels as in Dremel: see column.h. */
#include <string.h>

#include "common/data/jsonout.h"
#include "common/parquet/text_nested.h"
#include "common/parquet/text_scalar.h"

#define BROKEN "has columns whose entries do not make up rows"

void text_nested_begin(struct pq_text *t, const struct pq_field *field, size_t row)
{
	for (size_t i = 0; i < field->leaves; i++) {
		struct text_leaf *l = &t->leaf[field->first + i];
		l->pos = l->leaf->batch.row ? l->leaf->batch.row[row] : row;
	}
}

bool text_nested_ended(struct pq_text *t, const struct pq_field *field, size_t row)
{
	for (size_t i = 0; i < field->leaves; i++) {
		const struct text_leaf *l = &t->leaf[field->first + i];
		const struct pq_batch *b = &l->leaf->batch;
		if (l->pos != (b->row ? b->row[row + 1] : row + 1))
			return text_fail(t, field->field, BROKEN);
	}
	return true;
}

/* The definition level of the entry at which L stands; 0 beyond the last one. */
static unsigned def_of(const struct text_leaf *l)
{
	const struct pq_batch *b = &l->leaf->batch;
	if (l->pos >= b->entries)
		return 0;
	return b->def ? b->def[l->pos] : l->leaf->max_def;
}

bool text_nested_is_null(const struct pq_text *t, const struct pq_field *field)
{
	return def_of(&t->leaf[field->first]) < field->def;
}

static void pass(struct pq_text *t, const struct pq_field *field)
{
	for (size_t i = 0; i < field->leaves; i++)
		t->leaf[field->first + i].pos++;
}

static bool put_leaf(struct pq_text *t, const struct pq_field *field, struct text_out *o)
{
	struct text_leaf *l = &t->leaf[field->first];
	const struct pq_batch *b = &l->leaf->batch;
	size_t at = l->pos++;
	if (at >= b->entries)
		return text_fail(t, field->field, BROKEN);
	size_t n = b->at ? b->at[at] : at;
	if (!b->index)
		return text_put_value(t, l, &b->values, n, PQ_TEXT_JSON, o);
	return text_put_value(t, l, &l->leaf->dictionary, b->index[n], PQ_TEXT_JSON, o);
}

static void put_literal(struct text_out *o, const char *s)
{
	size_t len = strlen(s);
	text_out_need(o, len);
	o->p = jsonout_raw(o->p, s, len);
}

/* Append FIELD, which is not missing, or null. */
static bool put_or_null(struct pq_text *t, const struct pq_field *field, struct text_out *o)
{
	if (!text_nested_is_null(t, field))
		return text_put_nested(t, field, o);
	pass(t, field);
	put_literal(o, "null");
	return true;
}

static void put_name(const struct schema_field *field, char before, struct text_out *o)
{
	size_t len = strlen(field->name);
	text_out_need(o, JSONOUT_MAX(len) + 2);
	*o->p++ = before;
	o->p = jsonout_string(o->p, field->name, len);
	*o->p++ = ':';
}

static bool put_struct(struct pq_text *t, const struct pq_field *field, struct text_out *o)
{
	char before = '{';
	bool good = true;
	for (size_t i = 0; good && i < field->field->count; i++) {
		const struct pq_field *child = &field->child[i];
		bool null = child->missing || text_nested_is_null(t, child);
		if (null && !t->nulls) {
			pass(t, child);
			continue;
		}
		put_name(child->field, before, o);
		before = ',';
		if (child->missing)
			put_literal(o, "null");
		else
			good = put_or_null(t, child, o);
	}
	put_literal(o, before == '{' ? "{}" : "}");
	return good;
}

/* A key: a string, whatever its type is. */
static bool put_key(struct pq_text *t, const struct pq_field *field, struct text_out *o)
{
	if (field->missing || schema_has_children(field->field->type) || text_nested_is_null(t, field))
		return text_fail(t, field->field, "is a map with a key that is null or has no text");
	enum text_kind kind = t->leaf[field->first].kind;
	bool bare = kind < TEXT_STRING;
	text_out_need(o, 1);
	size_t at = (size_t)(o->p - *o->buf);
	if (bare)
		*o->p++ = '"';
	bool good = put_leaf(t, field, o);
	if (good && bare && o->p[-1] == '"') { /* NaN has quotes already */
		char *from = *o->buf + at;
		memmove(from, from + 1, (size_t)(o->p - from) - 1);
		o->p--;
	} else if (bare) {
		put_literal(o, "\"");
	}
	put_literal(o, ":");
	return good;
}

/* Whether the list or map goes on with another element. */
static bool goes_on(const struct pq_text *t, const struct pq_field *field)
{
	const struct text_leaf *l = &t->leaf[field->first];
	const struct pq_batch *b = &l->leaf->batch;
	return l->pos < b->entries && b->rep[l->pos] == field->rep;
}

static bool put_elements(struct pq_text *t, const struct pq_field *field, struct text_out *o)
{
	bool map = field->field->type == SCHEMA_MAP, good = true;
	char before = map ? '{' : '[';
	const struct pq_field *value = &field->child[map];
	if (def_of(&t->leaf[field->first]) < field->inner) {
		pass(t, field);
		put_literal(o, map ? "{}" : "[]");
		return true;
	}
	do {
		text_out_need(o, 1);
		*o->p++ = before;
		before = ',';
		if (map)
			good = put_key(t, &field->child[0], o);
		if (good && value->missing)
			put_literal(o, "null");
		else if (good)
			good = put_or_null(t, value, o);
	} while (good && goes_on(t, field));
	put_literal(o, map ? "}" : "]");
	return good;
}

bool text_put_nested(struct pq_text *t, const struct pq_field *field, struct text_out *o)
{
	if (!schema_has_children(field->field->type))
		return put_leaf(t, field, o);
	if (field->field->type == SCHEMA_STRUCT)
		return put_struct(t, field, o);
	return put_elements(t, field, o);
}
