/* byteset: every level against a byte-by-byte model, on random sets, lengths and cuts. */
#include "common/base/byteset.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/check.h"

#define MAX_LEN 1200

static uint64_t state = 1;

static unsigned below(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((state >> 33) % n);
}

/* The expected results, one byte at a time. */
static size_t model_find(const bool *member, const uint8_t *s, size_t len, uint32_t *pos)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		if (member[s[i]])
			pos[n++] = (uint32_t)i;
	return n;
}

static size_t model_edges(const bool *member, const uint8_t *s, size_t len, bool in_run, uint32_t *pos)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		if (member[s[i]] != in_run)
			pos[n++] = (uint32_t)i;
		in_run = member[s[i]];
	}
	return n;
}

static size_t model_squeeze(const bool *member, const uint8_t *s, size_t len, bool in_run, bool lower, char *out)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = s[i];
		if (!member[c])
			out[n++] = (char)(lower && c >= 'A' && c <= 'Z' ? c + 32 : c);
		else if (!in_run)
			out[n++] = '|';
		in_run = member[c];
	}
	return n;
}

/* Buffers of exactly the promised size, so that AddressSanitizer notices accesses beyond them. */
struct buffers {
	char *in, *out, *want;
	uint32_t *pos, *want_pos;
};

static void buffers_init(struct buffers *b, size_t len)
{
	b->in = malloc(len + BYTESET_PADDING);
	b->out = malloc(len + BYTESET_PADDING);
	b->want = malloc(len + BYTESET_PADDING);
	b->pos = malloc((len + BYTESET_PADDING) * sizeof *b->pos);
	b->want_pos = malloc((len + 1) * sizeof *b->want_pos);
}

static void buffers_release(struct buffers *b)
{
	free(b->in);
	free(b->out);
	free(b->want);
	free(b->pos);
	free(b->want_pos);
}

struct sample {
	struct byteset set;
	bool member[256];
};

/* A set of COUNT bytes, from FIRST on or, with SCATTER, anywhere. */
static void sample_init(struct sample *s, unsigned first, unsigned count, bool scatter)
{
	char members[256];
	memset(s->member, 0, sizeof s->member);
	for (unsigned i = 0; i < count; i++) {
		uint8_t c = (uint8_t)(scatter ? below(256) : first + i);
		members[i] = (char)c;
		s->member[c] = true;
	}
	byteset_init(&s->set, members, count);
}

/* Bytes around the set: about one in DENSITY is a member. */
static void fill(const struct sample *s, char *in, size_t len, unsigned density)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t)below(256);
		for (int k = 0; k < 300 && s->member[c] != (below(density) == 0); k++)
			c = (uint8_t)below(256);
		in[i] = (char)c;
	}
	memset(in + len, below(2) ? 0xff : ' ', BYTESET_PADDING);
}

static void compare(const struct sample *s, struct buffers *b, size_t len)
{
	const uint8_t *in = (const uint8_t *)b->in;
	size_t n = byteset_find(&s->set, b->in, len, b->pos);
	size_t m = model_find(s->member, in, len, b->want_pos);
	CHECK_MEM(b->pos, 4 * n, b->want_pos, 4 * m);
	for (int in_run = 0; in_run < 2; in_run++) {
		bool run = in_run, want_run = len ? s->member[in[len - 1]] : in_run;
		n = byteset_edges(&s->set, b->in, len, &run, b->pos);
		m = model_edges(s->member, in, len, in_run, b->want_pos);
		CHECK_MEM(b->pos, 4 * n, b->want_pos, 4 * m);
		CHECK_INT(run, want_run);
		run = in_run;
		n = byteset_squeeze(&s->set, b->in, len, '|', in_run, &run, b->out);
		m = model_squeeze(s->member, in, len, in_run, in_run, b->want);
		CHECK_MEM(b->out, n, b->want, m);
		CHECK_INT(run, want_run);
	}
}

/* All levels that the processor and the set allow. */
static void compare_levels(struct sample *s, struct buffers *b, size_t len)
{
	for (int level = 0; level < BYTESET_LEVELS; level++)
		if (byteset_use(&s->set, (enum byteset_level)level) == 0)
			compare(s, b, len);
}

