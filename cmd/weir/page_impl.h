/* What page.c (blocks) and page_line.c (the contents of a line) share. */
#ifndef WEIR_CMD_WEIR_PAGE_IMPL_H
#define WEIR_CMD_WEIR_PAGE_IMPL_H

#include <stdbool.h>

#include "common/base/strbuf.h"

#define LINE_WORDS 64 /* further words of a line are left out */

struct page_words {
	char *all[LINE_WORDS]; /* point into the line, which is changed */
	size_t count;
};

/* A paragraph while it grows. */
struct para {
	struct strbuf text;
	bool tight;         /* the next word follows without a blank */
	struct strbuf name; /* of the page, as its first Nm has it */
};

/* Split LINE into words, separated by blanks or in quotes. */
void line_split(char *line, struct page_words *ret);

/* Append TEXT with its escapes replaced by the characters that they represent. */
void line_text(struct strbuf *out, const char *text);

/* Append a line of text unchanged. */
void line_add(struct para *p, const char *text);

/* Append the text of the macros and words from FROM on. */
void line_macros(struct para *p, const struct page_words *w, size_t from);

#endif
