/* The files of a commit: see writer.h. */
#include "common/lake/writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/part_index.h"

#define CHUNK (1u << 20)          /* raw bytes of a frame */
#define BASE  (UINT64_C(8) << 20) /* of the program besides blocks and codec */
#define LEAST (UINT64_C(1) << 20) /* blocks: at least so much */

/*
 * 4 KiB with its link and malloc's header.  Small, so that thousands of partitions have one each: 10,000 partitions
 * that came by turns took 56 s of CPU within 64 MiB with blocks of 32 KiB, and 1.8 s with these; with few partitions
 * there is no difference.
 */
#define BLOCK_DATA ((4u << 10) - 16)

struct block {
	struct block *next;
	char data[BLOCK_DATA];
};

struct part {
	struct lake_file file; /* first: writer_finish() hands out pointers to it */
	struct writer *writer;
	struct stage *stage; /* NULL: nothing was flushed yet */
	struct block *first, *last;
	size_t bytes, used; /* raw bytes that wait; those in the last block */
	char **values;
	char *dir;
};

struct writer {
	struct writer_config config;
	struct codec *codec;
	struct block *free;
	size_t blocks, max_blocks;
	struct part **parts;
	size_t nparts, cap;
	size_t done; /* parts of earlier commits: names go on from there */
	struct part_index units, dirs;
	bool direct;       /* one partition, compressed as it comes */
	int64_t last_unit; /* of writer_part(): records mostly stay in a partition */
	struct part *last_part;
};

int writer_new(const struct writer_config *config, struct writer **ret, struct strbuf *err)
{
	struct writer *w = xcalloc(1, sizeof *w);
	w->config = *config;
	w->direct = config->layout->count == 0;
	int r = codec_new(&config->codec, &w->codec, err);
	if (r == 0 && !w->direct) {
		uint64_t least = BASE + LEAST + codec_memory(w->codec);
		if (config->memory < least) {
			strbuf_addf(err, "compression and partitions need at least %" PRIu64 "M of memory",
				(least >> 20) + 1);
			r = -EINVAL;
		} else {
			w->max_blocks = (size_t)((config->memory - least + LEAST) / sizeof(struct block));
		}
	}
	if (r < 0) {
		writer_free(w);
		return r;
	}
	*ret = w;
	return 0;
}

static void free_blocks(struct block *b)
{
	while (b) {
		struct block *next = b->next;
		free(b);
		b = next;
	}
}

static void part_free(struct part *part)
{
	free_blocks(part->first);
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
	free_blocks(w->free);
	codec_free(w->codec);
	free(w);
}

