/* Indexes of pages, heads of Bloom filters, and what statistics say: those of other writers, and malformed ones. */
#include "common/parquet/page_index.h"

#include <errno.h>
#include <math.h>

#include "common/parquet/bloom.h"
#include "common/parquet/facts.h"
#include "common/parquet/thrift.h"
#include "tests/unit/check.h"

static void put_place(struct thrift_out *t, int64_t offset, int32_t len, int64_t row)
{
	thrift_begin(t, 0);
	thrift_i64(t, 1, offset);
	thrift_i32(t, 2, len);
	thrift_i64(t, 3, row);
	thrift_end(t);
}

static void make_places(struct strbuf *out, int64_t first, int64_t second)
{
	struct thrift_out t = {.to = out};
	thrift_begin(&t, 0);
	thrift_list(&t, 1, THRIFT_STRUCT, 2);
	put_place(&t, 100, 10, first);
	put_place(&t, 200, 20, second);
	thrift_end(&t);
}

static void test_places(void)
{
	static const int64_t bad[][2] = {{1, 5}, {0, 9}, {0, -1}, {5, 4}};
	struct strbuf out = STRBUF_INIT;
	struct pq_places places;
	make_places(&out, 0, 5);
	CHECK_INT(pq_places_read(out.s, out.len, 9, &places), 0);
	CHECK_INT(places.count, 2);
	CHECK_INT(places.page[1].offset, 200);
	CHECK_INT(places.page[1].row, 5);
	pq_places_release(&places);
	for (size_t len = 0; len < out.len; len++) {
		CHECK_INT(pq_places_read(out.s, len, 9, &places), -EBADMSG);
		CHECK(!places.page);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		strbuf_clear(&out);
		make_places(&out, bad[i][0], bad[i][1]);
		CHECK_INT(pq_places_read(out.s, out.len, 9, &places), -EBADMSG);
	}
	strbuf_release(&out);
}

/* An index of two pages, of which the second has only nulls; the list of greatest values has GREATEST elements. */
static void make_index(struct strbuf *out, size_t greatest, int32_t order)
{
	struct thrift_out t = {.to = out};
	strbuf_clear(out);
	thrift_begin(&t, 0);
	thrift_list(&t, 1, THRIFT_TRUE, 2);
	thrift_item_bool(&t, false);
	thrift_item_bool(&t, true);
	thrift_list(&t, 2, THRIFT_BINARY, 2);
	thrift_item_binary(&t, "ab", 2);
	thrift_item_binary(&t, "", 0);
	thrift_list(&t, 3, THRIFT_BINARY, greatest);
	for (size_t i = 0; i < greatest; i++)
		thrift_item_binary(&t, "xyz", 3);
	thrift_i32(&t, 4, order);
	thrift_list(&t, 5, THRIFT_I64, 2);
	thrift_item_int(&t, 3);
	thrift_item_int(&t, 7);
	thrift_end(&t);
}

static void test_index(void)
{
	struct strbuf out = STRBUF_INIT;
	struct pq_page_index index;
	make_index(&out, 2, PQ_DESCENDING);
	CHECK_INT(pq_page_index_read(out.s, out.len, &index), 0);
	CHECK_INT(index.count, 2);
	CHECK(!index.page[0].nulls_only && index.page[1].nulls_only);
	CHECK_MEM(index.page[0].min, index.page[0].min_len, "ab", 2);
	CHECK_MEM(index.page[0].max, index.page[0].max_len, "xyz", 3);
	CHECK_INT(index.page[1].nulls, 7);
	CHECK_INT(index.order, PQ_DESCENDING);
	pq_page_index_release(&index);
	for (size_t len = 0; len < out.len; len++)
		CHECK_INT(pq_page_index_read(out.s, len, &index), -EBADMSG);
	make_index(&out, 3, PQ_ASCENDING);
	CHECK_INT(pq_page_index_read(out.s, out.len, &index), -EBADMSG);
	make_index(&out, 2, 3); /* an order that does not exist yet */
	CHECK_INT(pq_page_index_read(out.s, out.len, &index), 0);
	CHECK_INT(index.order, PQ_UNORDERED);
	pq_page_index_release(&index);
	strbuf_release(&out);
}

/* A head of a filter of LEN bytes whose hash is member HASH of its union. */
static void make_head(struct strbuf *out, int32_t len, int hash)
{
	struct thrift_out t = {.to = out};
	strbuf_clear(out);
	thrift_begin(&t, 0);
	thrift_i32(&t, 1, len);
	for (int id = 2; id <= 4; id++) {
		thrift_begin(&t, id);
		thrift_empty(&t, id == 3 ? hash : 1);
		thrift_end(&t);
	}
	thrift_end(&t);
}

