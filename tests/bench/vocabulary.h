/* The vocabulary of gen: random numbers, Zipf frequencies, and the form of the words. */
#ifndef WEIR_TESTS_VOCABULARY_H
#define WEIR_TESTS_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "tests/bench/random.h"

#define WORD_MAX 24u

/* Zipf frequencies by Walker's alias method: one random number and one look-up per word. */
struct zipf {
	uint32_t n;
	struct alias_cell {
		uint32_t keep, alias; /* keep: the probability of the cell's own rank, times 2^32 */
	} * cells;
};

/* Fill up cell S from cell L. */
static void zipf_fill(struct alias_cell *cells, double *share, uint32_t s, uint32_t l)
{
	cells[s].keep = (uint32_t)(share[s] * 4294967295.0);
	cells[s].alias = l;
	share[l] -= 1 - share[s];
}

static void zipf_init(struct zipf *z, uint32_t n)
{
	double *share = xcalloc(n, sizeof *share), sum = 0;
	uint32_t *small = xcalloc(n, sizeof *small), *large = xcalloc(n, sizeof *large);
	uint32_t smalls = 0, larges = 0;
	z->n = n;
	z->cells = xcalloc(n, sizeof *z->cells);
	for (uint32_t i = 0; i < n; i++)
		sum += 1.0 / (i + 1);
	for (uint32_t i = 0; i < n; i++) {
		share[i] = n / ((i + 1) * sum);
		z->cells[i] = (struct alias_cell){UINT32_MAX, i};
		if (share[i] < 1)
			small[smalls++] = i;
		else
			large[larges++] = i;
	}
	while (smalls && larges) {
		uint32_t l = large[larges - 1];
		zipf_fill(z->cells, share, small[--smalls], l);
		if (share[l] < 1) {
			larges--;
			small[smalls++] = l;
		}
	}
	free(share);
	free(small);
	free(large);
}

static uint32_t zipf_next(const struct zipf *z, uint64_t *state)
{
	uint64_t r = random_next(state);
	const struct alias_cell *c = &z->cells[((r >> 32) * z->n) >> 32];
	return (uint32_t)r <= c->keep ? (uint32_t)(c - z->cells) : c->alias;
}

/* The words, WORD_MAX bytes each: the length, then the letters. */
struct vocabulary {
	struct zipf zipf;
	unsigned char (*words)[WORD_MAX];
};

/*
 * The word of a rank: its digits in base 100 as syllables, so that frequent words are short.  The number of leading
 * zeros comes from the rank's own random number; words of the same length differ in a digit, so all words differ.
 */
static void word_make(unsigned char *word, uint32_t rank)
{
	static const char consonants[] = "thnsrldcmwfgpbvkjxqz";
	uint64_t state = rank + 1;
	uint32_t digits = rank < 30 ? 1 : 2, most = rank < 100 ? 1 : rank < 10000 ? 2 : rank < 1000000 ? 3 : 4;
	digits = most > digits ? most : digits;
	if (rank >= 100)
		digits += random_below(&state, 3);
	unsigned char *p = word + 1;
	for (uint32_t i = digits; i-- > 0; rank /= 100) {
		uint32_t d = (rank % 100 * 37 + i * 41) % 100;
		p[2 * i] = (unsigned char)consonants[d / 5];
		p[2 * i + 1] = (unsigned char)"eaoiu"[d % 5];
	}
	word[0] = (unsigned char)(2 * digits);
}

/* Give some words, as in prose, a capital or a sign after them; these count as different words. */
static void word_dress(unsigned char *word, uint32_t rank)
{
	uint64_t state = rank + 77;
	uint32_t what = random_below(&state, 100);
	if (rank < 30)
		return;
	if (what < 12)
		word[1] = (unsigned char)(word[1] - 'a' + 'A');
	if (what % 8 == 0)
		word[++word[0]] = (unsigned char)",.,.;"[what % 5];
}

static void vocabulary_init(struct vocabulary *v, uint32_t n, bool prose)
{
	zipf_init(&v->zipf, n);
	v->words = xcalloc(n, sizeof *v->words);
	for (uint32_t i = 0; i < n; i++) {
		word_make(v->words[i], i);
		if (prose)
			word_dress(v->words[i], i);
	}
}

static void vocabulary_release(struct vocabulary *v)
{
	free(v->zipf.cells);
	free(v->words);
}

#endif
