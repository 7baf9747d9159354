/* Shredding: finding the field of a member.  See shred_impl.h. */
#include "common/parquet/shred_impl.h"

#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/schema_name.h"

#define UNKNOWN INT64_MAX

/* Write the item I into the table. */
static void enter(const struct shred *sh, struct shred_names *names, uint32_t i)
{
	uint32_t at = (uint32_t)hash_bytes(&sh->seed, names->items[i].name, names->items[i].len) & names->mask;

	while (names->slots[at])
		at = (at + 1) & names->mask;
	names->slots[at] = i + 1;
}

/* Rebuild the table for at least COUNT names. */
static void fill(const struct shred *sh, struct shred_names *names, uint32_t count)
{
	uint32_t size = 16;

	while (size < 2 * count)
		size *= 2;
	free(names->slots);
	names->slots = xcalloc(size, sizeof(*names->slots));
	names->mask = size - 1;
	for (uint32_t i = 0; i < names->count; i++)
		enter(sh, names, i);
}

static uint32_t add(struct shred_names *names, const char *name, size_t len, struct shred_node *node)
{
	if (names->count == names->room) {
		names->room = names->room ? names->room * 2 : 8;
		names->items = xreallocarray(names->items, names->room, sizeof(*names->items));
	}
	names->items[names->count] =
		(struct shred_name){.name = xstrndup(name, len), .len = (uint32_t)len, .node = node};
	names->items[names->count].raw_len = memchr(name, '\\', len) ? UINT32_MAX : (uint32_t)len;
	return names->count++;
}

void shred_names_init(struct shred *sh, struct shred_node *node)
{
	struct shred_names *names = &node->names;

	for (size_t i = 0; i < node->field->count; i++) {
		const struct shred_node *child = &node->child[i];
		const char *name = child->field->name;
		if (child->given && !child->known)
			continue;
		uint32_t at = add(names, name, strlen(name), child->given ? NULL : &node->child[i]);
		names->items[at].next = at + 1;
	}
	if (!names->count)
		(void)add(names, "", 0, NULL); /* there is always one to be guessed */
	names->fields = names->count;
	names->items[names->count - 1].next = 0;
	fill(sh, names, names->count);
}

void shred_give(struct shred *sh, size_t nr, const struct value *v, bool known)
{
	struct shred_node *root = &sh->root;

	root->child[nr].given = v;
	root->child[nr].known = known;
	shred_names_release(&root->names);
	root->names = (struct shred_names){0};
	shred_names_init(sh, root);
}

void shred_names_release(struct shred_names *names)
{
	for (uint32_t i = 0; i < names->count; i++)
		free(names->items[i].name);
	free(names->items);
	free(names->slots);
}

void shred_names_forget(struct shred *sh, struct shred_node *node)
{
	struct shred_names *names = &node->names;

	for (uint32_t i = names->fields; i < names->count; i++)
		free(names->items[i].name);
	names->count = names->fields;
	for (uint32_t i = 0; i < names->count; i++)
		if (names->items[i].next >= names->count)
			names->items[i].next = 0;
	if (names->first >= names->count)
		names->first = 0;
	fill(sh, names, names->count);
}

static void path_of(struct shred *sh, const struct shred_node *node, const char *name, size_t len, struct strbuf *out)
{
	struct strbuf path = STRBUF_INIT;

	schema_path(sh->schema, node->field, &path);
	if (path.len)
		strbuf_addch(&path, '.');
	schema_name_print(name, len, &path);
	visible_add(out, path.s, path.len);
	strbuf_release(&path);
}

/* Whether NAME, which the schema lacks, may be ignored. */
static bool may_ignore(struct shred *sh, struct shred_node *node, const char *name, size_t len)
{
	const struct schema_field *like = schema_child_alike(node->field, name, len);
	const struct shred_node *child = like ? &node->child[like - node->field->children] : NULL;
	bool made = child && child->given && !child->known; /* and not read */

	if ((!like || made) && sh->on_new == SHRED_NEW_IGNORE)
		return true;
	sh->status = like ? -EINVAL : -ENOENT;
	strbuf_addstr(sh->err, "field ");
	path_of(sh, node, name, len, sh->err);
	if (made)
		strbuf_addstr(sh->err, ": the table makes this column itself, for its partitions");
	else if (like)
		strbuf_addf(sh->err, ": the name of the column is '%s', and names that differ in case only are one",
			like->name);
	else
		strbuf_addstr(sh->err, ": the table has no such column");
	return false;
}

/* Remember that NAME is ignored. */
static int64_t ignore(struct shred *sh, struct shred_node *node, const char *name, size_t len)
{
	struct shred_names *names = &node->names;

	if (names->count - names->fields >= SHRED_IGNORED_MAX)
		return UNKNOWN;
	uint32_t i = add(names, name, len, NULL);
	if (2 * names->count > names->mask)
		fill(sh, names, names->count);
	else
		enter(sh, names, i);
	if (sh->ignored) {
		struct strbuf path = STRBUF_INIT;
		path_of(sh, node, name, len, &path);
		sh->ignored(sh->ignored_arg, path.s);
		strbuf_release(&path);
	}
	return i;
}

/* Whether the value T shows no type: it is null, or contains only nulls, arrays and objects. */
static bool shows_nothing(const struct json_walk *w, const uint32_t *t)
{
	for (int depth = 0;; t++) {
		char c = json_byte(w, t);
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		else if (c == '"' ? json_byte(w, t + 1) != ':' : c != 'n' && c != ',' && c != ':')
			return false;
		if (depth <= 0)
			return true;
	}
}

/* The index of the name whose token is T; -1: refused; UNKNOWN: it is ignored and not remembered. */
static int64_t find(struct shred *sh, struct shred_node *node, const char *name, size_t len, const uint32_t *t)
{
	const struct shred_names *names = &node->names;
	uint32_t i;

	for (uint32_t at = (uint32_t)hash_bytes(&sh->seed, name, len) & names->mask; (i = names->slots[at]);
		at = (at + 1) & names->mask)
		if (names->items[i - 1].len == len && memcmp(names->items[i - 1].name, name, len) == 0)
			return i - 1;
	/* after a ':' there is always a token, even if it is the final one */
	if (sh->on_new == SHRED_NEW_ADD && json_byte(&sh->walk, t + 1) == ':' && shows_nothing(&sh->walk, t + 2))
		return UNKNOWN;
	return may_ignore(sh, node, name, len) ? ignore(sh, node, name, len) : -1;
}

bool shred_names_text(struct shred *sh, const uint32_t *t, const char **name, size_t *len)
{
	bool lone;

	*name = sh->walk.base + *t + 1;
	*len = json_string_len(&sh->walk, t);
	if (!sh->walk.escapes || !memchr(*name, '\\', *len))
		return true;
	return json_resolve(&sh->walk, *name, *len, name, len, &lone);
}

const struct shred_name *shred_names_member(
	struct shred *sh, struct shred_node *node, const uint32_t *t, uint32_t *before)
{
	static const struct shred_name unknown = {.node = NULL}; /* ignored, and not remembered */
	struct shred_names *names = &node->names;
	const char *name;
	size_t len;

	if (!shred_names_text(sh, t, &name, &len))
		return NULL;
	int64_t found = find(sh, node, name, len, t);
	if (found < 0)
		return NULL;
	if (found == UNKNOWN)
		return &unknown;
	*(*before == SHRED_NOTHING ? &names->first : &names->items[*before].next) = (uint32_t)found;
	*before = (uint32_t)found;
	return &names->items[found];
}
