/* Reading the words of a statement. */
#ifndef WEIR_CMD_MAP_WORDS_H
#define WEIR_CMD_MAP_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"
#include "common/data/expr.h"

/* A statement that is being read. */
struct map_words {
	const char *s;
	size_t len, pos;
	struct strbuf *err;
};

/* Write the reason, with the statement.  Returns -EINVAL. */
int words_fail(struct map_words *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Skip blanks; whether there is anything left. */
bool words_more(struct map_words *w);

/* Go behind the word NAME if it comes next, else stay. */
bool words_take(struct map_words *w, const char *name);

/* The next mark C, with blanks before it. */
bool words_mark(struct map_words *w, char c);

/* A field, .a.b or $1, whose path the caller releases.  0 or -EINVAL. */
int words_field(struct map_words *w, struct expr_field *ret) MUST_CHECK;

/* A string in quotes, as it is written, or a word up to a blank; WHAT it is, for the message.  Owned by the caller. */
int words_text(struct map_words *w, const char *what, char **ret) MUST_CHECK;

/* Take the last word, or string in quotes, from W into RET.  False: nothing is before it. */
bool words_last(struct map_words *w, struct map_words *ret) MUST_CHECK;

/* Nothing may follow. */
int words_end(struct map_words *w) MUST_CHECK;

#endif
