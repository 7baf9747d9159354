/* The order in which the words are printed: see words.h. */
#include <endian.h>
#include <string.h>

#include "cmd/wordcount/words.h"

/* Below this many, insertion sort. */
#define FEW 16

static int compare_bytes(const struct word *a, const struct word *b)
{
	size_t la, lb;
	const char *s = word_bytes(a, &la), *t = word_bytes(b, &lb);
	if (la > WORD_INLINE || lb > WORD_INLINE) {
		int r = memcmp(s, t, la < lb ? la : lb);
		return r ? r : la < lb ? -1 : la > lb;
	}
	uint64_t x = be64toh(a->lo), y = be64toh(b->lo);
	if (x == y) {
		x = be64toh(a->hi);
		y = be64toh(b->hi);
	}
	if (x != y)
		return x < y ? -1 : 1;
	return la < lb ? -1 : la > lb; /* the longer one ends with NULs */
}

static bool before(const struct word *a, const struct word *b, enum word_sort sort)
{
	if (sort == SORT_COUNT && a->count != b->count)
		return a->count > b->count;
	return compare_bytes(a, b) < 0;
}

static void swap(struct word *a, struct word *b)
{
	struct word t = *a;
	*a = *b;
	*b = t;
}

static void insertion_sort(struct word *v, size_t n, enum word_sort sort)
{
	for (size_t i = 1; i < n; i++) {
		struct word t = v[i];
		size_t j = i;
		for (; j && before(&t, &v[j - 1], sort); j--)
			v[j] = v[j - 1];
		v[j] = t;
	}
}

/* Move the median of three to the front. */
static void choose_pivot(struct word *v, size_t n, enum word_sort sort)
{
	struct word *a = v, *b = v + n / 2, *c = v + n - 1;
	if (before(b, a, sort))
		swap(a, b);
	if (before(c, b, sort))
		swap(b, c);
	if (before(b, a, sort))
		swap(a, b);
	swap(a, b);
}

/* Returns the final place of the pivot. */
static size_t partition(struct word *v, size_t n, enum word_sort sort)
{
	choose_pivot(v, n, sort);
	size_t i = 0, j = n;
	for (;;) {
		while (++i < n && before(&v[i], v, sort))
			;
		while (before(v, &v[--j], sort))
			;
		if (i >= j)
			break;
		swap(&v[i], &v[j]);
	}
	swap(v, &v[j]);
	return j;
}

/*
 * Sort the first TOP (at least 1) of N words in place, without further memory.  Quicksort without protection against
 * bad luck: the words are all different and come in the order of their seeded hashes, so nobody can arrange a bad case.
 */
static void sort_top(struct word *v, size_t n, size_t top, enum word_sort sort)
{
	while (n > FEW) {
		size_t p = partition(v, n, sort), right = p + 1;
		if (top <= right) {
			n = p;
		} else if (p > n - right) { /* recurse into the shorter part */
			sort_top(v + right, n - right, top - right, sort);
			n = p;
		} else {
			sort_top(v, p, p, sort);
			v += right;
			n -= right;
			top -= right;
		}
	}
	insertion_sort(v, n, sort);
}

size_t words_finish(struct words *w, uint64_t top)
{
	size_t n = 0, shown = top < w->used ? (size_t)top : w->used;
	if (w->sort == SORT_NONE)
		return shown;
	for (size_t i = 0; i < w->size; i++)
		if (w->slots[i].tag)
			w->slots[n++] = w->slots[i];
	if (shown)
		sort_top(w->slots, n, shown, w->sort);
	return shown;
}

/* By first appearance a word is found by its tag; of two with the same tag (one in 2^59) the one not yet taken. */
struct word words_next(struct words *w, size_t i)
{
	if (w->sort != SORT_NONE)
		return w->slots[i];
	uint64_t tag = w->order[i];
	size_t k = tag >> w->shift;
	while (w->slots[k].tag != tag || !w->slots[k].count)
		k = (k + 1) & (w->size - 1);
	struct word word = w->slots[k];
	w->slots[k].count = 0;
	return word;
}
