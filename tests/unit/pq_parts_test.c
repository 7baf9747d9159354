/* The parts of Parquet files: run lengths, Thrift, dictionaries, bounds, Bloom filters, codecs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/bloom.h"
#include "common/parquet/bound.h"
#include "common/parquet/codec.h"
#include "common/parquet/dict.h"
#include "common/parquet/hybrid.h"
#include "common/parquet/thrift.h"
#include "common/parquet/unpack.h"
#include "tests/unit/check.h"

#define N 3000u

/* All of LEN bytes at once. */
static int hybrid_decode(const unsigned char *p, size_t len, unsigned width, uint32_t *v, size_t n)
{
	struct hybrid_reader in;
	hybrid_begin(&in, p, len, width);
	return hybrid_take(&in, v, n);
}

static void hybrid_both_ways(const uint32_t *v, size_t n, unsigned width)
{
	uint32_t back[N];
	unsigned char *to = xmalloc(hybrid_room(n, width));
	size_t len = hybrid_encode(v, n, width, to);
	unsigned char *exact = xmalloc(len + 1); /* for the sanitizer */
	memcpy(exact, to, len);
	CHECK(len <= hybrid_room(n, width));
	CHECK_INT(hybrid_decode(exact, len, width, back, n), 0);
	CHECK(memcmp(back, v, n * sizeof *v) == 0);
	free(exact);
	free(to);
}

/* Values that repeat, that differ, and a mix, of each width. */
static void test_hybrid(void)
{
	uint32_t v[N], state = 1;
	for (unsigned width = 1; width <= 28; width++)
		for (unsigned kind = 0; kind < 4; kind++) {
			for (size_t i = 0; i < N; i++) {
				state = state * 1664525 + 1013904223;
				if (kind == 0 || (kind == 1 && state >> 28) || (kind == 2 && i / 40 % 2))
					v[i] = i ? v[i - 1] : 1;
				else
					v[i] = (state >> 4) & ((1u << width) - 1);
			}
			hybrid_both_ways(v, N, width);
			hybrid_both_ways(v, 1 + width, width);
		}
}

static size_t encoded_len(const uint32_t *v, size_t n, unsigned width)
{
	unsigned char *to = xmalloc(hybrid_room(n, width));
	size_t len = hybrid_encode(v, n, width, to);
	free(to);
	return len;
}

/* Short runs: of any length when packing takes more bytes; only of whole groups when packed bytes repeat. */
static void test_hybrid_runs(void)
{
	uint32_t v[N];
	for (size_t i = 0; i < N; i++)
		v[i] = (uint32_t)(i / 7);
	CHECK_INT(encoded_len(v, 700, 17), 100 * 4); /* a header and 3 bytes for 7 values */
	CHECK_INT(encoded_len(v, 700, 10), 100 * 3);
	CHECK_INT(encoded_len(v, 504, 16), 1 + 504 * 2);
	for (size_t i = 0; i < N; i++)
		v[i] = (uint32_t)(i / 8 % 16);
	CHECK_INT(encoded_len(v, 400, 8), 50 * 2);
	CHECK_INT(encoded_len(v, 404, 4), 1 + 51 * 4); /* at the very end, a group would be a run */
	for (size_t i = 0; i < N; i++)
		v[i] = (uint32_t)(i / 2);
	CHECK_INT(encoded_len(v, 504, 17), 1 + 63 * 17);
	/* runs that end with the values or in the middle of a group, from nothing to beyond what one byte counts */
	for (unsigned width = 1; width <= 28; width++)
		for (size_t run = 1; run <= 80; run++) {
			for (size_t i = 0; i < N; i++)
				v[i] = (uint32_t)(i / run) & ((1u << width) - 1);
			hybrid_both_ways(v, N, width);
			hybrid_both_ways(v, 10 * run + 3, width);
		}
}

static void test_hybrid_bad(void)
{
	uint32_t v[100];
	CHECK_INT(hybrid_decode((const unsigned char *)"", 0, 1, v, 1), -EBADMSG);
	CHECK_INT(hybrid_decode((const unsigned char *)"\x00\x01", 2, 1, v, 1), -EBADMSG); /* a run of none */
	/* 2 needs more than one bit */
	CHECK_INT(hybrid_decode((const unsigned char *)"\x06\x02", 2, 1, v, 3), -EBADMSG);
	CHECK_INT(hybrid_decode((const unsigned char *)"\x06\x01", 2, 1, v, 4), -EBADMSG); /* one too few */
	CHECK_INT(hybrid_decode((const unsigned char *)"\xff\xff\xff\xff\xff\xff", 6, 1, v, 4), -EBADMSG);
	CHECK_INT(hybrid_decode((const unsigned char *)"\x06\x01", 2, 1, v, 3), 0);
	CHECK_INT(hybrid_decode((const unsigned char *)"\x06", 1, 0, v, 3), 0);
	CHECK_INT(v[2], 0);
}

