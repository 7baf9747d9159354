/* The columns of the output, and how rows are selected and sorted: see emit.h. */
#include "cmd/aggregate/emit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/aggregate/emit_impl.h"
#include "common/base/alloc.h"

/* Add a column that is not a key or a metric. */
static int add_own(struct emit *e, const char *name, struct strbuf *err)
{
	if (row_find(&e->row, name) >= 0) {
		strbuf_addf(err, "the column '%s' is needed for something else", name);
		return -EINVAL;
	}
	row_add(&e->row, name);
	return 0;
}

static int make_columns(struct emit *e, struct strbuf *err)
{
	static const char *const flags[] = {"other", "final", "late"};
	int r;

	if (e->columns & EMIT_WINDOW) {
		row_add(&e->row, "window_start");
		row_add(&e->row, "window_end");
	} else if (e->columns & EMIT_BATCH) {
		row_add(&e->row, "batch_start");
		row_add(&e->row, "batch_end");
	}
	e->key_at = e->row.count;
	r = query_key_columns(e->query, &e->row, err);
	e->metrics_at = e->row.count;
	if (r == 0 && e->partial) {
		r = add_own(e, "query", err);
		if (r == 0)
			r = add_own(e, "state", err);
	} else if (r == 0) {
		r = query_metric_columns(e->query, &e->row, err);
	}
	e->flags_at = e->row.count;
	for (unsigned i = 0; r == 0 && i < 3; i++) {
		if (!(e->columns & EMIT_OTHER << i))
			continue;
		r = add_own(e, flags[i], err);
	}
	return r;
}

static int unknown_column(const struct emit *e, const char *name, struct strbuf *err)
{
	strbuf_addf(err, "there is no column '%s'; the columns are", name);
	for (size_t i = 0; i < e->row.count; i++)
		strbuf_addf(err, "%s %s", i ? "," : "", e->row.names[i]);
	return -EINVAL;
}

static int compile_having(struct emit *e, const char *text, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	struct strbuf why = STRBUF_INIT;
	int r = expr_new(&e->having, text, &why);

	if (r < 0)
		strbuf_addf(err, "--having: %s", why.s);
	strbuf_release(&why);
	for (size_t i = 0; r == 0 && i < expr_fields(e->having); i++) {
		strbuf_clear(&name);
		field_name(expr_field(e->having, i), &name);
		int at = row_find(&e->row, name.s);
		if (at < 0)
			r = unknown_column(e, name.s, err);
		else
			expr_bind(e->having, i, at);
	}
	strbuf_release(&name);
	return r;
}

/* Compile -total,.user: by total, the highest first, then by user.  A column's name may have a '.' before it. */
static int compile_sort(struct emit *e, const char *list, struct strbuf *err)
{
	for (const char *s = list;; s++) {
		bool descending = *s == '-';
		s += descending;
		size_t len = strcspn(s, ",");
		char *name = xstrndup(s, len);
		int at = row_find(&e->row, name);
		if (at < 0 && *name == '.')
			at = row_find(&e->row, name + 1);
		if (at < 0)
			unknown_column(e, name, err);
		free(name);
		if (at < 0)
			return -EINVAL;
		e->sort = xreallocarray(e->sort, e->sort_count + 1, sizeof *e->sort);
		e->sort[e->sort_count++] = (struct emit_sort){.column = (size_t)at, .descending = descending};
		s += len;
		if (!*s)
			return 0;
	}
}

int emit_init(struct emit *e, const struct emit_opts *opts, struct query *q, unsigned columns, struct strbuf *err)
{
	*e = (struct emit){.query = q, .format = (enum emit_format)opts->format, .no_header = opts->no_header};
	e->columns = columns;
	if (e->format == EMIT_AUTO)
		e->format = isatty(STDOUT_FILENO) ? EMIT_TABLE : EMIT_JSON;
	e->limit = opts->limit;
	e->partial = opts->partial;
	strbuf_init(&e->order);
	strbuf_init(&e->scratch);
	row_init(&e->row);
	int r = make_columns(e, err);
	if (r == 0 && opts->having)
		r = compile_having(e, opts->having, err);
	if (r == 0 && opts->sort)
		r = compile_sort(e, opts->sort, err);
	if (r == 0)
		emit_write_init(e);
	return r;
}

void emit_release(struct emit *e)
{
	for (size_t i = 0; e->names && i < e->row.count; i++)
		strbuf_release(&e->names[i]);
	free(e->names);
	if (e->table.columns)
		table_release(&e->table);
	row_release(&e->row);
	expr_free(e->having);
	free(e->sort);
	free(e->items);
	arena_release(&e->orders);
	strbuf_release(&e->order);
	strbuf_release(&e->scratch);
}
