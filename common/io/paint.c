/* Colours for JSON: see paint.h. */
#include "common/io/paint.h"

#include <string.h>

#include "common/base/color.h"

#define MARK   "\x1b[1m" /* { } [ ] : , */
#define STRING "\x1b[0;32m"
#define NONE   "\x1b[1;30m" /* null */

static bool in_object(const struct paint *p)
{
	return p->depth && p->depth <= 64 && p->objects >> (p->depth - 1) & 1;
}

static void open_level(struct paint *p, bool object)
{
	p->depth++;
	if (p->depth <= 64) {
		uint64_t bit = UINT64_C(1) << (p->depth - 1);
		p->objects = object ? p->objects | bit : p->objects & ~bit;
	}
	p->key = object;
}

/* One of { } [ ] : , */
static void punctuate(struct paint *p, char c, struct strbuf *out)
{
	if (c == '{' || c == '[')
		open_level(p, c == '{');
	else if ((c == '}' || c == ']') && p->depth)
		p->depth--;
	else if (c == ',')
		p->key = in_object(p);
	else if (c == ':')
		p->key = false;
	strbuf_addf(out, MARK "%c" COLOR_END, c);
	p->state = PAINT_VALUE;
}

static bool ends_record(char c)
{
	return c == '\n' || c == '\0';
}

/* A record ends, perhaps in the middle of a part. */
static void end(struct paint *p, char c, struct strbuf *out)
{
	if (p->state == PAINT_NULL || p->state == PAINT_STRING || p->state == PAINT_ESCAPE)
		strbuf_addstr(out, COLOR_END);
	strbuf_addch(out, c);
	*p = (struct paint){0};
}

/* A byte between the parts, or of a number or word. */
static void take_value(struct paint *p, char c, struct strbuf *out)
{
	bool part = c && strchr("{}[]:,\" \t\r", c);
	if (p->state == PAINT_NULL && part)
		strbuf_addstr(out, COLOR_END);
	if (c == '"') {
		strbuf_addstr(out, p->key && in_object(p) ? COLOR_KEY : STRING);
		p->state = PAINT_STRING;
	} else if (part && !strchr(" \t\r", c)) {
		punctuate(p, c, out);
		return;
	} else if (part) {
		p->state = PAINT_VALUE;
	} else if (p->state == PAINT_VALUE) {
		p->state = c == 'n' ? PAINT_NULL : PAINT_WORD;
		if (c == 'n')
			strbuf_addstr(out, NONE);
	}
	strbuf_addch(out, c);
}

static void take_string(struct paint *p, char c, struct strbuf *out)
{
	strbuf_addch(out, c);
	if (p->state == PAINT_ESCAPE) {
		p->state = PAINT_STRING;
	} else if (c == '\\') {
		p->state = PAINT_ESCAPE;
	} else if (c == '"') {
		strbuf_addstr(out, COLOR_END);
		p->state = PAINT_VALUE;
	}
}

void paint_json(struct paint *p, const char *s, size_t len, struct strbuf *out)
{
	for (const char *stop = s + len; s < stop; s++) {
		if (p->state == PAINT_BEGIN && (*s == '{' || *s == '['))
			p->state = PAINT_VALUE;
		else if (p->state == PAINT_BEGIN)
			p->state = PAINT_PLAIN;
		if (ends_record(*s))
			end(p, *s, out);
		else if (p->state == PAINT_PLAIN)
			strbuf_addch(out, *s);
		else if (p->state == PAINT_STRING || p->state == PAINT_ESCAPE)
			take_string(p, *s, out);
		else
			take_value(p, *s, out);
	}
}
