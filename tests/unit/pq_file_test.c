/* Parquet files: what was put is read back, records are taken back as a whole, and damage is detected. */
#include "common/parquet/writer.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/schema_text.h"
#include "common/parquet/reader.h"
#include "tests/unit/check.h"

/* A file in memory on its way out and back. */
struct both_ways {
	struct schema schema;
	struct pq_settings settings;
	struct pq_columns *c;
	struct pq_writer *w;
	const struct pq_result *result;
	struct strbuf bytes, err;
	struct pq_file *file;
};

static int keep(void *self, const void *data, size_t len, struct strbuf *err)
{
	(void)err;
	strbuf_add(self, data, len);
	return 0;
}

static void begin(struct both_ways *b, const char *text, enum pq_codec_kind kind)
{
	const struct pq_codec_spec spec = {kind, kind == PQ_NONE || kind == PQ_SNAPPY ? 0 : 1};
	strbuf_init(&b->bytes);
	strbuf_init(&b->err);
	schema_init(&b->schema);
	CHECK_INT(schema_parse_text(&b->schema, text, strlen(text), &b->err), 0);
	CHECK_INT(pq_codec_new(&spec, &b->settings.codec, &b->err), 0);
	CHECK_INT(pq_columns_new(&b->schema, &b->settings, &b->c, &b->err), 0);
	b->w = pq_writer_new(b->c, keep, &b->bytes);
}

static void row(struct both_ways *b)
{
	CHECK_INT(pq_columns_end_row(b->c, &b->err), 0);
}

static void finish(struct both_ways *b)
{
	CHECK_INT(pq_writer_flush(b->w, b->c, &b->err), 0);
	CHECK_INT(pq_writer_finish(b->w, NULL, 0, &b->result, &b->err), 0);
	CHECK_INT(b->result->bytes, b->bytes.len);
	CHECK_INT(pq_file_open(b->bytes.s, b->bytes.len, &b->file, &b->err), 0);
	CHECK_STR(b->err.s, "");
}

static void end(struct both_ways *b)
{
	pq_file_free(b->file);
	pq_writer_free(b->w);
	pq_columns_free(b->c);
	pq_codec_free(b->settings.codec);
	schema_release(&b->schema);
	strbuf_release(&b->bytes);
	strbuf_release(&b->err);
}

static struct pq_values values_of(struct both_ways *b, size_t group, const char *path)
{
	struct pq_values v;
	int leaf = pq_file_find(b->file, path);
	CHECK(leaf >= 0);
	CHECK_INT(pq_file_read(b->file, group, (size_t)leaf, &v, &b->err), 0);
	CHECK_STR(b->err.s, "");
	return v;
}

/* Levels of N entries as text: definition, repetition. */
static void check_levels(const struct pq_values *v, const char *def, const char *rep)
{
	char have[2][64] = {{0}};
	for (size_t i = 0; i < v->entries && i < 63; i++) {
		have[0][i] = (char)('0' + v->def[i]);
		have[1][i] = v->rep ? (char)('0' + v->rep[i]) : '0';
	}
	CHECK_STR(have[0], def);
	CHECK_STR(have[1], rep);
}

static void test_levels(void)
{
	struct both_ways b = {0};
	begin(&b, "tags array<string>, m map<string, struct<n bigint>>", PQ_ZSTD);
	const struct pq_node *tags = &b.c->root.child[0], *m = &b.c->root.child[1];
	CHECK_INT(tags->def, 1);
	CHECK_INT(tags->rep, 1);
	CHECK_INT(tags->child[0].def, 3);
	CHECK_INT(m->child[0].def, 2); /* keys are required */
	CHECK_INT(m->child[1].child[0].def, 4);
	/* [a, null, b], null, [], with a map of one pair whose value is null, empty, {k: {n: 5}} */
	pq_put_bytes(&b.c->leaf[0], "a", 1, 0);
	pq_put_null(&b.c->leaf[0], 2, 1);
	pq_put_bytes(&b.c->leaf[0], "b", 1, 1);
	pq_put_bytes(&b.c->leaf[1], "k", 1, 0);
	pq_put_null(&b.c->leaf[2], 2, 0);
	row(&b);
	pq_put_nulls(b.c, tags, tags->def - 1u, 0);
	pq_put_nulls(b.c, m, m->def, 0);
	row(&b);
	pq_put_nulls(b.c, tags, tags->def, 0);
	pq_put_bytes(&b.c->leaf[1], "k", 1, 0);
	pq_put_i64(&b.c->leaf[2], 5, 0);
	row(&b);
	finish(&b);
	struct pq_values v = values_of(&b, 0, "tags.list.element");
	check_levels(&v, "32301", "01100");
	CHECK_MEM(v.data, v.end[v.count - 1], "ab", 2);
	pq_values_release(&v);
	v = values_of(&b, 0, "m.key_value.value.n");
	check_levels(&v, "214", "000");
	CHECK_INT(v.count, 1);
	pq_values_release(&v);
	CHECK_INT(b.result->columns[0].nulls, 3);
	end(&b);
}

