/* Indexes and the footer: see footer.h. */
#include "common/parquet/footer.h"

#include "common/parquet/types.h"

#define CREATED_BY "weir version " WEIR_VERSION " (build " WEIR_VERSION ")"

void pq_put_bloom_head(struct strbuf *to, size_t len)
{
	struct thrift_out t = {.to = to};
	thrift_begin(&t, 0);
	thrift_i32(&t, 1, (int32_t)len);
	for (int id = 2; id <= 4; id++) { /* split blocks, xxHash, uncompressed: each is the first member of a union */
		thrift_begin(&t, id);
		thrift_empty(&t, 1);
		thrift_end(&t);
	}
	thrift_end(&t);
}

/* Whether the pages are in that order, ignoring pages with only nulls. */
static bool in_order(const struct pq_written *chunk, enum pq_order order, int sign)
{
	const struct pq_page *before = NULL;
	for (size_t i = 0; i < chunk->count; i++) {
		const struct pq_page *page = &chunk->pages[i];
		if (!page->values)
			continue;
		if (before && (sign * pq_bound_compare(order, &before->bounds.min, &page->bounds.min) > 0 ||
				      sign * pq_bound_compare(order, &before->bounds.max, &page->bounds.max) > 0))
			return false;
		before = page;
	}
	return true;
}

static enum pq_boundary_order boundary_order(const struct pq_written *chunk, enum pq_order order)
{
	return in_order(chunk, order, 1) ? PQ_ASCENDING : in_order(chunk, order, -1) ? PQ_DESCENDING : PQ_UNORDERED;
}

static void put_page_bounds(
	struct thrift_out *t, int id, const struct pq_written *chunk, const struct schema_field *field, bool max)
{
	thrift_list(t, id, THRIFT_BINARY, chunk->count);
	for (size_t i = 0; i < chunk->count; i++) {
		unsigned char plain[PQ_BOUND_MAX];
		const struct pq_page *page = &chunk->pages[i];
		const struct pq_bound *bound = max ? &page->bounds.max : &page->bounds.min;
		thrift_item_binary(t, plain, page->values ? pq_bound_plain(bound, field, plain) : 0);
	}
}

void pq_put_column_index(struct strbuf *to, const struct pq_written *chunk, const struct schema_field *field)
{
	for (size_t i = 0; i < chunk->count; i++)
		if (chunk->pages[i].values && (!chunk->pages[i].bounds.min.known || !chunk->pages[i].bounds.max.known))
			return;
	struct thrift_out t = {.to = to};
	thrift_begin(&t, 0);
	thrift_list(&t, 1, THRIFT_TRUE, chunk->count);
	for (size_t i = 0; i < chunk->count; i++)
		thrift_item_bool(&t, !chunk->pages[i].values);
	put_page_bounds(&t, 2, chunk, field, false);
	put_page_bounds(&t, 3, chunk, field, true);
	thrift_i32(&t, 4, boundary_order(chunk, pq_order_of(field)));
	thrift_list(&t, 5, THRIFT_I64, chunk->count);
	for (size_t i = 0; i < chunk->count; i++)
		thrift_item_int(&t, (int64_t)(chunk->pages[i].entries - chunk->pages[i].values));
	thrift_end(&t);
}

void pq_put_offset_index(struct strbuf *to, const struct pq_written *chunk)
{
	struct thrift_out t = {.to = to};
	thrift_begin(&t, 0);
	thrift_list(&t, 1, THRIFT_STRUCT, chunk->count);
	for (size_t i = 0; i < chunk->count; i++) {
		thrift_begin(&t, 0);
		thrift_i64(&t, 1, (int64_t)chunk->pages[i].offset);
		thrift_i32(&t, 2, (int32_t)chunk->pages[i].len);
		thrift_i64(&t, 3, (int64_t)chunk->pages[i].first_row);
		thrift_end(&t);
	}
	thrift_end(&t);
}

static void put_statistics(struct thrift_out *t, const struct pq_written *chunk, const struct schema_field *field)
{
	unsigned char plain[PQ_BOUND_MAX];
	const struct pq_bounds *bounds = &chunk->bounds;
	thrift_begin(t, 12);
	thrift_i64(t, 3, (int64_t)chunk->nulls);
	if (bounds->max.known)
		thrift_binary(t, 5, plain, pq_bound_plain(&bounds->max, field, plain));
	if (bounds->min.known)
		thrift_binary(t, 6, plain, pq_bound_plain(&bounds->min, field, plain));
	if (bounds->max.known)
		thrift_bool(t, 7, bounds->max.exact);
	if (bounds->min.known)
		thrift_bool(t, 8, bounds->min.exact);
	thrift_end(t);
}

static void put_page_count(struct thrift_out *t, enum pq_page_type type, enum pq_encoding encoding, size_t count)
{
	if (!count)
		return;
	thrift_begin(t, 0);
	thrift_i32(t, 1, type);
	thrift_i32(t, 2, encoding);
	thrift_i32(t, 3, (int32_t)count);
	thrift_end(t);
}

