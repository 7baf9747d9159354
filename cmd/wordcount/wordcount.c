/*
 * wordcount: how often each word, or with --lines each record, occurs.
 *
 * Input: records.  Output at the end of each batch (a plain stream is one): `count<TAB>word`, highest count first,
 * equal counts by bytes.  Words are separated as by split, so `split | wordcount` equals `wordcount`.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cmd/wordcount/print.h"
#include "cmd/wordcount/words.h"
#include "common/base/alloc.h"
#include "common/base/byteset.h"
#include "common/base/sig.h"

/* The input is processed in pieces whose word positions stay in the first-level cache. */
#define PIECE (8u << 10)

static struct {
	struct filter_opts filter;
	uint64_t top, max_memory;
	bool lower, lines;
	int sort, format;
} opts = {.top = UINT64_MAX};

static const struct opt options[] = {
	{.key = 'n',
		.name = "top",
		.type = OPT_U64,
		.dest = &opts.top,
		.arg = "TOP",
		.help = "print only the first TOP words"},
	{.name = "sort",
		.type = OPT_CHOICE,
		.dest = &opts.sort,
		.arg = "count|word|none",
		.help = "highest count first (default), by bytes, or by first appearance"},
	{.name = "lower", .dest = &opts.lower, .help = "convert ASCII letters to lower case"},
	{.name = "lines", .dest = &opts.lines, .help = "count whole records, not words"},
	{.name = "format",
		.type = OPT_CHOICE,
		.dest = &opts.format,
		.arg = "tsv|json",
		.help = "count<TAB>word (default), or a JSON object for each"},
	{.name = "max-memory",
		.type = OPT_SIZE,
		.dest = &opts.max_memory,
		.arg = "SIZE",
		.min = 1 << 20,
		.help = "fail if words and counts need more than SIZE"},
	FILTER_OPTIONS(&opts.filter),
	{0},
};

/* clang-format off */
static const struct hint hints[] = {
	{ "-l", "--lines counts whole records" },
	{ "-i", "--lower makes capitals small" },
	{ "--ignore-case", "--lower makes capitals small" },
	{ "--json", "--format json" },
	{ "-k", "-n TOP prints the first rows only" },
	{ "--limit", "-n TOP prints the first rows only" },
	{ "--head", "-n TOP prints the first rows only" },
	{ "-d", "`weir split -d SET` before it separates by other bytes" },
	{ "--words", "`weir split --words` before it leaves punctuation out" },
	{ "-r", "the highest counts come first; --sort says otherwise" },
	{ "--order", "--sort count|word|none" },
	{0},
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "wordcount",
	.looks = true,
	.operands = "[FILE ...]",
	.summary = "Count how often each word occurs in the input.",
	.example = "weir split --words --lower *.txt | weir wordcount -n 10",
	.options = options,
	.hints = hints,
};

struct counter {
	struct words words;
	struct byteset separators;
	bool lines;
	uint32_t *edges; /* room for 2 * PIECE + BYTESET_PADDING */
};

/*
 * Where the words of the N bytes at S begin and end, in turns.  The first position is an end when a word is OPEN, that
 * is, when it began before S.  With `lines`, the end of a record is the beginning of the next one.
 */
static size_t find_edges(const struct counter *c, const char *s, size_t n, bool open)
{
	if (!c->lines) {
		bool separated = !open;
		return byteset_edges(&c->separators, s, n, &separated, c->edges);
	}
	size_t ends = byteset_find(&c->separators, s, n, c->edges);
	for (size_t i = ends; i-- > 0;) {
		uint32_t end = c->edges[i];
		c->edges[2 * i] = end;
		c->edges[2 * i + 1] = end + 1;
	}
	return 2 * ends;
}

/*
 * Count the words of a piece.  *OPEN is the start of the word that is in progress where the piece begins, NULL for
 * none; afterwards, of the one that is in progress where the piece ends.
 */
static int count_piece(struct counter *c, const char *s, size_t n, const char **open)
{
	size_t edges = find_edges(c, s, n, *open), first = 0;
	int r = 0;
	if (*open && edges) {
		first = 1;
		r = words_add_one(&c->words, *open, (size_t)(s + c->edges[0] - *open));
		*open = NULL;
	}
	if (!r)
		r = words_add(&c->words, s, c->edges + first, (edges - first) / 2);
	if ((edges - first) % 2)
		*open = s + c->edges[edges - 1];
	return r;
}

static int over_limit(const struct counter *c)
{
	warn("%zu different words do not fit into %" PRIu64 " bytes (--max-memory)", c->words.used + 1,
		c->words.max_memory);
	return EXIT_TEMP;
}

static int count_span(void *self, const char *s, size_t len, struct flow *flow)
{
	struct counter *c = self;
	const char *open = c->lines ? s : NULL;
	(void)flow;
	for (size_t i = 0; i < len; i += PIECE)
		if (count_piece(c, s + i, len - i < PIECE ? len - i : PIECE, &open) < 0)
			return over_limit(c);
	return 0;
}

static int print_batch(void *self, struct flow *flow)
{
	struct counter *c = self;
	size_t n = words_finish(&c->words, opts.top);
	int r = 0;
	for (size_t i = 0; i < n && !r; i++) {
		struct word word = words_next(&c->words, i);
		r = word_print(&word, (enum word_format)opts.format, flow);
	}
	words_release(&c->words);
	words_start(&c->words);
	return r;
}

static void counter_init(struct counter *c)
{
	char members[] = BYTESET_SPACE "\n";
	char delim = opts.filter.null ? '\0' : '\n';
	members[sizeof members - 2] = delim;
	if (opts.lines)
		byteset_init(&c->separators, &delim, 1);
	else
		byteset_init(&c->separators, members, sizeof members - 1);
	c->lines = opts.lines;
	c->edges = xcalloc(2 * PIECE + BYTESET_PADDING, sizeof *c->edges);
	c->words.lower = opts.lower;
	c->words.sort = (enum word_sort)opts.sort;
	c->words.max_memory = opts.max_memory;
	int r = hash_seed_random(&c->words.seed);
	if (r < 0)
		die(EXIT_TEMP, "cannot get random numbers: %s", diag_strerror(r));
	words_start(&c->words);
}

int main(int argc, char **argv)
{
	static const struct filter filter = {.span = count_span, .batch = print_batch};
	char **operands;
	int r = opt_parse(&spec, argc, argv, &operands);
	if (r != OPT_GO)
		return r;
	struct counter counter = {0};
	counter_init(&counter);
	sig_filter();
	r = filter_run(&filter, &counter, &opts.filter, operands);
	words_release(&counter.words);
	free(counter.edges);
	return r;
}