/* Add the partition DIR; takes DIR and VALUES. */
static struct part *add_part(struct writer *w, char *dir, char **values)
{
	struct strbuf path = STRBUF_INIT;
	struct part *part = xcalloc(1, sizeof *part);
	strbuf_addf(
		&path, "%spart-%s-%05zu%s", dir, w->config.uuid, w->done + w->nparts, codec_suffix(&w->config.codec));
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

/* The partition of VALUES, which it takes. */
static int part_of(struct writer *w, char **values, struct part **ret, struct strbuf *err)
{
	struct strbuf dir = STRBUF_INIT;
	int r = layout_dir(w->config.layout, values, &dir);
	struct part *part = r < 0 ? NULL : part_index_get(&w->dirs, part_index_hash(dir.s), dir.s);
	if (r < 0)
		strbuf_addf(err, "the partition '%s…' has a name that is too long", dir.s);
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

int writer_part(struct writer *w, const struct timespec *t, struct part **ret, struct strbuf *err)
{
	static const struct timespec epoch;
	int64_t unit = layout_unit(w->config.layout, t ? t : &epoch);
	if (w->last_part && unit == w->last_unit) {
		*ret = w->last_part;
		return 0;
	}
	struct part *part = part_index_get(&w->units, (uint64_t)unit, NULL);
	if (!part) {
		int r = part_of(w, layout_values(w->config.layout, t ? t : &epoch), &part, err);
		if (r < 0)
			return r;
		part_index_add(&w->units, (uint64_t)unit, NULL, part);
	}
	w->last_unit = unit;
	w->last_part = *ret = part;
	return 0;
}

int writer_part_constant(struct writer *w, const char *value, struct part **ret, struct strbuf *err)
{
	return part_of(w, layout_constant(w->config.layout, value), ret, err);
}

void part_count(struct part *part, uint64_t records)
{
	part->file.records += records;
}

/* codec_sink: to the staged file of a part, which is begun now at the latest. */
static int to_stage(void *arg, const void *data, size_t len, struct strbuf *err)
{
	struct part *part = arg;
	struct store *store = part->writer->config.store;
	int r = part->stage ? 0 : store_stage(store, part->file.path, &part->stage, err);
	return r < 0 ? r : store_append(store, part->stage, data, len, err);
}

/* Compress what waits in PART as a frame, and give its blocks back. */
static int flush(struct part *part, struct strbuf *err)
{
	struct writer *w = part->writer;
	if (!part->first)
		return 0;
	codec_expect(w->codec, part->bytes);
	int r = 0;
	for (struct block *b = part->first; r == 0 && b; b = b->next)
		r = codec_write(w->codec, b->data, b->next ? BLOCK_DATA : part->used, to_stage, part, err);
	if (r == 0)
		r = codec_end(w->codec, to_stage, part, err);
	part->last->next = w->free;
	w->free = part->first;
	part->first = part->last = NULL;
	part->bytes = part->used = 0;
	return r;
}

/* Make room in the pool: the partition that holds most gets the longest frame. */
static int flush_largest(struct writer *w, struct strbuf *err)
{
	struct part *most = w->parts[0];
	for (size_t i = 1; i < w->nparts; i++)
		if (w->parts[i]->bytes > most->bytes)
			most = w->parts[i];
	return flush(most, err);
}

/* Give PART another block. */
static int add_block(struct part *part, struct strbuf *err)
{
	struct writer *w = part->writer;
	if (!w->free && w->blocks == w->max_blocks) {
		int r = flush_largest(w, err);
		if (r < 0)
			return r;
	}
	struct block *b = w->free;
	if (b) {
		w->free = b->next;
	} else {
		b = xmalloc(sizeof *b);
		w->blocks++;
	}
	b->next = NULL;
	if (part->last)
		part->last->next = b;
	else
		part->first = b;
	part->last = b;
	part->used = 0;
	return 0;
}

int writer_put(struct writer *w, struct part *part, const char *s, size_t len, struct strbuf *err)
{
	if (w->direct)
		return codec_write(w->codec, s, len, to_stage, part, err);
	while (len) {
		int r = part->last && part->used < BLOCK_DATA ? 0 : add_block(part, err);
		if (r < 0)
			return r;
		size_t n = BLOCK_DATA - part->used;
		n = n < len ? n : len;
		memcpy(part->last->data + part->used, s, n);
		part->used += n;
		part->bytes += n;
		s += n;
		len -= n;
		if (part->bytes >= CHUNK && (r = flush(part, err)) < 0)
			return r;
	}
	return 0;
}

/* Compress the rest of a part and note what the log wants to know. */
static int complete(struct writer *w, struct part *part, struct strbuf *err)
{
	int r = w->direct ? codec_end(w->codec, to_stage, part, err) : flush(part, err);
	if (r == 0 && !part->stage) /* without a byte; not met, a record has at least its delimiter */
		r = store_stage(w->config.store, part->file.path, &part->stage, err);
	if (r < 0)
		return r;
	part->file.tag = part->stage->tag;
	part->file.size = part->stage->size;
	return 0;
}

int writer_finish(struct writer *w, struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < w->nparts; i++)
		r = complete(w, w->parts[i], err);
	for (size_t i = 0; r == 0 && i < w->nparts; i++)
		r = store_seal(w->config.store, w->parts[i]->stage, err);
	if (r == 0)
		r = store_sync(w->config.store, err);
	KILL_POINT("staged");
	if (r < 0)
		return r;
	*ret_files = (struct lake_file **)w->parts;
	*ret_count = w->nparts;
	return 0;
}

int writer_discard(struct writer *w, struct strbuf *err)
{
	int first = 0;
	for (size_t i = 0; i < w->nparts; i++) {
		struct stage *stage = w->parts[i]->stage;
		int r = stage ? store_discard(w->config.store, stage->tag, first ? &(struct strbuf)STRBUF_INIT : err)
			      : 0;
		first = first ? first : r;
	}
	return first;
}
