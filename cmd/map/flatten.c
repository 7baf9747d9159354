/* Members of objects as fields, and fields as members of objects: see shape.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/map/branch.h"
#include "cmd/map/shape.h"
#include "common/base/alloc.h"
#include "common/data/json_scan.h"
#include "common/data/json_text.h"
#include "common/data/value_out.h"

static const char *separator(const struct map_step *s)
{
	return s->word_count ? s->words[0] : ".";
}

/* A member called PREFIX with the value of LEN bytes of JSON at S. */
static void add_leaf(struct row *row, const struct strbuf *prefix, const char *s, size_t len)
{
	struct strbuf text = STRBUF_INIT;
	char *name = row_room(row, prefix->len + 1);
	struct value v;

	memcpy(name, prefix->s, prefix->len + 1);
	value_of_json(s, len, &text, &v);
	if (v.s == text.s && text.len) {
		char *room = row_room(row, text.len);
		v.s = memcpy(room, text.s, text.len);
	}
	strbuf_release(&text);
	row_set(row, row_add_name(row, name, prefix->len), &v);
}

static void add_key(struct strbuf *prefix, const struct json_item *item)
{
	size_t len = item->key_len - 2, lone;
	char *to = strbuf_grow(prefix, len);

	if (json_unescape(to, item->key + 1, len, &len, &lone) == 0) /* always: the record is valid */
		strbuf_extend(prefix, len);
}

/* Add the members of the object of LEN bytes at S, each with the names of those above it before its own. */
static void flatten(struct row *row, struct strbuf *prefix, const char *s, size_t len, const char *sep)
{
	struct json_scan scan;
	struct json_item item;
	size_t old = prefix->len;

	json_scan_begin(&scan, s, len);
	while (json_scan_next(&scan, &item)) {
		strbuf_addstr(prefix, sep);
		add_key(prefix, &item);
		if (*item.s == '{' && !json_scan_is_empty(item.s, item.len))
			flatten(row, prefix, item.s, item.len, sep);
		else
			add_leaf(row, prefix, item.s, item.len);
		strbuf_setlen(prefix, old);
	}
}

/* Whether S flattens the member M, if it is the last one of its name: it is an object with members. */
static bool is_flattened(struct row *row, const struct map_step *s, struct row_member *m)
{
	if (m->gone || (m->read && m->v.type != VALUE_OBJECT) || !m->v.raw || m->v.raw_len <= 2 || *m->v.raw != '{' ||
		json_scan_is_empty(m->v.raw, m->v.raw_len))
		return false;
	return !s->field_count || row_find(row, &s->fields[0]) == m;
}

/* Add to *SIZE what the members of the object of LEN bytes at S take as fields, with names that begin with PREFIX
 * bytes; it stops beyond MAX. */
static void measure(const char *s, size_t len, size_t prefix, size_t sep_len, uint64_t max, uint64_t *size)
{
	struct json_scan scan;
	struct json_item item;

	json_scan_begin(&scan, s, len);
	while (*size <= max && json_scan_next(&scan, &item)) {
		size_t name = prefix + sep_len + item.key_len; /* with its quotes */
		if (*item.s == '{')
			measure(item.s, item.len, name - 2, sep_len, max, size);
		else
			*size += name + item.len + 2;
	}
}

/* Whether S flattens members of the row; what this makes is not measured where it cannot be longer than MAX: a member
 * takes four bytes at least, and its name has no more than all of them.  -EMSGSIZE: it is longer. */
static int look(struct row *row, const struct map_step *s, uint64_t max)
{
	size_t sep_len = strlen(separator(s));
	uint64_t size = 0;
	int any = 0;

	for (size_t i = 0; i < row->count; i++) {
		const struct row_member *m = &row->m[i];
		if (!is_flattened(row, s, &row->m[i]))
			continue;
		any = 1;
		size_t len = m->name_len + m->v.raw_len;
		if ((sep_len + 1) * len / 4 > max / len && row_find_name(row, m->name, m->name_len) == m)
			measure(m->v.raw, m->v.raw_len, m->name_len, sep_len, max, &size);
	}
	return size > max ? -EMSGSIZE : any;
}

