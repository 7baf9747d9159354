/* The files of a commit, from the first partition to the last sync: see writer.h. */
#include "common/lake/writer_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"

#define BASE  (UINT64_C(8) << 20) /* memory of the program without blocks and codec */
#define LEAST (UINT64_C(1) << 20) /* the least memory for blocks */

/* With BLOCKS, or without any. */
static int pool_new(const struct writer_pool_config *config, bool blocks, struct writer_pool **ret, struct strbuf *err)
{
	struct writer_pool *pool = xcalloc(1, sizeof *pool);
	int r = codec_new(&config->codec, &pool->codec, err);
	if (r == 0 && blocks) {
		uint64_t least = BASE + LEAST + codec_memory(pool->codec);
		if (config->memory < least) {
			strbuf_addf(err, "compression and partitions need at least %" PRIu64 "M of memory",
				(least >> 20) + 1);
			r = -EINVAL;
		} else {
			pool->max_blocks = (size_t)((config->memory - least + LEAST) / sizeof(struct block));
		}
	}
	if (r < 0)
		writer_pool_free(pool);
	else
		*ret = pool;
	return r;
}

int writer_pool_new(const struct writer_pool_config *config, struct writer_pool **ret, struct strbuf *err)
{
	return pool_new(config, true, ret, err);
}

void writer_pool_free(struct writer_pool *pool)
{
	if (!pool)
		return;
	blocks_free(pool->free);
	codec_free(pool->codec);
	free(pool);
}

int writer_new(const struct writer_config *config, struct writer **ret, struct strbuf *err)
{
	const struct writer_pool_config own = {.codec = config->codec, .memory = config->memory};
	struct writer *w = xcalloc(1, sizeof *w);
	w->config = *config;
	w->direct = config->layout->count == 0 && !config->pool;
	strbuf_init(&w->key);
	strbuf_init(&w->last_key);
	int r = config->pool ? 0 : pool_new(&own, !w->direct, &w->own_pool, err);
	if (r < 0) {
		free(w);
		return r;
	}
	w->pool = config->pool ? config->pool : w->own_pool;
	w->next = w->pool->writers;
	w->pool->writers = w;
	*ret = w;
	return 0;
}

static void part_free(struct part *part)
{
	blocks_free(part->first);
	store_stage_free(part->stage);
	layout_free_values(part->writer->config.layout, part->values);
	free(part->file.path);
	free(part->dir);
	free(part);
}

void writer_next(struct writer *w)
{
	for (size_t i = 0; i < w->nparts; i++)
		part_free(w->parts[i]);
	part_index_release(&w->units);
	part_index_release(&w->keys);
	arena_release(&w->key_texts);
	part_index_release(&w->dirs);
	w->done += w->nparts;
	w->nparts = 0;
	w->last_part = NULL;
}

void writer_free(struct writer *w)
{
	if (!w)
		return;
	writer_next(w);
	free(w->parts);
	struct writer **link = &w->pool->writers;
	while (*link != w)
		link = &(*link)->next;
	*link = w->next;
	writer_pool_free(w->own_pool);
	strbuf_release(&w->key);
	strbuf_release(&w->last_key);
	free(w);
}

/* Add the partition DIR; takes ownership of DIR and VALUES. */
static struct part *add_part(struct writer *w, char *dir, char **values)
{
	struct strbuf path = STRBUF_INIT;
	struct part *part = xcalloc(1, sizeof *part);
	strbuf_addf(&path, "%spart-%s-%05zu", dir, w->config.uuid, w->done + w->nparts);
	part->writer = w;
	part->dir = dir;
	part->values = values;
	part->file.path = strbuf_detach(&path);
	part->file.values = values;
	if (w->nparts == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 16;
		w->parts = xreallocarray(w->parts, w->cap, sizeof *w->parts);
	}
	w->parts[w->nparts++] = part;
	part_index_add(&w->dirs, part_index_hash(dir), dir, part);
	return part;
}

