/* A growing byte string: see strbuf.h. */
#include "common/base/strbuf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

char strbuf_empty[1];

void strbuf_init(struct strbuf *b)
{
	b->s = strbuf_empty;
	b->len = b->cap = 0;
}

void strbuf_release(struct strbuf *b)
{
	if (b->cap)
		free(b->s);
	strbuf_init(b);
}

void strbuf_clear(struct strbuf *b)
{
	b->len = 0;
	if (b->cap)
		b->s[0] = '\0';
}

char *strbuf_grow(struct strbuf *b, size_t extra)
{
	size_t need = b->len + extra + 1;
	if (need > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 64;
		if (cap < need)
			cap = need;
		b->s = xreallocarray(b->cap ? b->s : NULL, cap, 1);
		b->cap = cap;
		b->s[b->len] = '\0';
	}
	return b->s + b->len;
}

void strbuf_extend(struct strbuf *b, size_t len)
{
	assert(b->len + len < b->cap || !len);
	b->len += len;
	b->s[b->len] = '\0';
}

void strbuf_add(struct strbuf *b, const void *data, size_t len)
{
	if (!len)
		return;
	memcpy(strbuf_grow(b, len), data, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void strbuf_addstr(struct strbuf *b, const char *s)
{
	strbuf_add(b, s, strlen(s));
}

void strbuf_addch(struct strbuf *b, char c)
{
	strbuf_add(b, &c, 1);
}

void strbuf_vaddf(struct strbuf *b, const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(n >= 0);
	vsnprintf(strbuf_grow(b, (size_t)n), (size_t)n + 1, fmt, args);
	b->len += (size_t)n;
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	strbuf_vaddf(b, fmt, args);
	va_end(args);
}

void strbuf_setlen(struct strbuf *b, size_t len)
{
	assert(len <= b->len);
	b->len = len;
	if (b->cap)
		b->s[len] = '\0';
}

char *strbuf_detach(struct strbuf *b)
{
	strbuf_grow(b, 0);
	char *s = b->s;
	strbuf_init(b);
	return s;
}
