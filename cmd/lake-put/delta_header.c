/* Columns of records and of a table: see delta_header.h. */
#include "delta_header.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/schema_clash.h"
#include "common/data/schema_name.h"

void delta_header_release(struct delta_header *h)
{
	for (size_t i = 0; h->names && i < h->count; i++)
		free(h->names[i]);
	free(h->names);
	free(h->from);
	free(h->new);
	free(h->row);
	*h = (struct delta_header){0};
}

/* Check that no two names are alike.  Empty names, with which exports of spreadsheets often end, are ignored. */
static int check_clash(const struct delta_header *h, struct strbuf *err)
{
	struct schema_field all = {.children = xcalloc(h->count, sizeof *all.children)};
	for (size_t i = 0; i < h->count; i++)
		if (*h->names[i])
			all.children[all.count++].name = h->names[i];
	int r = schema_clash(&all, err) < 0 ? -EILSEQ : 0;
	free(all.children);
	return r;
}

int delta_header_read(struct delta_header *h, const struct value *names, size_t count, struct strbuf *err)
{
	delta_header_release(h);
	h->names = xcalloc(count, sizeof *h->names);
	h->new = xcalloc(count, sizeof *h->new);
	h->count = count;
	for (size_t i = 0; i < count; i++) {
		const char *fault = names[i].len ? schema_name_fault(names[i].s, names[i].len) : NULL;
		h->names[i] = xstrndup(names[i].s, names[i].len);
		if (!fault)
			continue;
		strbuf_addf(err, "the name of column %zu ", i + 1);
		strbuf_addstr(err, fault);
		return -EILSEQ;
	}
	return check_clash(h, err);
}

/* The table lacks column I of the records, which has a name. */
static int bind_new(struct delta_header *h, size_t i, const struct schema_field *root, enum shred_new on_new, bool tell,
	struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT, shown = STRBUF_INIT;
	const struct schema_field *like = schema_child_alike(root, h->names[i], strlen(h->names[i]));
	int r = like || on_new == SHRED_NEW_FAIL ? -EILSEQ : 0;
	schema_name_print(h->names[i], strlen(h->names[i]), &name);
	visible_add(&shown, name.s, name.len);
	if (like)
		strbuf_addf(err, "field %s: the name of the column is '%s', and names that differ in case only are one",
			shown.s, like->name);
	else if (r < 0)
		strbuf_addf(err,
			"field %s: the table has no such column; --on-new-field ignore leaves such fields out, and add "
			"makes columns of them",
			shown.s);
	else if (on_new == SHRED_NEW_IGNORE && tell)
		warn("field %s: the table has no such column, and it is ignored", shown.s);
	h->new[i] = r == 0 && on_new == SHRED_NEW_ADD;
	h->news += h->new[i];
	strbuf_release(&name);
	strbuf_release(&shown);
	return r;
}

int delta_header_bind(
	struct delta_header *h, const struct schema *columns, enum shred_new on_new, bool tell, struct strbuf *err)
{
	const struct schema_field *root = &columns->root;
	int r = 0;
	if (!h->names)
		h->count = root->count;
	h->fields = root->count;
	h->news = 0;
	h->from = xreallocarray(h->from, root->count, sizeof *h->from);
	h->row = xreallocarray(h->row, root->count, sizeof *h->row);
	for (size_t i = 0; i < root->count; i++)
		h->from[i] = h->names ? h->count : i;
	for (size_t i = 0; r == 0 && h->names && i < h->count; i++) {
		/* both mostly have the same order */
		const struct schema_field *f = i < root->count && strcmp(root->children[i].name, h->names[i]) == 0
						       ? &root->children[i]
						       : schema_child(root, h->names[i], strlen(h->names[i]));
		h->new[i] = false;
		if (f)
			h->from[f - root->children] = i;
		else if (*h->names[i] || on_new == SHRED_NEW_FAIL)
			r = bind_new(h, i, root, on_new, tell, err);
	}
	return r;
}

const struct value *delta_header_row(struct delta_header *h, const struct value *values)
{
	for (size_t i = 0; i < h->fields; i++)
		h->row[i] = h->from[i] < h->count ? values[h->from[i]] : (struct value){.type = VALUE_MISSING};
	return h->row;
}

bool delta_header_brings(const struct delta_header *h, const struct value *values)
{
	bool brings = false;
	for (size_t i = 0; h->news && !brings && i < h->count; i++)
		brings = h->new[i] && !value_is_null(&values[i]);
	return brings;
}
