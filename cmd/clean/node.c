/* The tree of paths: see node.h. */
#include "cmd/clean/node.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

enum { FEW = 16 }; /* children, which are compared one by one */

static bool is_called(const struct node *n, const char *name, size_t len)
{
	return n->name && n->len == len && memcmp(n->name, name, len) == 0;
}

/* C, a child of PARENT, is the next one of the index. */
static void enter(struct node *parent, struct node *c)
{
	bool added;

	if (!c->name)
		return;
	const uint32_t number = name_index_add(parent->names, c->name, c->len, &added);
	if ((number & (number - 1)) == 0)
		parent->named = xreallocarray(parent->named, number ? 2 * (size_t)number : 1, sizeof *parent->named);
	parent->named[number] = c;
}

static void make_index(struct node *parent)
{
	parent->names = xcalloc(1, sizeof *parent->names);
	for (struct node *c = parent->child; c; c = c->sibling)
		enter(parent, c);
}

struct node *node_find(const struct node *node, const char *name, size_t len)
{
	struct node *c = node->child;

	if (node->names) {
		const uint32_t number = name_index_find(node->names, name, len);
		return number == NAME_INDEX_NONE ? NULL : node->named[number];
	}
	while (c && !is_called(c, name, len))
		c = c->sibling;
	return c;
}

struct node *node_find_element(const struct node *node, uint32_t index)
{
	struct node *c = node->child;

	while (c && (c->name || c->index != index))
		c = c->sibling;
	return c;
}

struct node *node_add(struct node *parent, const struct path_step *step)
{
	struct node *c = step->name ? node_find(parent, step->name, step->len) : node_find_element(parent, step->index);

	if (c)
		return c;
	c = xcalloc(1, sizeof *c);
	*c = (struct node){.name = step->name, .len = step->len, .index = step->index, .cell = -1, .parent = parent};
	*(parent->last ? &parent->last->sibling : &parent->child) = c;
	parent->last = c;
	if (parent->names)
		enter(parent, c);
	else if (++parent->children > FEW)
		make_index(parent);
	return c;
}

void node_release(struct node *node)
{
	while (node->child) {
		struct node *c = node->child;
		node->child = c->sibling;
		node_release(c);
		free(c);
	}
	if (node->names)
		name_index_release(node->names);
	free(node->names);
	free(node->named);
	*node = (struct node){.cell = node->cell};
}
