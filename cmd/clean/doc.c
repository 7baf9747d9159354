/* A record while rules are applied to it: see doc.h. */
#include "cmd/clean/doc.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void doc_init(struct doc *d, bool named)
{
	memset(d, 0, sizeof *d);
	d->named = named;
	d->root.cell = d->record = -1;
	strbuf_init(&d->out);
}

void doc_release(struct doc *d)
{
	node_release(&d->root);
	arena_release(&d->texts);
	strbuf_release(&d->out);
	free(d->cells);
	free(d->numbered);
	free(d->members);
	free(d->map);
}

/* Where the index of the cell of column NUMBER is noted. */
static int *cell_of_column(struct doc *d, uint32_t number)
{
	size_t count = d->numbered_count;

	if (count < number) {
		count = 2 * count > number ? 2 * count : number;
		d->numbered = xreallocarray(d->numbered, count, sizeof *d->numbered);
		while (d->numbered_count < count)
			d->numbered[d->numbered_count++] = -1;
	}
	return &d->numbered[number - 1];
}

int doc_cell(struct doc *d, const struct expr_field *field)
{
	struct node *node = field->path.count ? &d->root : NULL;
	for (size_t i = 0; i < field->path.count; i++)
		node = node_add(node, &field->path.steps[i]);
	int *cell = field->column ? cell_of_column(d, field->column) : node ? &node->cell : &d->record;
	if (*cell >= 0)
		return *cell;
	if ((d->count & (d->count - 1)) == 0)
		d->cells = xreallocarray(d->cells, d->count ? 2 * d->count : 1, sizeof *d->cells);
	d->cells[d->count] = (struct field_edit){.field = field, .source = -1, .node = node};
	return *cell = (int)d->count++;
}

void doc_load(struct doc *d, const char *rec, size_t len, const struct value *values)
{
	d->rec = rec;
	d->len = len;
	d->serial++;
	d->changed = d->hidden; /* the header lacks these columns, whatever becomes of the others */
	d->kept = false;
	d->problem = NULL;
	arena_clear(&d->texts);
	for (size_t i = 0; i < d->count; i++) {
		struct field_edit *c = &d->cells[i];
		c->v = (struct value){.type = VALUE_MISSING};
		if (c->source >= 0)
			c->v = values[c->source];
		c->state = CELL_SAME;
		/* Columns must stay below their names, even where a record is short. */
		c->present = d->columns ? c->source >= 0 : c->v.type != VALUE_MISSING;
		c->written = false;
		c->moved_to = -1;
	}
}

void doc_set(struct doc *d, struct field_edit *c)
{
	if (c->state != CELL_SET)
		c->late = d->kept;
	c->state = CELL_SET;
	d->changed = true;
}

int doc_stands_in(const struct doc *d, int cell)
{
	int to = d->cells[cell].moved_to;
	for (size_t hops = 0; to >= 0 && hops <= d->count; hops++) {
		const struct field_edit *t = &d->cells[to];
		if (t->state == CELL_SET)
			return t->written || (t->present && t->moved_to < 0) ? -1 : to;
		to = t->moved_to;
	}
	return -1;
}
