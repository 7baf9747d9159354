/* Rules of cleaning: a choice between a few words. */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/hint.h"
#include "common/base/near.h"
#include "common/data/rules_impl.h"

/* Names of types and masks in other tools. */
static const struct hint hints[] = {
	{"number", "float"},
	{"double", "float"},
	{"decimal", "float"},
	{"numeric", "float"},
	{"real", "float"},
	{"long", "int"},
	{"date", "time"},
	{"text", "string"},
	{"varchar", "string"},
	{"sha256", "hash"},
	{"hmac", "hash"},
	{"md5", "hash"},
	{"remove", "null"},
	{"partial", "last4"},
	{0},
};

/* The one of CHOICES that was probably meant by WORD, and its length; or NULL. */
static const char *meant(const char *word, const char *choices, size_t *ret_len)
{
	const char *hint = hint_find(hints, word), *best = NULL;
	size_t least = NEAR_NOT;

	for (const char *w = choices; *w; w += strcspn(w, "|"), w += *w == '|') {
		char *name = xstrndup(w, strcspn(w, "|"));
		size_t rank = hint && strcmp(hint, name) == 0 ? 0 : near_rank(word, name);
		if (rank < least) {
			least = rank;
			best = w;
			*ret_len = strlen(name);
		}
		free(name);
	}
	return best;
}

int rules_choice(struct rules_line *in, const char *choices, struct rule *rule)
{
	const char *s;
	size_t len;
	int r = rules_word(in, choices, &s, &len);

	if (r < 0)
		return r;
	for (const char *w = choices; *w; rule->choice++) {
		size_t n = strcspn(w, "|");
		if (n == len && memcmp(w, s, n) == 0)
			return 0;
		w += n + (w[n] == '|');
	}
	char *word = xstrndup(s, len);
	const char *near = meant(word, choices, &len);
	int r2 = near ? rules_fail(in, (size_t)(s - in->s), "one of %s is expected here; did you mean %.*s?", choices,
				(int)len, near)
		      : rules_fail(in, (size_t)(s - in->s), "one of %s is expected here", choices);
	free(word);
	return r2;
}
