/*
 * A growing byte string that always ends in a NUL, for names, messages and other control-plane text.
 *
 * Layer: base (uses alloc, so that out of memory ends the program).  Invariants: `s` is never NULL after init and
 * s[len] is '\0'; the contents may hold NULs.  Not for record data: that lives in inbuf and outbuf.
 * A zeroed struct is not valid; use STRBUF_INIT or strbuf_init().
 */
#ifndef WEIR_BASE_STRBUF_H
#define WEIR_BASE_STRBUF_H

#include <stdarg.h>
#include <stddef.h>

#include "common/base/diag.h"

struct strbuf {
	char *s;
	size_t len, cap; /* cap 0: s points to a static empty string */
};

extern char strbuf_empty[1];
#define STRBUF_INIT                \
	{                          \
		strbuf_empty, 0, 0 \
	}

void strbuf_init(struct strbuf *b);
/* Free the contents and make B empty and usable again. */
void strbuf_release(struct strbuf *b);
/* Empty B, keeping its memory. */
void strbuf_clear(struct strbuf *b);
/* Make room for EXTRA more bytes; returns where to write them (B->s + B->len). */
char *strbuf_grow(struct strbuf *b, size_t extra);
/* The first LEN of the bytes that strbuf_grow() made room for have been written: add them to the length. */
void strbuf_extend(struct strbuf *b, size_t len);
void strbuf_add(struct strbuf *b, const void *data, size_t len);
void strbuf_addstr(struct strbuf *b, const char *s);
void strbuf_addch(struct strbuf *b, char c);
void strbuf_addf(struct strbuf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void strbuf_vaddf(struct strbuf *b, const char *fmt, va_list args) PRINTF_LIKE(2, 0);
/* Cut B to LEN bytes; LEN is at most B->len. */
void strbuf_setlen(struct strbuf *b, size_t len);
/* Hand the string over: the caller frees it with free(3); B is empty afterwards. */
char *strbuf_detach(struct strbuf *b);

#endif
