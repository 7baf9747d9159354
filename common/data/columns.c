/* Records of TSV and CSV: see columns.h. */
#include "common/data/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/count.h"
#include "common/data/columns_impl.h"

void columns_init(struct columns *c, bool csv, char sep, char delim)
{
	*c = (struct columns){.csv = csv, .sep = sep, .delim = delim};
}

void columns_release(struct columns *c)
{
	free(c->slots);
	free(c->values);
	free(c->fields);
	free(c->scratch);
	free(c->marks);
	*c = (struct columns){0};
}

void columns_forget(struct columns *c)
{
	c->columns = c->slot_count = 0;
	c->scattered = false;
}

static int new_slot(struct columns *c)
{
	size_t n = c->slot_count++;

	c->values = xroom(c->values, n, sizeof(*c->values));
	c->fields = xroom(c->fields, n, sizeof(*c->fields));
	c->values[n] = (struct value){.type = VALUE_MISSING};
	c->fields[n] = (struct columns_field){0};
	return (int)n;
}

int columns_add(struct columns *c, size_t column)
{
	if (column >= c->columns) {
		if (column >= c->slots_cap) {
			c->slots_cap = column + column / 2 + 16;
			c->slots = xreallocarray(c->slots, c->slots_cap, sizeof(*c->slots));
		}
		for (; c->columns <= column; c->columns++)
			c->slots[c->columns] = -1;
	}
	if (c->slots[column] < 0) {
		c->slots[column] = new_slot(c);
		c->scattered |= c->slots[column] != (int)column;
	}
	return c->slots[column];
}

/* The current field ends before END; it began with a quote when QUOTED. */
static void take(struct columns *c, size_t end, bool quoted)
{
	if (c->all && c->column >= c->columns && c->column < COLUMNS_MAX)
		(void)columns_add(c, c->column);
	if (c->column < c->columns && c->slots[c->column] >= 0)
		c->fields[c->slots[c->column]] = (struct columns_field){.record = c->record,
			.start = c->start,
			.len = end - c->start,
			.quoted = quoted,
			.escapes = c->escapes};
	c->escapes = false;
}

/* Copy the text of the quoted field of LEN bytes at S, without its quotes; returns its length. */
static size_t undouble(char *to, const char *s, size_t len)
{
	char *p = to;

	for (size_t i = 0; i < len; i++) {
		*p++ = s[i];
		i += s[i] == '"';
	}
	return (size_t)(p - to);
}

static size_t unescape_tsv(char *to, const char *s, size_t len)
{
	static const char codes[] = "tnr\\", bytes[] = "\t\n\r\\";
	char *p = to;

	for (size_t i = 0; i < len; i++) {
		const char *code = s[i] == '\\' && i + 1 < len && s[i + 1] ? strchr(codes, s[i + 1]) : NULL;
		*p++ = code ? bytes[code - codes] : s[i];
		i += code != NULL;
	}
	return (size_t)(p - to);
}

/* Make room for all texts of a record of LEN bytes. */
static void reserve(struct columns *c, size_t len)
{
	if (c->scratch_cap >= len)
		return;
	free(c->scratch);
	c->scratch_cap = len + len / 2 + 256;
	c->scratch = xmalloc(c->scratch_cap);
}

static void give_value(struct columns *c, const char *s, const struct columns_field *f, struct value *v)
{
	*v = (struct value){.type = VALUE_MISSING};
	if (f->record != c->record)
		return;
	*v = (struct value){.type = VALUE_TEXT, .raw = s + f->start, .raw_len = f->len};
	v->s = v->raw + f->quoted;
	v->len = v->raw_len - 2 * f->quoted;
	if (!f->escapes)
		return;
	char *text = c->scratch + c->scratch_len;
	v->len = c->csv ? undouble(text, v->s, v->len) : unescape_tsv(text, v->s, v->len);
	v->s = text;
	c->scratch_len += v->len;
}

/* The record at S ends before END. */
static int finish(struct columns *c, const char *s, size_t end)
{
	bool escapes = false;

	c->len = end;
	c->pos = 0;
	c->scratch_len = 0;
	for (size_t i = 0; i < c->slot_count; i++)
		escapes |= c->fields[i].escapes && c->fields[i].record == c->record;
	if (escapes)
		reserve(c, end);
	for (size_t i = 0; i < c->slot_count; i++)
		give_value(c, s, &c->fields[i], &c->values[i]);
	return 1;
}

