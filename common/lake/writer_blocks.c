/* Records that wait for compression, in blocks of a common pool: see writer.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/writer_impl.h"

#define CHUNK (1u << 20) /* raw bytes of a frame */

void blocks_free(struct block *b)
{
	while (b) {
		struct block *next = b->next;
		free(b);
		b = next;
	}
}

/* A codec_sink that writes to the staged file of a part, creating that if necessary. */
static int to_stage(void *arg, const void *data, size_t len, struct strbuf *err)
{
	struct part *part = arg;
	struct store *store = part->writer->config.store;
	int r = part->stage ? 0 : store_stage(store, part->file.path, &part->stage, err);
	return r < 0 ? r : store_append(store, part->stage, data, len, err);
}

/* Compress what is buffered for PART as a frame, and return its blocks to the pool. */
static int flush(struct part *part, struct strbuf *err)
{
	struct writer_pool *pool = part->writer->pool;
	if (!part->first)
		return 0;
	codec_expect(pool->codec, part->bytes);
	int r = 0;
	for (struct block *b = part->first; r == 0 && b; b = b->next)
		r = codec_write(pool->codec, b->data, b->next ? BLOCK_DATA : part->used, to_stage, part, err);
	if (r == 0)
		r = codec_end(pool->codec, to_stage, part, err);
	part->last->next = pool->free;
	pool->free = part->first;
	part->first = part->last = NULL;
	part->bytes = part->used = 0;
	return r;
}

/* Make room in the pool by flushing the partition that holds the most, which gives the longest frame. */
static int flush_largest(const struct writer_pool *pool, struct strbuf *err)
{
	struct part *most = NULL;
	for (const struct writer *w = pool->writers; w; w = w->next)
		for (size_t i = 0; i < w->nparts; i++)
			if (!most || w->parts[i]->bytes > most->bytes)
				most = w->parts[i];
	return most ? flush(most, err) : 0;
}

/* Give PART another block. */
static int add_block(struct part *part, struct strbuf *err)
{
	struct writer_pool *pool = part->writer->pool;
	if (!pool->free && pool->blocks == pool->max_blocks) {
		int r = flush_largest(pool, err);
		if (r < 0)
			return r;
	}
	struct block *b = pool->free;
	if (b) {
		pool->free = b->next;
	} else {
		b = xmalloc(sizeof *b);
		pool->blocks++;
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

/* Query engines decide by the suffix of a file.  It is that of JSON when the first record, at S, is an object. */
static const char *suffix_of(const struct writer_config *config, const char *s, size_t len)
{
	while (len && (*s == ' ' || *s == '\t')) {
		s++;
		len--;
	}
	if (config->suffix)
		return config->suffix;
	return config->delim != '\n' ? "bin" : len && *s == '{' ? "ndjson" : "txt";
}

/* The first records of PART have arrived, at S: complete its name. */
static void name_part(struct part *part, const char *s, size_t len)
{
	const struct writer_config *config = &part->writer->config;
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s.%s%s", part->file.path, suffix_of(config, s, len), codec_suffix(&config->codec));
	free(part->file.path);
	part->file.path = strbuf_detach(&path);
	part->named = true;
}

int writer_put(struct writer *w, struct part *part, const char *s, size_t len, struct strbuf *err)
{
	if (!part->named)
		name_part(part, s, len);
	if (w->direct)
		return codec_write(w->pool->codec, s, len, to_stage, part, err);
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

int part_complete(struct part *part, struct strbuf *err)
{
	struct writer *w = part->writer;
	int r = w->direct ? codec_end(w->pool->codec, to_stage, part, err) : flush(part, err);
	/* an empty file; this has not happened yet, because a record has at least its delimiter */
	if (r == 0 && !part->stage)
		r = store_stage(w->config.store, part->file.path, &part->stage, err);
	if (r < 0)
		return r;
	part->file.size = part->stage->size;
	part->file.began_ms = part->stage->began_ms;
	return 0;
}
