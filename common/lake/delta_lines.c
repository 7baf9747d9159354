/* Rows of files of a Delta table: see delta_lines.h. */
#include "common/lake/delta_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/delta_columns.h"
#include "common/lake/delta_facts.h"
#include "common/lake/delta_value.h"
#include "common/lake/delta_vector.h"
#include "common/lake/json_in.h"
#include "common/parquet/text.h"

struct delta_lines {
	struct elsewhere places;
	uint64_t memory; /* as in struct pq_want */
	struct delta_columns columns;
	const struct schema *want; /* the columns of the lines; those above, or the caller's */
	size_t printed;
	enum pq_text_format format;
	struct delta_lines_where where; /* no `row`: all */
	struct delta_value *values;     /* one per column of the table, used for partition columns; owned */
	size_t count;

	/* the file that is open */
	json_t *add;         /* owned; NULL: none */
	char *path;          /* owned */
	struct store *store; /* where it is; borrowed */
	struct pq_source source;
	struct pq_file *file;
	struct pq_scan *scan;
	struct pq_text *text;
	struct delta_vector deleted; /* no rows: nothing is */
	size_t group;                /* the next row group */
	bool in_group;
	uint32_t rows[PQ_BATCH_ROWS]; /* of the batch, those that are left */
	size_t have, done;
};

int delta_lines_new(struct store *store, const struct store_options *options, json_t *meta, uint64_t memory,
	struct delta_lines **ret, struct strbuf *err)
{
	struct delta_lines *rows = xcalloc(1, sizeof *rows);
	struct strbuf why = STRBUF_INIT;
	int r = delta_columns_read(meta, &rows->columns, &why);
	rows->places = (struct elsewhere){.table = store, .options = options};
	rows->memory = memory;
	strbuf_init(&rows->deleted.data);
	rows->want = &rows->columns.schema;
	rows->format = PQ_TEXT_JSON;
	if (r == 0) {
		rows->printed = rows->count = rows->columns.schema.root.count;
		rows->values = xcalloc(rows->count + 1, sizeof *rows->values);
		for (size_t i = 0; i < rows->count; i++)
			delta_value_init(&rows->values[i]);
		*ret = rows;
	} else {
		strbuf_addf(err, "'%s': %s", store->url, why.s);
		delta_lines_free(rows);
	}
	strbuf_release(&why);
	return r;
}

void delta_lines_choose(struct delta_lines *rows, const struct schema *want, size_t printed, enum pq_text_format format,
	const struct delta_lines_where *where)
{
	rows->want = want;
	rows->printed = printed;
	rows->format = format;
	rows->where = where ? *where : (struct delta_lines_where){0};
}

static void close_file(struct delta_lines *rows)
{
	pq_text_free(rows->text);
	pq_scan_free(rows->scan);
	pq_file_free(rows->file);
	delta_vector_release(&rows->deleted);
	free(rows->path);
	json_decref(rows->add);
	rows->text = NULL;
	rows->scan = NULL;
	rows->file = NULL;
	rows->deleted = (struct delta_vector){.data = STRBUF_INIT};
	rows->path = NULL;
	rows->add = NULL;
	rows->group = rows->have = rows->done = 0;
	rows->in_group = false;
}

void delta_lines_free(struct delta_lines *rows)
{
	if (!rows)
		return;
	close_file(rows);
	elsewhere_release(&rows->places);
	for (size_t i = 0; i < rows->count; i++)
		delta_value_release(&rows->values[i]);
	free(rows->values);
	delta_columns_release(&rows->columns);
	free(rows);
}

static int read_at(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	const struct delta_lines *rows = arg;
	return store_read_sized(rows->store, rows->path, rows->source.size, at, to, n, err);
}

/* ERR is about the file that is open, and WHY what is wrong with it. */
static int fail(const struct delta_lines *rows, int r, const struct strbuf *why, struct strbuf *err)
{
	strbuf_addf(err, "'%s/%s': %s", rows->store->url, rows->path, why->s);
	return r == -ENOENT ? -EBADMSG : r;
}

/* Give the partition columns the values that the add action has. */
static int set_constants(struct delta_lines *rows, struct strbuf *why)
{
	const json_t *values = json_object_get(rows->add, "partitionValues");
	for (size_t i = 0; i < rows->want->root.count; i++) {
		const struct schema_field *field = &rows->want->root.children[i];
		if (!delta_columns_partitioned(&rows->columns, field))
			continue;
		const char *text = text_in(values, delta_columns_name(&rows->columns, field));
		int r = delta_value_read(field, text, &rows->values[i], why);
		if (r < 0)
			return r;
		pq_scan_constant(rows->scan, i, &rows->values[i].v);
	}
	return 0;
}

