/* Encodings of pages that weir does not write, some values at a time; and those that are malformed. */
#include "common/parquet/decode.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"
#include "tests/unit/pq_deltas.h"

static struct pq_budget budget = {.limit = 1 << 20};

static struct pq_decode decoder(enum pq_physical physical, size_t width)
{
	return (struct pq_decode){.physical = physical, .width = width, .budget = &budget};
}

static uint64_t random_state = 1;
static uint64_t next_random(void)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return random_state ^ random_state >> 31;
}

/* The bytes of PAGE in memory of exactly that size, so that reading beyond them is noticed. */
static unsigned char *exact(const struct strbuf *page)
{
	unsigned char *copy = xmalloc(page->len);
	memcpy(copy, page->s, page->len);
	return copy;
}

static void test_the_formats_own_examples(void)
{
	static const unsigned char first[] = {0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0},
				   second[] = {0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0, 0, 0};
	static const int64_t want[] = {7, 5, 3, 1, 2, 3, 4, 5};
	struct delta_reader in;
	int64_t v[8];
	const unsigned char *end;
	CHECK_INT(delta_begin(&in, first, sizeof first), 0);
	CHECK_INT(delta_take(&in, v, 5), 0);
	for (int i = 0; i < 5; i++)
		CHECK_INT(v[i], i + 1);
	CHECK_INT(delta_take(&in, v, 1), -EBADMSG);
	CHECK_INT(delta_begin(&in, second, sizeof second), 0);
	CHECK_INT(delta_take(&in, v, 3), 0);
	CHECK_INT(delta_take(&in, v + 3, 5), 0);
	CHECK(memcmp(v, want, sizeof want) == 0);
	CHECK_INT(delta_end(&in, &end), 0);
	CHECK(end == second + sizeof second);
}

static void test_numbers(void)
{
	for (unsigned bits = 0; bits <= 64; bits++) {
		for (size_t n = 0; n < 300; n = 3 * n + 1) {
			struct strbuf page = STRBUF_INIT;
			struct pq_decode d = decoder(PQ_INT64, 8);
			struct pq_decoded got;
			int64_t v[300];
			for (size_t i = 0; i < n; i++)
				v[i] = bits ? (int64_t)(next_random() >> (64 - bits)) : -5;
			add_delta(&page, v, n);
			unsigned char *bytes = exact(&page);
			CHECK_INT(pq_decode_page(&d, PQ_DELTA_BINARY_PACKED, bytes, page.len, n), 0);
			size_t some = n / 3;
			CHECK_INT(pq_decode_take(&d, some, &got), 0);
			CHECK(!some || memcmp(got.data, v, 8 * some) == 0);
			CHECK_INT(pq_decode_skip(&d, some), 0);
			CHECK_INT(pq_decode_take(&d, n - 2 * some, &got), 0);
			CHECK(n == 0 || memcmp(got.data, v + 2 * some, 8 * (n - 2 * some)) == 0);
			CHECK_INT(pq_decode_take(&d, 1, &got), -EBADMSG);
			CHECK_INT(pq_decode_page(&d, PQ_DELTA_BINARY_PACKED, bytes, page.len, n + 1), -EBADMSG);
			pq_decode_release(&d);
			free(bytes);
			strbuf_release(&page);
		}
	}
}

/* Nothing that is shorter than PAGE, which has N texts, is a page. */
static void check_cut(int encoding, const struct strbuf *page, size_t n)
{
	for (size_t len = 0; len < page->len; len++) {
		struct strbuf cut = STRBUF_INIT;
		struct pq_decode d = decoder(PQ_BYTE_ARRAY, 0);
		struct pq_decoded got;
		strbuf_add(&cut, page->s, len);
		unsigned char *bytes = exact(&cut);
		int r = pq_decode_page(&d, encoding, bytes, len, n);
		CHECK_INT(r < 0 ? r : pq_decode_take(&d, n, &got), -EBADMSG);
		CHECK(d.why != NULL);
		pq_decode_release(&d);
		free(bytes);
		strbuf_release(&cut);
	}
}