static void put_encoding_stats(struct thrift_out *t, const struct pq_written *chunk, size_t coded)
{
	bool dict = chunk->dict.len != 0;
	thrift_list(t, 13, THRIFT_STRUCT, (size_t)dict + (coded > 0) + (coded < chunk->count));
	put_page_count(t, PQ_DICTIONARY_PAGE, PQ_PLAIN, dict);
	put_page_count(t, PQ_DATA_PAGE, PQ_RLE_DICTIONARY, coded);
	put_page_count(t, PQ_DATA_PAGE, PQ_PLAIN, chunk->count - coded);
}

static void put_column_metadata(struct thrift_out *t, const struct pq_described *file, const struct pq_written *chunk,
	const struct schema_field *field)
{
	size_t coded = 0;
	for (size_t i = 0; i < chunk->count; i++)
		coded += chunk->pages[i].dict;
	thrift_begin(t, 3);
	thrift_i32(t, 1, pq_physical_of(field));
	thrift_list(t, 2, THRIFT_I32, coded ? 3 : 2);
	thrift_item_int(t, PQ_PLAIN);
	thrift_item_int(t, PQ_RLE);
	if (coded)
		thrift_item_int(t, PQ_RLE_DICTIONARY);
	pq_put_path(t, 3, file->schema, field);
	thrift_i32(t, 4, file->codec);
	thrift_i64(t, 5, (int64_t)chunk->entries);
	thrift_i64(t, 6, (int64_t)chunk->size);
	thrift_i64(t, 7, (int64_t)chunk->len);
	thrift_i64(t, 9, (int64_t)chunk->pages[0].offset);
	if (chunk->dict.len)
		thrift_i64(t, 11, (int64_t)chunk->dict.offset);
	put_statistics(t, chunk, field);
	put_encoding_stats(t, chunk, coded);
	if (chunk->bloom.len) {
		thrift_i64(t, 14, (int64_t)chunk->bloom.offset);
		thrift_i32(t, 15, (int32_t)chunk->bloom.len);
	}
	thrift_end(t);
}

static void put_index_place(struct thrift_out *t, int id, const struct pq_place *place)
{
	if (!place->len)
		return;
	thrift_i64(t, id, (int64_t)place->offset);
	thrift_i32(t, id + 1, (int32_t)place->len);
}

static uint64_t chunk_start(const struct pq_written *chunk)
{
	return chunk->dict.len ? chunk->dict.offset : chunk->pages[0].offset;
}

static void put_group(struct thrift_out *t, const struct pq_described *file, size_t number)
{
	const struct pq_written_group *group = &file->group[number];
	uint64_t len = 0, size = 0;
	thrift_begin(t, 0);
	thrift_list(t, 1, THRIFT_STRUCT, file->leaves);
	for (size_t i = 0; i < file->leaves; i++) {
		const struct pq_written *chunk = &group->chunks[i];
		thrift_begin(t, 0);
		thrift_i64(t, 2, 0); /* file_offset: required, but not used */
		put_column_metadata(t, file, chunk, file->leaf[i]);
		put_index_place(t, 4, &chunk->offset_index);
		put_index_place(t, 6, &chunk->column_index);
		thrift_end(t);
		len += chunk->len;
		size += chunk->size;
	}
	thrift_i64(t, 2, (int64_t)size);
	thrift_i64(t, 3, (int64_t)group->rows);
	thrift_i64(t, 5, (int64_t)chunk_start(&group->chunks[0]));
	thrift_i64(t, 6, (int64_t)len);
	thrift_i16(t, 7, (int16_t)number);
	thrift_end(t);
}

static void put_metadata(struct thrift_out *t, const struct pq_metadata *metadata, size_t pairs)
{
	if (!pairs)
		return;
	thrift_list(t, 5, THRIFT_STRUCT, pairs);
	for (size_t i = 0; i < pairs; i++) {
		thrift_begin(t, 0);
		thrift_string(t, 1, metadata[i].key);
		thrift_string(t, 2, metadata[i].value);
		thrift_end(t);
	}
}

void pq_put_footer(struct strbuf *to, const struct pq_described *file, const struct pq_metadata *metadata, size_t pairs)
{
	struct thrift_out t = {.to = to};
	uint64_t rows = 0;
	for (size_t i = 0; i < file->groups; i++)
		rows += file->group[i].rows;
	thrift_begin(&t, 0);
	thrift_i32(&t, 1, 1);
	pq_put_schema(&t, 2, file->schema);
	thrift_i64(&t, 3, (int64_t)rows);
	thrift_list(&t, 4, THRIFT_STRUCT, file->groups);
	for (size_t i = 0; i < file->groups; i++)
		put_group(&t, file, i);
	put_metadata(&t, metadata, pairs);
	thrift_string(&t, 6, CREATED_BY);
	thrift_list(&t, 7, THRIFT_STRUCT, file->leaves);
	for (size_t i = 0; i < file->leaves; i++) { /* the order defined by the type, the first member of a union */
		thrift_begin(&t, 0);
		thrift_empty(&t, 1);
		thrift_end(&t);
	}
	thrift_end(&t);
}