static void test_thrift(void)
{
	struct strbuf text = STRBUF_INIT;
	struct thrift_out t = {.to = &text};
	thrift_begin(&t, 0);
	thrift_i64(&t, 1, INT64_MIN);
	thrift_bool(&t, 30, true);
	thrift_list(&t, 31, THRIFT_I32, 20);
	for (int i = 0; i < 20; i++)
		thrift_item_int(&t, -i);
	thrift_string(&t, 32, "text");
	thrift_end(&t);
	struct thrift_in in = {(const unsigned char *)text.s, (const unsigned char *)text.s + text.len, false};
	struct thrift_field f = {0};
	size_t len;
	CHECK(thrift_next(&in, &f) && f.id == 1 && thrift_get_int(&in, f.type) == INT64_MIN);
	CHECK(thrift_next(&in, &f) && f.id == 30 && thrift_get_bool(&in, f.type));
	CHECK(thrift_next(&in, &f) && f.id == 31);
	thrift_skip(&in, f.type);
	CHECK(thrift_next(&in, &f) && f.id == 32);
	const unsigned char *s = thrift_get_binary(&in, f.type, &len);
	CHECK_MEM(s, len, "text", 4);
	CHECK(!thrift_next(&in, &f) && !in.bad);
	for (size_t cut = 0; cut < text.len; cut++) {
		in = (struct thrift_in){(const unsigned char *)text.s, (const unsigned char *)text.s + cut, false};
		thrift_skip(&in, THRIFT_STRUCT);
		CHECK(in.bad);
	}
	strbuf_release(&text);
	char deep[200];
	memset(deep, 0x1c, sizeof deep); /* endlessly nested structs */
	in = (struct thrift_in){(const unsigned char *)deep, (const unsigned char *)deep + sizeof deep, false};
	thrift_skip(&in, THRIFT_STRUCT);
	CHECK(in.bad);
}

/* The same number for the same bytes; zeros at the end count. */
static void test_dict(void)
{
	static const char *const words[] = {"", "a", "a\0", "abcdefgh", "abcdefghijklmnop", "abcdefghijklmnopq", "a"};
	static const size_t lens[] = {0, 1, 2, 8, 16, 17, 1};
	unsigned char plain[200], out[200];
	uint32_t at[7], index[7], len;
	size_t used = 0;
	struct hash_seed seed;
	CHECK_INT(hash_seed_random(&seed), 0);
	for (size_t i = 0; i < 7; i++) {
		len = (uint32_t)lens[i];
		at[i] = (uint32_t)used;
		memcpy(plain + used, &len, 4);
		memcpy(plain + used + 4, words[i], len);
		used += len + 4;
	}
	struct pq_dict *dict = pq_dict_new(0, &seed);
	pq_dict_encode(dict, plain, at, 7, index);
	for (uint32_t i = 0; i < 6; i++)
		CHECK_INT(index[i], i);
	CHECK_INT(index[6], 1);
	CHECK_INT(dict->size, used - 5);
	pq_dict_plain(dict, out);
	CHECK_MEM(out, dict->size, plain, used - 5);
	pq_dict_free(dict);
}

static void test_dict_numbers(void)
{
	uint64_t v[N];
	uint32_t index[N];
	struct hash_seed seed;
	CHECK_INT(hash_seed_random(&seed), 0);
	struct pq_dict *dict = pq_dict_new(8, &seed);
	for (size_t i = 0; i < N; i++)
		v[i] = i * i % 1009;
	for (size_t i = 0; i < N; i += 100)
		pq_dict_encode(dict, (const unsigned char *)&v[i], NULL, 100, index + i);
	size_t wrong = 0;
	for (size_t i = 0; i < N; i++)
		wrong += dict->numbers[index[i]] != v[i];
	CHECK_INT(wrong, 0);
	CHECK_INT(dict->count, 505);
	pq_dict_free(dict);
}

