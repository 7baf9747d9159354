/* The files of a commit to a Delta table: see delta_writer.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/delta_stats.h"
#include "common/lake/delta_writer_impl.h"

int delta_writer_new(const struct delta_writer_config *config, struct delta_writer **ret, struct strbuf *err)
{
	const struct delta_pool_config own = {.codec = config->codec, .memory = config->memory};
	struct delta_writer *w = xcalloc(1, sizeof *w);
	w->config = *config;
	int r = config->pool ? 0 : delta_pool_new(&own, &w->own_pool, err);
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

static void part_free(struct delta_part *part)
{
	delta_pool_forget(part);
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
	w->nparts = 0;
}

void delta_writer_free(struct delta_writer *w)
{
	if (!w)
		return;
	delta_writer_next(w);
	free(w->parts);
	struct delta_writer **link = &w->pool->writers;
	while (*link != w)
		link = &(*link)->next;
	*link = w->next;
	delta_pool_free(w->own_pool);
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

/* Begin the next file of PART. */
static int begin_file(struct delta_part *part, struct strbuf *err)
{
	struct delta_writer *w = part->writer;
	const struct pq_settings settings = {.codec = w->pool->codec};
	const char *codec = pq_codec_name(&w->config.codec);
	size_t *number = w->config.number ? w->config.number : &w->files;
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%spart-%s-%05zu%s%s.parquet", part->dir, w->config.uuid, *number, *codec ? "." : "", codec);
	part->file = (struct lake_file){.path = strbuf_detach(&path), .values = part->values};
	int r = pq_columns_new(w->config.schema, &settings, &part->columns, err);
	if (r < 0)
		return r;
	++*number;
	part->parquet = pq_writer_new(part->columns, to_store, part);
	return 0;
}

static void append_part(struct delta_writer *w, struct delta_part *part)
{
	if (w->nparts == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 16;
		w->parts = xreallocarray(w->parts, w->cap, sizeof *w->parts);
	}
	w->parts[w->nparts++] = part;
}

/* Add the partition DIR; takes DIR and VALUES. */
static int add_part(struct delta_writer *w, char *dir, char **values, struct delta_part **ret, struct strbuf *err)
{
	struct delta_part *part = xcalloc(1, sizeof *part);
	strbuf_init(&part->stats);
	part->writer = w;
	part->dir = dir;
	part->values = values;
	int r = begin_file(part, err);
	if (r < 0) {
		part_free(part);
		return r;
	}
	append_part(w, part);
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

uint64_t delta_part_records(const struct delta_part *part)
{
	return part->file.records;
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
	delta_pool_forget(part);
	part->complete = true;
	return 0;
}

/* Complete the file of PART, and begin another one in the same partition.  Pointers to PART remain valid. */
static int next_file(struct delta_part *part, struct strbuf *err)
{
	struct delta_writer *w = part->writer;
	int r = complete(part, err);
	if (r < 0)
		return r;
	struct delta_part *done = xmalloc(sizeof *done);
	*done = *part;
	append_part(w, done);
	/* Whoever has PART goes on with it, and its directory is the key in the index. */
	done->dir = xstrdup(part->dir);
	done->values = layout_copy_values(w->config.layout, part->values);
	done->file.values = done->values;
	*part = (struct delta_part){.writer = w, .dir = part->dir, .values = part->values, .stats = STRBUF_INIT};
	return begin_file(part, err);
}

int delta_part_row(struct delta_part *part, struct strbuf *err)
{
	return delta_part_rows(part, 1, 0, err);
}

int delta_part_rows(struct delta_part *part, size_t count, int64_t newest_ms, struct strbuf *err)
{
	struct delta_part *full;
	part->file.records += count;
	if (newest_ms > part->file.newest_ms)
		part->file.newest_ms = newest_ms;
	int r = delta_pool_row(part, &full, err);
	return r == 0 && full ? next_file(full, err) : r;
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
			part_free(w->parts[i]);
		}
	}
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
