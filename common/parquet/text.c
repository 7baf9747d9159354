/* Rows as lines: see text.h. */
#include "common/parquet/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/columnsout.h"
#include "common/data/jsonout.h"
#include "common/parquet/text_nested.h"
#include "common/parquet/text_scalar.h"

#define LONG_OUT  (256u << 10) /* no row is begun when there is so much text already */
#define CACHE_MAX (16u << 20)  /* limit for the texts of a dictionary */

/* What comes before each value of COLUMN. */
static void set_name(const struct pq_text *t, struct text_column *column)
{
	const char *name = column->field->field->name;
	size_t len = strlen(name);
	column->name = xcalloc(1, JSONOUT_MAX(len) + TEXT_SLACK);
	char *p = column->name;
	*p++ = t->format == PQ_TEXT_TSV ? '\t' : ',';
	if (t->format == PQ_TEXT_JSON) {
		p = jsonout_string(p, name, len);
		*p++ = ':';
	}
	column->name_len = (size_t)(p - column->name);
}

struct pq_text *pq_text_new(const struct pq_scan *scan, size_t columns, enum pq_text_format format, bool nulls)
{
	struct pq_text *t = xcalloc(1, sizeof *t);
	t->scan = scan;
	t->format = format;
	t->nulls = nulls;
	t->columns = columns;
	t->leaf = xcalloc(scan->leaves + 1, sizeof *t->leaf);
	t->column = xcalloc(columns + 1, sizeof *t->column);
	for (size_t i = 0; i < scan->leaves; i++) {
		const struct schema_field *field = scan->leaf[i].field;
		t->leaf[i] =
			(struct text_leaf){.leaf = &scan->leaf[i], .kind = text_kind_of(field), .scale = field->scale};
	}
	for (size_t i = 0; i < columns; i++) {
		const struct pq_field *field = &scan->root.child[i];
		t->column[i].field = field;
		if (!schema_has_children(field->field->type) && !field->missing)
			t->column[i].leaf = &t->leaf[field->first];
		set_name(t, &t->column[i]);
	}
	return t;
}

void pq_text_free(struct pq_text *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->scan->leaves; i++) {
		free(t->leaf[i].place);
		free(t->leaf[i].texts);
	}
	for (size_t i = 0; i < t->columns; i++)
		free(t->column[i].name);
	arena_release(&t->values);
	free(t->leaf);
	free(t->column);
	free(t->out);
	free(t->scratch);
	free(t);
}

/* Append the LEN bytes at S as a field of TSV or CSV. */
static void put_field(const struct pq_text *t, const char *s, size_t len, struct text_out *o)
{
	text_out_need(o, COLUMNSOUT_MAX(len));
	o->p = columnsout_field(o->p, t->format == PQ_TEXT_CSV, s, len, ',', '\n');
}

void pq_text_head(const struct pq_text *t, struct strbuf *out)
{
	char *buf = NULL;
	size_t room;
	struct text_out o;
	text_out_begin(&o, &buf, &room);
	for (size_t i = 0; i < t->columns; i++) {
		const char *name = t->column[i].field->field->name;
		text_out_need(&o, 1);
		if (i)
			*o.p++ = t->format == PQ_TEXT_TSV ? '\t' : ',';
		put_field(t, name, strlen(name), &o);
	}
	strbuf_add(out, buf, (size_t)(o.p - buf));
	strbuf_addch(out, '\n');
	free(buf);
}

/* Forget the texts of the dictionary before, and have places for those of this one. */
static void new_dictionary(struct text_leaf *l)
{
	size_t n = l->leaf->dictionary.count;
	if (n > l->place_room) {
		free(l->place);
		l->place = xcalloc(n, sizeof *l->place);
		l->place_room = n;
	} else {
		memset(l->place, 0, n * sizeof *l->place);
	}
	l->len = 0;
	l->dictionary_id = l->leaf->dictionary_id;
}

/* Append value K of the dictionary, which has not been made before. */
static bool put_new(struct pq_text *t, struct text_leaf *l, uint32_t k, struct text_out *o)
{
	size_t before = (size_t)(o->p - *o->buf);
	if (!text_put_value(t, l, &l->leaf->dictionary, k, t->format, o))
		return false;
	size_t len = (size_t)(o->p - *o->buf) - before;
	if (l->len + len > CACHE_MAX)
		return true;
	if (l->len + len + TEXT_SLACK > l->room) {
		l->room = 2 * (l->len + len) + 1024;
		l->texts = xreallocarray(l->texts, l->room, 1);
	}
	memcpy(l->texts + l->len, *o->buf + before, len);
	l->place[k] = (struct text_place){(uint32_t)l->len + 1, (uint32_t)len};
	l->len += len;
	return true;
}

