/* A record while rules are applied to it: see doc.h. */
#include "cmd/clean/doc.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/jsonout.h"

#define BLOCK (64u << 10)

struct scratch_block {
	struct scratch_block *older;
	char bytes[];
};

char *scratch_get(struct scratch *s, size_t size)
{
	if (size > s->left) {
		size_t room = size > BLOCK ? size : BLOCK;
		struct scratch_block *b = xmalloc(sizeof *b + room);
		b->older = s->blocks;
		s->blocks = b;
		s->free = b->bytes;
		s->left = room;
	}
	char *p = s->free;
	s->free += size;
	s->left -= size;
	return p;
}

void scratch_release(struct scratch *s)
{
	while (s->blocks) {
		struct scratch_block *b = s->blocks;
		s->blocks = b->older;
		free(b);
	}
	*s = (struct scratch){0};
}

/* Keep the first block: most records need no more. */
void scratch_clear(struct scratch *s)
{
	if (!s->blocks)
		return;
	if (s->blocks->older || s->free + s->left > s->blocks->bytes + BLOCK) {
		scratch_release(s);
		return;
	}
	s->free = s->blocks->bytes;
	s->left = BLOCK;
}

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
	scratch_release(&d->scratch);
	strbuf_release(&d->out);
	free(d->cells);
	free(d->members);
	free(d->map);
}

static bool same_step(const struct path_step *a, const struct path_step *b)
{
	if (!a->name || !b->name)
		return !a->name && !b->name && a->index == b->index;
	return a->len == b->len && memcmp(a->name, b->name, a->len) == 0;
}

bool path_covers(const struct path *a, const struct path *b)
{
	if (a->count > b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!same_step(&a->steps[i], &b->steps[i]))
			return false;
	return true;
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
	scratch_clear(&d->scratch);
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

bool cell_number(const struct field_edit *c, long double *ret)
{
	switch (c->v.type) {
	case VALUE_INT:
	case VALUE_DOUBLE:
	case VALUE_NUMBER:
		return rules_number(c->v.raw, c->v.raw_len, ret);
	case VALUE_TEXT:
		return rules_number(c->v.s, c->v.len, ret);
	default:
		return false;
	}
}

void doc_set(struct doc *d, struct field_edit *c)
{
	if (c->state != CELL_SET)
		c->late = d->kept;
	c->state = CELL_SET;
	d->changed = true;
}

void doc_set_json(struct doc *d, struct field_edit *c, enum value_type type, const char *raw, size_t raw_len,
	const char *s, size_t len)
{
	c->v = (struct value){.type = d->columns && type != VALUE_NULL ? VALUE_TEXT : type,
		.raw = raw,
		.raw_len = raw_len,
		.s = s,
		.len = len};
	if (c->v.type == VALUE_BOOL)
		c->v.b = *s == 't';
	else if (c->v.type == VALUE_INT || c->v.type == VALUE_DOUBLE || c->v.type == VALUE_NUMBER)
		(void)!value_of_text(s, len, &c->v); /* it is a number */
	doc_set(d, c);
}

void doc_set_string(struct doc *d, struct field_edit *c, const char *s, size_t len)
{
	char *raw = NULL, *end = NULL;
	if (!d->columns) {
		raw = scratch_get(&d->scratch, JSONOUT_MAX(len));
		end = jsonout_string(raw, s, len);
	}
	doc_set_json(d, c, VALUE_STRING, raw, (size_t)(end - raw), s, len);
}

void doc_set_null(struct doc *d, struct field_edit *c)
{
	doc_set_json(d, c, VALUE_NULL, "null", 4, "", 0);
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
