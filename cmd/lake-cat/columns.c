/* Which columns are read: see columns.h. */
#include "cmd/lake-cat/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/columnsout.h"
#include "common/data/name_index.h"
#include "common/data/path.h"

/* Choosing from the columns of a table. */
struct choosing {
	const struct schema *table;
	struct name_index index; /* of its columns, once one was looked up */
	size_t *chosen;          /* their numbers there */
	size_t count;
	size_t *place; /* of each column among the chosen ones; SIZE_MAX: it is none */
	struct strbuf *err;
};

static void choose(struct choosing *c, size_t column)
{
	c->place[column] = c->count;
	c->chosen[c->count++] = column;
}

/* The number of the column NAME. */
static int find(struct choosing *c, const char *name, size_t *ret)
{
	const struct schema_field *root = &c->table->root;
	bool is_new, begun = c->index.begun;
	for (size_t i = 0; !begun && i < root->count; i++)
		(void)name_index_add(&c->index, root->children[i].name, strlen(root->children[i].name), &is_new);
	uint32_t at = name_index_find(&c->index, name, strlen(name));
	if (at != NAME_INDEX_NONE) {
		*ret = at;
		return 0;
	}
	const struct schema_field *alike = schema_child_alike(root, name, strlen(name));
	strbuf_addf(c->err, "there is no column '%s'", name);
	if (alike)
		strbuf_addf(c->err, ", but '%s'", alike->name);
	return -EINVAL;
}

/* Choose the column whose name the path at S begins with; *USED is its length. */
static int choose_one(struct choosing *c, const char *s, size_t *used)
{
	struct path path;
	size_t column = 0;
	int r = path_scan_column(&path, s, strlen(s), used, c->err);
	if (r < 0)
		return r;
	if (path.count != 1 || !path.steps[0].name) {
		strbuf_addstr(c->err, path.count ? "only whole columns can be chosen" : "a name is missing");
		r = -EINVAL;
	} else {
		r = find(c, path.steps[0].name, &column);
	}
	if (r == 0 && c->place[column] != SIZE_MAX) {
		strbuf_addf(c->err, "column '%s' is there twice", path.steps[0].name);
		r = -EINVAL;
	}
	if (r == 0)
		choose(c, column);
	path_release(&path);
	return r;
}

/* Choose the columns of LIST. */
static int choose_list(struct choosing *c, const char *list)
{
	size_t used = 0, at = 0;
	for (;;) {
		int r = choose_one(c, list + at, &used);
		if (r < 0)
			return r;
		at += used;
		if (!list[at])
			return 0;
		if (list[at++] != ',') {
			strbuf_addf(c->err, "a comma is missing at character %zu", at);
			return -EINVAL;
		}
	}
}

/* The place of the column that field FIELD of WHERE names, which is chosen if it was not before. */
static int choose_field(struct choosing *c, struct cat_where *where, size_t field)
{
	size_t column;
	int r = find(c, cat_where_name(where, field), &column);
	if (r < 0)
		return r;
	if (c->place[column] == SIZE_MAX)
		choose(c, column);
	where->fields[field].column = c->place[column];
	return 0;
}

/* Make RET a copy of the table's schema with the chosen columns only. */
static void copy_chosen(const struct choosing *c, struct schema *ret)
{
	struct schema all;
	schema_copy(&all, c->table);
	*ret = all;
	ret->root.children = xcalloc(c->count + 1, sizeof *ret->root.children);
	ret->root.count = c->count;
	for (size_t i = 0; i < c->count; i++)
		ret->root.children[i] = all.root.children[c->chosen[i]];
	for (size_t i = 0; i < all.root.count; i++)
		if (c->place[i] == SIZE_MAX)
			schema_field_release(&all.root.children[i]);
	free(all.root.children);
}

int cat_columns_choose(const struct schema *table, const char *list, struct cat_where *where, struct cat_columns *ret,
	struct strbuf *err)
{
	struct choosing c = {.table = table, .err = err};
	int r = 0;
	c.chosen = xcalloc(table->root.count + 1, sizeof *c.chosen);
	c.place = xcalloc(table->root.count + 1, sizeof *c.place);
	memset(c.place, 0xff, table->root.count * sizeof *c.place); /* SIZE_MAX each */
	schema_init(&ret->want);
	size_t before = err->len;
	if (list)
		r = choose_list(&c, list);
	for (size_t i = 0; !list && i < table->root.count; i++)
		choose(&c, i);
	ret->printed = c.count;
	const char *option = r == 0 ? "--where" : "--columns";
	if (r == 0)
		r = cat_where_check(where, err);
	for (size_t i = 0; r == 0 && where->expr && i < expr_fields(where->expr); i++) {
		r = choose_field(&c, where, i);
	}
	if (r == 0) {
		copy_chosen(&c, &ret->want);
		cat_where_bind(where, &ret->want);
	} else {
		struct strbuf why = STRBUF_INIT;
		strbuf_addstr(&why, err->s + before);
		strbuf_setlen(err, before);
		strbuf_addf(err, "%s: %s", option, why.s);
		strbuf_release(&why);
	}
	name_index_release(&c.index);
	free(c.chosen);
	free(c.place);
	return r;
}

void cat_columns_head(const struct cat_columns *c, const struct cat_form *form, struct strbuf *out)
{
	bool csv = form->format == PQ_TEXT_CSV;
	for (size_t i = 0; form->header && i < c->printed; i++) {
		const char *name = c->want.root.children[i].name;
		size_t len = strlen(name);
		if (i)
			strbuf_addch(out, csv ? ',' : '\t');
		char *to = strbuf_grow(out, COLUMNSOUT_MAX(len));
		strbuf_extend(out, (size_t)(columnsout_field(to, csv, name, len, ',', '\n') - to));
	}
	if (form->header)
		strbuf_addch(out, '\n');
}

void cat_columns_release(struct cat_columns *c)
{
	schema_release(&c->want);
}
