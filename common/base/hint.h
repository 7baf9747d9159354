/*
 * The text for a user who typed a word that a table does not have: what weir calls the thing, a similar word, or all
 * words.
 *
 * Layer: base.
 */
#ifndef WEIR_BASE_HINT_H
#define WEIR_BASE_HINT_H

#include "common/base/strbuf.h"

/* What users of other tools type, and what to write instead. */
struct hint {
	const char *word;
	const char *text;
};

/* The text for WORD (ignoring case) in HINTS, whose last entry has no word; NULL when there is none. */
const char *hint_find(const struct hint *hints, const char *word);

/* The one of NAMES(0), NAMES(1), … up to NULL that is nearest to WORD (ignoring case); NULL when none is near. */
const char *hint_near(const char *word, const char *(*names)(size_t i));

/*
 * Append "there is no KIND 'WORD'" and one of these: the text of a hint (": write mean(.x)"), a similar name ("; did
 * you mean 'sum'?"), or all names (", only count, sum, …").
 */
void hint_unknown(struct strbuf *out, const char *kind, const char *word, const struct hint *hints,
	const char *(*names)(size_t i));

/* Append the names, with a comma and a blank between. */
void hint_names(struct strbuf *out, const char *(*names)(size_t i));

#endif
