/* Footers: see reader.h. */
#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/parquet/reader_impl.h"

#define MAX_DEPTH 100 /* limit for the nesting of groups */

static char *get_text(struct thrift_in *t, enum thrift_type type)
{
	size_t len;
	const unsigned char *s = thrift_get_binary(t, type, &len);
	return xstrndup((const char *)s, len);
}

static void replace(char **text, char *with)
{
	free(*text);
	*text = with;
}

/* A number of the format, which fits into an int. */
static int get_number(struct thrift_in *t, enum thrift_type type)
{
	int64_t n = thrift_get_int(t, type);
	if (n < INT32_MIN || n > INT32_MAX)
		t->bad = true;
	return t->bad ? 0 : (int)n;
}

/* Read a union: the number of the field that is set. */
static int read_union(struct thrift_in *t, enum thrift_type type)
{
	struct thrift_field field = {0};
	int set = -1;
	if (type != THRIFT_STRUCT)
		t->bad = true;
	while (!t->bad && thrift_next(t, &field)) {
		set = field.id;
		thrift_skip(t, field.type);
	}
	return set;
}

static void read_timestamp(struct thrift_in *t, struct pq_element *e)
{
	struct thrift_field field = {0};
	while (thrift_next(t, &field)) {
		if (field.id == 1)
			e->utc = thrift_get_bool(t, field.type);
		else if (field.id == 2)
			e->unit = read_union(t, field.type);
		else
			thrift_skip(t, field.type);
	}
}

static void read_logical_type(struct thrift_in *t, enum thrift_type type, struct pq_element *e)
{
	struct thrift_field field = {0};
	if (type != THRIFT_STRUCT)
		t->bad = true;
	while (!t->bad && thrift_next(t, &field)) {
		e->logical = field.id;
		if (field.id == 8 && field.type == THRIFT_STRUCT)
			read_timestamp(t, e);
		else
			thrift_skip(t, field.type);
	}
}

static void read_element(struct thrift_in *t, struct pq_element *e)
{
	struct thrift_field field = {0};
	int *const numbers[] = {NULL, &e->physical, &e->length, &e->repetition, NULL, &e->children, &e->converted,
		&e->scale, &e->precision, &e->field_id};
	*e = (struct pq_element){.physical = -1, .converted = -1, .logical = -1, .field_id = -1};
	while (thrift_next(t, &field)) {
		if (field.id == 4)
			replace(&e->name, get_text(t, field.type));
		else if (field.id == 10)
			read_logical_type(t, field.type, e);
		else if (field.id < 10)
			*numbers[field.id] = get_number(t, field.type);
		else
			thrift_skip(t, field.type);
	}
	if (!e->name)
		e->name = xstrdup("");
	bool group = e->children > 0, fixed = e->physical == PQ_FIXED;
	if (e->children < 0 || e->repetition < 0 || e->repetition > 2 || e->physical < -1 || e->physical > PQ_FIXED ||
		(group && e->physical >= 0) || (fixed && (e->length < 1 || e->length > 1 << 20)))
		t->bad = true;
}

static void read_schema(struct thrift_in *t, enum thrift_type type, struct pq_file *file)
{
	size_t count = thrift_get_list(t, type, THRIFT_STRUCT);
	if (file->elements || !count) { /* set twice, or not at all */
		t->bad = true;
		return;
	}
	file->elements = xcalloc(count, sizeof *file->elements);
	for (; file->count < count && !t->bad; file->count++)
		read_element(t, &file->elements[file->count]);
}

static void read_statistics(struct thrift_in *t, enum thrift_type type, struct pq_file_chunk *chunk)
{
	struct thrift_field field = {0};
	if (type != THRIFT_STRUCT)
		t->bad = true;
	while (!t->bad && thrift_next(t, &field)) {
		if (field.id == 3)
			chunk->nulls = thrift_get_int(t, field.type);
		else if (field.id == 5)
			chunk->max = thrift_get_binary(t, field.type, &chunk->max_len);
		else if (field.id == 6)
			chunk->min = thrift_get_binary(t, field.type, &chunk->min_len);
		else if (field.id == 7)
			chunk->max_exact = thrift_get_bool(t, field.type);
		else if (field.id == 8)
			chunk->min_exact = thrift_get_bool(t, field.type);
		else
			thrift_skip(t, field.type);
	}
}

/* The pages of a chunk lie between the first magic and the footer. */
static void read_column_metadata(struct thrift_in *t, const struct pq_file *file, struct pq_file_chunk *chunk)
{
	struct thrift_field field = {0};
	int64_t data = 0;
	while (thrift_next(t, &field)) {
		if (field.id == 4)
			chunk->codec = get_number(t, field.type);
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
	*chunk = (struct pq_file_chunk){.nulls = -1, .dictionary = -1};
	while (thrift_next(t, &field)) {
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
			replace(&pair->key, get_text(t, field.type));
		else if (field.id == 2)
			replace(&pair->value, get_text(t, field.type));
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

/* Collect the leaves of the element at *AT, and move *AT past everything below it. */
static bool find_leaves(struct pq_file *file, size_t *at, unsigned def, unsigned rep, struct strbuf *path, int depth)
{
	if (*at == file->count || depth > MAX_DEPTH)
		return false;
	const struct pq_element *e = &file->elements[(*at)++];
	size_t before = path->len;
	if (depth) {
		strbuf_addf(path, "%s%s", before ? "." : "", e->name);
		def += e->repetition != 0;
		rep += e->repetition == 2;
	}
	if (!e->children && e->physical < 0 && depth)
		return false;
	if (!e->children && depth)
		file->leaf[file->leaves++] = (struct pq_file_leaf){e, xstrdup(path->s), (uint8_t)def, (uint8_t)rep};
	bool good = true;
	for (int i = 0; good && i < e->children; i++)
		good = find_leaves(file, at, def, rep, path, depth + 1);
	strbuf_setlen(path, before);
	return good;
}

static void set_leaves(struct thrift_in *t, struct pq_file *file)
{
	struct strbuf path = STRBUF_INIT;
	size_t at = 0;
	file->leaf = xcalloc(file->count, sizeof *file->leaf);
	if (!find_leaves(file, &at, 0, 0, &path, 0) || at != file->count)
		t->bad = true;
	strbuf_release(&path);
}

int pq_footer_read(struct pq_file *file, const unsigned char *footer, size_t len, struct strbuf *err)
{
	struct thrift_in t = {footer, footer + len, false};
	struct thrift_field field = {0};
	while (thrift_next(&t, &field)) {
		if (field.id == 2) {
			read_schema(&t, field.type, file);
			if (!t.bad)
				set_leaves(&t, file);
		} else if (field.id == 3) {
			file->rows = thrift_get_int(&t, field.type);
		} else if (field.id == 4) {
			read_groups(&t, field.type, file);
		} else if (field.id == 5) {
			read_metadata(&t, field.type, file);
		} else if (field.id == 6) {
			replace(&file->created_by, get_text(&t, field.type));
		} else {
			thrift_skip(&t, field.type);
		}
	}
	if (!t.bad && file->elements && file->rows >= 0)
		return 0;
	strbuf_addstr(err, "the footer is malformed");
	return -EBADMSG;
}
