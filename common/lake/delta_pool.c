/* The memory of the writers of Delta tables: see delta_writer.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/delta_writer_impl.h"

enum { FOOTER_LEAST = 1 << 20 }; /* bytes of memory of a file's row groups for which no other file is begun */

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

/*
 * What is kept of the row groups that a file has, for its footer, is freed only with the file.  Thousands of columns
 * take as much for it as for the records, so that soon there would be a row group for each record: then the file is
 * completed, and another one begun.
 */
static bool is_footer_large(const struct delta_part *part, size_t open)
{
	const uint64_t share = part->writer->pool->memory / 4 / open;
	return pq_writer_bytes(part->parquet) > (share > FOOTER_LEAST ? share : FOOTER_LEAST);
}

/*
 * Make a row group of the partition that holds the most, which gives the largest row group.  *RET is that partition if
 * it is to go on in another file.
 */
static int flush_largest(const struct delta_pool *pool, struct delta_part **ret, struct strbuf *err)
{
	struct delta_part *most = NULL;
	size_t open = 0; /* those that are complete have no bytes */
	for (const struct delta_writer *w = pool->writers; w; w = w->next) {
		for (size_t i = 0; i < w->nparts; i++) {
			open += w->parts[i]->bytes != 0;
			if (w->parts[i]->bytes && (!most || w->parts[i]->bytes > most->bytes))
				most = w->parts[i];
		}
	}
	int r = most ? flush(most, err) : 0;
	if (r == 0 && most && is_footer_large(most, open))
		*ret = most;
	return r;
}

int delta_pool_row(struct delta_part *part, struct delta_part **ret, struct strbuf *err)
{
	const struct delta_writer *w = part->writer;
	*ret = NULL;
	if (!part->columns->grown && part->bytes)
		return 0;
	measure(part);
	if (pq_columns_size(part->columns) >= w->config.row_group)
		return flush(part, err);
	return w->pool->bytes > w->pool->memory ? flush_largest(w->pool, ret, err) : 0;
}

void delta_pool_forget(struct delta_part *part)
{
	part->writer->pool->bytes -= part->bytes;
	part->bytes = 0;
}