static void check_cut(const char *s, const char *min, const char *max)
{
	struct pq_bounds b = {0};
	pq_bounds_cut(&b, true, s, strlen(s), s, strlen(s));
	CHECK_MEM(b.min.v.bytes, b.min.len, min, strlen(min));
	CHECK_INT(b.max.known, max != NULL);
	if (max) {
		CHECK_MEM(b.max.v.bytes, b.max.len, max, strlen(max));
		CHECK(memcmp(b.max.v.bytes, s, b.max.len) >= 0);
	}
}

static void test_bounds(void)
{
	char long_x[80], min[80], max[80], top[100], two[80];
	memset(long_x, 'x', 70);
	long_x[70] = '\0';
	snprintf(min, sizeof min, "%.63s", long_x);
	snprintf(max, sizeof max, "%.62sy", long_x);
	check_cut("short", "short", "short");
	check_cut(long_x, min, max);
	snprintf(two, sizeof two, "%.62s\xc3\xa9\xc3\xa9", long_x); /* a two-byte character must not be cut */
	snprintf(min, sizeof min, "%.62s", long_x);
	snprintf(max, sizeof max, "%.61sy", long_x);
	check_cut(two, min, max);
	for (int i = 0; i < 20; i++)
		memcpy(top + 4 * i, "\xf4\x8f\xbf\xbf", 5); /* there is no greater character */
	char first[64];
	snprintf(first, sizeof first, "%.60s", top);
	check_cut(top, first, NULL);
	struct pq_bounds b = {0};
	char ff[70];
	memset(ff, '\xff', sizeof ff);
	pq_bounds_cut(&b, false, ff, sizeof ff, ff, sizeof ff);
	CHECK(b.min.known && !b.max.known);
	ff[3] = 1;
	pq_bounds_cut(&b, false, ff, sizeof ff, ff, sizeof ff);
	CHECK_MEM(b.max.v.bytes, b.max.len, "\xff\xff\xff\2", 4);
}

/* Every value in it is found, and few others. */
static void bloom_of(size_t n)
{
	struct pq_bloom *bloom = pq_bloom_new();
	size_t len;
	for (uint64_t i = 0; i < n; i++)
		pq_bloom_add(bloom, &i, sizeof i);
	const unsigned char *filter = pq_bloom_finish(bloom, &len);
	CHECK(filter && len >= 32 && (len & (len - 1)) == 0);
	CHECK(len <= n * 4 + 64);
	pq_bloom_free(bloom);
}

static void test_bloom(void)
{
	bloom_of(1);
	bloom_of(100);
	bloom_of(4096);
	bloom_of(4097);
	bloom_of(200000);
}

static void test_codec(void)
{
	static const char *const good[] = {"zstd", "zstd:1", "zstd:-7", "snappy", "gzip:9", "none"};
	static const char *const bad[] = {"", "zst", "zstd:", "zstd:20", "snappy:1", "none:1", "gzip:0", "lz4"};
	struct strbuf err = STRBUF_INIT;
	struct pq_codec_spec spec;
	struct pq_unpacker *u = pq_unpacker_new();
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct pq_codec *codec = NULL;
		char text[1000] = "text", back[1000];
		const void *packed;
		size_t len;
		CHECK_INT(pq_codec_parse(good[i], &spec, &err), 0);
		CHECK_INT(pq_codec_new(&spec, &codec, &err), 0);
		CHECK_INT(pq_compress(codec, text, sizeof text, i % 2 ? 8 : 0, &packed, &len, &err), 0);
		CHECK_INT(pq_unpack(u, spec.kind, packed, len, back, sizeof back, &err), 0);
		CHECK_MEM(back, sizeof back, text, sizeof text);
		strbuf_clear(&err);
		CHECK_INT(pq_unpack(u, spec.kind, packed, len, back, sizeof back - 1, &err), -EBADMSG);
		strbuf_clear(&err);
		CHECK_INT(pq_unpack(u, spec.kind, packed, len - 1, back, sizeof back, &err), -EBADMSG);
		strbuf_clear(&err);
		pq_codec_free(codec);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK_INT(pq_codec_parse(bad[i], &spec, &err), -EINVAL);
		CHECK(err.len > 0);
		strbuf_clear(&err);
	}
	CHECK_INT(pq_unpack(u, 3, "", 0, NULL, 0, &err), -ENOTSUP);
	pq_unpacker_free(u);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_hybrid);
	TEST(test_hybrid_runs);
	TEST(test_hybrid_bad);
	TEST(test_thrift);
	TEST(test_dict);
	TEST(test_dict_numbers);
	TEST(test_bounds);
	TEST(test_bloom);
	TEST(test_codec);
	return check_done();
}