/* The length of the last field, without the CR of a CR LF. */
static size_t without_cr(const struct columns *c, const char *s, size_t start, size_t end)
{
	return end - (c->delim == '\n' && end > start && s[end - 1] == '\r');
}

/* A record without quotes, or of TSV: the LEN bytes at S. */
static int read_plain(struct columns *c, const char *s, size_t len)
{
	const char sep = c->sep;
	const char *const end = s + len;
	bool escapes = !c->csv && memchr(s, '\\', len);

	for (c->start = 0; c->all || c->column < c->columns; c->column++) {
		const char *p = s + c->start;
		/* Fields are short, so a loop is faster than memchr (by a third, measured on 6 columns of 8 bytes). */
		while (p < end && *p != sep)
			p++;
		size_t stop = p == end ? without_cr(c, s, c->start, len) : (size_t)(p - s);
		c->escapes = escapes && memchr(s + c->start, '\\', stop - c->start);
		take(c, stop, false);
		if (p == end)
			break;
		c->start = (size_t)(p - s) + 1;
	}
	c->count = c->column + 1;
	if (c->counts && c->column == c->columns && !c->all) /* another field has begun: count it and those after it */
		c->count += count_bytes(s + c->start, len - c->start, sep);
	return finish(c, s, len);
}

static int fail(struct columns *c, size_t pos, const char *what)
{
	c->pos = pos;
	c->what = what;
	return -EBADMSG;
}

/* Read an unquoted field from pos on; true: the record ends after it. */
static bool read_field(struct columns *c, const char *s)
{
	const char sep = c->sep;
	size_t end = c->pos;

	while (s[end] != sep && s[end] != c->delim)
		end++;
	bool last = s[end] == c->delim;
	take(c, last ? without_cr(c, s, c->start, end) : end, false);
	c->pos = end;
	return last;
}

/* Read the rest of a quoted field from pos on: 1 and pos is after it; 0: its quote is still open; -EBADMSG. */
static int read_quoted(struct columns *c, const char *s, size_t len)
{
	for (;;) {
		const char *quote = memchr(s + c->pos, '"', len - c->pos);
		c->pos = quote ? (size_t)(quote - s) + 1 : len;
		if (!quote)
			return 0;
		if (s[c->pos] != '"')
			break;
		c->escapes = true;
		c->pos++;
	}
	take(c, c->pos, true);
	if (c->delim == '\n' && s[c->pos] == '\r' && s[c->pos + 1] == '\n')
		c->pos++;
	if (s[c->pos] != c->sep && s[c->pos] != c->delim)
		return fail(c, c->pos,
			c->sep == ','
				? "a comma or the end of the record was expected after the quote"
				: "the delimiter of fields or the end of the record was expected after the quote");
	return 1;
}

/* Read a record of CSV with a quote; when pos is not 0, it is within a quoted field. */
static int read_csv(struct columns *c, const char *s, size_t len)
{
	bool inside = c->pos > 0;

	for (;;) {
		if (inside || s[c->pos] == '"') {
			c->pos += !inside;
			inside = false;
			int r = read_quoted(c, s, len);
			if (r <= 0)
				return r;
			if (s[c->pos] == c->delim)
				break;
		} else if (read_field(c, s)) {
			break;
		}
		c->start = ++c->pos;
		c->column++;
	}
	c->count = c->column + 1;
	return finish(c, s, c->pos);
}

int columns_read(struct columns *c, const char *s, size_t len)
{
	if (c->pos)
		return read_csv(c, s, len);
	const char *end = memchr(s, c->delim, len);
	size_t line = (size_t)(end - s);
	c->record++;
	c->start = c->column = 0;
	c->escapes = c->plain = false;
	if (c->whole && columns_read_line(c, s, line, len))
		return 1;
	if (c->csv && memchr(s, '"', line))
		return read_csv(c, s, len);
	return read_plain(c, s, line);
}

size_t columns_field_end(bool csv, char sep, const char *s, size_t len, size_t pos)
{
	if (csv && pos < len && s[pos] == '"')
		for (pos++; pos < len; pos++)
			if (s[pos] == '"' && (++pos == len || s[pos] != '"'))
				break;
	while (pos < len && s[pos] != sep)
		pos++;
	return pos;
}

size_t columns_text(bool csv, const char *s, size_t len, char *to)
{
	if (!csv)
		return unescape_tsv(to, s, len);
	if (len >= 2 && *s == '"')
		return undouble(to, s + 1, len - 2);
	if (len)
		memcpy(to, s, len);
	return len;
}
