/* Parquet files: what was put is read back, and records are taken back as a whole. */
#include "common/parquet/writer.h"

#include <math.h>
#include <string.h>

#include "tests/unit/check.h"
#include "tests/unit/pq_both_ways.h"
#include "tests/unit/pq_chunk.h"

static struct pq_values values_of(struct both_ways *b, size_t group, const char *path)
{
	struct pq_values v;
	int leaf = pq_file_find(b->file, path);
	CHECK(leaf >= 0);
	CHECK_INT(chunk_read(b->file, group, (size_t)leaf, &v, &b->err), 0);
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
	chunk_release(&v);
	v = values_of(&b, 0, "m.key_value.value.n");
	check_levels(&v, "214", "000");
	CHECK_INT(v.count, 1);
	chunk_release(&v);
	CHECK_INT(b.result->columns[0].nulls, 3);
	end(&b);
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
	chunk_release(&s);
	chunk_release(&l);
	chunk_release(&f);
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

int main(void)
{
	TEST(test_levels);
	TEST(test_round_trip);
	TEST(test_rollback);
	TEST(test_statistics);
	return check_done();
}