/* Row I of the file that the next tests make: mostly new strings, so that the dictionary overflows. */
static void put_row(struct both_ways *b, size_t i)
{
	char text[32];
	int len = snprintf(text, sizeof text, "value %zu", i * 7919 % 4000);
	pq_put_bytes(&b->c->leaf[0], text, (size_t)len, 0);
	if (i % 3)
		pq_put_i64(&b->c->leaf[1], (int64_t)i % 100 - 50, 0);
	else
		pq_put_null(&b->c->leaf[1], 0, 0);
	pq_put_bool(&b->c->leaf[2], i % 7 == 0, 0);
}

static void check_rows(struct both_ways *b, size_t group, size_t first, size_t n)
{
	struct pq_values s = values_of(b, group, "s"), l = values_of(b, group, "l"), f = values_of(b, group, "f");
	size_t wrong = 0, k = 0;
	CHECK_INT(s.entries, n);
	CHECK_INT(l.entries, n);
	CHECK_INT(f.count, n);
	for (size_t i = 0; i < n && i < s.count; i++) {
		char text[32];
		size_t row_number = first + i, from = i ? s.end[i - 1] : 0;
		int len = snprintf(text, sizeof text, "value %zu", row_number * 7919 % 4000);
		wrong += s.end[i] - from != (size_t)len || memcmp(s.data + from, text, (size_t)len) != 0;
		wrong += f.data[i] != (row_number % 7 == 0);
		wrong += l.def[i] != (row_number % 3 != 0);
		int64_t number = 0;
		if (row_number % 3 && k < l.count)
			memcpy(&number, l.data + 8 * k++, 8);
		wrong += row_number % 3 && number != (int64_t)row_number % 100 - 50;
	}
	CHECK_INT(wrong, 0);
	pq_values_release(&s);
	pq_values_release(&l);
	pq_values_release(&f);
}

#define ROWS 9000u

/* Pages, dictionaries and batches of all sizes; every third record is put, taken back and put again. */
static void round_trip(enum pq_codec_kind kind, size_t page_entries, size_t dict_bytes)
{
	struct both_ways b = {
		.settings = {.page_entries = page_entries, .dict_bytes = dict_bytes, .page_bytes = 30000}};
	begin(&b, "s string not null, l bigint, f boolean", kind);
	for (size_t i = 0; i < ROWS; i++) {
		if (i % 3 == 0) {
			put_row(&b, i + 1000000);
			pq_columns_rollback(b.c);
		}
		put_row(&b, i);
		row(&b);
		if (i == ROWS / 2 - 1)
			CHECK_INT(pq_writer_flush(b.w, b.c, &b.err), 0);
	}
	CHECK(pq_columns_bytes(b.c) > 10000);
	finish(&b);
	CHECK_INT(b.file->groups, 2);
	CHECK_INT(b.file->rows, ROWS);
	check_rows(&b, 0, 0, ROWS / 2);
	check_rows(&b, 1, ROWS / 2, ROWS / 2);
	CHECK(pq_columns_bytes(b.c) < 10000);
	end(&b);
}

static void test_round_trip(void)
{
	round_trip(PQ_ZSTD, 0, 0);
	round_trip(PQ_SNAPPY, 700, 0);
	round_trip(PQ_GZIP, 100, 5000);
	round_trip(PQ_NONE, 0, 20000);
	round_trip(PQ_ZSTD, 1, 1);
}

/* Half a record is also taken back, and leaves no trace in the statistics. */
static void test_rollback(void)
{
	struct both_ways b = {0};
	begin(&b, "s string, l array<bigint>", PQ_NONE);
	pq_put_bytes(&b.c->leaf[0], "m", 1, 0);
	pq_put_i64(&b.c->leaf[1], 1, 0);
	row(&b);
	pq_put_bytes(&b.c->leaf[0], "zzz", 3, 0);
	pq_columns_rollback(b.c);
	pq_put_bytes(&b.c->leaf[0], "a", 1, 0);
	for (int i = 0; i < 5000; i++)
		pq_put_i64(&b.c->leaf[1], i, i > 0);
	pq_columns_rollback(b.c);
	pq_columns_rollback(b.c);
	finish(&b);
	CHECK_INT(b.file->rows, 1);
	CHECK_INT(b.result->columns[0].bounds.max.len, 1);
	CHECK_INT(b.result->columns[0].bounds.max.v.bytes[0], 'm');
	CHECK_INT(b.result->columns[1].bounds.max.v.i, 1);
	CHECK_INT(b.result->columns[1].entries, 1);
	end(&b);
}

