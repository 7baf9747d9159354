/* Which members a record has: see shape.h. */
#include "cmd/map/shape.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/map/nested.h"
#include "common/base/alloc.h"
#include "common/data/value_out.h"

static const struct value null = {.type = VALUE_NULL};

static bool is_nested(const struct expr_field *f)
{
	return !f->column && f->path.count > 1;
}

bool shape_set(struct row *row, const struct expr_field *field, const struct value *v, struct strbuf *text)
{
	struct strbuf json = STRBUF_INIT;

	if (!is_nested(field)) {
		row_set(row, row_add(row, field), v);
		return true;
	}
	struct row_member *m = row_find(row, field);
	const struct value *base = m ? row_read(row, m) : &null;
	strbuf_clear(text);
	value_add_json(&json, v);
	bool good = nested_put(base, &field->path, 1, json.s, json.len, text);
	strbuf_release(&json);
	if (!good)
		return false;
	struct value made = row_keep_json(row, text->s, text->len);
	row_set(row, row_add(row, field), &made);
	return true;
}

void shape_only(struct row *row, const struct expr_field *f, struct strbuf *text)
{
	struct row_member *m = row_find(row, f);
	struct path way = f->path;
	struct value part = null;

	if (!m)
		return;
	row_only(row, m);
	if (way.count < 3 || !nested_is_repeated(row_read(row, m), &way, 1))
		return;
	for (way.count--; way.count > 1; way.count--) {
		nested_get(row_read(row, m), &way, 1, text, &part);
		if (part.type != VALUE_MISSING)
			break;
	}
	if (way.count <= 1)
		return;
	strbuf_clear(text); /* what is there is put there again, in place of all that have its name */
	if (nested_put(&m->v, &way, 1, part.raw, part.raw_len, text)) {
		struct value made = row_keep_json(row, text->s, text->len);
		row_set(row, m, &made);
	}
}

static void del_nested(struct row *row, const struct expr_field *f, struct strbuf *text)
{
	struct row_member *m = row_find(row, f);
	struct value there = null;

	if (m)
		nested_get(row_read(row, m), &f->path, 1, text, &there);
	if (there.type == VALUE_MISSING)
		shape_only(row, f, text);
	strbuf_clear(text);
	if (there.type == VALUE_MISSING || !m || !nested_put(&m->v, &f->path, 1, NULL, 0, text))
		return;
	struct value made = row_keep_json(row, text->s, text->len);
	row_set(row, m, &made);
}

/* The value of the member M with only those parts that S names; null: it has none of them. */
static struct value keep_parts(struct row *row, struct row_member *m, struct map_step *s)
{
	struct strbuf json = STRBUF_INIT, text = STRBUF_INIT;
	struct value part, kept = null;

	for (size_t i = 0; i < s->field_count; i++) {
		const struct expr_field *f = &s->fields[i];
		if (!is_nested(f) || row_find(row, f) != m)
			continue;
		nested_get(row_read(row, m), &f->path, 1, &text, &part);
		if (part.type == VALUE_MISSING)
			continue;
		strbuf_clear(&json);
		value_add_json(&json, &part);
		strbuf_clear(&s->made);
		if (nested_put(&kept, &f->path, 1, json.s, json.len, &s->made))
			kept = row_keep_json(row, s->made.s, s->made.len);
	}
	strbuf_release(&json);
	strbuf_release(&text);
	return kept;
}

/* Find out of each member whether S keeps it, or parts of it. */
static void mark_kept(struct row *row, const struct map_step *s)
{
	for (size_t i = 0; i < row->count; i++)
		row->m[i].kept = ROW_OTHER;
	for (size_t i = 0; i < s->field_count; i++) {
		struct row_member *m = row_find(row, &s->fields[i]);
		if (m && !is_nested(&s->fields[i]))
			m->kept = ROW_WHOLE;
		else if (m && m->kept == ROW_OTHER)
			m->kept = ROW_PART;
	}
}

void shape_keep(struct row *row, struct map_step *s)
{
	mark_kept(row, s);
	for (size_t i = 0; i < row->count; i++) {
		struct row_member *m = &row->m[i];
		if (m->gone || m->kept == ROW_WHOLE)
			continue;
		struct value kept = m->kept == ROW_PART ? keep_parts(row, m, s) : null;
		if (kept.type != VALUE_NULL) {
			row_set(row, m, &kept);
		} else {
			m->gone = true;
			row->changed = true;
		}
	}
}

static void del(struct row *row, const struct expr_field *f, struct strbuf *text)
{
	row_only_column(row, f);
	struct row_member *m = row_find(row, f);

	if (m && is_nested(f))
		row_only(row, m); /* what does not count may have it, too */
	if (is_nested(f))
		del_nested(row, f, text);
	else if (m)
		row_remove(row, m);
}

void shape_del(struct row *row, struct map_step *s)
{
	for (size_t i = 0; i < s->field_count; i++)
		del(row, &s->fields[i], &s->made);
}

