/* Members of objects as fields, and fields as members of objects: see shape.h. */
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

void shape_flatten(struct row *row, struct map_step *s)
{
	size_t count = row->count;
	struct strbuf prefix = STRBUF_INIT;
	bool any = false;

	if (!row->json) /* the format was not known before */
		return;
	for (size_t i = 0; i < count && !any; i++)
		any = !row->m[i].gone && row->m[i].v.raw && row->m[i].v.raw_len > 2 && *row->m[i].v.raw == '{';
	for (size_t i = 0; i < count && any; i++) {
		struct row_member m = row->m[i];
		if (m.gone)
			continue;
		const struct value v = *row_read(row, &m);
		if (v.type != VALUE_OBJECT || json_scan_is_empty(v.s, v.len) ||
			(s->field_count && row_find(row, &s->fields[0]) != &row->m[i])) {
			if (!s->field_count) { /* all are added again, so that their order stays */
				row->m[i].gone = true;
				row_add_name(row, m.name, m.name_len)[0] = m;
			}
			continue;
		}
		row->m[i].gone = true;
		row->changed = true;
		strbuf_clear(&prefix);
		strbuf_add(&prefix, m.name, m.name_len);
		flatten(row, &prefix, v.s, v.len, separator(s));
	}
	strbuf_release(&prefix);
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

	if (top && row_read(row, top)->type != VALUE_OBJECT)
		return false;
	if (!top) {
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
