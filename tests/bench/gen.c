/*
 * Inputs for the benchmarks: KIND of SIZE bytes (rounded up to a whole line) on standard output.
 *
 * The same arguments give the same bytes, everywhere.  Kinds:
 *   words   lower-case words between single spaces, 16 a line; DISTINCT words, frequencies after Zipf (1/rank)
 *   text    the same shaped like English prose: capitals, punctuation, lines of 72 columns, paragraphs
 *   events  NDJSON of about 147 bytes with ts (seven days, ascending), user, action, amount, item, ip and ok
 *   lines   99 random letters and digits and a line feed
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/num.h"
#include "common/base/opt.h"
#include "common/io/outbuf.h"
#include "tests/bench/vocabulary.h"

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

struct generator {
	struct vocabulary vocabulary;
	uint64_t state, lines;
};

/* Each of these functions writes a line (at most LINE_ROOM bytes) to P and returns its end. */
typedef char *make_line(struct generator *s, char *p);

static char *put_word(struct generator *s, char *p)
{
	const unsigned char *word = s->vocabulary.words[zipf_next(&s->vocabulary.zipf, &s->state)];
	memcpy(p, word + 1, WORD_MAX - 1);
	return p + word[0];
}

static char *words_line(struct generator *s, char *p)
{
	for (int i = 0; i < 16; i++) {
		p = put_word(s, p);
		*p++ = i < 15 ? ' ' : '\n';
	}
	return p;
}

static char *text_line(struct generator *s, char *p)
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

/* With 1,000,000 events a day, 1 GB has seven days; after that the days begin again. */
static char *put_time(struct generator *s, char *p)
{
	uint64_t ms = s->lines * 864 / 10 % (7 * 86400000u);
	p = put_number(put_text(p, "2026-11-"), (uint32_t)(ms / 86400000) + 16, 2);
	p = put_number(put_text(p, "T"), (uint32_t)(ms / 3600000 % 24), 2);
	p = put_number(put_text(p, ":"), (uint32_t)(ms / 60000 % 60), 2);
	p = put_number(put_text(p, ":"), (uint32_t)(ms / 1000 % 60), 2);
	return put_text(put_number(put_text(p, "."), (uint32_t)(ms % 1000), 3), "Z");
}

static char *events_line(struct generator *s, char *p)
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

static char *lines_line(struct generator *s, char *p)
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

static int write_lines(struct generator *s, make_line *make, uint64_t size)
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
	struct generator source = {.state = seed};
	if (kind->words)
		vocabulary_init(&source.vocabulary, (uint32_t)distinct, kind->prose);
	r = write_lines(&source, kind->make, size);
	vocabulary_release(&source.vocabulary);
	return r;
}
