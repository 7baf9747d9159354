/* Footers: see reader.h. */
#include <errno.h>

#include "common/base/alloc.h"
#include "common/parquet/reader_impl.h"

/* Bounds of the fields MAX and MIN. */
static bool read_bound(struct thrift_in *t, struct thrift_field field, int max, int min, struct pq_file_chunk *chunk)
{
	if (field.id == max)
		chunk->max = thrift_get_binary(t, field.type, &chunk->max_len);
	else if (field.id == min)
		chunk->min = thrift_get_binary(t, field.type, &chunk->min_len);
	return field.id == max || field.id == min;
}

static void read_statistics(struct thrift_in *t, enum thrift_type type, struct pq_file_chunk *chunk)
{
	struct thrift_field field = {0};
	struct pq_file_chunk old = {0};
	if (type != THRIFT_STRUCT)
		t->bad = true;
	while (!t->bad && thrift_next(t, &field)) {
		if (read_bound(t, field, 5, 6, chunk) || read_bound(t, field, 1, 2, &old))
			continue;
		if (field.id == 3)
			chunk->nulls = thrift_get_int(t, field.type);
		else if (field.id == 7)
			chunk->max_exact = thrift_get_bool(t, field.type);
		else if (field.id == 8)
			chunk->min_exact = thrift_get_bool(t, field.type);
		else if (field.id == 9)
			chunk->nans = thrift_get_int(t, field.type);
		else
			thrift_skip(t, field.type);
	}
	if (chunk->min || chunk->max || (!old.min && !old.max))
		return;
	chunk->old_bounds = true;
	chunk->min = old.min;
	chunk->min_len = old.min_len;
	chunk->max = old.max;
	chunk->max_len = old.max_len;
}

/*
 * A place of which ID has the offset and the field after it the length.  Before the format had these fields, some
 * writers had others there, which are skipped.
 */
static bool read_place(struct thrift_in *t, struct thrift_field field, int id, struct pq_place *ret)
{
	int64_t n;
	if ((field.id != id && field.id != id + 1) || (field.type != THRIFT_I32 && field.type != THRIFT_I64))
		return false;
	n = thrift_get_int(t, field.type);
	if (n < 0)
		t->bad = true;
	*(field.id == id ? &ret->offset : &ret->len) = t->bad ? 0 : (uint64_t)n;
	return true;
}

/* The pages of a chunk lie between the first magic and the footer. */
static void read_column_metadata(struct thrift_in *t, const struct pq_file *file, struct pq_file_chunk *chunk)
{
	struct thrift_field field = {0};
	int64_t data = 0;
	while (thrift_next(t, &field)) {
		if (read_place(t, field, 14, &chunk->bloom))
			continue;
		if (field.id == 4)
			chunk->codec = pq_get_number(t, field.type);
		else if (field.id == 5)
			chunk->entries = thrift_get_int(t, field.type);
		else if (field.id == 7)
			chunk->len = thrift_get_int(t, field.type);
		else if (field.id == 9)
			data = thrift_get_int(t, field.type);
		else if (field.id == 11)
			chunk->dictionary = thrift_get_int(t, field.type);
		else if (field.id == 12)
			read_statistics(t, field.type, chunk);
		else
			thrift_skip(t, field.type);
	}
	/* some writers put 0, or the place of the first data page */
	if (chunk->dictionary <= 0 || chunk->dictionary >= data)
		chunk->dictionary = -1;
	chunk->start = chunk->dictionary > 0 ? chunk->dictionary : data;
	int64_t most = (int64_t)file->len;
	if (chunk->entries < 0 || chunk->len < 0 || chunk->start < 0 || chunk->start > most ||
		chunk->len > most - chunk->start)
		t->bad = true;
}