/* Open the file at rows->path, of RECORDS rows by the log (-1: it does not say). */
static int open_file(struct delta_lines *rows, int64_t records, struct strbuf *why)
{
	const struct pq_want want = {.schema = rows->want,
		.by_id = rows->columns.by_id,
		.name = delta_columns_name,
		.arg = &rows->columns,
		.memory = rows->memory};
	int r = pq_source_open(&rows->source, &rows->file, why);
	if (r == 0 && records >= 0 && rows->file->rows != records) {
		strbuf_addf(why, "it has %" PRId64 " records, but the log says %" PRId64, rows->file->rows, records);
		r = -EBADMSG;
	}
	if (r == 0 && delta_vector_is_there(rows->add))
		r = delta_vector_find(rows->add, &rows->places, (uint64_t)rows->file->rows, &rows->deleted, why);
	if (r == 0)
		r = pq_scan_new(rows->file, &rows->source, &want, &rows->scan, why);
	if (r == 0)
		r = set_constants(rows, why);
	if (r == 0)
		rows->text = pq_text_new(rows->scan, rows->printed, rows->format, true);
	if (r == 0 && rows->where.row)
		rows->where.file(rows->where.arg, rows->scan);
	return r;
}

int delta_lines_open(struct delta_lines *rows, json_t *add, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	struct snapshot_file file;
	close_file(rows);
	if (rows->where.row && !delta_facts_may(&rows->columns, rows->want, rows->where.prune, add))
		return 0; /* as a file without rows */
	int r = elsewhere_file(&rows->places, add, &file, &rows->store, err);
	if (r < 0)
		return r;
	rows->add = json_incref(add);
	rows->path = file.path;
	rows->source = (struct pq_source){.read = read_at, .arg = rows, .size = file.size};
	r = open_file(rows, file.records, &why);
	if (r < 0)
		r = fail(rows, r, &why, err);
	strbuf_release(&why);
	return r;
}

/* Begin with the next row group, if it may have rows that are wanted. */
static int next_group(struct delta_lines *rows, struct strbuf *why)
{
	bool prunes = rows->where.row && rows->where.prune->op != PRUNE_ANY;
	struct pq_ranges ranges = {0};
	size_t group = rows->group++;
	int r = prunes ? pq_scan_prune(rows->scan, group, rows->where.prune, &ranges, why) : 0;
	rows->in_group = r == 0 && (!prunes || ranges.count);
	if (rows->in_group)
		r = pq_scan_group(rows->scan, group, prunes ? &ranges : NULL, why);
	pq_ranges_release(&ranges);
	return r;
}

/* Which rows of the batch are left. */
static int choose_rows(struct delta_lines *rows, struct strbuf *why)
{
	for (size_t row = 0; row < rows->scan->rows; row++) {
		if (rows->deleted.rows.rows && deletion_vector_has(&rows->deleted.rows, rows->scan->first_row + row))
			continue;
		int r = rows->where.row ? rows->where.row(rows->where.arg, rows->text, row, why) : 1;
		if (r < 0)
			return r;
		if (r > 0)
			rows->rows[rows->have++] = (uint32_t)row;
	}
	if (rows->where.row)
		pq_text_clear(rows->text);
	return 0;
}

/* The next batch that has rows which are wanted, or with a condition the next one: 1, 0 at the end of the file. */
static int next_batch(struct delta_lines *rows, struct strbuf *why)
{
	rows->have = rows->done = 0;
	for (;;) {
		if (!rows->in_group && (!rows->file || rows->group == rows->file->groups))
			return 0;
		int r = rows->in_group ? 0 : next_group(rows, why);
		if (r < 0)
			return r;
		if (!rows->in_group)
			continue;
		r = pq_scan_next(rows->scan, why);
		rows->in_group = r > 0;
		if (r > 0)
			r = choose_rows(rows, why);
		if (r < 0 || rows->have || rows->where.row)
			return r < 0 ? r : 1;
	}
}

int delta_lines_next(struct delta_lines *rows, const char **ret, size_t *ret_len, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = rows->done < rows->have ? 1 : next_batch(rows, &why);
	if (r > 0 && !rows->have) {
		*ret = "";
		*ret_len = 0;
	} else if (r > 0) {
		r = pq_text_rows(rows->text, rows->rows + rows->done, rows->have - rows->done, ret, ret_len, &why);
		rows->done += r > 0 ? (size_t)r : 0;
		r = r > 0 ? 1 : r;
	}
	if (r < 0)
		r = fail(rows, r, &why, err);
	strbuf_release(&why);
	return r;
}
