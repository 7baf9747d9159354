/* Shredding: going through the tokens of a record.  See shred_impl.h. */
#include "common/parquet/shred_impl.h"

#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/data/json_members.h"

#define STRING_MAX (INT32_MAX - 8) /* bytes of a string with its quotes */

static const uint32_t *put_container(
	struct shred *sh, struct shred_node *node, const uint32_t *t, char c, unsigned rep);

/* Put the string or scalar T; the general case. */
static const uint32_t *put_scalar(struct shred *sh, struct shred_node *node, const uint32_t *t, char c, unsigned rep)
{
	struct value v;
	const uint32_t *last = c == '"' ? json_take_string(&sh->walk, t, &v) : json_take_scalar(&sh->walk, t, c, &v);

	if (!last)
		return NULL;
	if (v.type == VALUE_NULL)
		return shred_null(sh, node, rep) ? t : NULL;
	return shred_leaf(sh, node, &v, rep) ? t : NULL;
}

/*
 * Put the most frequent values: those that already have their column's type and no special cases.  False: nothing was
 * put, and put_scalar() must do it.  These few lines make a shredder twice as fast.
 */
static inline bool put_quick(struct shred *sh, struct shred_node *node, const uint32_t *t, char c, unsigned rep)
{
	const struct json_walk *w = &sh->walk;
	struct pq_leaf *leaf = &sh->leaf[node->leaf];
	const char *s = w->base + *t;
	struct timespec time;
	struct value v;

	if (c == '"' ? w->escapes : *t >= w->safe)
		return false;
	const size_t len = json_token_end(w, t) - *t;
	switch (node->type) {
	case SCHEMA_STRING:
		if (c != '"' || len > STRING_MAX)
			return false;
		pq_put_bytes(leaf, s + 1, len - 2, rep);
		return true;
	case SCHEMA_TIMESTAMP:
		if (c != '"' || !time_is_cached(&node->cache, s + 1, len - 2, &time))
			return false;
		pq_put_i64(leaf, time.tv_sec * 1000000 + time.tv_nsec / 1000, rep);
		return true;
	case SCHEMA_BOOL:
		if (c == 't' ? len != 4 || memcmp(s, "true", 4) != 0
			     : c != 'f' || len != 5 || memcmp(s, "false", 5) != 0)
			return false;
		pq_put_bool(leaf, c == 't', rep);
		return true;
	case SCHEMA_INT64:
		if (!json_take_quick(s, len, &v) || v.type != VALUE_INT)
			return false;
		pq_put_i64(leaf, v.i, rep);
		return true;
	case SCHEMA_DOUBLE:
		if (!json_take_quick(s, len, &v))
			return false;
		pq_put_double(leaf, v.type == VALUE_INT ? (double)v.i : v.d, rep);
		return true;
	default:
		return false;
	}
}

/* Put the value T, which begins with C, into the leaves of NODE.  Returns its last token; NULL: refused. */
static inline const uint32_t *put_value(
	struct shred *sh, struct shred_node *node, const uint32_t *t, char c, unsigned rep)
{
	if (put_quick(sh, node, t, c, rep))
		return t;
	if (c == '{' || c == '[')
		return put_container(sh, node, t, c, rep);
	return put_scalar(sh, node, t, c, rep);
}

/* --- objects ------------------------------------------------------------------------------------------------------ */

static inline bool same(const char *a, const char *b, size_t len)
{
	uint64_t a8, b8;

	if (len < 8) {
		while (len && a[len - 1] == b[len - 1])
			len--;
		return len == 0;
	}
	if (len > 16)
		return memcmp(a, b, len) == 0;
	memcpy(&a8, a, 8);
	memcpy(&b8, b, 8);
	if (a8 != b8)
		return false;
	memcpy(&a8, a + len - 8, 8);
	memcpy(&b8, b + len - 8, 8);
	return a8 == b8;
}

/*
 * Find the member of NODE's struct with the name T. The one before it was *BEFORE, which is set to this one.  Nearly
 * always it is the one that followed *BEFORE last time.  NULL: refused.
 */
static inline const struct shred_name *member(
	struct shred *sh, struct shred_node *node, const uint32_t *t, uint32_t *before)
{
	const struct shred_names *names = &node->names;
	uint32_t guess = *before == SHRED_NOTHING ? names->first : names->items[*before].next;
	const struct shred_name *item = &names->items[guess];

	if (item->raw_len != json_string_len(&sh->walk, t) || !same(item->name, sh->walk.base + *t + 1, item->len))
		return shred_names_member(sh, node, t, before);
	*before = guess;
	return item;
}

/* Members that were missing are null. */
static bool put_missing(struct shred *sh, struct shred_node *node, unsigned rep)
{
	for (size_t i = 0; i < node->field->count; i++)
		if (node->child[i].seen != node->objects && !shred_missing(sh, &node->child[i], rep))
			return false;
	return true;
}

/*
 * Handle the value T, which follows its name, of CHILD of NODE: put it or, when the record is read carefully, only note
 * it.
 */
static inline const uint32_t *put_member(
	struct shred *sh, const struct shred_node *node, struct shred_node *child, const uint32_t *t, unsigned rep)
{
	char c = json_byte(&sh->walk, t);

