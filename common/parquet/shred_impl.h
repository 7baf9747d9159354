/*
 * Private to shred*.c.
 *
 * - shred: the tree of fields, and records
 * - shred_names: finding the field of a member
 * - shred_leaf: putting a value into its leaf; shred_refuse: why a value is refused
 * - shred_walk: going through the tokens of a record; shred_map: the members of an object that becomes a map
 */
#ifndef WEIR_PARQUET_SHRED_IMPL_H
#define WEIR_PARQUET_SHRED_IMPL_H

#include <errno.h>

#include "common/base/hash.h"
#include "common/data/convert.h"
#include "common/data/json_tokens.h"
#include "common/parquet/shred.h"

#define SHRED_IGNORED_MAX 4096 /* names of a struct that are remembered as ignored */

/* A name that a member of an object may have. */
struct shred_name {
	char *name; /* owned */
	uint32_t len;
	/*
	 * length of the name as it is usually written; UINT32_MAX: the name has a backslash, which must always be
	 * escaped
	 */
	uint32_t raw_len;
	uint32_t next;           /* index in names->items: the name that came after this one last time */
	struct shred_node *node; /* NULL: it is ignored */
};

/* The names of a struct's members. */
struct shred_names {
	struct shred_name *items;
	uint32_t count, room, fields; /* the first `fields` are the schema's */
	uint32_t first;               /* the name that came first last time */
	uint32_t *slots, mask;        /* a hash table of indexes + 1, 0: free; at most half of them are in use */
};

/* A field of the schema. */
struct shred_node {
	const struct schema_field *field;
	enum schema_type type;
	bool required;
	/* as in struct pq_node; for a field that is not a list or map, `rep` is that of the list around it */
	uint8_t def, rep;
	size_t leaf, leaves; /* the first leaf and how many there are */
	struct shred_node *child;
	struct shred_names names; /* of a struct */
	uint64_t objects;         /* how many values of this struct there have been */
	uint64_t seen;            /* the value of parent->objects when the member last occurred */
	const uint32_t *at;       /* its value's first token, when the object is read carefully */
	struct time_cache cache;
	const struct value *given; /* shred_give(); NULL: the record says */
	bool known;
};

/* A member of an object that becomes a map. */
struct shred_entry {
	const char *key;
	size_t len, nth;
	const uint32_t *value;
};

struct shred_entries {
	struct shred_entry *items; /* owned */
	size_t count, room;
};

struct shred {
	const struct schema *schema;
	struct shred_node root;
	struct json *json;
	enum shred_new on_new;
	struct hash_seed seed;
	void (*ignored)(void *arg, const char *path);
	void *ignored_arg;
	bool paths; /* json_add() was called for the reader */

	/* The current record: its tokens, how much of the reader's memory is in use, and where its values go. */
	struct json_walk walk;
	const uint32_t *first;
	size_t texts;
	struct pq_columns *columns;
	struct pq_leaf *leaf;
	bool careful;   /* a member occurs twice: go through each object before values are put */
	bool malformed; /* shred_next() has reported an error, and there may be no tokens */
	bool pending;   /* json_tokens_end() has not been called */

	/* What is wrong with it, if anything. */
	int status;
	struct strbuf *err;
	char *bytes; /* for base64; owned */
	size_t bytes_room;
};

/* shred_refuse.c: the value of a column is wrong, or null.  They set sh->status and return false. */
bool shred_refuse_value(struct shred *sh, const struct shred_node *node, const char *s, size_t len, const char *why);
bool shred_refuse_null(struct shred *sh, const struct shred_node *node);

/* shred_names.c */
void shred_names_init(struct shred *sh, struct shred_node *node);
void shred_names_release(struct shred_names *names);
void shred_names_forget(struct shred *sh, struct shred_node *node);
/* The name T, without escapes, into *NAME and *LEN; false: it is malformed. */
bool shred_names_text(struct shred *sh, const uint32_t *t, const char **name, size_t *len);
/*
 * Find the member of NODE's struct with the name T, which was not guessed.  The name before it was *BEFORE
 * (SHRED_NOTHING: T is the first), which is set to this one.  NULL: refused.
 */
#define SHRED_NOTHING UINT32_MAX
const struct shred_name *shred_names_member(
	struct shred *sh, struct shred_node *node, const uint32_t *t, uint32_t *before);

/*
 * shred_map.c: put the members of the object T into RET, of several with the same name the last one.  Returns the
 * object's last token; NULL: refused.
 */
const uint32_t *shred_map_collect(struct shred *sh, const uint32_t *t, struct shred_entries *ret);

/* shred_leaf.c: put V, which is not a container (but may be the text of one), into NODE's leaf; false: refused. */
bool shred_leaf(struct shred *sh, struct shred_node *node, const struct value *v, unsigned rep);
/* Put the key of E in the same way: it is a text, from which keys of other types are read as from TSV. */
bool shred_key(struct shred *sh, struct shred_node *node, const struct shred_entry *e, unsigned rep);
/* The record does not say what NODE is: put what is given, or null; false: it must not be that. */
bool shred_missing(struct shred *sh, struct shred_node *node, unsigned rep);
/* Put null, because NODE is null or missing; false: it must not be. */
bool shred_null(struct shred *sh, struct shred_node *node, unsigned rep);

/* shred_walk.c: put the object at T into the leaves of the root.  Returns its last token; NULL: refused. */
const uint32_t *shred_record(struct shred *sh, const uint32_t *t);

#endif
