/* Which columns of a file are wanted: see rows.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/rows_impl.h"

/* The current place in the schema of the file. */
struct rows_walk {
	struct pq_rows *rows;
	size_t element, leaf; /* the next ones */
	struct strbuf *err;
};

static int build(
	struct rows_walk *w, const struct schema_field *want, unsigned def, unsigned rep, struct rows_node *node);

/* Skip an element with everything below it. */
static void pass(struct rows_walk *w)
{
	for (size_t left = 1; left && w->element < w->rows->file->count; left--) {
		const struct pq_element *e = &w->rows->file->elements[w->element++];
		left += e->children > 0 ? (size_t)e->children : 0;
		w->leaf += e->children == 0;
	}
}

static int misfit(const struct rows_walk *w, const struct schema_field *want)
{
	strbuf_addf(w->err, "column '%s' does not have the type that it must have", want->name ? want->name : "");
	return -EBADMSG;
}

static int build_leaf(struct rows_walk *w, const struct pq_element *e, struct rows_node *node)
{
	enum schema_type type = node->field->type;
	bool integer = type == SCHEMA_INT32 || type == SCHEMA_INT64;
	bool fits = (type == SCHEMA_STRING && e->physical == PQ_BYTE_ARRAY) ||
		    (type == SCHEMA_BOOL && e->physical == PQ_BOOLEAN) ||
		    (integer && (e->physical == PQ_INT32 || e->physical == PQ_INT64));
	if (!fits || e->children)
		return misfit(w, node->field);
	struct pq_rows *rows = w->rows;
	rows->leaf[rows->leaves++] =
		(struct rows_leaf){.number = w->leaf++, .max_def = node->def, .physical = e->physical};
	return 0;
}

static int build_struct(struct rows_walk *w, const struct pq_element *e, unsigned rep, struct rows_node *node)
{
	int r = 0;
	node->child = xcalloc(node->field->count ? node->field->count : 1, sizeof *node->child);
	for (int i = 0; r == 0 && i < e->children; i++) {
		const struct pq_element *child = &w->rows->file->elements[w->element];
		const struct schema_field *want = schema_child(node->field, child->name, strlen(child->name));
		bool again = false;
		for (size_t k = 0; k < node->count; k++)
			again |= node->child[k].field == want;
		if (!want || again) {
			pass(w);
			continue;
		}
		struct rows_node *next = &node->child[node->count++];
		r = build(w, want, node->def, rep, next);
		if (r == 0 && !next->leaves) { /* it has none of the wanted columns */
			pq_rows_node_release(next);
			node->count--;
		}
	}
	return r;
}

/*
 * A list or map has one repeated field inside, which is the element itself (in old files), has the element as its only
 * child, or has a key and a value.
 */
static int build_repeated(struct rows_walk *w, const struct pq_element *e, unsigned rep, struct rows_node *node)
{
	const struct schema_field *want = node->field;
	const struct pq_element *repeated = &w->rows->file->elements[w->element];
	if (e->children != 1 || repeated->repetition != 2)
		return misfit(w, want);
	node->inner = node->def + 1;
	node->rep = rep + 1;
	node->child = xcalloc(want->count, sizeof *node->child);
	node->count = want->count;
	if (!repeated->children && want->type == SCHEMA_LIST)
		return build(w, &want->children[0], node->def, rep, &node->child[0]);
	if ((size_t)repeated->children != want->count)
		return misfit(w, want);
	w->element++;
	int r = 0;
	for (size_t i = 0; r == 0 && i < want->count; i++)
		r = build(w, &want->children[i], node->inner, node->rep, &node->child[i]);
	return r;
}

/* Build WANT from the next element of the file; the element above it has these levels. */
static int build(
	struct rows_walk *w, const struct schema_field *want, unsigned def, unsigned rep, struct rows_node *node)
{
	const struct pq_element *e = &w->rows->file->elements[w->element++];
	bool root = !want->name;
	*node = (struct rows_node){.field = want, .def = def + (!root && e->repetition != 0), .first = w->rows->leaves};
	int r;
	if (want->type == SCHEMA_STRUCT)
		r = build_struct(w, e, rep, node);
	else if (want->type == SCHEMA_LIST || want->type == SCHEMA_MAP)
		r = build_repeated(w, e, rep, node);
	else
		r = build_leaf(w, e, node);
	node->leaves = w->rows->leaves - node->first;
	return r;
}

void pq_rows_node_release(struct rows_node *node)
{
	for (size_t i = 0; i < node->count; i++)
		pq_rows_node_release(&node->child[i]);
	free(node->child);
}

int pq_rows_build(struct pq_rows *rows, const struct schema *want, struct strbuf *err)
{
	struct rows_walk walk = {.rows = rows, .err = err};
	int r = build(&walk, &want->root, 0, 0, &rows->root);
	if (r == 0 && !rows->leaves) {
		strbuf_addstr(err, "it has none of the columns that it has to have");
		r = -EBADMSG;
	}
	return r;
}
