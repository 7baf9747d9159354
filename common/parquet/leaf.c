/* The buffers of a leaf: see leaf.h and leaf_impl.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/parquet/leaf_impl.h"

#define FIRST_ROOM  64u  /* entries */
#define FIRST_BYTES 512u /* of byte arrays */
#define SLACK       16   /* bytes that may be read past a value */
#define RETRY       8    /* after a dictionary that did not pay, this many row groups have none */

/*
 * Grow to twice the size; but when FULL, at which a batch or a page ends, is nearer, to FULL and a sixteenth more for
 * the rest of the record.  So columns with one entry for each record never move again.
 */
static size_t larger(size_t have, size_t need, size_t full)
{
	size_t room = have ? have : FIRST_ROOM;
	while (room < need)
		room *= 2;
	return room >= full && need <= full ? full + full / 16 + 1 : room;
}

/* How many values may wait, and how many bytes they may have. */
static size_t full_values(const struct pq_leaf *leaf)
{
	return leaf->chunk->coding ? PQ_BATCH : leaf->settings->page_entries;
}

static size_t full_bytes(const struct pq_leaf *leaf)
{
	size_t page = leaf->settings->page_bytes;
	return leaf->chunk->coding && page > PQ_BATCH_BYTES ? PQ_BATCH_BYTES : page;
}

static void grow_levels(struct pq_leaf *leaf, size_t need)
{
	struct pq_chunk *chunk = leaf->chunk;
	chunk->allocated = larger(chunk->allocated, need, leaf->settings->page_entries);
	*leaf->grown = true;
	leaf->def = xreallocarray(leaf->def, chunk->allocated, 1);
	if (leaf->max_rep)
		leaf->rep = xreallocarray(leaf->rep, chunk->allocated, 1);
}

static void grow_values(struct pq_leaf *leaf, size_t need)
{
	struct pq_chunk *chunk = leaf->chunk;
	chunk->value_room = larger(chunk->value_room, need, full_values(leaf));
	*leaf->grown = true;
	if (leaf->width)
		leaf->plain = xreallocarray(leaf->plain, chunk->value_room * leaf->width + SLACK, 1);
	else
		leaf->at = xreallocarray(leaf->at, chunk->value_room, sizeof *leaf->at);
}

static size_t lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

void pq_leaf_grow(struct pq_leaf *leaf)
{
	struct pq_chunk *chunk = leaf->chunk;
	size_t wait = leaf->entries - chunk->batch_start; /* at most this many of them are waiting values */
	size_t stop = lesser(leaf->settings->page_entries, chunk->batch_start + full_values(leaf));
	if (leaf->entries >= stop)
		*leaf->due = true;
	if (leaf->entries == chunk->allocated)
		grow_levels(leaf, leaf->entries + 1);
	if (wait == chunk->value_room)
		grow_values(leaf, wait + 1);
	leaf->room = lesser(chunk->allocated, chunk->batch_start + chunk->value_room);
	if (leaf->entries < stop)
		leaf->room = lesser(leaf->room, stop);
}

void pq_leaf_grow_bytes(struct pq_leaf *leaf, size_t need)
{
	struct pq_chunk *chunk = leaf->chunk;
	size_t full = full_bytes(leaf), wanted = leaf->used + need;
	if (wanted > full)
		*leaf->due = true;
	if (wanted > chunk->plain_allocated) {
		size_t room = larger(chunk->plain_allocated ? chunk->plain_allocated : FIRST_BYTES, wanted, full);
		leaf->plain = xreallocarray(leaf->plain, room + SLACK, 1);
		chunk->plain_allocated = room;
		*leaf->grown = true;
	}
	leaf->plain_room = wanted <= full ? lesser(full, chunk->plain_allocated) : chunk->plain_allocated;
}

/* Values have become indexes or a page: the next put checks its rooms again. */
static void look_again(struct pq_leaf *leaf)
{
	*leaf->grown = true;
	leaf->room = leaf->entries;
	leaf->plain_room = leaf->used;
}

void pq_leaf_begin(struct pq_leaf *leaf)
{
	struct pq_chunk *chunk = leaf->chunk;
	if (chunk->wants_bloom)
		chunk->bloom = pq_bloom_new();
	if (leaf->physical == PQ_BOOLEAN)
		return;
	if (chunk->plain_groups) {
		chunk->plain_groups--;
		return;
	}
	chunk->coding = true;
	chunk->dict = pq_dict_new(leaf->width, leaf->seed);
}

