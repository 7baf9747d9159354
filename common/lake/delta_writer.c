/* The files of a commit to a Delta table: see delta_writer.h. */
#include "common/lake/delta_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/delta_stats.h"
#include "common/lake/part_index.h"

struct delta_part {
	struct lake_file file; /* must be first: delta_writer_finish() returns pointers to it */
	struct delta_writer *writer;
	struct pq_columns *columns;
	struct pq_writer *parquet;
	struct stage *stage; /* NULL: nothing was written yet */
	char **values;
	char *dir;
	struct strbuf stats;
	size_t bytes;  /* bytes of memory when last measured */
	bool complete; /* the file is complete: `columns` and `parquet` are freed */
	bool published;
};

struct delta_writer {
	struct delta_writer_config config;
	struct pq_codec *codec;
	struct delta_part **parts;
	size_t nparts, cap;
	size_t done; /* parts of earlier commits; the numbers in file names go on from there */
	struct part_index dirs;
	uint64_t bytes; /* bytes of memory of all partitions */
};

int delta_writer_new(const struct delta_writer_config *config, struct delta_writer **ret, struct strbuf *err)
{
	struct delta_writer *w = xcalloc(1, sizeof *w);
	w->config = *config;
	int r = pq_codec_new(&config->codec, &w->codec, err);
	if (r < 0)
		delta_writer_free(w);
	else
		*ret = w;
	return r;
}

static void part_free(struct delta_part *part)
{
	pq_writer_free(part->parquet);
	pq_columns_free(part->columns);
	store_stage_free(part->stage);
	layout_free_values(part->writer->config.layout, part->values);
	strbuf_release(&part->stats);
	free(part->file.path);
	free(part->dir);
	free(part);
}

void delta_writer_next(struct delta_writer *w)
{
	for (size_t i = 0; i < w->nparts; i++)
		part_free(w->parts[i]);
	part_index_release(&w->dirs);
	w->done += w->nparts;
	w->nparts = 0;
	w->bytes = 0;
}

void delta_writer_free(struct delta_writer *w)
{
	if (!w)
		return;
	delta_writer_next(w);
	free(w->parts);
	pq_codec_free(w->codec);
	free(w);
}

/* A pq_sink that writes to the file of the partition SELF, which is created if necessary. */
static int to_store(void *self, const void *data, size_t len, struct strbuf *err)
{
	struct delta_part *part = self;
	struct store *store = part->writer->config.store;
	int r = part->stage ? 0 : store_stage_in_place(store, part->file.path, &part->stage, err);
	return r < 0 ? r : store_append(store, part->stage, data, len, err);
}

/* --- partitions --------------------------------------------------------------------------------------------------- */

/* Add the partition DIR; takes DIR and VALUES. */
static int add_part(struct delta_writer *w, char *dir, char **values, struct delta_part **ret, struct strbuf *err)
{
	const struct pq_settings settings = {.codec = w->codec};
	const char *codec = pq_codec_name(&w->config.codec);
	struct strbuf path = STRBUF_INIT;
	struct delta_part *part = xcalloc(1, sizeof *part);
	strbuf_addf(&path, "%spart-%s-%05zu%s%s.parquet", dir, w->config.uuid, w->done + w->nparts, *codec ? "." : "",
		codec);
	part->writer = w;
	part->dir = dir;
	part->file.values = part->values = values;
	part->file.path = strbuf_detach(&path);
	int r = pq_columns_new(w->config.schema, &settings, &part->columns, err);
	if (r < 0) {
		part_free(part);
		return r;
	}
	part->parquet = pq_writer_new(part->columns, to_store, part);
	if (w->nparts == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 16;
		w->parts = xreallocarray(w->parts, w->cap, sizeof *w->parts);
	}
	w->parts[w->nparts++] = part;
	part_index_add(&w->dirs, part_index_hash(dir), dir, part);
	*ret = part;
	return 0;
}

int delta_writer_part(struct delta_writer *w, char **values, struct delta_part **ret, struct strbuf *err)
{
	struct strbuf dir = STRBUF_INIT;
	int r = layout_dir(w->config.layout, values, &dir);
	struct delta_part *known = r < 0 ? NULL : part_index_get(&w->dirs, part_index_hash(dir.s), dir.s);
	if (r < 0)
		layout_too_long(dir.s, err);
	if (r == 0 && !known)
		return add_part(w, strbuf_detach(&dir), values, ret, err);
	if (r == 0)
		*ret = known;
	layout_free_values(w->config.layout, values);
	strbuf_release(&dir);
	return r;
}