int shape_flatten(struct row *row, struct map_step *s, uint64_t max)
{
	size_t count = row->count;
	struct strbuf prefix = STRBUF_INIT;
	int r = row->json ? look(row, s, max) : 0; /* columns: the format was not known before */

	if (r > 0 && !s->field_count)
		row_keep_last(row);
	for (size_t i = 0; i < count && r > 0; i++) {
		struct row_member m = row->m[i];
		if (m.gone)
			continue;
		if (!is_flattened(row, s, &row->m[i])) {
			if (!s->field_count) { /* all are added again, so that their order stays */
				row->m[i].gone = true;
				row_add_name(row, m.name, m.name_len)[0] = m;
			}
			continue;
		}
		row_remove(row, &row->m[i]);
		strbuf_clear(&prefix);
		strbuf_add(&prefix, m.name, m.name_len);
		flatten(row, &prefix, m.v.raw, m.v.raw_len, separator(s));
	}
	strbuf_release(&prefix);
	return r < 0 ? r : 0;
}

/* The parts of NAME between separators, as a path that does not own its names; 0: there are too many. */
static size_t divide(char *name, size_t len, const char *sep, struct path_step steps[PATH_MAX_STEPS])
{
	size_t count = 0, sep_len = strlen(sep);
	char *s = name, *end = name + len;

	while (count < PATH_MAX_STEPS) {
		char *stop = sep_len ? memmem(s, (size_t)(end - s), sep, sep_len) : NULL;
		steps[count++] = (struct path_step){.name = s, .len = (size_t)((stop ? stop : end) - s)};
		if (!stop)
			return count;
		s = stop + sep_len;
	}
	return 0;
}

/* M's name, where it may be written to as a path has it. */
static char *name_of(struct row *row, const struct row_member *m)
{
	char *name = row_room(row, m->name_len + 1);

	memcpy(name, m->name, m->name_len);
	return name;
}

/* Put the member M with a name of COUNT STEPS into the object that the first one names, a tree of TREES.  False: that
 * name, or one on the way, is taken, and the field stays as it is. */
static bool put_leaf(
	struct row *row, struct branch **trees, struct row_member m, const struct path_step *steps, size_t count)
{
	struct row_member *top = row_find_name(row, steps->name, steps->len);
	struct strbuf json = STRBUF_INIT;

	bool is_null = top && row_read(row, top)->type == VALUE_NULL;
	if (top && !is_null && top->v.type != VALUE_OBJECT)
		return false;
	if (!top || is_null) {
		top = row_add_name(row, steps->name, steps->len);
		const struct value v = row_keep_json(row, "{}", 2);
		row_set(row, top, &v);
	}
	struct branch **tree = &trees[top - row->m];
	if (!*tree)
		*tree = branch_new(row, top->v.s, top->v.len);
	value_add_json(&json, row_read(row, &m));
	const char *s = memcpy(row_room(row, json.len + 1), json.s, json.len);
	bool good = branch_put(*tree, row, steps + 1, count - 1, s, json.len);
	strbuf_release(&json);
	return good;
}

/* The members that are trees become text again. */
static void write_trees(struct row *row, struct branch **trees, struct strbuf *text)
{
	for (size_t i = 0; i < row->count; i++) {
		if (!trees[i])
			continue;
		strbuf_clear(text);
		branch_write(trees[i], text);
		branch_free(trees[i]);
		const struct value v = row_keep_json(row, text->s, text->len);
		row_set(row, &row->m[i], &v);
	}
}

void shape_unflatten(struct row *row, struct map_step *s)
{
	struct path_step steps[PATH_MAX_STEPS];
	struct branch **trees = NULL; /* by the numbers of members; each member adds one at most */
	size_t count = row->json ? row->count : 0;

	for (size_t i = 0; i < count; i++) {
		struct row_member m = row->m[i];
		size_t parts = m.gone || !m.name ? 0 : divide(name_of(row, &m), m.name_len, separator(s), steps);
		if (parts < 2 || row_find_name(row, m.name, m.name_len) != &row->m[i])
			continue;
		if (!trees)
			trees = xcalloc(2 * count, sizeof(struct branch *));
		if (put_leaf(row, trees, m, steps, parts))
			row_remove(row, &row->m[i]);
	}
	if (trees)
		write_trees(row, trees, &s->made);
	free(trees);
}