static void compare_random(struct sample *s, size_t len, unsigned density)
{
	struct buffers b;
	buffers_init(&b, len);
	fill(s, b.in, len, density);
	compare_levels(s, &b, len);
	buffers_release(&b);
}

static void test_every_length(void)
{
	struct sample s;
	sample_init(&s, '\t', 5, false);
	for (size_t len = 0; len <= 200; len++)
		for (unsigned density = 1; density < 12; density += 2)
			compare_random(&s, len, density);
}

static void test_random_sets(void)
{
	for (unsigned i = 0; i < 2000; i++) {
		struct sample s;
		sample_init(&s, 0, below(i % 2 ? 256 : 9), true);
		compare_random(&s, below(MAX_LEN), 1 + below(10));
	}
}

static void test_ranges(void)
{
	for (unsigned first = 0; first < 256; first++) {
		struct sample s;
		sample_init(&s, first, 1 + below(256 - first), false);
		compare_random(&s, 300, 3);
	}
}

/* All 256 bytes with a set of COUNT members from FIRST on; bytes beyond the end must be ignored. */
static void compare_all_bytes(unsigned first, unsigned count)
{
	struct sample s;
	struct buffers b;
	sample_init(&s, first, count, false);
	buffers_init(&b, 256);
	for (unsigned i = 0; i < 256; i++)
		b.in[i] = (char)i;
	memset(b.in + 256, (int)first, BYTESET_PADDING);
	compare_levels(&s, &b, 256);
	buffers_release(&b);
}

static void test_every_byte(void)
{
	for (unsigned c = 0; c < 256; c++)
		compare_all_bytes(c, 1);
	compare_all_bytes(0, 0);
	compare_all_bytes(0, 255);
	compare_all_bytes(0, 256);
}

/* One edge at every position of three blocks. */
static void test_boundaries(void)
{
	struct sample s;
	sample_init(&s, ' ', 1, false);
	for (size_t at = 0; at <= 200; at++) {
		struct buffers b;
		buffers_init(&b, 200);
		memset(b.in, 'x', 200 + BYTESET_PADDING);
		memset(b.in, ' ', at);
		compare_levels(&s, &b, 200);
		memset(b.in, 'X', at);
		memset(b.in + at, ' ', 200 - at);
		compare_levels(&s, &b, 200);
		buffers_release(&b);
	}
}

/* The same bytes in two pieces, cut at every offset: squeezed to the same. */
static void test_pieces(void)
{
	struct sample s;
	sample_init(&s, ' ', 2, false);
	struct buffers b, tail;
	buffers_init(&b, 200);
	fill(&s, b.in, 200, 3);
	bool run = true;
	size_t m = byteset_squeeze(&s.set, b.in, 200, '|', false, &run, b.want);
	for (size_t cut = 0; cut <= 200; cut++) {
		for (int level = 0; level < BYTESET_LEVELS; level++) {
			if (byteset_use(&s.set, (enum byteset_level)level) < 0)
				continue;
			buffers_init(&tail, 200 - cut);
			memcpy(tail.in, b.in + cut, 200 - cut);
			run = true;
			size_t n = byteset_squeeze(&s.set, b.in, cut, '|', false, &run, b.out);
			size_t k = byteset_squeeze(&s.set, tail.in, 200 - cut, '|', false, &run, tail.out);
			memcpy(b.out + n, tail.out, k);
			CHECK_MEM(b.out, n + k, b.want, m);
			buffers_release(&tail);
		}
	}
	buffers_release(&b);
}

static void test_levels(void)
{
	struct byteset set;
	char scattered[128];
	for (int i = 0; i < 128; i++)
		scattered[i] = (char)(2 * i);
	byteset_init(&set, scattered, sizeof scattered);
	CHECK_INT(byteset_use(&set, BYTESET_PORTABLE), 0);
	CHECK_INT(byteset_use(&set, BYTESET_SSE2), -ENOTSUP);
}

int main(void)
{
	TEST(test_every_length);
	TEST(test_random_sets);
	TEST(test_ranges);
	TEST(test_every_byte);
	TEST(test_boundaries);
	TEST(test_pieces);
	TEST(test_levels);
	return check_done();
}
