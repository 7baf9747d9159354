/* Parquet files: see writer.h. */
#include "common/parquet/writer.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/parquet/footer.h"
#include "common/parquet/page.h"

#define MAGIC      "PAR1"
#define MAX_GROUPS INT16_MAX /* their ordinal is an i16 */

struct pq_writer {
	pq_sink *sink;
	void *self;
	uint64_t offset;
	struct pq_described file;
	size_t room;        /* of file.group */
	size_t pages;       /* finished row groups, whose places and bounds are kept */
	struct strbuf text; /* the part that is being built */
	struct pq_result result;
};

struct pq_writer *pq_writer_new(const struct pq_columns *columns, pq_sink *sink, void *self)
{
	struct pq_writer *w = xcalloc(1, sizeof *w);
	w->sink = sink;
	w->self = self;
	strbuf_init(&w->text);
	w->file.schema = columns->schema;
	w->file.codec = pq_codec_kind(columns->settings.codec);
	w->file.leaves = columns->leaves;
	w->file.leaf = xcalloc(columns->leaves, sizeof *w->file.leaf);
	w->result.columns = xcalloc(columns->leaves, sizeof *w->result.columns);
	w->result.count = columns->leaves;
	for (size_t i = 0; i < columns->leaves; i++)
		w->result.columns[i].field = w->file.leaf[i] = columns->leaf[i].field;
	return w;
}

void pq_writer_free(struct pq_writer *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->file.groups; i++) {
		for (size_t k = 0; k < w->file.leaves; k++)
			free(w->file.group[i].chunks[k].pages);
		free(w->file.group[i].chunks);
	}
	free(w->file.group);
	free(w->file.leaf);
	free(w->result.columns);
	strbuf_release(&w->text);
	free(w);
}

uint64_t pq_writer_offset(const struct pq_writer *w)
{
	return w->offset;
}

size_t pq_writer_bytes(const struct pq_writer *w)
{
	return sizeof *w + w->pages * sizeof(struct pq_page) +
	       w->file.groups * w->file.leaves * sizeof(struct pq_written) + w->text.cap;
}

static int hand_out(struct pq_writer *w, const void *data, size_t len, struct strbuf *err)
{
	w->offset += len;
	return w->sink(w->self, data, len, err);
}

static int write_page(struct pq_writer *w, struct pq_page *page, struct strbuf *err)
{
	page->offset = w->offset;
	int r = hand_out(w, page->data, page->len, err);
	free(page->data);
	page->data = NULL;
	return r;
}

/* Sum up the pages of a chunk. */
static void sum_up(struct pq_written *to, const struct schema_field *field)
{
	to->len = to->dict.len;
	to->size = to->dict.size;
	for (size_t i = 0; i < to->count; i++) {
		const struct pq_page *page = &to->pages[i];
		to->len += page->len;
		to->size += page->size;
		to->entries += page->entries;
		to->nulls += page->entries - page->values;
		to->has_nan |= page->has_nan;
		pq_bounds_merge(pq_order_of(field), &to->bounds, &page->bounds);
	}
	if (to->has_nan)
		to->bounds = (struct pq_bounds){0};
}

static int write_chunk(struct pq_writer *w, struct pq_leaf *leaf, struct pq_written *to, struct strbuf *err)
{
	struct pq_chunk *chunk = leaf->chunk;
	int r = pq_page_dict(leaf, &to->dict, err);
	if (r == 0 && to->dict.data)
		r = write_page(w, &to->dict, err);
	for (size_t i = 0; r == 0 && i < chunk->count; i++)
		r = write_page(w, &chunk->pages[i], err);
	if (r < 0)
		return r;
	to->pages = chunk->pages;
	to->count = chunk->count;
	w->pages += chunk->room;
	chunk->pages = NULL;
	chunk->count = chunk->room = 0;
	sum_up(to, leaf->field);
	return 0;
}

static int write_bloom(struct pq_writer *w, const struct pq_leaf *leaf, struct pq_written *to, struct strbuf *err)
{
	if (!leaf->chunk->bloom)
		return 0;
	size_t len;
	const unsigned char *filter = pq_bloom_finish(leaf->chunk->bloom, &len);
	strbuf_clear(&w->text);
	pq_put_bloom_head(&w->text, len);
	to->bloom = (struct pq_place){w->offset, w->text.len + len};
	int r = hand_out(w, w->text.s, w->text.len, err);
	return r < 0 ? r : hand_out(w, filter, len, err);
}