/* Texts with common beginnings, in both encodings, and as values of a fixed width. */
static void test_texts(void)
{
	static const char *const texts[] = {"apple", "apply", "", "app", "banana", "bananas", "bananas", "b"};
	enum { N = sizeof texts / sizeof *texts };
	int64_t lengths[N], prefixes[N], suffixes[N];
	struct strbuf plain = STRBUF_INIT, prefixed = STRBUF_INIT;
	for (size_t i = 0; i < N; i++) {
		lengths[i] = (int64_t)strlen(texts[i]);
		prefixes[i] = 0;
		while (i && texts[i][prefixes[i]] && texts[i][prefixes[i]] == texts[i - 1][prefixes[i]])
			prefixes[i]++;
		suffixes[i] = lengths[i] - prefixes[i];
	}
	add_delta(&plain, lengths, N);
	add_delta(&prefixed, prefixes, N);
	add_delta(&prefixed, suffixes, N);
	for (size_t i = 0; i < N; i++) {
		strbuf_addstr(&plain, texts[i]);
		strbuf_addstr(&prefixed, texts[i] + prefixes[i]);
	}
	for (int k = 0; k < 2; k++) {
		struct strbuf *page = k ? &prefixed : &plain;
		int encoding = k ? PQ_DELTA_BYTE_ARRAY : PQ_DELTA_LENGTH_BYTE_ARRAY;
		for (size_t first = 0; first <= N; first++) {
			unsigned char *bytes = exact(page);
			struct pq_decode d = decoder(PQ_BYTE_ARRAY, 0);
			struct pq_decoded got;
			CHECK_INT(pq_decode_page(&d, encoding, bytes, page->len, N), 0);
			CHECK_INT(first % 2 ? pq_decode_take(&d, first, &got) : pq_decode_skip(&d, first), 0);
			CHECK_INT(pq_decode_take(&d, N - first, &got), 0);
			for (size_t i = first; i < N; i++)
				CHECK_MEM(got.bytes[i - first].s, got.bytes[i - first].len, texts[i], strlen(texts[i]));
			pq_decode_release(&d);
			free(bytes);
		}
		check_cut(encoding, page, N);
	}
	strbuf_release(&plain);
	strbuf_release(&prefixed);
}

/* Lengths that the bytes do not have; prefixes that are longer than the value before, or together than the budget. */
static void test_bad_texts(void)
{
	static const int64_t bad[][2][2] = {{{0, 0}, {-1, 1}}, {{1, 0}, {1, 1}}, {{0, 2}, {1, 1}}, {{0, -1}, {1, 1}}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct strbuf page = STRBUF_INIT;
		struct pq_decode d = decoder(PQ_BYTE_ARRAY, 0);
		struct pq_decoded got;
		add_delta(&page, bad[i][0], 2);
		add_delta(&page, bad[i][1], 2);
		strbuf_addstr(&page, "xy");
		CHECK_INT(pq_decode_page(&d, PQ_DELTA_BYTE_ARRAY, (const unsigned char *)page.s, page.len, 2), 0);
		CHECK_INT(pq_decode_take(&d, 2, &got), -EBADMSG);
		pq_decode_release(&d);
		strbuf_release(&page);
	}
	int64_t prefixes[1000], suffixes[1000] = {3000};
	struct strbuf page = STRBUF_INIT;
	struct pq_decode d = decoder(PQ_BYTE_ARRAY, 0);
	struct pq_decoded got;
	for (size_t i = 0; i < 1000; i++)
		prefixes[i] = i ? 3000 : 0;
	add_delta(&page, prefixes, 1000);
	add_delta(&page, suffixes, 1000);
	for (size_t i = 0; i < 3000; i++)
		strbuf_addch(&page, 'x');
	CHECK_INT(pq_decode_page(&d, PQ_DELTA_BYTE_ARRAY, (const unsigned char *)page.s, page.len, 1000), 0);
	CHECK_INT(pq_decode_take(&d, 1000, &got), -EFBIG);
	CHECK(d.why != NULL);
	pq_decode_release(&d);
	strbuf_release(&page);
	CHECK_INT(budget.used, 0);
}

static void test_split(void)
{
	static const unsigned char page[] = {1, 2, 3, 11, 12, 13, 21, 22, 23, 31, 32, 33};
	struct pq_decode d = decoder(PQ_FLOAT, 4);
	struct pq_decoded got;
	CHECK_INT(pq_decode_page(&d, PQ_BYTE_STREAM_SPLIT, page, sizeof page, 3), 0);
	CHECK_INT(pq_decode_skip(&d, 1), 0);
	CHECK_INT(pq_decode_take(&d, 2, &got), 0);
	CHECK(memcmp(got.data, "\x02\x0c\x16\x20\x03\x0d\x17\x21", 8) == 0);
	CHECK_INT(pq_decode_page(&d, PQ_BYTE_STREAM_SPLIT, page, sizeof page - 1, 3), -EBADMSG);
	pq_decode_release(&d);
}

