/* Shredding: the tree of fields, and records.  See shred.h. */
#include "common/parquet/shred_impl.h"

#include <stdlib.h>

#include "common/base/alloc.h"

/* --- the tree ----------------------------------------------------------------------------------------------------- */

/* Set NODE, and everything below it, for FIELD, whose parent's levels are DEF and REP; *LEAF is the next leaf. */
static void build(struct shred *sh, struct shred_node *node, const struct schema_field *field, uint8_t def, uint8_t rep,
	size_t *leaf)
{
	bool repeats = field->type == SCHEMA_LIST || field->type == SCHEMA_MAP;

	*node = (struct shred_node){.field = field, .type = field->type, .required = field->required, .leaf = *leaf};
	node->def = (uint8_t)(def + !field->required);
	node->rep = (uint8_t)(rep + repeats);
	if (!schema_has_children(field->type))
		++*leaf;
	else
		node->child = xcalloc(field->count, sizeof(*node->child));
	for (size_t i = 0; i < field->count; i++)
		build(sh, &node->child[i], &field->children[i], (uint8_t)(node->def + repeats), node->rep, leaf);
	node->leaves = *leaf - node->leaf;
	if (field->type == SCHEMA_STRUCT)
		shred_names_init(sh, node);
}

static void release(struct shred_node *node)
{
	for (size_t i = 0; node->child && i < node->field->count; i++)
		release(&node->child[i]);
	shred_names_release(&node->names);
	free(node->child);
}

int shred_new(const struct schema *schema, enum shred_new on_new, struct shred **ret)
{
	struct shred *sh = xcalloc(1, sizeof(*sh));
	size_t leaf = 0;
	int r = hash_seed_random(&sh->seed);

	if (r == 0)
		r = json_new(&sh->json);
	if (r < 0) {
		free(sh);
		return r;
	}
	sh->schema = schema;
	sh->on_new = on_new;
	build(sh, &sh->root, &schema->root, 0, 0, &leaf);
	*ret = sh;
	return 0;
}

void shred_free(struct shred *sh)
{
	if (!sh)
		return;
	release(&sh->root);
	json_free(sh->json);
	free(sh->bytes);
	free(sh);
}

void shred_on_ignored(struct shred *sh, void (*ignored)(void *arg, const char *path), void *arg)
{
	sh->ignored = ignored;
	sh->ignored_arg = arg;
}

static void forget(struct shred *sh, struct shred_node *node)
{
	if (node->type == SCHEMA_STRUCT)
		shred_names_forget(sh, node);
	for (size_t i = 0; node->child && i < node->field->count; i++)
		forget(sh, &node->child[i]);
}

void shred_forget(struct shred *sh)
{
	forget(sh, &sh->root);
}

/* --- records ------------------------------------------------------------------------------------------------------ */

int shred_want(struct shred *sh, const struct path *path)
{
	sh->paths = true;
	return json_add(sh->json, path);
}

const struct value *shred_values(const struct shred *sh)
{
	return json_values(sh->json);
}

const struct json_error *shred_error(const struct shred *sh)
{
	return json_error(sh->json);
}

void shred_span(struct shred *sh, const char *s, size_t len, char delim)
{
	sh->pending = false;
	json_span(sh->json, s, len, delim);
}

int shred_next(struct shred *sh, const char **ret_rec, size_t *ret_len)
{
	const uint32_t *t;

	if (sh->pending)
		json_tokens_end(sh->json, &sh->walk, sh->first);
	sh->pending = false;
	int r = json_next_tokens(sh->json, &sh->walk, &sh->first, ret_rec, ret_len);
	sh->malformed = r < 0;
	if (r <= 0)
		return r;
	sh->pending = true;
	t = sh->first;
	if (sh->paths && (r = json_walk_record(&sh->walk, &t)) < 0) {
		sh->malformed = true;
		return r;
	}
	sh->texts = json_texts(&sh->walk);
	return 1;
}

/* Remove what was put of a record that has failed; returns its status. */
static int roll_back(struct shred *sh)
{
	pq_columns_rollback(sh->columns);
	if (sh->status != -EBADMSG)
		return sh->status;
	const struct json_error *e = json_error(sh->json);
	strbuf_addf(sh->err, "byte %zu: %s", e->pos + 1, e->what);
	return -EBADMSG;
}

/* One try: returns 0, or the status, with everything removed.  -EAGAIN: the record must be read CAREFULly. */
static int put(struct shred *sh, bool careful, const uint32_t **ret_t)
{
	sh->status = -EBADMSG;
	sh->careful = careful;
	sh->walk.depth = 0;
	json_forget_texts(&sh->walk, sh->texts);
	const uint32_t *t = shred_record(sh, sh->first);
	if (!t)
		return roll_back(sh);
	*ret_t = t;
	return 0;
}

/* The record does not fit, because of STATUS; but it may also be invalid JSON after that place. */
static int check_rest(struct shred *sh, int status, size_t err_len)
{
	const uint32_t *t = sh->first;

	sh->walk.depth = 0;
	json_forget_texts(&sh->walk, sh->texts);
	if (sh->paths || json_walk_record(&sh->walk, &t) == 0)
		return status;
	strbuf_setlen(sh->err, err_len);
	sh->status = -EBADMSG;
	return roll_back(sh);
}

int shred_put(struct shred *sh, struct pq_columns *columns, struct strbuf *err)
{
	const uint32_t *t = sh->first;
	const size_t err_len = err->len;

	sh->columns = columns;
	sh->leaf = columns->leaf;
	sh->err = err;
	sh->status = -EBADMSG;
	if (sh->malformed)
		return roll_back(sh);
	int r = put(sh, false, &t);
	if (r < 0 && r != -EBADMSG) {
		/* The member that does not fit may occur twice, and then only its last value counts. */
		strbuf_setlen(err, err_len);
		r = put(sh, true, &t);
		if (r < 0 && r != -EBADMSG)
			r = check_rest(sh, r, err_len);
	}
	sh->first = t;
	return r < 0 ? r : pq_columns_end_row(columns, err);
}

int shred_put_values(struct shred *sh, struct pq_columns *columns, const struct value *values, struct strbuf *err)
{
	sh->columns = columns;
	sh->leaf = columns->leaf;
	sh->err = err;
	for (size_t i = 0; i < sh->root.field->count; i++) {
		struct shred_node *node = &sh->root.child[i];
		const struct value *v = node->given ? node->given : values;
		values += !node->given || node->known;
		if (!shred_leaf(sh, node, v, 0))
			return roll_back(sh);
	}
	return pq_columns_end_row(columns, err);
}