void pq_leaf_release(struct pq_leaf *leaf)
{
	struct pq_chunk *chunk = leaf->chunk;
	for (size_t i = 0; i < chunk->count; i++)
		free(chunk->pages[i].data);
	free(chunk->pages);
	free(chunk->index);
	pq_dict_free(chunk->dict);
	pq_bloom_free(chunk->bloom);
	free(leaf->def);
	free(leaf->rep);
	free(leaf->at);
	free(leaf->plain);
	*chunk = (struct pq_chunk){.plain_groups = chunk->plain_groups, .wants_bloom = chunk->wants_bloom};
	*leaf = (struct pq_leaf){.field = leaf->field,
		.settings = leaf->settings,
		.seed = leaf->seed,
		.due = leaf->due,
		.grown = leaf->grown,
		.physical = leaf->physical,
		.width = leaf->width,
		.max_def = leaf->max_def,
		.max_rep = leaf->max_rep,
		.chunk = chunk};
}

void pq_leaf_code(struct pq_leaf *leaf)
{
	struct pq_chunk *chunk = leaf->chunk;
	if (chunk->coded + leaf->values > chunk->index_room) {
		chunk->index_room =
			larger(chunk->index_room, chunk->coded + leaf->values, leaf->settings->page_entries + PQ_BATCH);
		chunk->index = xreallocarray(chunk->index, chunk->index_room, sizeof *chunk->index);
	}
	if (leaf->values)
		pq_dict_encode(chunk->dict, leaf->plain, leaf->at, leaf->values, chunk->index + chunk->coded);
	chunk->coded += leaf->values;
	chunk->batch_start = leaf->entries;
	leaf->values = leaf->used = 0;
	look_again(leaf);
}

void pq_leaf_next_page(struct pq_leaf *leaf)
{
	leaf->entries = leaf->values = leaf->used = leaf->records = 0;
	leaf->chunk->coded = leaf->chunk->batch_start = 0;
	look_again(leaf);
}

static void put_back_bytes(struct pq_leaf *leaf, const struct pq_dict *dict, uint32_t at)
{
	uint32_t len = dict->lens[at];
	if (leaf->plain_room - leaf->used < len + 4u)
		pq_leaf_grow_bytes(leaf, len + 4u);
	leaf->at[leaf->values] = (uint32_t)leaf->used;
	memcpy(leaf->plain + leaf->used, &len, 4);
	if (len)
		memcpy(leaf->plain + leaf->used + 4, pq_dict_bytes(dict, at), len);
	leaf->used += len + 4u;
}

void pq_leaf_plain(struct pq_leaf *leaf)
{
	struct pq_chunk *chunk = leaf->chunk;
	const struct pq_dict *dict = chunk->dict;
	pq_leaf_code(leaf); /* so that all values return in their order */
	chunk->coding = false;
	chunk->batch_start = 0;
	if (chunk->coded)
		grow_values(leaf, leaf->entries);
	for (size_t i = 0; i < chunk->coded; i++, leaf->values++) {
		if (!leaf->width)
			put_back_bytes(leaf, dict, chunk->index[i]);
		else if (leaf->physical == PQ_FIXED)
			memcpy(leaf->plain + i * leaf->width, pq_dict_bytes(dict, chunk->index[i]), leaf->width);
		else
			memcpy(leaf->plain + i * leaf->width, &dict->numbers[chunk->index[i]], leaf->width);
	}
	free(chunk->index);
	chunk->index = NULL;
	chunk->coded = chunk->index_room = 0;
	look_again(leaf);
	if (chunk->count)
		return;
	chunk->plain_groups = RETRY;
	pq_dict_free(chunk->dict);
	chunk->dict = NULL;
}

void pq_put_decimal(struct pq_leaf *leaf, pq_int128 unscaled, unsigned rep)
{
	char bytes[16];
	if (leaf->physical == PQ_INT32) {
		pq_put_i32(leaf, (int32_t)unscaled, rep);
		return;
	}
	if (leaf->physical == PQ_INT64) {
		pq_put_i64(leaf, (int64_t)unscaled, rep);
		return;
	}
	for (size_t i = leaf->width; i--; unscaled >>= 8)
		bytes[i] = (char)(unscaled & 0xff);
	pq_put_null(leaf, leaf->max_def, rep);
	memcpy(leaf->plain + leaf->width * leaf->values++, bytes, leaf->width);
}
