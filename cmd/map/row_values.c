/* Writing columns as JSON without a row: see row.h. */
#include <string.h>

#include "cmd/map/row.h"
#include "common/base/ascii.h"
#include "common/data/jsonout.h"

#define VALUES_ROOM (1u << 20)
#define WIDE        ROW_NAME_PADDING

/* The bytes that suffice for a record of these values; SIZE_MAX: so many that they should not be reserved. */
static size_t values_room(const struct row *row, const struct value *values, size_t count, const struct value *names)
{
	size_t room = 16;

	for (size_t i = 0; i < count; i++) {
		room += JSONOUT_MAX(values[i].len) + (names && i < row->columns ? names[i].raw_len : 24) + 1;
		if (room > VALUES_ROOM)
			return SIZE_MAX;
	}
	return room;
}

static char *copy(char *p, const char *s, size_t len)
{
	if (len)
		memcpy(p, s, len);
	return p + len;
}

char *row_put_text(char *p, const struct row *row, const struct value *v)
{
	if (row->infer && v->type == VALUE_TEXT && v->len && value_is_literal(v->s, v->len))
		return copy(p, v->s, v->len);
	return jsonout_bytes(p, v->len ? v->s : "", v->len);
}

/* Write the name of column I with the comma before it. */
static char *put_name(char *p, const struct row *row, const struct value *names, size_t i)
{
	if (names && i < row->columns)
		return copy(p, names[i].raw, names[i].raw_len);
	p = JSONOUT_LITERAL(p, ",\"");
	p = jsonout_int(p, (int64_t)i + 1);
	return copy(p, "\":", 2);
}

/* The members are written from START to P, each with a comma before it. */
static bool end_values(struct strbuf *out, char *start, char *p)
{
	*start = '{';
	*p++ = '}';
	strbuf_extend(out, (size_t)(p - start));
	return true;
}

bool row_write_values(
	const struct row *row, const struct value *values, size_t count, const struct value *names, struct strbuf *out)
{
	size_t room = count < row->columns ? SIZE_MAX : values_room(row, values, count, names);

	if (room == SIZE_MAX)
		return false;
	char *start = strbuf_grow(out, room), *p = start;
	for (size_t i = 0; i < count; i++) {
		p = put_name(p, row, names, i);
		p = row_put_text(p, row, &values[i]);
	}
	return end_values(out, start, p);
}

/* Copy LEN bytes, 16 at a time: up to 15 more are read and written. */
static char *copy_wide(char *p, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i += WIDE)
		memcpy(p + i, s + i, WIDE);
	return p + len;
}

/*
 * JSON of CSV with types, 8 columns in 85 bytes: 1840 instructions a record, and 3740 when the line was read field by
 * field and each value went through jsonout_bytes() (valgrind).
 */
bool row_write_plain(
	const struct row *row, const struct value *values, size_t count, const struct value *names, struct strbuf *out)
{
	const char *end = values[count - 1].s + values[count - 1].len;
	size_t room = (size_t)(end - values->s) + row->names_len + 2 * count + 2 * WIDE;

	if (count != row->columns || !names || room > VALUES_ROOM)
		return false;
	char *start = strbuf_grow(out, room), *p = start;
	for (size_t i = 0; i < count; i++) {
		const char *s = values[i].s;
		size_t len = values[i].len;
		bool quotes = !row->infer || !len || !value_is_literal(s, len);
		p = copy_wide(p, names[i].raw, names[i].raw_len);
		*p = '"';
		p += quotes;
		p = (size_t)(end - s) >= len + WIDE ? copy_wide(p, s, len) : copy(p, s, len);
		*p = '"';
		p += quotes;
	}
	return end_values(out, start, p);
}
