/* Records of files of a table: see table_rows.h. */
#include "table_rows.h"

#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/aside.h"
#include "common/lake/delta_columns.h"
#include "common/lake/snapshot.h"

enum { PIECE = 1 << 16 };

void table_rows_init(
	struct table_rows *t, struct store *store, char delim, uint64_t memory, const struct opt_list *where)
{
	*t = (struct table_rows){.store = store,
		.memory = memory,
		.where = where,
		.count = {.delim = delim},
		.raw.lines.open = STRBUF_INIT,
		.out = {.flow.delim = delim, .left = UINT64_MAX},
		.kept = STRBUF_INIT,
		.head = STRBUF_INIT};
	schema_init(&t->columns.want);
}

int table_rows_raw(struct table_rows *t, const json_t *columns, struct strbuf *err)
{
	t->out.into = &t->kept;
	return raw_where_init(&t->raw, t->where, t->form, columns, &t->out, err);
}

static void close_raw(struct table_rows *t)
{
	decode_close(t->decoder);
	free(t->path);
	t->decoder = NULL;
	t->path = NULL;
}

static void close_delta(struct table_rows *t)
{
	delta_lines_free(t->delta);
	cat_columns_release(&t->columns);
	cat_where_release(&t->where_rows);
	json_decref(t->meta);
	t->delta = NULL;
	t->meta = NULL;
}

void table_rows_release(struct table_rows *t)
{
	close_raw(t);
	close_delta(t);
	raw_where_release(&t->raw);
	strbuf_release(&t->kept);
	strbuf_release(&t->head);
	free(t->piece);
	*t = (struct table_rows){0};
}

static int open_raw(struct table_rows *t, json_t *add, struct strbuf *err)
{
	struct snapshot_file file;
	close_raw(t);
	int r = snapshot_file(add, &file, err);
	if (r < 0)
		return r;
	t->path = file.path;
	t->records = file.records;
	r = raw_where_file(&t->raw, file.path, file.values, err);
	if (r <= 0) /* there is no decoder: as a file without records */
		return r;
	if (!t->piece)
		t->piece = xmalloc(PIECE);
	decode_count_begin(&t->count);
	char *aside = aside_name(file.path); /* where a compaction sets it, perhaps while it is being read */
	r = decode_open(t->store, file.path, aside, file.size, &t->decoder, err);
	free(aside);
	return r;
}

static void begin_file(void *arg, const struct pq_scan *scan)
{
	cat_where_file(arg, scan);
}

static int matches(void *arg, struct pq_text *text, size_t row, struct strbuf *err)
{
	return cat_where_row(arg, text, row, err);
}

/* Choose the columns of the schema in t->meta, and the rows. */
static int choose(struct table_rows *t, struct strbuf *err)
{
	const struct delta_lines_where where = {
		.prune = &t->where_rows.prune, .file = begin_file, .row = matches, .arg = &t->where_rows};
	struct delta_columns columns;
	int r = delta_columns_read(t->meta, &columns, err);
	if (r == 0)
		r = cat_where_init(&t->where_rows, t->where, err);
	if (r == 0)
		r = cat_columns_choose(&columns.schema, t->form->columns, &t->where_rows, &t->columns, err);
	if (r == 0)
		delta_lines_choose(t->delta, &t->columns.want, t->columns.printed, cat_form_rows(t->form),
			t->where_rows.expr ? &where : NULL);
	if (r == 0 && !t->head_made)
		cat_columns_head(&t->columns, t->form, &t->head);
	t->head_made = true;
	delta_columns_release(&columns);
	return r;
}

static int open_delta(struct table_rows *t, json_t *add, json_t *meta, struct strbuf *err)
{
	int r = 0;
	if (meta != t->meta) { /* the schema may be another one */
		close_delta(t);
		t->meta = json_incref(meta);
	}
	if (!t->delta) {
		r = delta_lines_new(t->store, t->options, meta, t->memory, &t->delta, err);
		if (r == 0)
			r = choose(t, err);
	}
	return r == 0 ? delta_lines_open(t->delta, add, err) : r;
}

int table_rows_open(struct table_rows *t, json_t *add, json_t *meta, struct strbuf *err)
{
	return meta ? open_delta(t, add, meta, err) : open_raw(t, add, err);
}

/* The header of a Delta table, once. */
static int give_head(struct table_rows *t, const char **ret, size_t *ret_len)
{
	strbuf_clear(&t->kept);
	strbuf_add(&t->kept, t->head.s, t->head.len);
	strbuf_clear(&t->head);
	*ret = t->kept.s;
	*ret_len = t->kept.len;
	return 1;
}

/* Put the N bytes of a raw file that were read, or at its end what is left, into t->kept, in their form. */
static int take_piece(struct table_rows *t, size_t n, const char **ret, size_t *ret_len, struct strbuf *err)
{
	strbuf_clear(&t->kept);
	int r = n ? cat_lines_add(&t->raw.lines, t->piece, n, err) : cat_lines_end(&t->raw.lines, err);
	*ret = t->kept.s;
	*ret_len = t->kept.len;
	return r;
}

static int next_raw(struct table_rows *t, const char **ret, size_t *ret_len, struct strbuf *err)
{
	ssize_t n = decode_read(t->decoder, t->piece, PIECE, err);
	if (n < 0)
		return (int)n;
	if (n > 0)
		(void)decode_count_add(&t->count, t->piece, (size_t)n);
	if (n > 0 && !t->where->count && !t->raw.lines.records) { /* as it is */
		*ret = t->piece;
		*ret_len = (size_t)n;
		return 1;
	}
	int r = take_piece(t, (size_t)n, ret, ret_len, err);
	if (r < 0 || n > 0 || *ret_len)
		return r < 0 ? r : 1;
	return decode_count_check(&t->count, t->path, t->records, err);
}

int table_rows_next(struct table_rows *t, const char **ret, size_t *ret_len, struct strbuf *err)
{
	if (t->head.len)
		return give_head(t, ret, ret_len);
	if (t->meta)
		return delta_lines_next(t->delta, ret, ret_len, err);
	return t->decoder ? next_raw(t, ret, ret_len, err) : 0;
}
