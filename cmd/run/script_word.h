/*
 * One word of a pipeline's text: private to script*.c.
 *
 * The commands within a word are not read here: their places are noted, for who reads lists of commands.
 */
#ifndef WEIR_RUN_SCRIPT_WORD_H
#define WEIR_RUN_SCRIPT_WORD_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"

enum { SCRIPT_NESTED = 16 }; /* of more commands within one word the rest is not noted */

struct script_reader {
	const char *at; /* what comes next; the text ends with NUL */
	/* The value of NAME, borrowed; NULL: not set; *ret_known false: it is known only when the text runs. */
	const char *(*value)(void *arg, const char *name, bool *ret_known);
	void *arg;
	const char *nested[SCRIPT_NESTED]; /* where commands within the last word begin */
	size_t nested_count;
};

/* Whether C ends a word that is not quoted. */
bool script_ends_word(char c);

/*
 * Read the word at R->at, which is not empty, and append its value to WORD.  False: it is not known; WORD has a part of
 * it then.  *ret_quoted: some of it was quoted, so that it is not a reserved word.
 */
bool script_word(struct script_reader *r, struct strbuf *word, bool *ret_quoted);

#endif
