/* The memory of the writers of Delta tables: see delta_writer.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/delta_writer_impl.h"

int delta_pool_new(const struct delta_pool_config *config, struct delta_pool **ret, struct strbuf *err)
{
	struct delta_pool *pool = xcalloc(1, sizeof *pool);
	pool->memory = config->memory;
	int r = pq_codec_new(&config->codec, &pool->codec, err);
	if (r < 0)
		delta_pool_free(pool);
	else
		*ret = pool;
	return r;
}

void delta_pool_free(struct delta_pool *pool)
{
	if (!pool)
		return;
	pq_codec_free(pool->codec);
	free(pool);
}

/* Measure the memory of PART. */
static void measure(struct delta_part *part)
{
	size_t bytes = pq_columns_bytes(part->columns) + pq_writer_bytes(part->parquet);
	part->writer->pool->bytes += bytes - part->bytes;
	part->bytes = bytes;
	part->columns->grown = false;
}

static int flush(struct delta_part *part, struct strbuf *err)
{
	int r = pq_writer_flush(part->parquet, part->columns, err);
	measure(part);
	return r;
}

/* Make a row group of the partition that holds the most, which gives the largest row group. */
static int flush_largest(const struct delta_pool *pool, struct strbuf *err)
{
	struct delta_part *most = NULL;
	for (const struct delta_writer *w = pool->writers; w; w = w->next)
		for (size_t i = 0; i < w->nparts; i++) /* those that are complete have no bytes */
			if (w->parts[i]->bytes && (!most || w->parts[i]->bytes > most->bytes))
				most = w->parts[i];
	return most ? flush(most, err) : 0;
}

int delta_part_row(struct delta_part *part, struct strbuf *err)
{
	const struct delta_writer *w = part->writer;
	part->file.records++;
	if (!part->columns->grown && part->bytes)
		return 0;
	measure(part);
	if (pq_columns_size(part->columns) >= w->config.row_group)
		return flush(part, err);
	return w->pool->bytes > w->pool->memory ? flush_largest(w->pool, err) : 0;
}

void delta_part_forget(struct delta_part *part)
{
	part->writer->pool->bytes -= part->bytes;
	part->bytes = 0;
}