static void test_statistics(void)
{
	struct both_ways b = {0};
	begin(&b, "d double, n double, i int, big decimal(30,2)", PQ_ZSTD);
	const double d[] = {0.0, -1.5, -0.0}, n[] = {1, NAN, 2};
	const int big[] = {5, -7, 300};
	for (int i = 0; i < 3; i++) {
		pq_put_double(&b.c->leaf[0], d[i], 0);
		pq_put_double(&b.c->leaf[1], n[i], 0);
		pq_put_i32(&b.c->leaf[2], -i, 0);
		pq_put_decimal(&b.c->leaf[3], big[i], 0);
		row(&b);
	}
	finish(&b);
	const struct pq_column_stats *s = b.result->columns;
	CHECK(s[0].bounds.min.v.d == -1.5);
	CHECK(s[0].bounds.max.v.d == 0 && !__builtin_signbit(s[0].bounds.max.v.d));
	CHECK(s[1].has_nan && !s[1].bounds.min.known && !s[1].bounds.max.known);
	CHECK_INT(s[2].bounds.min.v.i, -2);
	CHECK_INT(s[2].bounds.max.v.i, 0);
	CHECK_MEM(s[3].bounds.min.v.bytes, s[3].bounds.min.len, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xf9",
		13);
	CHECK_MEM(s[3].bounds.max.v.bytes, s[3].bounds.max.len, "\0\0\0\0\0\0\0\0\0\0\0\1\x2c", 13);
	CHECK(!b.file->group[0].chunks[1].min);
	CHECK(b.file->group[0].chunks[0].min_exact);
	end(&b);
}

static void test_bad_settings(void)
{
	struct both_ways b = {0};
	const char *const none[] = {"nothing", NULL}, *const flag[] = {"f", NULL};
	struct pq_columns *c = NULL;
	begin(&b, "f boolean", PQ_ZSTD);
	b.settings.bloom = none;
	CHECK_INT(pq_columns_new(&b.schema, &b.settings, &c, &b.err), -EINVAL);
	CHECK_STR(b.err.s, "'nothing' is no field with values of its own, and cannot have a Bloom filter");
	strbuf_clear(&b.err);
	b.settings.bloom = flag;
	CHECK_INT(pq_columns_new(&b.schema, &b.settings, &c, &b.err), -EINVAL);
	CHECK_STR(b.err.s, "'f' is a boolean, and cannot have a Bloom filter");
	end(&b);
}

static int full(void *self, const void *data, size_t len, struct strbuf *err)
{
	(void)self, (void)data, (void)len;
	strbuf_addstr(err, "full");
	return -ENOSPC;
}

static void test_sink_fails(void)
{
	struct both_ways b = {0};
	begin(&b, "f boolean", PQ_ZSTD);
	struct pq_writer *w = pq_writer_new(b.c, full, NULL);
	pq_put_bool(&b.c->leaf[0], true, 0);
	row(&b);
	CHECK_INT(pq_writer_flush(w, b.c, &b.err), -ENOSPC);
	CHECK_STR(b.err.s, "full");
	pq_writer_free(w);
	end(&b);
}

/* Read all of a file that may be damaged; returns whether nothing was wrong. */
static bool all_well(const char *bytes, size_t len)
{
	struct strbuf err = STRBUF_INIT;
	struct pq_file *file;
	struct pq_values v;
	int r = pq_file_open(bytes, len, &file, &err);
	if (r == 0) {
		for (size_t g = 0; g < file->groups; g++)
			for (size_t i = 0; r == 0 && i < file->leaves; i++)
				if ((r = pq_file_read(file, g, i, &v, &err)) == 0)
					pq_values_release(&v);
		pq_file_free(file);
	}
	CHECK(r == 0 ? !err.len : err.len > 0);
	strbuf_release(&err);
	return r == 0;
}

/* Every byte of the pages, and every length. */
static void test_damage(void)
{
	struct both_ways b = {0};
	begin(&b, "s string not null, l bigint, f boolean", PQ_ZSTD);
	for (size_t i = 0; i < 50; i++) {
		put_row(&b, i);
		row(&b);
	}
	finish(&b);
	CHECK(all_well(b.bytes.s, b.bytes.len));
	for (size_t len = 0; len < b.bytes.len; len++) {
		char *part = xmalloc(len + 1);
		memcpy(part, b.bytes.s, len);
		CHECK(!all_well(part, len));
		free(part);
	}
	const struct pq_file_chunk *chunk = &b.file->group[0].chunks[0];
	size_t unseen = 0;
	for (int64_t at = 4; at < chunk->start + chunk->len; at++) {
		b.bytes.s[at] ^= 0x40;
		unseen += all_well(b.bytes.s, b.bytes.len);
		b.bytes.s[at] ^= 0x40;
	}
	CHECK(unseen < 8); /* in a header: the encoding of levels, of which there are none */
	end(&b);
}

int main(void)
{
	TEST(test_levels);
	TEST(test_round_trip);
	TEST(test_rollback);
	TEST(test_statistics);
	TEST(test_bad_settings);
	TEST(test_sink_fails);
	TEST(test_damage);
	return check_done();
}
