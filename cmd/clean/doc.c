/* A record while rules are applied to it: see doc.h. */
#include "cmd/clean/doc.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void doc_init(struct doc *d, bool named)
{
	memset(d, 0, sizeof *d);
	d->named = named;
	d->root.cell = -1;
	strbuf_init(&d->out);
}

static void node_release(struct node *n)
{
	while (n->child) {
		struct node *c = n->child;
		n->child = c->sibling;
		node_release(c);
		free(c);
	}
}

void doc_release(struct doc *d)
{
	node_release(&d->root);
	arena_release(&d->texts);
	strbuf_release(&d->out);
	free(d->cells);
	free(d->members);
	free(d->map);
}

static bool same_field(const struct expr_field *a, const struct expr_field *b)
{
	return a->column == b->column && a->path.count == b->path.count && path_covers(&a->path, &b->path);
}

static bool is_step(const struct node *n, const struct path_step *step)
{
	if (!n->name || !step->name)
		return !n->name && !step->name && n->index == step->index;
	return n->len == step->len && memcmp(n->name, step->name, n->len) == 0;
}

static struct node *add_step(struct node *parent, const struct path_step *step)
{
	struct node **end = &parent->child;
	for (; *end; end = &(*end)->sibling)
		if (is_step(*end, step))
			return *end;
	*end = xcalloc(1, sizeof **end);
	**end = (struct node){.name = step->name, .len = step->len, .index = step->index, .cell = -1, .parent = parent};
	return *end;
}

int doc_cell(struct doc *d, const struct expr_field *field)
{
	for (size_t i = 0; i < d->count; i++)
		if (same_field(d->cells[i].field, field))
			return (int)i;
	d->cells = xreallocarray(d->cells, d->count + 1, sizeof *d->cells);
	struct field_edit *c = &d->cells[d->count];
	*c = (struct field_edit){.field = field, .source = -1};
	if (!field->column && field->path.count) {
		c->node = &d->root;
		for (size_t i = 0; i < field->path.count; i++)
			c->node = add_step(c->node, &field->path.steps[i]);
		c->node->cell = (int)d->count;
	}
	return (int)d->count++;
}

void doc_load(struct doc *d, const char *rec, size_t len, const struct value *values)
{
	d->rec = rec;
	d->len = len;
	d->serial++;
	d->changed = d->kept = false;
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
