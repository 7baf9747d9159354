/* Which columns of a file are wanted: see scan.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/scan_impl.h"

#define REPEATED 2

/* The current place in the schema of the file. */
struct scan_walk {
	struct scan *scan;
	size_t element, leaf; /* the next ones */
	size_t room;          /* for leaves */
	struct strbuf *err;
};

/* The levels of the field above. */
struct scan_levels {
	unsigned def, rep;
};

static int build_value(
	struct scan_walk *w, const struct schema_field *want, struct scan_levels above, struct pq_field *ret);

/* Skip an element with everything below it. */
static void pass(struct scan_walk *w)
{
	for (size_t left = 1; left && w->element < w->scan->file->count; left--) {
		const struct pq_element *e = &w->scan->file->elements[w->element++];
		left += (size_t)e->children;
		w->leaf += e->children == 0;
	}
}

static int misfit(const struct scan_walk *w, const struct schema_field *want, const char *why)
{
	struct strbuf path = STRBUF_INIT;
	schema_path(w->scan->want->schema, want, &path);
	strbuf_addf(w->err, "column '%s' %s", path.s, why);
	strbuf_release(&path);
	return -EBADMSG;
}

static int build_leaf(struct scan_walk *w, const struct pq_element *e, struct pq_field *ret)
{
	struct scan *scan = w->scan;
	size_t n = scan->seen.leaves;
	const char *why = "does not have the type that it must have";
	if (n == w->room) {
		size_t had = w->room;
		w->room = 2 * w->room + 8;
		scan->seen.leaf = xreallocarray(scan->seen.leaf, w->room, sizeof *scan->seen.leaf);
		scan->column = xreallocarray(scan->column, w->room, sizeof *scan->column);
		memset(scan->column + had, 0, (w->room - had) * sizeof *scan->column);
	}
	if (e->children || pq_convert_find(e, ret->field, &scan->column[n].convert, &why) < 0)
		return misfit(w, ret->field, why);
	const struct pq_file_leaf *leaf = &scan->file->leaf[w->leaf];
	scan->seen.leaf[n] = (struct pq_scan_leaf){.field = ret->field,
		.number = w->leaf++,
		.max_def = leaf->max_def,
		.max_rep = leaf->max_rep,
		.width = pq_value_width(ret->field)};
	scan->seen.leaves++;
	return 0;
}

/* Whether E, a child of a struct, is the field F. */
static bool is_field(const struct scan_walk *w, const struct pq_element *e, const struct schema_field *f)
{
	const struct pq_want *want = w->scan->want;
	if (want->by_id)
		return e->field_id == f->id;
	return strcmp(e->name, want->name ? want->name(want->arg, f) : f->name) == 0;
}

/* The number of the child of WANT that E is, most likely HINT; -1: it is none. */
static ptrdiff_t find_child(
	const struct scan_walk *w, const struct pq_element *e, const struct schema_field *want, size_t hint)
{
	if (hint < want->count && is_field(w, e, &want->children[hint]))
		return (ptrdiff_t)hint;
	for (size_t i = 0; i < want->count; i++)
		if (is_field(w, e, &want->children[i]))
			return (ptrdiff_t)i;
	return -1;
}

static struct pq_field *make_children(struct pq_field *parent)
{
	parent->child = xcalloc(parent->field->count ? parent->field->count : 1, sizeof *parent->child);
	for (size_t i = 0; i < parent->field->count; i++)
		parent->child[i] = (struct pq_field){.field = &parent->field->children[i], .missing = true};
	return parent->child;
}

static int build_struct(struct scan_walk *w, const struct pq_element *e, struct scan_levels own, struct pq_field *ret)
{
	struct pq_field *child = make_children(ret);
	size_t hint = 0;
	int r = 0;
	for (int i = 0; r == 0 && i < e->children; i++) {
		ptrdiff_t n = find_child(w, &w->scan->file->elements[w->element], ret->field, hint);
		if (n < 0 || !child[n].missing) {
			pass(w);
			continue;
		}
		hint = (size_t)n + 1;
		r = build_value(w, child[n].field, own, &child[n]);
	}
	return r;
}

