/*
 * split: writes one token a line.
 *
 * Input: records.  Output: each run of bytes that are not separators as a record; empty tokens are
 * dropped.  The record delimiter always separates.  For space-separated text `split` equals `tr -s
 * ' \t\v\f\r' '\n' | grep .`.
 */
#include <string.h>

#include "common/base/byteset.h"
#include "common/base/escape.h"
#include "common/base/sig.h"
#include "common/stream/filter.h"

/* Output is reserved in pieces of this size: small enough to stay in the first-level cache until it is written. */
#define PIECE (32u << 10)

static struct {
	struct filter_opts filter;
	const char *separators;
	bool words, lower;
} opts;

static const struct opt options[] = {
	{.key = 'd',
		.name = "separators",
		.type = OPT_STRING,
		.dest = &opts.separators,
		.arg = "SET",
		.help = "separator bytes instead of white space; with \\t \\n \\\\ \\xNN"},
	{.name = "words", .dest = &opts.words, .help = "separate at everything but letters and digits"},
	{.name = "lower", .dest = &opts.lower, .help = "convert ASCII letters to lower case"},
	FILTER_OPTIONS(&opts.filter),
	{0},
};

/* clang-format off */
static const struct hint hints[] = {
	{ "-s", "-d SET separates by these bytes" },
	{ "--delimiter", "-d SET separates by these bytes" },
	{ "--sep", "-d SET separates by these bytes" },
	{ "-F", "-d SET separates by these bytes" },
	{ "-i", "--lower makes capitals small" },
	{ "-l", "it writes one token per line; it does not cut files, as split(1) does" },
	{ "-b", "it writes one token per line; it does not cut files, as split(1) does" },
	{ "-n", "it writes one token per line; it does not cut files, as split(1) does" },
	{0},
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "split",
	.looks = true,
	.operands = "[FILE ...]",
	.summary = "Write each token of the input on a line of its own.",
	.example = "weir split --words --lower book.txt | weir wordcount -n 20",
	.options = options,
	.hints = hints,
};

struct splitter {
	struct byteset separators;
	bool lower;
};

/* How much of a span to process at once: about PIECE, up to a separator, so that the output is whole records. */
static size_t piece_length(const struct byteset *separators, const char *s, size_t len)
{
	if (len <= PIECE)
		return len;
	size_t n = PIECE;
	while (n && !separators->member[(uint8_t)s[n - 1]])
		n--;
	if (!n) /* within a long token; the span ends with a separator, so one is found */
		while (!separators->member[(uint8_t)s[n++]])
			;
	return n;
}

/* A span is whole records, so it begins after a separator and ends with one. */
static int split_span(void *self, const char *s, size_t len, struct flow *flow)
{
	const struct splitter *splitter = self;
	bool in_run = true;
	while (len) {
		size_t n = piece_length(&splitter->separators, s, len);
		char *out = flow_reserve(flow, n + BYTESET_PADDING);
		if (!out)
			return FLOW_STOP;
		size_t used = byteset_squeeze(&splitter->separators, s, n, flow->delim, splitter->lower, &in_run, out);
		if (flow_commit(flow, used))
			return FLOW_STOP;
		s += n;
		len -= n;
	}
	return 0;
}

/* Add everything below 0x80 that is not a letter or digit; bytes from 0x80 on are (parts of) letters in UTF-8. */
static void add_non_letters(struct strbuf *b)
{
	for (int c = 0; c < 0x80; c++)
		if (!(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			strbuf_addch(b, (char)c);
}

/* Returns OPT_GO, or the exit status after a message. */
static int choose_separators(struct byteset *set)
{
	struct strbuf b = STRBUF_INIT, err = STRBUF_INIT;
	int r = OPT_GO;
	if (opts.words && opts.separators)
		r = opt_usage_error(&spec, "--words and --separators exclude each other");
	else if (opts.words)
		add_non_letters(&b);
	else if (!opts.separators)
		strbuf_addstr(&b, BYTESET_SPACE);
	else if (escape_text(opts.separators, &b, &err) < 0)
		r = opt_usage_error(&spec, "option --separators: %s", err.s);
	else if (!b.len)
		r = opt_usage_error(&spec, "the set of separators is empty");
	strbuf_addch(&b, opts.filter.null ? '\0' : '\n');
	byteset_init(set, b.s, b.len);
	strbuf_release(&err);
	strbuf_release(&b);
	return r;
}

int main(int argc, char **argv)
{
	static const struct filter filter = {.span = split_span};
	char **operands;
	int r = opt_parse(&spec, argc, argv, &operands);
	if (r != OPT_GO)
		return r;
	struct splitter splitter = {.lower = opts.lower};
	r = choose_separators(&splitter.separators);
	if (r != OPT_GO)
		return r;
	sig_filter();
	return filter_run(&filter, &splitter, &opts.filter, operands);
}
