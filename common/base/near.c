/* Names that are near: see near.h. */
#include "common/base/near.h"

#include <stdbool.h>
#include <string.h>

#define LONGEST 249 /* the longest name of a topic */

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;
	return m < c ? m : c;
}

/* Levenshtein's algorithm, with one row of the table in memory. */
size_t near_distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1], la = strlen(a), lb = strlen(b);
	if (la > LONGEST || lb > LONGEST)
		return LONGEST + 1;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t up = row[j];
			row[j] = min3(up + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1]));
			corner = up;
		}
	}
	return row[lb];
}

/*
 * Whether PART, of three letters or more, occurs in WHOLE and begins or ends there at a hyphen or an end; with FULLY it
 * must do both.
 */
static bool is_part(const char *part, const char *whole, bool fully)
{
	size_t len = strlen(part);
	if (len < 3)
		return false;
	for (const char *at = whole; (at = strstr(at, part)); at++) {
		bool begins = at == whole || at[-1] == '-', ends = !at[len] || at[len] == '-';
		if (fully ? begins && ends : begins || ends)
			return true;
	}
	return false;
}

/* The distance of TYPED to the nearest of the hyphen-separated parts of NAME; NEAR_FAR when NAME has no hyphen. */
static size_t part_distance(const char *typed, const char *name)
{
	size_t least = NEAR_FAR;
	char part[LONGEST + 1];
	for (const char *at = name; strchr(name, '-') && *at;) {
		size_t len = strcspn(at, "-"), far;
		if (len > LONGEST)
			break;
		memcpy(part, at, len);
		part[len] = '\0';
		far = near_distance(typed, part);
		least = far < least ? far : least;
		at += len + (at[len] == '-');
	}
	return least;
}

/* Whether WORD, of more than three letters, begins or ends with NAME, as `lowercase` does with `lower`. */
static bool within(const char *name, const char *word)
{
	size_t len = strlen(name), all = strlen(word);
	return len >= 3 && all > len && all <= 3 * len &&
	       (memcmp(word, name, len) == 0 || memcmp(word + all - len, name, len) == 0);
}

size_t near_rank(const char *typed, const char *name)
{
	if (is_part(typed, name, false) || is_part(name, typed, true))
		return 0;
	size_t whole = near_distance(typed, name), part = part_distance(typed, name);
	bool by_part = part < whole && 3 * part <= strlen(typed);
	size_t far = by_part ? part : whole;
	if (far < NEAR_FAR && 2 * far <= strlen(typed))
		return 2 * far + by_part;
	return within(name, typed) ? NEAR_NOT - 1 : NEAR_NOT;
}