/* The partition of VALUES; takes ownership of them. */
static int part_of(struct writer *w, char **values, struct part **ret, struct strbuf *err)
{
	struct strbuf dir = STRBUF_INIT;
	int r = layout_dir(w->config.layout, values, &dir);
	struct part *part = r < 0 ? NULL : part_index_get(&w->dirs, part_index_hash(dir.s), dir.s);
	if (r < 0)
		layout_too_long(dir.s, err);
	if (r == 0 && !part) {
		*ret = add_part(w, strbuf_detach(&dir), values);
		return 0;
	}
	if (r == 0)
		*ret = part;
	layout_free_values(w->config.layout, values);
	strbuf_release(&dir);
	return r;
}

/* As writer_part(), where times alone matter. */
static int part_by_time(struct writer *w, const struct timespec *t, struct part **ret, struct strbuf *err)
{
	int64_t unit = layout_unit(w->config.layout, t);
	if (w->last_part && unit == w->last_unit) {
		*ret = w->last_part;
		return 0;
	}
	struct part *part = part_index_get(&w->units, (uint64_t)unit, NULL);
	if (!part) {
		int r = part_of(w, layout_values(w->config.layout, t, NULL), &part, err);
		if (r < 0)
			return r;
		part_index_add(&w->units, (uint64_t)unit, NULL, part);
	}
	w->last_unit = unit;
	w->last_part = *ret = part;
	return 0;
}

/* Remember that the key of W leads to PART. */
static void add_key(struct writer *w, struct part *part)
{
	char *key = memcpy(arena_bytes(&w->key_texts, w->key.len + 1), w->key.s, w->key.len + 1);
	part_index_add(&w->keys, part_index_hash(key), key, part);
}

/* As writer_part(), where fields matter. */
static int part_by_fields(
	struct writer *w, const struct timespec *t, const struct value *values, struct part **ret, struct strbuf *err)
{
	int r = layout_key(w->config.layout, t, values, &w->key, err);
	if (r < 0)
		return r;
	if (w->last_part && w->key.len == w->last_key.len && memcmp(w->key.s, w->last_key.s, w->key.len) == 0) {
		*ret = w->last_part;
		return 0;
	}
	struct part *part = part_index_get(&w->keys, part_index_hash(w->key.s), w->key.s);
	if (!part) {
		r = part_of(w, layout_values(w->config.layout, t, values), &part, err);
		if (r < 0)
			return r;
		add_key(w, part);
	}
	const struct strbuf key = w->last_key;
	w->last_key = w->key;
	w->key = key;
	w->last_part = *ret = part;
	return 0;
}

int writer_part(
	struct writer *w, const struct timespec *t, const struct value *values, struct part **ret, struct strbuf *err)
{
	return w->config.layout->nfields ? part_by_fields(w, t, values, ret, err) : part_by_time(w, t, ret, err);
}

int writer_part_constant(struct writer *w, const char *value, struct part **ret, struct strbuf *err)
{
	return part_of(w, layout_constant(w->config.layout, value), ret, err);
}

void part_count(struct part *part, uint64_t records)
{
	part->file.records += records;
}

int writer_finish(struct writer *w, struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < w->nparts; i++)
		r = part_complete(w->parts[i], err);
	for (size_t i = 0; r == 0 && i < w->nparts; i++)
		r = store_seal(w->config.store, w->parts[i]->stage, err);
	if (r == 0)
		r = store_sync(w->config.store, err);
	KILL_POINT("staged");
	if (r < 0)
		return r;
	for (size_t i = 0; i < w->nparts; i++) /* only now, because each try of an upload may have another tag */
		w->parts[i]->file.tag = w->parts[i]->stage->tag;
	*ret_files = (struct lake_file **)w->parts;
	*ret_count = w->nparts;
	return 0;
}

int writer_discard(struct writer *w, struct strbuf *err)
{
	struct strbuf later = STRBUF_INIT;
	int first = 0;
	for (size_t i = 0; i < w->nparts; i++) {
		struct stage *stage = w->parts[i]->stage;
		int r = stage ? store_discard(w->config.store, stage->tag, first ? &later : err) : 0;
		first = first ? first : r;
	}
	strbuf_release(&later);
	return first;
}
