/* Lines of columns: see columns_line.h. */
#include "common/data/columns_impl.h"

#include <string.h>

#include "common/base/alloc.h"
#include "common/base/byteset.h"

/* Longer lines are rare, and others are as quick for them: their many bytes count, not their few columns. */
#define LINE_MAX_BYTES 4096

struct columns_marks {
	struct byteset set; /* separators, and what JSON escapes: control characters, quotes, backslashes, no ASCII */
	uint32_t pos[LINE_MAX_BYTES + BYTESET_PADDING];
	char tail[2 * BYTESET_PADDING]; /* a copy of the end of a line behind which nothing may be read */
};

static struct columns_marks *new_marks(char sep)
{
	struct columns_marks *m = xcalloc(1, sizeof *m);
	char members[256];
	size_t n = 0;

	members[n++] = sep;
	members[n++] = '"';
	members[n++] = '\\';
	for (int c = 0; c < 0x20; c++)
		members[n++] = (char)c;
	for (int c = 0x80; c < 0x100; c++)
		members[n++] = (char)c;
	byteset_init(&m->set, members, n);
	return m;
}

/* Find the marks among the LEN bytes at S, where ROOM bytes are; returns how many there are. */
static size_t find(struct columns_marks *m, const char *s, size_t len, size_t room)
{
	if (room - len >= BYTESET_PADDING)
		return byteset_find(&m->set, s, len, m->pos);
	size_t rest = len % BYTESET_PADDING, whole = len - rest, n = byteset_find(&m->set, s, whole, m->pos);
	memcpy(m->tail, s + whole, rest);
	size_t end = n + byteset_find(&m->set, m->tail, rest, m->pos + n);
	for (size_t i = n; i < end; i++)
		m->pos[i] += (uint32_t)whole;
	return end;
}

/* Keep those of the N marks that are separators, and set c->plain; false: the fields have quotes or escapes. */
static bool take_marks(struct columns *c, const char *s, size_t n, size_t *ret_seps)
{
	const char sep = c->sep, other = c->csv ? '"' : '\\';
	uint32_t *pos = c->marks->pos;
	size_t seps = 0;

	for (size_t i = 0; i < n; i++) {
		char at = s[pos[i]];
		if (at == other)
			return false;
		pos[seps] = pos[i];
		seps += at == sep;
	}
	c->plain = seps == n;
	*ret_seps = seps;
	return true;
}

/*
 * Separators are found 64 bytes at a time, and values are set without struct columns_field: 630 instructions for a line
 * of 8 columns and 85 bytes, 1240 when it was read byte by byte (valgrind).
 */
bool columns_read_line(struct columns *c, const char *s, size_t line, size_t room)
{
	size_t len = line - (c->delim == '\n' && line && s[line - 1] == '\r'), seps, start = 0, i;

	if (c->scattered || line > LINE_MAX_BYTES)
		return false;
	if (!c->marks)
		c->marks = new_marks(c->sep);
	if (!take_marks(c, s, find(c->marks, s, len, room), &seps) || (c->all && seps >= c->columns)) {
		c->plain = false;
		return false;
	}
	for (i = 0; i <= seps && i < c->columns; i++) {
		size_t size = (i < seps ? c->marks->pos[i] : len) - start;
		c->values[i] = (struct value){
			.type = VALUE_TEXT, .raw = s + start, .raw_len = size, .s = s + start, .len = size};
		start += size + 1;
	}
	for (; i < c->columns; i++)
		c->values[i] = (struct value){.type = VALUE_MISSING};
	c->column = seps;
	c->count = seps + 1;
	c->len = line;
	return true;
}
