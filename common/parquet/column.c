/* The leaf columns of an open row group: see column.h. */
#include "common/parquet/column.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/parquet/leaf_impl.h"
#include "common/parquet/hybrid.h"
#include "common/parquet/page.h"
#include "common/parquet/types.h"

#define PAGE_BYTES   (1u << 20)
#define PAGE_ENTRIES (128u << 10)
/* With 2 MiB the rows of tests/bench/pqencode take 13.2 bytes, with 1 MiB 14.2; the speed is the same. */
#define DICT_BYTES (2u << 20)
#define MAX_DEPTH  100
#define JUDGED     (16u << 10) /* after this many values, a dictionary is checked for the first time */

static size_t count_leaves(const struct schema_field *field, int depth)
{
	size_t sum = 0;
	if (!schema_has_children(field->type))
		return 1;
	if (depth > MAX_DEPTH)
		return 0;
	for (size_t i = 0; i < field->count; i++) {
		size_t n = count_leaves(&field->children[i], depth + 1);
		if (!n)
			return 0;
		sum += n;
	}
	return sum;
}

/* Set NODE and the leaves below it; DEF and REP are the levels of the field above. */
static void build(
	struct pq_columns *c, struct pq_node *node, const struct schema_field *field, unsigned def, unsigned rep)
{
	def += !field->required;
	*node = (struct pq_node){.field = field, .def = (uint8_t)def, .first = c->leaves};
	if (!schema_has_children(field->type)) {
		enum pq_physical physical = pq_physical_of(field);
		c->leaf[c->leaves++] = (struct pq_leaf){.field = field,
			.settings = &c->settings,
			.seed = &c->seed,
			.due = &c->due,
			.grown = &c->grown,
			.physical = physical,
			.width = pq_width_of(field),
			.max_def = (uint8_t)def,
			.max_rep = (uint8_t)rep,
			.chunk = xcalloc(1, sizeof(struct pq_chunk))};
		node->leaves = 1;
		node->rep = (uint8_t)rep;
		return;
	}
	bool repeated = field->type != SCHEMA_STRUCT;
	node->rep = (uint8_t)(rep + repeated);
	node->child = xcalloc(field->count, sizeof *node->child);
	for (size_t i = 0; i < field->count; i++)
		build(c, &node->child[i], &field->children[i], def + repeated, node->rep);
	node->leaves = c->leaves - node->first;
}

static void free_nodes(struct pq_node *node)
{
	for (size_t i = 0; node->child && i < node->field->count; i++)
		free_nodes(&node->child[i]);
	free(node->child);
}

static bool wants_bloom(const struct pq_columns *c, const struct pq_leaf *leaf, const char *name)
{
	struct strbuf path = STRBUF_INIT;
	schema_path(c->schema, leaf->field, &path);
	bool same = strcmp(path.s, name) == 0;
	strbuf_release(&path);
	return same;
}

/* Mark the leaves that get a filter. */
static int choose_bloom(struct pq_columns *c, struct strbuf *err)
{
	for (const char *const *name = c->settings.bloom; name && *name; name++) {
		size_t i = 0;
		while (i < c->leaves && !wants_bloom(c, &c->leaf[i], *name))
			i++;
		if (i == c->leaves || c->leaf[i].physical == PQ_BOOLEAN) {
			strbuf_addf(err, "'%s' is %s, and cannot have a Bloom filter", *name,
				i == c->leaves ? "no field with values of its own" : "a boolean");
			return -EINVAL;
		}
		c->leaf[i].chunk->wants_bloom = true;
	}
	return 0;
}

int pq_columns_new(
	const struct schema *schema, const struct pq_settings *settings, struct pq_columns **ret, struct strbuf *err)
{
	size_t leaves = count_leaves(&schema->root, 0);
	if (!leaves) {
		strbuf_addstr(err, "a struct has no fields, or structs are too deep within each other");
		return -EINVAL;
	}
	struct pq_columns *c = xcalloc(1, sizeof *c);
	c->schema = schema;
	c->settings = *settings;
	c->settings.page_bytes = settings->page_bytes ? settings->page_bytes : PAGE_BYTES;
	c->settings.page_entries = settings->page_entries ? settings->page_entries : PAGE_ENTRIES;
	c->settings.dict_bytes = settings->dict_bytes ? settings->dict_bytes : DICT_BYTES;
	c->leaf = xcalloc(leaves, sizeof *c->leaf);
	build(c, &c->root, &schema->root, 0, 0);
	int r = hash_seed_random(&c->seed);
	if (r < 0)
		strbuf_addf(err, "no random numbers: %s", diag_strerror(r));
	else
		r = choose_bloom(c, err);
	if (r < 0) {
		pq_columns_free(c);
		return r;
	}
	pq_columns_reset(c);
	*ret = c;
	return 0;
}

