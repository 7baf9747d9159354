/* Schemas of footers: see reader.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/parquet/reader_impl.h"

#define MAX_DEPTH  100         /* limit for the nesting of groups */
#define PATH_BYTES (16u << 20) /* limit for the paths of all leaves */

char *pq_get_text(struct thrift_in *t, enum thrift_type type)
{
	size_t len;
	const unsigned char *s = thrift_get_binary(t, type, &len);
	return xstrndup((const char *)s, len);
}

void pq_replace(char **text, char *with)
{
	free(*text);
	*text = with;
}

int pq_get_number(struct thrift_in *t, enum thrift_type type)
{
	int64_t n = thrift_get_int(t, type);
	if (n < INT32_MIN || n > INT32_MAX)
		t->bad = true;
	return t->bad ? 0 : (int)n;
}

int pq_get_union(struct thrift_in *t, enum thrift_type type)
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

static void read_time(struct thrift_in *t, struct pq_element *e)
{
	struct thrift_field field = {0};
	while (thrift_next(t, &field)) {
		if (field.id == 1)
			e->utc = thrift_get_bool(t, field.type);
		else if (field.id == 2)
			e->unit = pq_get_union(t, field.type);
		else
			thrift_skip(t, field.type);
	}
}

/* What a logical type says decides, but old readers need the ConvertedType, so most files have both. */
static void read_decimal(struct thrift_in *t, struct pq_element *e)
{
	struct thrift_field field = {0};
	while (thrift_next(t, &field)) {
		if (field.id == 1)
			e->scale = pq_get_number(t, field.type);
		else if (field.id == 2)
			e->precision = pq_get_number(t, field.type);
		else
			thrift_skip(t, field.type);
	}
}

static void read_integer(struct thrift_in *t, struct pq_element *e)
{
	struct thrift_field field = {0};
	while (thrift_next(t, &field)) {
		if (field.id == 1)
			e->bits = pq_get_number(t, field.type);
		else if (field.id == 2)
			e->is_unsigned = !thrift_get_bool(t, field.type);
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
		bool set = field.type == THRIFT_STRUCT;
		e->logical = field.id;
		if (set && (field.id == PQ_LOGICAL_TIME || field.id == PQ_LOGICAL_TIMESTAMP))
			read_time(t, e);
		else if (set && field.id == PQ_LOGICAL_DECIMAL)
			read_decimal(t, e);
		else if (set && field.id == PQ_LOGICAL_INTEGER)
			read_integer(t, e);
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
			pq_replace(&e->name, pq_get_text(t, field.type));
		else if (field.id == 10)
			read_logical_type(t, field.type, e);
		else if (field.id < 10)
			*numbers[field.id] = pq_get_number(t, field.type);
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

static void read_elements(struct thrift_in *t, enum thrift_type type, struct pq_file *file)
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

/*
 * Collect the leaves of the element at *AT, and move *AT past everything below it; *LEFT is how many bytes their paths
 * may still have.
 */
static bool find_leaves(
	struct pq_file *file, size_t *at, unsigned def, unsigned rep, struct strbuf *path, size_t *left, int depth)
{
	if (*at == file->count || depth > MAX_DEPTH || !*left)
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
	if (!e->children && depth) {
		file->leaf[file->leaves++] =
			(struct pq_file_leaf){e, xstrdup(path->s), (uint8_t)def, (uint8_t)rep, false};
		*left -= path->len < *left ? path->len : *left;
	}
	bool good = true;
	for (int i = 0; good && i < e->children; i++)
		good = find_leaves(file, at, def, rep, path, left, depth + 1);
	strbuf_setlen(path, before);
	return good;
}

static void set_leaves(struct thrift_in *t, struct pq_file *file)
{
	struct strbuf path = STRBUF_INIT;
	size_t at = 0, left = PATH_BYTES;
	file->leaf = xcalloc(file->count, sizeof *file->leaf);
	if (!find_leaves(file, &at, 0, 0, &path, &left, 0) || at != file->count)
		t->bad = true;
	strbuf_release(&path);
}

void pq_schema_read(struct thrift_in *t, enum thrift_type type, struct pq_file *file)
{
	read_elements(t, type, file);
	if (!t->bad)
		set_leaves(t, file);
}