struct pq_columns *delta_part_columns(struct delta_part *part)
{
	return part->columns;
}

/* --- memory ------------------------------------------------------------------------------------------------------- */

/* Measure the memory of PART. */
static void measure(struct delta_part *part)
{
	size_t bytes = pq_columns_bytes(part->columns) + pq_writer_bytes(part->parquet);
	part->writer->bytes += bytes - part->bytes;
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
static int flush_largest(struct delta_writer *w, struct strbuf *err)
{
	struct delta_part *most = w->parts[w->nparts - 1]; /* complete partitions come before it, and have no bytes */
	for (size_t i = 0; i < w->nparts; i++)
		if (w->parts[i]->bytes > most->bytes)
			most = w->parts[i];
	return flush(most, err);
}

int delta_part_row(struct delta_part *part, struct strbuf *err)
{
	struct delta_writer *w = part->writer;
	part->file.records++;
	if (!part->columns->grown && part->bytes)
		return 0;
	measure(part);
	if (pq_columns_size(part->columns) >= w->config.row_group)
		return flush(part, err);
	return w->bytes > w->config.memory ? flush_largest(w, err) : 0;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static int complete(struct delta_part *part, struct strbuf *err)
{
	struct delta_writer *w = part->writer;
	const struct pq_result *result;
	if (part->complete)
		return 0;
	int r = pq_writer_flush(part->parquet, part->columns, err);
	if (r == 0)
		r = pq_writer_finish(part->parquet, NULL, 0, &result, err);
	if (r == 0)
		r = store_seal(w->config.store, part->stage, err);
	if (r < 0)
		return r;
	delta_stats(w->config.schema, result, &part->stats);
	part->file.stats = part->stats.s;
	part->file.records = result->rows;
	part->file.size = part->stage->size;
	part->file.began_ms = part->stage->began_ms;
	pq_writer_free(part->parquet);
	pq_columns_free(part->columns);
	part->parquet = NULL;
	part->columns = NULL;
	w->bytes -= part->bytes;
	part->bytes = 0;
	part->complete = true;
	return 0;
}

/* Give the files their final names, unless they have them already. */
static int publish(struct delta_writer *w, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < w->nparts; i++) {
		struct delta_part *part = w->parts[i];
		if (!part->stage->in_place)
			r = store_publish(w->config.store, part->file.path, part->file.size, part->stage->tag, err);
		part->published = r == 0;
	}
	return r == 0 ? store_sync(w->config.store, err) : r;
}

/* A partition without records has no file; the records for which it was created were refused. */
static void drop_empty(struct delta_writer *w)
{
	size_t n = 0;
	for (size_t i = 0; i < w->nparts; i++) {
		if (w->parts[i]->file.records) {
			w->parts[n++] = w->parts[i];
		} else {
			w->bytes -= w->parts[i]->bytes;
			part_free(w->parts[i]);
		}
	}
	w->done += w->nparts - n;
	w->nparts = n;
}

int delta_writer_renew(struct delta_writer *w, struct strbuf *err)
{
	int r = 0;
	drop_empty(w);
	for (size_t i = 0; r == 0 && i < w->nparts; i++)
		r = complete(w->parts[i], err);
	part_index_release(&w->dirs);
	return r;
}

int delta_writer_finish(struct delta_writer *w, struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err)
{
	int r = delta_writer_renew(w, err);
	if (r == 0)
		r = store_sync(w->config.store, err);
	KILL_POINT("staged");
	if (r == 0)
		r = publish(w, err);
	KILL_POINT("files-there");
	if (r < 0)
		return r;
	*ret_files = (struct lake_file **)w->parts;
	*ret_count = w->nparts;
	return 0;
}

int delta_writer_discard(struct delta_writer *w, struct strbuf *err)
{
	struct store *store = w->config.store;
	struct strbuf later = STRBUF_INIT;
	int first = 0;
	for (size_t i = 0; i < w->nparts; i++) {
		struct delta_part *part = w->parts[i];
		struct strbuf *text = first ? &later : err;
		int r = !part->stage                                ? 0
			: part->published && !part->stage->in_place ? store_remove(store, part->file.path, text)
								    : store_discard(store, part->stage->tag, text);
		first = first ? first : r;
	}
	strbuf_release(&later);
	return first;
}
