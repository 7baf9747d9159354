/* Records of JSON, TSV or CSV: recognising the format, and the names of columns. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/name_index.h"
#include "common/data/records_impl.h"

int records_unfit(struct records *r, const char *what, const char *name, size_t len)
{
	r->unfit = true;
	strbuf_clear(&r->text);
	strbuf_addstr(&r->text, what);
	if (name) {
		strbuf_addstr(&r->text, " '");
		strbuf_add(&r->text, name, len);
		strbuf_addch(&r->text, '\'');
	}
	r->error = (struct records_error){.what = r->text.s};
	return -ENOENT;
}

/* Replace RECORDS_AUTO by the format that the first record suggests. */
static int guess(struct records *r)
{
	const char *s = r->next, *end = memchr(s, r->delim, (size_t)(r->end - s));

	if (*s == '{' || *s == '[') {
		if (r->numbered || r->header)
			return records_unfit(
				r, "this looks like JSON, which has no columns (else say --input)", NULL, 0);
		r->format = RECORDS_JSON;
		return 0;
	}
	r->format = *s != '"' && r->sep == ',' && memchr(s, '\t', (size_t)(end - s)) ? RECORDS_TSV : RECORDS_CSV;
	return 0;
}

/* The column called NAME, from 0, or -1.  The last of several counts, as among the members of an object. */
static int find_name(const struct records *r, const char *name, size_t len)
{
	for (size_t i = r->head.slot_count; i-- > 0;) {
		const struct value *v = &r->head.values[i];
		if (v->type == VALUE_TEXT && v->len == len && memcmp(v->s, name, len) == 0)
			return (int)i;
	}
	return -1;
}

bool records_has_column(const struct records *r, const char *name, size_t len)
{
	return r->columns && find_name(r, name, len) >= 0;
}

/* How many columns to ask for at first, so that those of records_row() have the first indexes. */
static size_t row_columns(const struct records *r)
{
	size_t most = 0;

	if (r->header || r->row_count != RECORDS_ALL)
		return r->header ? r->columns : r->row_count;
	for (size_t i = 0; i < r->field_count; i++)
		most = r->fields[i].column > most ? r->fields[i].column : most;
	return most;
}

/* How many fields are found one after the other. */
#define FEW 16

/*
 * Find the columns, from 0, of the fields that have names, into COLUMN, -1 for those that have none; many at once, as
 * there may be as many as a header has.
 */
static void find_many(const struct records *r, int *column)
{
	struct name_index names = {0};
	int *last = NULL; /* column of a name */
	bool is_new;

	for (size_t i = 0; i < r->head.slot_count; i++) {
		const struct value *v = &r->head.values[i];
		if (v->type != VALUE_TEXT)
			continue;
		uint32_t at = name_index_add(&names, v->s, v->len, &is_new);
		last = is_new ? xroom(last, at, sizeof *last) : last;
		last[at] = (int)i;
	}
	for (size_t i = 0; i < r->field_count; i++) {
		const struct records_field *f = &r->fields[i];
		uint32_t at = f->column ? NAME_INDEX_NONE : name_index_find(&names, f->name, f->len);
		column[i] = at == NAME_INDEX_NONE ? -1 : last[at];
	}
	name_index_release(&names);
	free(last);
}

/* Find the columns of all fields.  0 or -ENOENT. */
static int find_fields(struct records *r)
{
	bool many = r->header && r->field_count > FEW;
	int *found = many ? xcalloc(r->field_count, sizeof *found) : NULL, e = 0;

	if (many)
		find_many(r, found);
	for (size_t i = 0; e == 0 && i < r->field_count; i++) {
		struct records_field *f = &r->fields[i];
		int column = f->column ? (int)f->column - 1 : many ? found[i] : find_name(r, f->name, f->len);
		if (column < 0 && !records_is_beside(r, f->name, f->len))
			e = records_unfit(r, "the header has no column", f->name, f->len);
		else
			f->slot = column < 0 ? -1 : columns_add(&r->row, (size_t)column);
	}
	free(found);
	return e;
}

int records_resolve(struct records *r)
{
	columns_forget(&r->row);
	r->row.all = r->row_wanted && !r->header && r->row_count == RECORDS_ALL;
	r->row.whole = r->row_wanted && (r->header || r->row.all);
	size_t wanted = row_columns(r);
	for (size_t i = 0; r->row_wanted && i < wanted; i++)
		(void)columns_add(&r->row, i);
	return find_fields(r);
}

/*
 * Whether an unquoted name holds a CR.  If so, lines end with CR, as on an old Mac, and this "record" is the whole
 * file.
 */
static bool has_lone_cr(const struct records *r)
{
	for (size_t i = 0; i < r->columns; i++) {
		const struct value *v = &r->head.values[i];
		if (v->raw_len && *v->raw != '"' && memchr(v->raw, '\r', v->raw_len))
			return true;
	}
	return false;
}

int records_read_header(struct records *r)
{
	if (r->head.column >= COLUMNS_MAX)
		return records_unfit(r, "the header has more than a million columns", NULL, 0);
	r->columns = r->head.column + 1;
	if (r->delim == '\n' && has_lone_cr(r))
		return records_unfit(r, "the header holds a CR: lines have to end with LF or CR LF", NULL, 0);
	strbuf_clear(&r->last_names);
	for (size_t i = 0; i < r->columns; i++) {
		const struct value *v = &r->head.values[i];
		strbuf_add(&r->last_names, &v->len, sizeof v->len);
		strbuf_add(&r->last_names, v->s, v->len);
	}
	if (!r->names.len)
		strbuf_add(&r->names, r->last_names.s, r->last_names.len);
	return records_resolve(r);
}

/* The format is now known: prepare to read it. */
static int start(struct records *r)
{
	int e = r->format == RECORDS_AUTO ? guess(r) : 0;

	if (e < 0)
		return e;
	char sep = records_separator(r, r->format == RECORDS_CSV);
	columns_init(&r->row, r->format == RECORDS_CSV, sep, r->delim);
	columns_init(&r->head, r->format == RECORDS_CSV, sep, r->delim);
	r->head.all = r->head.whole = true;
	r->row.counts = r->header || r->row_wanted;
	r->started = true;
	return r->header ? 0 : records_resolve(r);
}

int records_begin(struct records *r)
{
	static const char mark[] = "\xef\xbb\xbf"; /* the byte order mark, which Windows programs write before UTF-8 */

	r->begun = true;
	r->header_due = r->header;
	if (r->header && r->marked)
		return records_unfit(r, "a marked stream has no header: use $1, $2, …", NULL, 0);
	int e = r->started ? 0 : start(r);
	if (e == 0 && r->format != RECORDS_JSON && (r->header || (r->row_wanted && !r->marked)) &&
		r->end - r->next > 3 && memcmp(r->next, mark, 3) == 0)
		r->next += 3;
	return e;
}
