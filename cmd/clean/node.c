/* The tree of paths: see node.h. */
#include "cmd/clean/node.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/hash.h"

enum { FEW = 16 }; /* children, which are compared one by one */

/* The names are those of rules, which nobody chooses to collide. */
static const struct hash_seed seed = {{UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd1b54a32d192ed03), 1}};

static bool is_called(const struct node *n, const char *name, size_t len)
{
	return n->name && n->len == len && memcmp(n->name, name, len) == 0;
}

/* The place of the child NAME, or the free one where it belongs. */
static struct node **place(const struct node *parent, const char *name, size_t len)
{
	size_t i = hash_bytes(&seed, name, len) & (parent->size - 1);

	while (parent->places[i] && !is_called(parent->places[i], name, len))
		i = (i + 1) & (parent->size - 1);
	return &parent->places[i];
}

static void make_places(struct node *parent)
{
	free(parent->places);
	parent->size = parent->size ? 2 * parent->size : 4 * FEW;
	parent->places = xcalloc(parent->size, sizeof *parent->places);
	for (struct node *c = parent->child; c; c = c->sibling)
		if (c->name)
			*place(parent, c->name, c->len) = c;
}

struct node *node_find(const struct node *node, const char *name, size_t len)
{
	struct node *c = node->child;

	if (node->places)
		return *place(node, name, len);
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
	if (++parent->children > FEW && 2 * parent->children > parent->size)
		make_places(parent);
	else if (c->name && parent->places)
		*place(parent, c->name, c->len) = c;
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
	free(node->places);
	*node = (struct node){.cell = node->cell};
}
