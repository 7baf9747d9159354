/*
 * The words of a schema's text; used by schema_text.c and partition_by.c.
 *
 * Layer: data (uses base, schema_name).  Private to these.
 */
#ifndef WEIR_DATA_SCHEMA_LEX_H
#define WEIR_DATA_SCHEMA_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

/* A text that is being read. */
struct schema_lex {
	const char *s;
	size_t len, pos;
	struct strbuf *err;
};

/* Write the reason and the place POS.  Returns -EINVAL. */
int schema_lex_fail(struct schema_lex *in, size_t pos, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same at the current position, saying that WHAT was expected. */
int schema_lex_expected(struct schema_lex *in, const char *what);

/* Skip white space and comments; the byte there, '\0' at the end. */
char schema_lex_peek(struct schema_lex *in);

/* If C is next, skip it. */
bool schema_lex_take(struct schema_lex *in, char c);

/* If the next word is WORD, ignoring case, skip it. */
bool schema_lex_word(struct schema_lex *in, const char *word);

/*
 * Append the letters, digits and `_` at the current position to OUT; -EINVAL, naming WHAT as expected, when there are
 * none.
 */
int schema_lex_plain(struct schema_lex *in, const char *what, struct strbuf *out) MUST_CHECK;

/* Read the name at the current position, plain or in quotes, into *ret, which the caller owns. */
int schema_lex_name(struct schema_lex *in, char **ret) MUST_CHECK;

/* Read the text at the current position, in quotes of the kind QUOTE; inside, a doubled quote stands for one. */
int schema_lex_quoted(struct schema_lex *in, char quote, struct strbuf *out) MUST_CHECK;

/* Read a number from LOW to HIGH; WHAT describes it in messages. */
int schema_lex_number(struct schema_lex *in, const char *what, unsigned low, unsigned high, unsigned *ret) MUST_CHECK;

#endif
