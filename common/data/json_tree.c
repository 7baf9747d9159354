/* JSON: the tree of wanted paths. */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_impl.h"
#include "common/data/name_index.h"

#define FEW 16 /* so many children are found one after the other */

/* The children of a node that has many: the names and, as their bytes, the numbers of elements, and what they lead to.
 */
struct json_many {
	struct name_index names, elements;
	struct json_node **name, **element;
};

struct json_node *json_many_name(const struct json_many *many, const char *name, size_t len)
{
	uint32_t i = name_index_find(&many->names, name, len);

	return i == NAME_INDEX_NONE ? NULL : many->name[i];
}

struct json_node *json_many_element(const struct json_many *many, uint32_t element)
{
	uint32_t i = name_index_find(&many->elements, (const char *)&element, sizeof element);

	return i == NAME_INDEX_NONE ? NULL : many->element[i];
}

/* CHILD is none that is there. */
static void many_add(struct json_many *many, struct json_node *child)
{
	bool is_new;
	const char *number = (const char *)&child->element;

	if (child->name) {
		uint32_t i = name_index_add(&many->names, child->name, child->len, &is_new);
		many->name = xroom((void *)many->name, i, sizeof *many->name);
		many->name[i] = child;
	} else {
		uint32_t i = name_index_add(&many->elements, number, sizeof child->element, &is_new);
		many->element = xroom((void *)many->element, i, sizeof *many->element);
		many->element[i] = child;
	}
}

static void many_free(struct json_many *many)
{
	if (!many)
		return;
	name_index_release(&many->names);
	name_index_release(&many->elements);
	free((void *)many->name);
	free((void *)many->element);
	free(many);
}

void json_tree_release(struct json_node *node)
{
	struct json_node *child = node->child;

	many_free(node->many);
	while (child) {
		struct json_node *next = child->sibling;
		json_tree_release(child);
		free(child->name);
		free(child);
		child = next;
	}
}

/* The child of NODE to which STEP leads, or NULL. */
static struct json_node *find(const struct json_node *node, const struct path_step *step)
{
	if (node->many)
		return step->name ? json_many_name(node->many, step->name, step->len)
				  : json_many_element(node->many, step->index);
	struct json_node *child = node->child;
	for (; child; child = child->sibling)
		if (step->name ? child->name && child->len == step->len &&
					 memcmp(child->name, step->name, step->len) == 0
			       : !child->name && child->element == step->index)
			break;
	return child;
}

/* CHILD is the next child of NODE. */
static void append(struct json_node *node, struct json_node *child)
{
	if (node->last)
		node->last->sibling = child;
	else
		node->child = child;
	node->last = child;
	if (node->many) {
		many_add(node->many, child);
	} else if (++node->children > FEW) {
		node->many = xcalloc(1, sizeof *node->many);
		for (child = node->child; child; child = child->sibling)
			many_add(node->many, child);
	}
}

static struct json_node *add_step(struct json_node *node, const struct path_step *step)
{
	struct json_node *child = find(node, step);

	if (child)
		return child;
	child = xcalloc(1, sizeof(*child));
	child->slot = -1;
	if (step->name) {
		child->name = xstrndup(step->name, step->len);
		child->len = step->len;
		node->has_names = true;
		node->lens |= UINT64_C(1) << (step->len < 63 ? step->len : 63);
	} else {
		child->element = step->index;
		node->has_elements = true;
		if (step->index > node->last_element)
			node->last_element = step->index;
	}
	append(node, child);
	return child;
}

struct json_node *json_tree_add(struct json_node *root, const struct path *path)
{
	struct json_node *node = root;

	for (size_t i = 0; i < path->count; i++)
		node = add_step(node, &path->steps[i]);
	return node;
}
