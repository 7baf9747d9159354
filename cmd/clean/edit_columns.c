/* Writing a record or a header of TSV or CSV with its changes. */
#include <string.h>

#include "cmd/clean/doc.h"
#include "common/base/alloc.h"
#include "common/data/columns.h"
#include "common/data/columnsout.h"

/* A record that is read field by field. */
struct column_scan {
	const char *p, *end;
	bool csv, over;
	char sep;
	size_t column; /* of the next field, from 0 */
};

static struct column_scan row_of(const struct doc *d)
{
	struct column_scan row = {.p = d->rec, .end = d->rec + d->len, .csv = d->csv, .sep = d->sep};
	if (d->delim == '\n' && d->len && row.end[-1] == '\r')
		row.end--;
	return row;
}

/* The next field as it is written, with quotes. */
static bool next_field(struct column_scan *row, const char **ret_s, size_t *ret_len)
{
	if (row->over)
		return false;
	*ret_s = row->p;
	*ret_len = columns_field_end(row->csv, row->sep, row->p, (size_t)(row->end - row->p), 0);
	row->over = row->p + *ret_len == row->end;
	row->p += *ret_len + 1;
	row->column++;
	return true;
}

static void put_text(struct doc *d, const char *s, size_t len)
{
	char *start = strbuf_grow(&d->out, COLUMNSOUT_MAX(len));
	strbuf_extend(&d->out, (size_t)(columnsout_field(start, d->csv, s, len, d->sep, d->delim) - start));
}

static void separate(struct doc *d, bool *first)
{
	if (!*first)
		strbuf_addch(&d->out, d->sep);
	*first = false;
}

/* The cell of column COLUMN (from 0); -1: none, -2: an earlier one of the same name. */
static int cell_of(const struct doc *d, size_t column)
{
	if (d->named)
		return column < d->map_count ? d->map[column] : -1;
	return column < d->numbered_count ? d->numbered[column] : -1;
}

/* Write a column that the record has.  S is its text as written in the record; in a header, the name. */
static void put_field(struct doc *d, size_t column, const char *s, size_t len, bool *first)
{
	int i = cell_of(d, column);
	struct field_edit *c = i < 0 ? NULL : &d->cells[i];
	if (i == -2 || (!c && d->kept))
		return;
	if (c && (c->state == CELL_GONE || c->moved_to >= 0 || (c->target && c->source < 0))) {
		i = doc_stands_in(d, i);
		if (i < 0)
			return;
		c = &d->cells[i];
	}
	separate(d, first);
	if (c && c->state == CELL_SET) {
		put_text(d, c->v.s, c->v.len);
		c->written = true;
	} else {
		strbuf_add(&d->out, s, len);
	}
}

/* The last column that has a value, from 1; 0: none. */
static size_t last_set(const struct doc *d)
{
	size_t last = 0;
	for (size_t i = 0; i < d->count; i++)
		if (d->cells[i].state == CELL_SET && !d->cells[i].written && d->cells[i].field->column > last)
			last = d->cells[i].field->column;
	return last;
}

static void put_row(struct doc *d)
{
	struct column_scan row = row_of(d);
	const char *s;
	size_t len;
	bool first = true;
	strbuf_clear(&d->out);
	while (next_field(&row, &s, &len))
		put_field(d, row.column - 1, s, len, &first);
	size_t columns = last_set(d) > row.column ? last_set(d) : row.column;
	for (size_t i = row.column; i < columns; i++)
		put_field(d, i, "", 0, &first);
	if (d->csv && !first && !d->out.len) /* most readers would not regard an empty line as a record */
		strbuf_addstr(&d->out, "\"\"");
	strbuf_add(&d->out, row.end, (size_t)(d->rec + d->len - row.end));
}

void edit_columns(struct doc *d)
{
	put_row(d);
}

/* Keep the text of a field. */
static const char *plain(struct doc *d, const char *s, size_t len, size_t *ret_len)
{
	char *text = arena_bytes(&d->texts, len + 1);
	*ret_len = columns_text(d->csv, s, len, text);
	return text;
}

/* The next column is that of the cell; -1: of none. */
static void map_add(struct doc *d, int cell)
{
	if (d->map_count == d->map_cap) {
		d->map_cap = d->map_cap ? d->map_cap * 2 : 64;
		d->map = xreallocarray(d->map, d->map_cap, sizeof *d->map);
	}
	d->map[d->map_count++] = cell;
	if (cell < 0)
		return;
	struct field_edit *c = &d->cells[cell];
	if (c->column) { /* of several columns with the same name the last one counts */
		d->map[c->column - 1] = -2;
		d->hidden = true;
	}
	c->column = d->map_count;
}

void edit_targets(struct doc *d)
{
	struct column_scan row = row_of(d);
	const char *s;
	size_t len;
	while (next_field(&row, &s, &len)) {
		int i = cell_of(d, row.column - 1);
		struct field_edit *c = i < 0 ? NULL : &d->cells[i];
		if (!c || !c->target || c->source >= 0)
			continue;
		c->v = (struct value){.type = VALUE_TEXT};
		c->v.s = c->v.raw = plain(d, s, len, &c->v.len);
		c->v.raw_len = c->v.len;
	}
}

void edit_map(struct doc *d)
{
	struct column_scan row = row_of(d);
	const char *s;
	size_t len;
	d->map_count = 0;
	d->hidden = false;
	for (size_t i = 0; i < d->count; i++)
		d->cells[i].column = 0;
	while (next_field(&row, &s, &len)) {
		const char *name = plain(d, s, len, &len);
		const struct node *n = node_find(&d->root, name, len);
		map_add(d, n ? n->cell : -1);
	}
}
