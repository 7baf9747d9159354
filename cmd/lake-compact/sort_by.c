/* The columns of --sort-by: see sort_by.h. */
#include "sort_by.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/path.h"
#include "common/data/schema_types.h"
#include "common/lake/layout.h"

void sort_by_release(struct sort_by *by)
{
	free(by->fields);
	*by = (struct sort_by){0};
}

/* The field that PATH, called NAME, leads to. */
static int follow(const struct schema *schema, const struct path *path, const char *name,
	const struct schema_field **ret, struct strbuf *err)
{
	const struct schema_field *f = &schema->root;
	for (size_t i = 0; f && i < path->count; i++)
		f = f->type == SCHEMA_STRUCT && path->steps[i].name
			    ? schema_child(f, path->steps[i].name, path->steps[i].len)
			    : NULL;
	if (!f || f == &schema->root) {
		strbuf_addf(err, "there is no column '%s'", name);
		return -EINVAL;
	}
	if (schema_has_children(f->type)) {
		strbuf_addf(err, "column '%s' has no order: it is %s", name, schema_type_name(f));
		return -EINVAL;
	}
	*ret = f;
	return 0;
}

/* Whether NAME is one of the partition columns of LAYOUT. */
static bool is_partition(const struct layout *layout, const char *name)
{
	for (size_t i = 0; layout && i < layout->count; i++)
		if (strcmp(layout->columns[i], name) == 0)
			return true;
	return false;
}

/* Add the column whose path TEXT begins with; *USED is its length. */
static int add(const struct schema *schema, const struct layout *layout, const char *text, size_t *used,
	struct sort_by *by, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	struct path path;
	const struct schema_field *field = NULL;
	int r = path_scan_column(&path, text, strlen(text), used, err);
	if (r < 0)
		return r;
	strbuf_add(&name, text, *used);
	r = follow(schema, &path, name.s, &field, err);
	if (r == 0 && path.count == 1 && is_partition(layout, field->name)) {
		strbuf_addf(err, "'%s' is a partition column: all rows of a file have the same", name.s);
		r = -EINVAL;
	}
	if (r == 0) {
		by->fields = xreallocarray(by->fields, by->count + 1, sizeof *by->fields);
		by->fields[by->count++] = field;
	}
	path_release(&path);
	strbuf_release(&name);
	return r;
}

int sort_by_find(const struct schema *schema, const struct layout *layout, const char *list, struct sort_by *ret,
	struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	size_t used, at = 0;
	*ret = (struct sort_by){0};
	int r = add(schema, layout, list, &used, ret, &why);
	for (at = used; r == 0 && list[at]; at += used) {
		if (list[at++] != ',') {
			strbuf_addf(&why, "a comma is missing at character %zu", at);
			r = -EINVAL;
			break;
		}
		r = add(schema, layout, list + at, &used, ret, &why);
	}
	if (r < 0)
		strbuf_addf(err, "--sort-by: %s", why.s);
	strbuf_release(&why);
	return r;
}

/* The number of the leaf of FIELD below NODE, SIZE_MAX: it is not there. */
static size_t leaf_of(const struct pq_node *node, const struct schema_field *field)
{
	if (node->field == field)
		return node->first;
	for (size_t i = 0; node->field->type == SCHEMA_STRUCT && i < node->field->count; i++) {
		size_t found = leaf_of(&node->child[i], field);
		if (found != SIZE_MAX)
			return found;
	}
	return SIZE_MAX;
}

size_t sort_by_leaf(const struct sort_by *by, size_t i, const struct pq_columns *columns)
{
	return leaf_of(&columns->root, by->fields[i]);
}