/* The inner levels of a list or map are those of its repeated element. */
static struct scan_levels repeat(struct scan_levels own, struct pq_field *ret)
{
	struct scan_levels inner = {own.def + 1, own.rep + 1};
	ret->inner = (uint8_t)inner.def;
	ret->rep = (uint8_t)inner.rep;
	return inner;
}

/* Build the type of E, whose element was passed and whose levels are OWN, whatever its repetition. */
static int build_type(struct scan_walk *w, const struct pq_element *e, struct scan_levels own, struct pq_field *ret)
{
	const struct schema_field *want = ret->field;
	const struct pq_element *inner = e + 1;
	ret->def = (uint8_t)own.def;
	ret->missing = false;
	ret->first = w->scan->seen.leaves;
	if (!schema_has_children(want->type))
		return build_leaf(w, e, ret);
	if (want->type == SCHEMA_STRUCT && e->children && !pq_is_list(e) && !pq_is_map(e))
		return build_struct(w, e, own, ret);
	if (want->type == SCHEMA_STRUCT || e->children != 1 || inner->repetition != REPEATED)
		return misfit(w, want, "does not have the type that it must have");
	struct scan_levels levels = repeat(own, ret);
	struct pq_field *child = make_children(ret);
	w->element++;
	if (want->type == SCHEMA_LIST && pq_list_is_two_levels(e, inner)) {
		int r = build_type(w, inner, levels, &child[0]);
		child[0].leaves = w->scan->seen.leaves - child[0].first;
		return r;
	}
	if ((size_t)inner->children != want->count)
		return misfit(w, want, "does not have the type that it must have");
	int r = 0;
	for (size_t i = 0; r == 0 && i < want->count; i++)
		r = build_value(w, &want->children[i], levels, &child[i]);
	return r;
}

/* A field of which the file has nothing that is wanted is missing. */
static void settle(struct scan_walk *w, struct pq_field *f)
{
	f->leaves = w->scan->seen.leaves - f->first;
	bool whole = !f->child || f->field->type == SCHEMA_STRUCT;
	for (size_t i = 0; f->child && i < f->field->count; i++)
		whole |= f->child[i].leaves > 0;
	if (f->leaves && whole)
		return;
	const struct schema_field *field = f->field;
	scan_field_release(f);
	*f = (struct pq_field){.field = field, .missing = true};
}

/* Build WANT from the next element of the file.  A repeated one that nothing marks is a list. */
static int build_value(
	struct scan_walk *w, const struct schema_field *want, struct scan_levels above, struct pq_field *ret)
{
	const struct pq_element *e = &w->scan->file->elements[w->element++];
	struct scan_levels own = {above.def + (e->repetition != 0), above.rep + (e->repetition == REPEATED)};
	int r;
	*ret = (struct pq_field){.field = want, .first = w->scan->seen.leaves};
	if (e->repetition != REPEATED) {
		r = build_type(w, e, own, ret);
	} else if (want->type != SCHEMA_LIST) {
		r = misfit(w, want, "is a list in the file");
	} else {
		ret->def = (uint8_t)above.def;
		repeat(above, ret);
		r = build_type(w, e, own, &make_children(ret)[0]);
		ret->child[0].leaves = w->scan->seen.leaves - ret->child[0].first;
	}
	if (r == 0)
		settle(w, ret);
	return r;
}

void scan_field_release(struct pq_field *field)
{
	for (size_t i = 0; field->child && i < field->field->count; i++)
		scan_field_release(&field->child[i]);
	free(field->child);
	field->child = NULL;
}

int scan_plan(struct scan *scan, struct strbuf *err)
{
	struct scan_walk walk = {.scan = scan, .element = 1, .err = err};
	scan->seen.root = (struct pq_field){.field = &scan->want->schema->root};
	int r = build_struct(&walk, &scan->file->elements[0], (struct scan_levels){0, 0}, &scan->seen.root);
	scan->seen.root.leaves = scan->seen.leaves;
	return r;
}
