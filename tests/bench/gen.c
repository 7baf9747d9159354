/*
 * Inputs for the benchmarks: KIND of SIZE bytes (rounded up to a whole line) on standard output.
 *
 * The same arguments give the same bytes, everywhere.  Kinds:
 *   words   lower-case words between single spaces, 16 a line; DISTINCT words, frequencies after
 * Zipf (1/rank) text    the same shaped like English prose: capitals, punctuation, lines of 72
 * columns, paragraphs events  NDJSON of about 147 bytes with ts (seven days, ascending), user,
 * action, amount, item, ip and ok lines   99 random letters and digits and a line feed
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/base/opt.h"
#include "common/io/outbuf.h"

#define WORD_MAX  24u
#define LINE_ROOM 512u

static uint64_t distinct = 200000, seed = 1;

static const struct opt options[] = {
	{.key = 'd',
		.name = "distinct",
		.type = OPT_U64,
		.dest = &distinct,
		.arg = "N",
		.min = 2,
		.max = 50000000,
		.help = "different words"},
	{.key = 's', .name = "seed", .type = OPT_U64, .dest = &seed, .arg = "N", .help = "another seed, other bytes"},
	{0},
};

static const struct opt_spec spec = {
	.program = "gen",
	.operands = "words|text|events|lines SIZE",
	.summary = "Write an input for the benchmarks.",
	.options = options,
	.min_operands = 2,
	.max_operands = 2,
};

/* splitmix64 */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A number below N (up to 2^32). */
static uint32_t random_below(uint64_t *state, uint32_t n)
{
	return (uint32_t)(((random_next(state) >> 32) * n) >> 32);
}

/* Zipf frequencies by Walker's alias method: one random number and one look-up a word. */
struct zipf {
	uint32_t n;
	struct cell {
		uint32_t keep, alias; /* keep: probability of the cell's own rank, of 2^32 */
	} * cells;
};

/* Take what cell S lacks from cell L. */
static void zipf_fill(struct cell *cells, double *share, uint32_t s, uint32_t l)
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
		z->cells[i] = (struct cell){UINT32_MAX, i};
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
	const struct cell *c = &z->cells[((r >> 32) * z->n) >> 32];
	return (uint32_t)r <= c->keep ? (uint32_t)(c - z->cells) : c->alias;
}

/* The words, WORD_MAX bytes each: the length, then the letters. */
struct vocabulary {
	struct zipf zipf;
	unsigned char (*words)[WORD_MAX];
};

/*
 * The word of a rank: its digits to the base of 100 as syllables, the frequent words short.  As
 * many leading zeros as the rank's own random number says; so words of one length differ in a
 * digit, and all words differ.
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

/* Some words of prose have a capital or a sign behind them; they are words of their own. */
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

struct source {
	struct vocabulary vocabulary;
	uint64_t state, lines;
};

/* Each of these writes a line (at most LINE_ROOM bytes) to P and returns its end. */
typedef char *make_line(struct source *s, char *p);

static char *put_word(struct source *s, char *p)
{
	const unsigned char *word = s->vocabulary.words[zipf_next(&s->vocabulary.zipf, &s->state)];
	memcpy(p, word + 1, WORD_MAX - 1);
	return p + word[0];
}

static char *words_line(struct source *s, char *p)
{
	for (int i = 0; i < 16; i++) {
		p = put_word(s, p);
		*p++ = i < 15 ? ' ' : '\n';
	}
	return p;
}

static char *text_line(struct source *s, char *p)
{
	char *start = p;
	if (s->lines % 8 == 7)
		*p++ = '\n';
	while (p - start < 64) {
		p = put_word(s, p);
		if (p[-1] == '.')
			*p++ = ' ';
		*p++ = ' ';
	}
	p = put_word(s, p);
	*p++ = '\n';
	return p;
}

static char *put_number(char *p, uint32_t n, int digits)
{
	for (int i = digits; i-- > 0; n /= 10)
		p[i] = (char)('0' + n % 10);
	return p + digits;
}

static char *put_text(char *p, const char *text)
{
	size_t len = strlen(text);
	memcpy(p, text, len);
	return p + len;
}