static void read_chunk(struct thrift_in *t, const struct pq_file *file, struct pq_file_chunk *chunk)
{
	struct thrift_field field = {0};
	bool there = false;
	*chunk = (struct pq_file_chunk){.nulls = -1, .nans = -1, .dictionary = -1};
	while (thrift_next(t, &field)) {
		if (read_place(t, field, 4, &chunk->offset_index) || read_place(t, field, 6, &chunk->column_index))
			continue;
		if (field.id == 3 && field.type == THRIFT_STRUCT) {
			read_column_metadata(t, file, chunk);
			there = true;
		} else {
			thrift_skip(t, field.type);
		}
	}
	if (!there)
		t->bad = true;
}

static void read_group(struct thrift_in *t, struct pq_file *file, struct pq_file_group *group)
{
	struct thrift_field field = {0};
	while (thrift_next(t, &field)) {
		if (field.id == 1) {
			size_t n = thrift_get_list(t, field.type, THRIFT_STRUCT);
			if (n != file->leaves || group->chunks) {
				t->bad = true;
				return;
			}
			group->chunks = xcalloc(n, sizeof *group->chunks);
			for (size_t i = 0; i < n && !t->bad; i++)
				read_chunk(t, file, &group->chunks[i]);
		} else if (field.id == 3) {
			group->rows = thrift_get_int(t, field.type);
		} else {
			thrift_skip(t, field.type);
		}
	}
	if (!group->chunks || group->rows < 0)
		t->bad = true;
}

/* Row groups come after the schema, and have its leaves, of which a file without columns has none. */
static void read_groups(struct thrift_in *t, enum thrift_type type, struct pq_file *file)
{
	size_t count = thrift_get_list(t, type, THRIFT_STRUCT);
	if (file->group || !file->elements) {
		t->bad = true;
		return;
	}
	file->group = xcalloc(count, sizeof *file->group);
	for (; file->groups < count && !t->bad; file->groups++)
		read_group(t, file, &file->group[file->groups]);
}

static void read_pair(struct thrift_in *t, struct pq_file_pair *pair)
{
	struct thrift_field field = {0};
	while (thrift_next(t, &field)) {
		if (field.id == 1)
			pq_replace(&pair->key, pq_get_text(t, field.type));
		else if (field.id == 2)
			pq_replace(&pair->value, pq_get_text(t, field.type));
		else
			thrift_skip(t, field.type);
	}
}

static void read_metadata(struct thrift_in *t, enum thrift_type type, struct pq_file *file)
{
	size_t count = thrift_get_list(t, type, THRIFT_STRUCT);
	if (file->metadata) {
		t->bad = true;
		return;
	}
	file->metadata = xcalloc(count, sizeof *file->metadata);
	for (; file->pairs < count && !t->bad; file->pairs++)
		read_pair(t, &file->metadata[file->pairs]);
}

/* Orders of the leaves: unions, of which only the first member is known. */
static void read_orders(struct thrift_in *t, enum thrift_type type, struct pq_file *file)
{
	size_t count = thrift_get_list(t, type, THRIFT_STRUCT);
	for (size_t i = 0; i < count && !t->bad; i++) {
		int order = pq_get_union(t, THRIFT_STRUCT);
		if (i < file->leaves)
			file->leaf[i].ordered = order == 1;
	}
}

int pq_footer_read(struct pq_file *file, const unsigned char *footer, size_t len, struct strbuf *err)
{
	struct thrift_in t = {footer, footer + len, false};
	struct thrift_field field = {0};
	while (thrift_next(&t, &field)) {
		if (field.id == 2) {
			pq_schema_read(&t, field.type, file);
		} else if (field.id == 3) {
			file->rows = thrift_get_int(&t, field.type);
		} else if (field.id == 4) {
			read_groups(&t, field.type, file);
		} else if (field.id == 5) {
			read_metadata(&t, field.type, file);
		} else if (field.id == 6) {
			pq_replace(&file->created_by, pq_get_text(&t, field.type));
		} else if (field.id == 7) {
			read_orders(&t, field.type, file);
		} else {
			thrift_skip(&t, field.type);
		}
	}
	if (!t.bad && file->elements && file->rows >= 0)
		return 0;
	strbuf_addstr(err, "the footer is malformed");
	return -EBADMSG;
}