static void test_bloom(void)
{
	struct strbuf out = STRBUF_INIT;
	struct pq_bloom_head head;
	make_head(&out, 64, 1);
	CHECK_INT(pq_bloom_head_read(out.s, out.len, &head), 0);
	CHECK_INT(head.len, out.len);
	CHECK_INT(head.blocks, 2);
	for (size_t len = 0; len < out.len; len++)
		CHECK_INT(pq_bloom_head_read(out.s, len, &head), -EBADMSG);
	make_head(&out, 64, 2);
	CHECK_INT(pq_bloom_head_read(out.s, out.len, &head), -ENOTSUP);
	static const int32_t bad[] = {0, -32, 31, 33, 1 << 30};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		make_head(&out, bad[i], 1);
		CHECK_INT(pq_bloom_head_read(out.s, out.len, &head), -EBADMSG);
	}
	/* what was added is there, in its block */
	struct pq_bloom *bloom = pq_bloom_new();
	for (int i = 0; i < 100; i++)
		pq_bloom_add(bloom, &i, sizeof i);
	size_t len;
	const unsigned char *bytes = pq_bloom_finish(bloom, &len);
	int wrong = 0;
	for (int i = 0; i < 1000; i++) {
		uint64_t hash = pq_bloom_hash(&i, sizeof i);
		size_t block = pq_bloom_block(hash, len / PQ_BLOOM_BLOCK);
		bool has = pq_bloom_may_have(bytes + block * PQ_BLOOM_BLOCK, hash);
		CHECK(has || i >= 100);
		wrong += has && i >= 100;
	}
	CHECK(wrong < 50);
	pq_bloom_free(bloom);
	strbuf_release(&out);
}

/* The facts of a chunk whose bounds are MIN and MAX, LEN bytes each. */
static struct prune_facts facts(struct pq_element e, const struct schema_field *field, bool ordered, bool old,
	const void *min, const void *max, size_t len)
{
	struct pq_convert convert;
	const char *why = NULL;
	struct prune_facts ret;
	CHECK_INT(pq_convert_find(&e, field, &convert, &why), 0);
	const struct pq_file_leaf leaf = {.element = &e, .max_def = 1, .ordered = ordered};
	const struct pq_facts_of of = {field, &leaf, &convert};
	const struct pq_file_chunk chunk = {.nulls = 2,
		.nans = -1,
		.min = min,
		.max = max,
		.min_len = len,
		.max_len = len,
		.old_bounds = old,
		.max_exact = true};
	pq_facts_of_chunk(&of, &chunk, 10, &ret);
	return ret;
}

static struct pq_element element(enum pq_physical physical, int converted)
{
	static char name[] = "x";
	return (struct pq_element){.name = name, .physical = (int)physical, .converted = converted, .logical = -1};
}

static void test_facts(void)
{
	static const struct schema_field number = {.type = SCHEMA_INT32}, text = {.type = SCHEMA_STRING},
					 wide = {.type = SCHEMA_INT64}, real = {.type = SCHEMA_DOUBLE},
					 time = {.type = SCHEMA_TIMESTAMP}, binary = {.type = SCHEMA_BINARY};
	static const int32_t low = -5, high = 7;
	static const int64_t ms = 1500;
	static const double nan = NAN;
	struct prune_facts f = facts(element(PQ_INT32, -1), &number, false, true, &low, &high, 4);
	CHECK(f.min.known && f.min.exact && f.min.v.i == -5 && f.max.v.i == 7);
	CHECK_INT(f.nulls, 2);
	CHECK_INT(f.rows, 10);
	f = facts(element(PQ_INT32, -1), &number, true, false, &low, &high, 3); /* not four bytes */
	CHECK(!f.min.known && !f.max.known);
	/* unsigned numbers and texts: only where the file names the order */
	for (int k = 0; k < 3; k++) {
		bool ordered = k > 0, old = k > 1;
		f = facts(element(PQ_INT32, PQ_CONVERTED_UINT_32), &wide, ordered, old, &high, &low, 4);
		CHECK(f.max.known == (k == 1));
		CHECK(!f.max.known || f.max.v.i == 4294967291);
		f = facts(element(PQ_BYTE_ARRAY, PQ_CONVERTED_UTF8), &text, ordered, old, "ab", "cd", 2);
		CHECK(f.max.known == (k == 1));
		CHECK(!f.max.known || (f.max.exact && !f.min.exact && f.max.v.bytes.len == 2));
	}
	f = facts(element(PQ_INT64, PQ_CONVERTED_TIMESTAMP_MILLIS), &time, true, false, &ms, &ms, 8);
	CHECK(f.min.known && f.min.v.i == 1500000);
	f = facts(element(PQ_DOUBLE, -1), &real, true, false, &nan, &nan, 8);
	CHECK(!f.min.known && !f.max.known);
	f = facts(element(PQ_INT96, -1), &time, true, false, "123456789012", "123456789012", 12);
	CHECK(!f.min.known);
	f = facts(element(PQ_BYTE_ARRAY, -1), &binary, true, false, "ab", "cd", 2);
	CHECK(!f.min.known);
}

int main(void)
{
	TEST(test_places);
	TEST(test_index);
	TEST(test_bloom);
	TEST(test_facts);
	return check_done();
}
