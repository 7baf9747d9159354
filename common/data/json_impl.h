/*
 * Private to json*.c.
 *
 * How a record is read.  simdjson's first stage (json.cc) finds the tokens (json_tokens.h), for a chunk of many records
 * at once, which is what makes short records fast.  json_walk.c then checks the tokens of one record against the
 * grammar and follows the tree of wanted paths.  simdjson's own On-Demand would do the second step, too, but its
 * inlined half is compiled for the oldest x86-64 without -march, it stops at the first bad record of a chunk, and it
 * leaves unchecked what is not asked for.
 */
#ifndef WEIR_DATA_JSON_IMPL_H
#define WEIR_DATA_JSON_IMPL_H

#include "common/data/json.h"
#include "common/data/json_index.h"

/*
 * Bytes of a span that are indexed at once, up to the last record that ends there: text and tokens (up to four times as
 * large) stay in the second-level cache.
 */
#define JSON_CHUNK (64u << 10)

/* A node of the tree of wanted paths. */
struct json_node {
	char *name; /* owned; NULL: an element of an array (or the root) */
	size_t len;
	uint32_t element;
	int slot;              /* index of its value; -1: the node only leads to others */
	uint64_t lens;         /* bit min(len, 63) is set for every child's name: this distinguishes most members */
	uint32_t last_element; /* the highest element among the children */
	bool has_names, has_elements;
	struct json_node *child, *sibling; /* owned */
	struct json_node *last;            /* child */
	size_t children;                   /* as long as they are few */
	struct json_many *many;            /* owned; finds the children; NULL: they are few */
};

/*
 * The tree of wanted paths (json_tree.c).  json_tree_add() returns the node of PATH below ROOT, which it adds if there
 * is none; json_tree_release() frees all below NODE.
 */
struct json_node *json_tree_add(struct json_node *root, const struct path *path) __attribute__((returns_nonnull));
void json_tree_release(struct json_node *node); /* it recurses over the steps of a path, at most PATH_MAX_STEPS */

/* A child of a node that has many, or NULL. */
struct json_node *json_many_name(const struct json_many *many, const char *name, size_t len);
struct json_node *json_many_element(const struct json_many *many, uint32_t element);

struct json {
	struct json_index *index;
	struct json_node root;
	struct value *values;
	size_t slots;
	char *scratch; /* texts of strings with escapes; as large as the record */
	size_t scratch_len, scratch_cap;
	struct json_error error;
	/* The span, its part that is indexed, and the next record. */
	const char *next, *chunk, *chunk_end, *span_end;
	/* start of the next record; after json_read(), the start of that record, and its length: */
	const uint32_t *tokens;
	uint32_t read_len;
	char delim;
	int within;      /* how many levels of nesting are above each record */
	bool one_by_one; /* the chunk has an error: index each of its records separately */
	bool escapes;    /* the chunk has a backslash */
};

/* Check the number at S; if V is not NULL, set its type and value. */
bool json_take_number(const char *s, size_t len, struct value *v);

#endif