static struct pq_written_group *add_group(struct pq_writer *w, uint64_t rows)
{
	if (w->file.groups == w->room) {
		w->room = w->room ? 2 * w->room : 4;
		w->file.group = xreallocarray(w->file.group, w->room, sizeof *w->file.group);
	}
	struct pq_written_group *group = &w->file.group[w->file.groups++];
	*group = (struct pq_written_group){xcalloc(w->file.leaves, sizeof *group->chunks), rows};
	return group;
}

int pq_writer_flush(struct pq_writer *w, struct pq_columns *columns, struct strbuf *err)
{
	if (!columns->rows)
		return 0;
	if (w->file.groups == MAX_GROUPS) {
		strbuf_addf(err, "a file has no more than %d row groups", MAX_GROUPS);
		return -EFBIG;
	}
	int r = w->offset ? 0 : hand_out(w, MAGIC, strlen(MAGIC), err);
	struct pq_written_group *group = add_group(w, columns->rows);
	for (size_t i = 0; r == 0 && i < columns->leaves; i++) {
		r = pq_page_cut(&columns->leaf[i], err);
		if (r == 0)
			r = write_chunk(w, &columns->leaf[i], &group->chunks[i], err);
	}
	for (size_t i = 0; r == 0 && i < columns->leaves; i++)
		r = write_bloom(w, &columns->leaf[i], &group->chunks[i], err);
	if (r == 0)
		pq_columns_reset(columns);
	return r;
}

typedef void put_index(struct strbuf *to, const struct pq_written *chunk, const struct schema_field *field);

static void put_offsets(struct strbuf *to, const struct pq_written *chunk, const struct schema_field *field)
{
	(void)field;
	pq_put_offset_index(to, chunk);
}

/* Write one kind of index for all chunks. */
static int write_indexes(struct pq_writer *w, put_index *put, bool column_index, struct strbuf *err)
{
	strbuf_clear(&w->text);
	for (size_t i = 0; i < w->file.groups; i++)
		for (size_t k = 0; k < w->file.leaves; k++) {
			struct pq_written *chunk = &w->file.group[i].chunks[k];
			struct pq_place *place = column_index ? &chunk->column_index : &chunk->offset_index;
			size_t before = w->text.len;
			put(&w->text, chunk, w->file.leaf[k]);
			*place = (struct pq_place){w->offset + before, w->text.len - before};
		}
	return hand_out(w, w->text.s, w->text.len, err);
}

static int write_footer(struct pq_writer *w, const struct pq_metadata *metadata, size_t count, struct strbuf *err)
{
	strbuf_clear(&w->text);
	pq_put_footer(&w->text, &w->file, metadata, count);
	w->result.footer = (uint32_t)w->text.len;
	if (w->text.len > INT32_MAX) {
		strbuf_addstr(err, "a footer would have more than 2 GiB");
		return -EFBIG;
	}
	uint32_t len = (uint32_t)w->text.len;
	strbuf_add(&w->text, &len, sizeof len);
	strbuf_addstr(&w->text, MAGIC);
	return hand_out(w, w->text.s, w->text.len, err);
}

static void sum_up_file(struct pq_writer *w)
{
	struct pq_result *result = &w->result;
	result->bytes = w->offset;
	result->groups = (uint32_t)w->file.groups;
	for (size_t i = 0; i < w->file.groups; i++)
		result->rows += w->file.group[i].rows;
	for (size_t k = 0; k < w->file.leaves; k++) {
		struct pq_column_stats *stats = &result->columns[k];
		for (size_t i = 0; i < w->file.groups; i++) {
			const struct pq_written *chunk = &w->file.group[i].chunks[k];
			stats->entries += chunk->entries;
			stats->nulls += chunk->nulls;
			stats->bytes += chunk->len;
			stats->has_nan |= chunk->has_nan;
			pq_bounds_merge(pq_order_of(stats->field), &stats->bounds, &chunk->bounds);
		}
		if (stats->has_nan)
			stats->bounds = (struct pq_bounds){0};
	}
}

int pq_writer_finish(struct pq_writer *w, const struct pq_metadata *metadata, size_t count,
	const struct pq_result **ret, struct strbuf *err)
{
	int r = w->offset ? 0 : hand_out(w, MAGIC, strlen(MAGIC), err);
	if (r == 0)
		r = write_indexes(w, pq_put_column_index, true, err);
	if (r == 0)
		r = write_indexes(w, put_offsets, false, err);
	if (r == 0)
		r = write_footer(w, metadata, count, err);
	if (r < 0)
		return r;
	sum_up_file(w);
	*ret = &w->result;
	return 0;
}