void pq_columns_free(struct pq_columns *columns)
{
	if (!columns)
		return;
	for (size_t i = 0; i < columns->leaves; i++) {
		pq_leaf_release(&columns->leaf[i]);
		free(columns->leaf[i].chunk);
	}
	free_nodes(&columns->root);
	free(columns->leaf);
	free(columns);
}

void pq_columns_reset(struct pq_columns *columns)
{
	for (size_t i = 0; i < columns->leaves; i++) {
		pq_leaf_release(&columns->leaf[i]);
		pq_leaf_begin(&columns->leaf[i]);
	}
	columns->rows = 0;
	columns->due = false;
}

/* Check a leaf whose values go through a dictionary. */
static int settle_coded(struct pq_leaf *leaf, bool full, struct strbuf *err)
{
	struct pq_chunk *chunk = leaf->chunk;
	if (leaf->values >= PQ_BATCH / 2 || leaf->used >= PQ_BATCH_BYTES / 2)
		pq_leaf_code(leaf);
	/* Nearly all values differ, and that will hardly change beyond the length of a dictionary. */
	if (!chunk->count && chunk->coded >= JUDGED && chunk->dict->count > chunk->coded / 50 * 49) {
		pq_leaf_plain(leaf);
		return 0;
	}
	bool over = chunk->dict->size > leaf->settings->dict_bytes;
	int r = full || over ? pq_page_cut(leaf, err) : 0;
	if (r == 0 && over && chunk->coding)
		pq_leaf_plain(leaf);
	return r;
}

static int settle(struct pq_leaf *leaf, struct strbuf *err)
{
	const struct pq_settings *settings = leaf->settings;
	bool full = leaf->entries >= settings->page_entries || pq_page_size(leaf) >= settings->page_bytes;
	if (leaf->chunk->coding)
		return settle_coded(leaf, full, err);
	return full ? pq_page_cut(leaf, err) : 0;
}

int pq_columns_settle(struct pq_columns *columns, struct strbuf *err)
{
	int r = 0;
	columns->due = false;
	for (size_t i = 0; r == 0 && i < columns->leaves; i++)
		r = settle(&columns->leaf[i], err);
	return r;
}

static void pop(struct pq_leaf *leaf)
{
	leaf->entries--;
	leaf->records -= !leaf->rep || leaf->rep[leaf->entries] == 0;
	if (leaf->def[leaf->entries] < leaf->max_def)
		return;
	leaf->values--;
	if (!leaf->width)
		leaf->used = leaf->at[leaf->values];
}

void pq_columns_rollback(struct pq_columns *columns)
{
	for (size_t i = 0; i < columns->leaves; i++) {
		struct pq_leaf *leaf = &columns->leaf[i];
		while (leaf->chunk->rows + leaf->records > columns->rows)
			pop(leaf);
	}
}

size_t pq_columns_bytes(const struct pq_columns *columns)
{
	size_t sum = sizeof *columns;
	for (size_t i = 0; i < columns->leaves; i++) {
		const struct pq_leaf *leaf = &columns->leaf[i];
		const struct pq_chunk *chunk = leaf->chunk;
		sum += sizeof *leaf + sizeof *chunk + chunk->room * sizeof *chunk->pages + chunk->len;
		sum += chunk->allocated * (leaf->rep ? 2 : 1) + chunk->index_room * sizeof *chunk->index;
		sum += chunk->value_room * (leaf->width ? leaf->width : sizeof *leaf->at) + chunk->plain_allocated;
		sum += chunk->dict ? pq_dict_memory(chunk->dict) : 0;
		sum += chunk->bloom ? pq_bloom_memory(chunk->bloom) : 0;
	}
	return sum;
}

size_t pq_columns_size(const struct pq_columns *columns)
{
	size_t sum = 0;
	for (size_t i = 0; i < columns->leaves; i++) {
		const struct pq_leaf *leaf = &columns->leaf[i];
		sum += leaf->chunk->size + pq_page_size(leaf);
		sum += leaf->entries * (hybrid_width(leaf->max_def) + hybrid_width(leaf->max_rep)) / 8;
		sum += leaf->chunk->dict ? leaf->chunk->dict->size : 0;
	}
	return sum;
}