/* Whether V leaves its column empty: an expression makes an empty text of another type than the reader does, and its
 * numbers have no text yet. */
static bool is_empty(const struct row *row, const struct value *v)
{
	return value_is_null(v) || (!row->json && v->type == VALUE_STRING && !v->len);
}

/* shape_rename() of fields of which at least one is a part of another one. */
static bool move(struct row *row, struct map_step *s)
{
	const struct path *from = &s->fields[0].path, *to = &s->fields[1].path;
	struct strbuf text = STRBUF_INIT, json = STRBUF_INIT;
	struct value v;

	row_value(row, &s->fields[0], &text, &v);
	bool null_or_same = is_empty(row, &v) || (path_covers(from, to) && path_covers(to, from)), good = true;
	if (!null_or_same) {
		value_add_json(&json, &v);
		char *room = memcpy(row_room(row, json.len + 1), json.s, json.len);
		strbuf_clear(&text);
		value_of_json(room, json.len, &text, &v);
		if (v.s == text.s)
			v.s = v.len ? memcpy(row_room(row, v.len), text.s, v.len) : "";
		if (path_covers(from, to)) /* what is renamed is not in the way */
			del(row, &s->fields[0], &s->made);
		good = shape_set(row, &s->fields[1], &v, &s->made);
		if (good && !path_covers(from, to) && !path_covers(to, from))
			del(row, &s->fields[0], &s->made);
	}
	strbuf_release(&text);
	strbuf_release(&json);
	return good;
}

bool shape_rename(struct row *row, struct map_step *s)
{
	const struct path_step *name = &s->fields[1].path.steps[0];

	if (is_nested(&s->fields[0]) || is_nested(&s->fields[1]))
		return move(row, s);
	struct row_member *m = row_find(row, &s->fields[0]), *there = row_find_name(row, name->name, name->len);
	if (!m || m == there)
		return true;
	row_only_column(row, &s->fields[0]);
	if (there && row->json && row_read(row, m)->type == VALUE_NULL) /* a null takes no other value's place */
		return true;
	if (there && !row->json && is_empty(row, &m->v)) {
		m->v = there->v;
		m->set = there->set;
	}
	row_rename(row, m, name->name, name->len);
	return true;
}

/* A member that gets a new name. */
struct renamed {
	size_t i;
	const char *name;
	size_t len;
};

/* The members of ROW that S renames, which the caller frees.  0, or -errno of regex_replace(). */
static int find_renamed(struct row *row, struct map_step *s, struct renamed **ret, size_t *ret_count)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct row_member *m = &row->m[i];
		if (m->gone || !m->name || (row->json && row_find_name(row, m->name, m->name_len) != m))
			continue;
		strbuf_clear(&s->made);
		int r = regex_replace(
			s->re, m->name, m->name_len, s->words[1], strlen(s->words[1]), SIZE_MAX, &s->made);
		if (r < 0)
			return r;
		if (!r)
			continue;
		char *room = memcpy(row_room(row, s->made.len + 1), s->made.s, s->made.len + 1);
		*ret = xreallocarray(*ret, *ret_count + 1, sizeof **ret);
		(*ret)[(*ret_count)++] = (struct renamed){.i = i, .name = room, .len = s->made.len};
	}
	return 0;
}

/* All get their new names at once, so that none is taken for one that is still to be renamed; of two with one new name
 * the last stays. */
int shape_rename_all(struct row *row, struct map_step *s)
{
	struct renamed *all = NULL;
	size_t count = 0;
	int r = find_renamed(row, s, &all, &count);

	for (size_t i = 0; r == 0 && i < count; i++) {
		struct row_member *m = &row->m[all[i].i];
		(void)row_read(row, m);
		if (row->json)
			row_only(row, m);
	}
	for (size_t i = 0; r == 0 && i < count; i++)
		row->m[all[i].i].gone = true; /* not in the way of another one */
	for (size_t i = 0; r == 0 && i < count; i++) {
		struct row_member *m = &row->m[all[i].i], *other;
		while ((other = row_find_name(row, all[i].name, all[i].len)) != NULL)
			other->gone = true;
		m->gone = false;
		row_call(row, m, all[i].name, all[i].len);
	}
	free(all);
	return r;
}

void shape_null_if(struct row *row, struct map_step *s)
{
	for (size_t i = 0; i < row->count; i++) {
		struct row_member *m = &row->m[i];
		if (m->gone || (row->json && !m->set && *m->v.raw != '"'))
			continue;
		const struct value *v = row_read(row, m);
		if (v->type != VALUE_STRING && v->type != VALUE_TEXT)
			continue;
		for (size_t k = 0; k < s->word_count; k++)
			if (strlen(s->words[k]) == v->len && memcmp(s->words[k], v->s, v->len) == 0) {
				row_set(row, m, &null);
				break;
			}
	}
}