	if (!child)
		return json_skip(&sh->walk, t, c);
	if (sh->careful) {
		child->seen = node->objects;
		child->at = t;
		return json_skip(&sh->walk, t, c);
	}
	if (child->seen == node->objects) {
		sh->status = -EAGAIN; /* it occurs twice */
		return NULL;
	}
	child->seen = node->objects;
	return put_value(sh, child, t, c, rep);
}

/* Now it is clear which members count: put them. */
static bool put_noted(struct shred *sh, const struct shred_node *node, unsigned rep)
{
	for (size_t i = 0; i < node->field->count; i++) {
		struct shred_node *child = &node->child[i];
		if (child->seen == node->objects &&
			!put_value(sh, child, child->at, json_byte(&sh->walk, child->at), rep))
			return false;
	}
	return true;
}

/* Put the object T into NODE, a struct. */
static const uint32_t *put_struct(struct shred *sh, struct shred_node *node, const uint32_t *t, unsigned rep)
{
	struct json_walk *w = &sh->walk;
	uint32_t before = SHRED_NOTHING;
	char c = json_byte(w, ++t);

	node->objects++;
	while (c != '}') {
		if (c != '"')
			return json_walk_fail(w, *t, "a name in quotes was expected");
		const struct shred_name *name = member(sh, node, t, &before);
		if (!name)
			return NULL;
		if (json_byte(w, ++t) != ':')
			return json_walk_fail(w, *t, "':' was expected");
		t = put_member(sh, node, name->node, t + 1, rep);
		t = t ? json_after_member(w, t, &c) : NULL;
		if (!t)
			return NULL;
	}
	if (sh->careful && !put_noted(sh, node, rep))
		return NULL;
	return put_missing(sh, node, rep) ? t : NULL;
}

/* --- arrays and maps ---------------------------------------------------------------------------------------------- */

static bool put_empty(struct shred *sh, const struct shred_node *node, unsigned rep)
{
	for (size_t i = 0; i < node->leaves; i++)
		pq_put_null(&sh->leaf[node->leaf + i], node->def, rep);
	return true;
}

/* Put the array T into NODE, a list. */
static const uint32_t *put_list(struct shred *sh, struct shred_node *node, const uint32_t *t, unsigned rep)
{
	struct json_walk *w = &sh->walk;
	char c = json_byte(w, ++t);

	if (c == ']')
		return put_empty(sh, node, rep) ? t : NULL;
	for (;; rep = node->rep) {
		t = put_value(sh, node->child, t, c, rep);
		if (!t)
			return NULL;
		c = json_byte(w, ++t);
		if (c == ']')
			return t;
		if (c != ',')
			return json_walk_fail(w, *t, "',' or ']' was expected");
		c = json_byte(w, ++t);
	}
}

/* Put the object T into NODE, a map. */
static const uint32_t *put_map(struct shred *sh, struct shred_node *node, const uint32_t *t, unsigned rep)
{
	struct shred_entries all = {0};
	bool ok = true;

	t = shred_map_collect(sh, t, &all);
	if (t && !all.count)
		ok = put_empty(sh, node, rep);
	for (size_t i = 0; t && ok && i < all.count; i++, rep = node->rep) {
		const struct shred_entry *e = &all.items[i];
		ok = shred_key(sh, &node->child[0], e, rep) &&
		     put_value(sh, &node->child[1], e->value, json_byte(&sh->walk, e->value), rep);
	}
	free(all.items);
	return ok ? t : NULL;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

/* A container in a column of another type: put its text, or refuse it. */
static const uint32_t *put_text(struct shred *sh, struct shred_node *node, const uint32_t *t, char c, unsigned rep)
{
	struct json_walk *w = &sh->walk;
	struct value v = {.type = c == '{' ? VALUE_OBJECT : VALUE_ARRAY, .raw = w->base + *t};

	t = json_skip(w, t, c);
	if (!t)
		return NULL;
	v.s = v.raw;
	v.len = v.raw_len = (size_t)(w->base + *t + 1 - v.raw);
	return shred_leaf(sh, node, &v, rep) ? t : NULL;
}

static const uint32_t *put_container(struct shred *sh, struct shred_node *node, const uint32_t *t, char c, unsigned rep)
{
	if (sh->walk.depth >= JSON_MAX_DEPTH)
		return json_walk_fail(&sh->walk, *t, "nested too deeply");
	sh->walk.depth++;
	if (c == '{' && node->type == SCHEMA_STRUCT) {
		t = put_struct(sh, node, t, rep);
	} else if (c == '{' && node->type == SCHEMA_MAP) {
		t = put_map(sh, node, t, rep);
	} else if (c == '[' && node->type == SCHEMA_LIST) {
		t = put_list(sh, node, t, rep);
	} else {
		sh->walk.depth--;
		return put_text(sh, node, t, c, rep);
	}
	sh->walk.depth--;
	return t;
}

const uint32_t *shred_record(struct shred *sh, const uint32_t *t)
{
	char c = json_byte(&sh->walk, t);

	if (c != '{') {
		t = json_skip(&sh->walk, t, c);
		if (!t)
			return NULL;
		sh->status = -EINVAL;
		strbuf_addstr(sh->err, "the record is not an object");
		return NULL;
	}
	t = put_container(sh, &sh->root, t, c, 0);
	if (t && t[1] < sh->walk.end)
		return json_walk_fail(&sh->walk, t[1], "the record has ended, but more follows");
	return t;
}
