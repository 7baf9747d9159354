/* Hints for unknown words: see hint.h. */
#include "common/base/hint.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "common/base/near.h"

const char *hint_find(const struct hint *hints, const char *word)
{
	for (; hints && hints->word; hints++)
		if (strcasecmp(hints->word, word) == 0)
			return hints->text;
	return NULL;
}

const char *hint_near(const char *word, const char *(*names)(size_t i))
{
	struct strbuf lower = STRBUF_INIT;
	const char *best = NULL;
	size_t least = NEAR_NOT + 1;

	for (const char *s = word; *s; s++)
		strbuf_addch(&lower, (char)tolower((unsigned char)*s));
	for (size_t i = 0; names(i); i++) {
		size_t rank = strcmp(lower.s, names(i)) == 0 ? 0 : 1 + near_rank(lower.s, names(i));
		if (rank < least) {
			least = rank;
			best = names(i);
		}
	}
	strbuf_release(&lower);
	return best;
}

void hint_names(struct strbuf *out, const char *(*names)(size_t i))
{
	for (size_t i = 0; names(i); i++)
		strbuf_addf(out, "%s%s", i ? ", " : "", names(i));
}

void hint_unknown(struct strbuf *out, const char *kind, const char *word, const struct hint *hints,
	const char *(*names)(size_t i))
{
	const char *text = hint_find(hints, word), *near = text ? NULL : hint_near(word, names);

	strbuf_addf(out, "there is no %s '%s'", kind, word);
	if (text) {
		strbuf_addf(out, ": %s", text);
	} else if (near) {
		strbuf_addf(out, "; did you mean '%s'?", near);
	} else {
		strbuf_addstr(out, ", only ");
		hint_names(out, names);
	}
}