/* 1,000,000 events a day make seven days of 1 GB; after that the days begin anew. */
static char *put_time(struct source *s, char *p)
{
	uint64_t ms = s->lines * 864 / 10 % (7 * 86400000u);
	p = put_number(put_text(p, "2026-11-"), (uint32_t)(ms / 86400000) + 16, 2);
	p = put_number(put_text(p, "T"), (uint32_t)(ms / 3600000 % 24), 2);
	p = put_number(put_text(p, ":"), (uint32_t)(ms / 60000 % 60), 2);
	p = put_number(put_text(p, ":"), (uint32_t)(ms / 1000 % 60), 2);
	return put_text(put_number(put_text(p, "."), (uint32_t)(ms % 1000), 3), "Z");
}

static char *events_line(struct source *s, char *p)
{
	static const char *const actions[] = {"view", "view", "view", "click", "click", "cart", "buy", "login"};
	uint32_t r = random_below(&s->state, 1u << 31);
	p = put_text(put_time(s, put_text(p, "{\"ts\":\"")), "\",\"user\":\"u");
	p = put_text(put_number(p, random_below(&s->state, 100000), 6), "\",\"action\":\"");
	p = put_text(put_text(p, actions[r % 8]), "\",\"amount\":");
	p = put_number(p, 1 + r / 8 % 999, 3);
	if (p[-3] == '0') /* no leading zeros in JSON */
		p[-3] = '1';
	p = put_number(put_text(p, "."), r / 8000 % 100, 2);
	p = put_text(put_number(put_text(p, ",\"item\":\"shop-item-"), r % 50000, 6), "\",\"ip\":\"10.");
	p = put_number(p, 100 + r % 100, 3);
	p = put_number(put_text(p, "."), 100 + r / 100 % 100, 3);
	p = put_text(put_number(put_text(p, "."), 100 + r / 10000 % 100, 3), "\",\"ok\":");
	return put_text(p, r & 64 ? "true,\"v\":1}\n" : "false,\"v\":1}\n");
}

static char *lines_line(struct source *s, char *p)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	for (int i = 0; i < 99; i += 9) {
		uint64_t r = random_next(&s->state);
		for (int j = 0; j < 9; j++, r >>= 6)
			p[i + j] = letters[r & 63];
	}
	p[99] = '\n';
	return p + 100;
}

static int write_lines(struct source *s, make_line *make, uint64_t size)
{
	struct outbuf out;
	outbuf_init(&out, STDOUT_FILENO, "standard output");
	for (uint64_t written = 0; written < size; s->lines++) {
		char *p = outbuf_reserve(&out, LINE_ROOM);
		if (!p)
			break;
		size_t len = (size_t)(make(s, p) - p);
		outbuf_commit(&out, len);
		written += len;
	}
	int r = outbuf_close(&out);
	if (r < 0)
		warn("cannot write standard output: %s", diag_strerror(r));
	return r < 0 ? (int)diag_status(r) : EXIT_OK;
}

int main(int argc, char **argv)
{
	static const struct kind {
		const char *name;
		make_line *make;
		bool words, prose;
	} kinds[] = {
		{"words", words_line, true, false},
		{"text", text_line, true, true},
		{"events", events_line, false, false},
		{"lines", lines_line, false, false},
		{0},
	};
	char **operands;
	int r = opt_parse(&spec, argc, argv, &operands);
	if (r != OPT_GO)
		return r;
	const struct kind *kind = kinds;
	while (kind->name && strcmp(kind->name, operands[0]) != 0)
		kind++;
	uint64_t size;
	if (!kind->name)
		return opt_usage_error(&spec, "unknown kind '%s'", operands[0]);
	if (num_size(operands[1], &size) < 0)
		return opt_usage_error(&spec, "'%s' is not a size", operands[1]);
	struct source source = {.state = seed};
	if (kind->words)
		vocabulary_init(&source.vocabulary, (uint32_t)distinct, kind->prose);
	r = write_lines(&source, kind->make, size);
	vocabulary_release(&source.vocabulary);
	return r;
}