static void test_booleans(void)
{
	static const unsigned char plain[] = {0x0d, 0x01}, runs[] = {4, 0, 0, 0, 6, 1, 3, 0x02};
	struct pq_decode d = decoder(PQ_BOOLEAN, 1);
	struct pq_decoded got;
	CHECK_INT(pq_decode_page(&d, PQ_PLAIN, plain, 2, 9), 0);
	CHECK_INT(pq_decode_skip(&d, 2), 0);
	CHECK_INT(pq_decode_take(&d, 7, &got), 0);
	CHECK(memcmp(got.data, "\1\1\0\0\0\0\1", 7) == 0);
	CHECK_INT(pq_decode_page(&d, PQ_PLAIN, plain, 2, 17), -EBADMSG);
	CHECK_INT(pq_decode_page(&d, PQ_RLE, runs, sizeof runs, 8), 0);
	CHECK_INT(pq_decode_skip(&d, 1), 0);
	CHECK_INT(pq_decode_take(&d, 7, &got), 0);
	CHECK(memcmp(got.data, "\1\1\0\1\0\0\0", 7) == 0);
	CHECK_INT(pq_decode_page(&d, PQ_RLE, runs, 7, 8), -EBADMSG);
	pq_decode_release(&d);
}

static void test_indexes(void)
{
	static const unsigned char page[] = {2, 3, 0xe4, 0x00};
	struct pq_decode d = decoder(PQ_INT32, 4);
	struct pq_decoded got;
	d.dictionary = 4;
	CHECK_INT(pq_decode_page(&d, PQ_RLE_DICTIONARY, page, sizeof page, 8), 0);
	CHECK(pq_decode_is_indexed(&d));
	CHECK_INT(pq_decode_take(&d, 8, &got), 0);
	CHECK_INT(got.index[1], 1);
	CHECK_INT(got.index[3], 3);
	d.dictionary = 3;
	CHECK_INT(pq_decode_page(&d, PQ_RLE_DICTIONARY, page, sizeof page, 8), 0);
	CHECK_INT(pq_decode_take(&d, 8, &got), -EBADMSG);
	CHECK_STR(d.why, "an index is beyond the dictionary");
	CHECK_INT(pq_decode_page(&d, PQ_PLAIN_DICTIONARY, (const unsigned char *)"\x21", 1, 8), -EBADMSG);
	CHECK_INT(pq_decode_page(&d, PQ_PLAIN_DICTIONARY, page, 0, 8), -EBADMSG);
	pq_decode_release(&d);
}

/* Encodings that are not there, or not for the type. */
static void test_unknown(void)
{
	static const struct {
		enum pq_physical physical;
		size_t width;
		int encoding;
	} bad[] = {{PQ_INT32, 4, 4}, {PQ_INT32, 4, 99}, {PQ_INT32, 4, PQ_RLE}, {PQ_DOUBLE, 8, PQ_DELTA_BINARY_PACKED},
		{PQ_INT32, 4, PQ_DELTA_LENGTH_BYTE_ARRAY}, {PQ_FIXED, 4, PQ_DELTA_LENGTH_BYTE_ARRAY},
		{PQ_INT64, 8, PQ_DELTA_BYTE_ARRAY}, {PQ_BYTE_ARRAY, 0, PQ_BYTE_STREAM_SPLIT}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct pq_decode d = decoder(bad[i].physical, bad[i].width);
		CHECK_INT(pq_decode_page(&d, bad[i].encoding, (const unsigned char *)"x", 1, 1), -ENOTSUP);
		CHECK_INT(d.unknown, bad[i].encoding);
		pq_decode_release(&d);
	}
}

int main(void)
{
	TEST(test_the_formats_own_examples);
	TEST(test_numbers);
	TEST(test_texts);
	TEST(test_bad_texts);
	TEST(test_split);
	TEST(test_booleans);
	TEST(test_indexes);
	TEST(test_unknown);
	return check_done();
}
