/* The paths of all fields that rules name, as a tree. */
#ifndef WEIR_CMD_CLEAN_NODE_H
#define WEIR_CMD_CLEAN_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/data/name_index.h"
#include "common/data/path.h"

/* A node is one step. */
struct node {
	const char *name; /* owned by the path; NULL: an element of an array, or the root */
	size_t len;
	uint32_t index;
	int cell;                              /* -1: it only leads to others */
	bool keep;                             /* it is kept with everything below */
	bool leads;                            /* something below is kept */
	struct node *parent, *child, *sibling; /* children and siblings are owned */
	struct node *last;                     /* child */
	size_t children;                       /* until there is an index of them: */
	struct name_index *names;              /* NULL: they are few */
	struct node **named;                   /* the children that have names, by their numbers there */
	/* Of the current record. */
	uint64_t seen;      /* the serial number of the record in which it was found */
	const char *member; /* its place; of members with the same name, the last one */
};

/* The child of PARENT that STEP is, which is made if there is none; STEP's name is kept. */
struct node *node_add(struct node *parent, const struct path_step *step);

/* The child that has the LEN bytes at NAME as its name, or the element INDEX; NULL: there is none. */
struct node *node_find(const struct node *node, const char *name, size_t len);
struct node *node_find_element(const struct node *node, uint32_t index);

/* Free what is below NODE. */
void node_release(struct node *node);

#endif
