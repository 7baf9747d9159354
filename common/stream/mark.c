/* Marks: see mark.h. */
#include "common/stream/mark.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define CRC_LEN (sizeof ",\"crc\":\"01234567\"}" - 1)

/* A place in the text of a mark.  Every function below moves it on; after a mistake it sets `bad` and does not move. */
struct mark_text {
	const char *p, *end;
	bool bad;
};

static void expect(struct mark_text *c, const char *word)
{
	size_t n = strlen(word);
	if (c->bad || (size_t)(c->end - c->p) < n || memcmp(c->p, word, n) != 0)
		c->bad = true;
	else
		c->p += n;
}

static uint64_t number(struct mark_text *c)
{
	uint64_t v = 0;
	const char *start = c->p;
	for (; !c->bad && c->p < c->end && *c->p >= '0' && *c->p <= '9'; c->p++)
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, (uint64_t)(*c->p - '0'), &v))
			c->bad = true;
	if (c->p == start)
		c->bad = true;
	return v;
}

static int64_t signed_number(struct mark_text *c)
{
	bool negative = !c->bad && c->p < c->end && *c->p == '-';
	c->p += negative;
	uint64_t v = number(c);
	if (v > INT64_MAX)
		c->bad = true;
	return negative ? -(int64_t)v : (int64_t)v;
}

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static uint64_t hex(struct mark_text *c, int digits)
{
	uint64_t v = 0;
	if (c->bad || c->end - c->p < digits) {
		c->bad = true;
		return 0;
	}
	for (int i = 0; i < digits; i++) {
		int d = hex_digit(*c->p++);
		c->bad |= d < 0;
		v = v << 4 | (uint64_t)(d & 15);
	}
	return v;
}

static void program(struct mark_text *c, char *by)
{
	size_t n = 0;
	for (; !c->bad && c->p < c->end && *c->p != '"'; c->p++) {
		if (n == MARK_BY_MAX || *c->p == '\\')
			c->bad = true;
		else
			by[n++] = *c->p;
	}
	by[n] = '\0';
}

static uint32_t crc_of(const char *s, size_t len)
{
	return (uint32_t)crc32_z(crc32_z(0, NULL, 0), (const unsigned char *)s, len);
}

static bool crc_right(const char *s, size_t len)
{
	if (len < CRC_LEN)
		return false;
	struct mark_text c = {.p = s + len - CRC_LEN, .end = s + len};
	expect(&c, ",\"crc\":\"");
	uint64_t crc = hex(&c, 8);
	expect(&c, "\"}");
	return !c.bad && crc == crc_of(s, len - CRC_LEN);
}

int mark_parse(const char *s, size_t len, struct mark *ret)
{
	struct mark_text c = {.p = s, .end = s + len};
	struct mark m = {.text = s, .len = len};
	expect(&c, "\x17{\"v\":");
	uint64_t version = number(&c);
	if (c.bad || !crc_right(s, len))
		return -EBADMSG;
	if (version != MARK_VERSION)
		return -EPROTONOSUPPORT;
	expect(&c, ",\"k\":\"");
	char kind = '\0';
	if (!c.bad && c.p < c.end)
		kind = *c.p++;
	expect(&c, "\",\"run\":\"");
	m.run = hex(&c, 16);
	expect(&c, "\",\"b\":");
	m.batch = number(&c);
	expect(&c, ",\"n\":");
	m.n = number(&c);
	expect(&c, ",\"by\":\"");
	program(&c, m.by);
	expect(&c, "\",\"t\":[");
	m.start_ms = signed_number(&c);
	expect(&c, ",");
	m.end_ms = signed_number(&c);
	expect(&c, "]");
	if (c.bad || !kind || !strchr("SBQRF", kind))
		return -EBADMSG;
	m.kind = (enum mark_kind)kind;
	m.flush = memmem(c.p, (size_t)(c.end - c.p), ",\"flush\":true", 13) != NULL;
	*ret = m;
	return 0;
}

bool mark_number(const struct mark *m, const char *name, uint64_t *ret)
{
	char key[64];
	int n = snprintf(key, sizeof key, ",\"%s\":", name);
	if (n < 0 || (size_t)n >= sizeof key)
		return false;
	const char *p = memmem(m->text, m->len, key, (size_t)n);
	struct mark_text c = {.p = p ? p + n : NULL, .end = m->text + m->len, .bad = !p};
	uint64_t v = p ? number(&c) : 0;
	if (!c.bad)
		*ret = v;
	return !c.bad;
}