/* Append the value of a column that is a leaf, in row R; there is one. */
static inline bool put_leaf(struct pq_text *t, struct text_leaf *l, uint32_t r, struct text_out *o)
{
	const struct pq_batch *b = &l->leaf->batch;
	uint32_t n = b->at ? b->at[r] : r;
	if (!b->index)
		return text_put_value(t, l, &b->values, n, t->format, o);
	uint32_t k = b->index[n];
	const struct text_place *place = &l->place[k];
	if (!place->at)
		return put_new(t, l, k, o);
	text_out_need(o, place->len);
	text_out_put(o, l->texts + place->at - 1, place->len);
	return true;
}

/* Append a column that is a struct, a list or a map. */
static bool put_nested(struct pq_text *t, const struct pq_field *field, uint32_t r, struct text_out *o)
{
	struct text_out json;
	if (t->format == PQ_TEXT_JSON)
		return text_put_nested(t, field, o) && text_nested_ended(t, field, r);
	text_out_begin(&json, &t->scratch, &t->scratch_room);
	if (!text_put_nested(t, field, &json) || !text_nested_ended(t, field, r))
		return false;
	put_field(t, t->scratch, (size_t)(json.p - t->scratch), o);
	return true;
}

static bool put_constant(struct pq_text *t, const struct pq_field *field, struct text_out *o)
{
	const struct value *v = field->constant;
	if (t->format == PQ_TEXT_JSON) {
		text_out_need(o, v->raw_len);
		o->p = jsonout_raw(o->p, v->raw, v->raw_len);
		return true;
	}
	put_field(t, v->s, v->len, o);
	if (t->format == PQ_TEXT_CSV && v->type == VALUE_STRING && !v->len) {
		text_out_need(o, 2);
		o->p = JSONOUT_LITERAL(o->p, "\"\"");
	}
	return true;
}

static bool is_null(struct pq_text *t, const struct text_column *c, uint32_t r)
{
	const struct pq_field *field = c->field;
	if (field->missing)
		return !field->constant || value_is_null(field->constant);
	if (c->leaf) {
		const struct pq_batch *b = &c->leaf->leaf->batch;
		return b->def && b->def[r] != c->leaf->leaf->max_def;
	}
	text_nested_begin(t, field, r);
	return text_nested_is_null(t, field);
}

/* Append row R: each value after its name or separator, of which the first is replaced by whoever calls. */
static bool put_row(struct pq_text *t, uint32_t r, struct text_out *o)
{
	bool json = t->format == PQ_TEXT_JSON, good = true;
	for (size_t i = 0; good && i < t->columns; i++) {
		const struct text_column *c = &t->column[i];
		bool null = is_null(t, c, r);
		if (null && json && !t->nulls)
			continue;
		text_out_need(o, c->name_len + 4);
		text_out_put(o, c->name, c->name_len);
		if (null) {
			if (json)
				o->p = JSONOUT_LITERAL(o->p, "null");
		} else if (c->leaf) {
			good = put_leaf(t, c->leaf, r, o);
		} else if (c->field->missing) {
			good = put_constant(t, c->field, o);
		} else {
			good = put_nested(t, c->field, r, o);
		}
	}
	return good;
}

/* Append a line. */
static bool put_line(struct pq_text *t, uint32_t r, struct text_out *o)
{
	size_t at = (size_t)(o->p - *o->buf);
	bool good = put_row(t, r, o);
	text_out_need(o, 4);
	char *line = *o->buf + at;
	if (t->format == PQ_TEXT_JSON) {
		if (o->p == line)
			o->p++;
		*line = '{';
		*o->p++ = '}';
	} else if (o->p > line) { /* the first separator goes */
		memmove(line, line + 1, (size_t)(o->p - line) - 1);
		o->p--;
		if (t->format == PQ_TEXT_CSV)
			o->p = columnsout_csv_end(line, o->p);
	}
	*o->p++ = '\n';
	return good;
}

int pq_text_rows(
	struct pq_text *t, const uint32_t *rows, size_t count, const char **ret, size_t *ret_len, struct strbuf *err)
{
	struct text_out o;
	size_t done = 0;
	for (size_t i = 0; i < t->columns; i++) {
		struct text_leaf *l = t->column[i].leaf;
		if (l && l->leaf->batch.index && l->dictionary_id != l->leaf->dictionary_id)
			new_dictionary(l);
	}
	text_out_begin(&o, &t->out, &t->room);
	while (done < count && (size_t)(o.p - t->out) < LONG_OUT) {
		uint32_t r = rows ? rows[done] : (uint32_t)done;
		if (!put_line(t, r, &o)) {
			strbuf_addf(err, "row %" PRIu64 ": column '%s' %s", t->scan->first_row + r, t->bad_field->name,
				t->bad);
			return -EBADMSG;
		}
		done++;
	}
	*ret = t->out;
	*ret_len = (size_t)(o.p - t->out);
	return (int)done;
}