/* The text after `,"NAME":OPEN` in M. This cannot occur inside a JSON string, where every quote is escaped. */
static const char *member(const struct mark *m, const char *name, char open)
{
	char key[64];
	int n = snprintf(key, sizeof key, ",\"%s\":%c", name, open);
	if (n < 0 || (size_t)n >= sizeof key)
		return NULL;
	const char *p = memmem(m->text, m->len, key, (size_t)n);
	return p ? p + n : NULL;
}

/* The closing quote of the string whose contents start at P, or END. */
static const char *string_end(const char *p, const char *end)
{
	while (p < end && *p != '"')
		p += *p == '\\' ? 2 : 1;
	return p < end ? p : end;
}

bool mark_pair(const struct mark *m, const char *name, int64_t *ret_a, int64_t *ret_b)
{
	const char *p = member(m, name, '[');
	struct mark_text c = {.p = p, .end = m->text + m->len, .bad = !p};
	int64_t a = p ? signed_number(&c) : 0;
	expect(&c, ",");
	int64_t b = p ? signed_number(&c) : 0;
	expect(&c, "]");
	if (c.bad)
		return false;
	*ret_a = a;
	*ret_b = b;
	return true;
}

const char *mark_string(const struct mark *m, const char *name, size_t *ret_len)
{
	const char *p = member(m, name, '"'), *end = m->text + m->len;
	const char *quote = p ? string_end(p, end) : end;
	if (quote == end)
		return NULL;
	*ret_len = (size_t)(quote - p);
	return p;
}

const char *mark_object(const struct mark *m, const char *name, size_t *ret_len)
{
	const char *start = member(m, name, '{'), *end = m->text + m->len;
	unsigned depth = 1;
	for (const char *p = start; p && p < end; p++) {
		if (*p == '"')
			p = string_end(p + 1, end);
		else if (*p == '{')
			depth++;
		else if (*p == '}' && --depth == 0) {
			*ret_len = (size_t)(p - start) + 2;
			return start - 1;
		}
	}
	return NULL;
}

bool mark_moves(const struct mark *m)
{
	size_t len;
	const char *p = mark_object(m, "off", &len), *end = p ? p + len : NULL;
	if (!p)
		return true;
	for (; p < end; p++) {
		if (*p == '"') /* a topic may have brackets in its name */
			p = string_end(p + 1, end);
		if (p == end || *p != '[')
			continue;
		struct mark_text c = {.p = p + 1, .end = end};
		int64_t from = signed_number(&c);
		expect(&c, ",");
		if (signed_number(&c) != from)
			return true;
	}
	return false;
}

void mark_begin(struct strbuf *out, const struct mark *m, size_t *ret_start)
{
	*ret_start = out->len;
	strbuf_addf(out, "\x17{\"v\":%d,\"k\":\"%c\",\"run\":\"%016" PRIx64 "\",\"b\":%" PRIu64 ",\"n\":%" PRIu64,
		MARK_VERSION, (char)m->kind, m->run, m->batch, m->n);
	strbuf_addf(out, ",\"by\":\"%s\",\"t\":[%" PRId64 ",%" PRId64 "]", m->by, m->start_ms, m->end_ms);
}

void mark_end(struct strbuf *out, size_t start)
{
	strbuf_addf(out, ",\"crc\":\"%08" PRIx32 "\"}", crc_of(out->s + start, out->len - start));
}

void mark_rehop(struct strbuf *out, const struct mark *m, uint64_t n, const char *by)
{
	size_t start;
	struct mark hop = *m;
	hop.n = n;
	snprintf(hop.by, sizeof hop.by, "%s", by);
	const char *rest = memmem(m->text, m->len, ",\"t\":[", 6), *end = m->text + m->len - CRC_LEN;
	rest = memchr(rest, ']', (size_t)(end - rest));
	mark_begin(out, &hop, &start);
	strbuf_add(out, rest + 1, (size_t)(end - rest - 1));
	mark_end(out, start);
}
