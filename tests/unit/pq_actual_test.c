/* What the values of a leaf are, and which facts about them are not true. */
#include "common/parquet/actual.h"

#include "tests/unit/pq_reading.h"

static const char SCHEMA[] = "n int, s string, x double, d decimal(4,1), big decimal(30,2), f boolean, y binary";
static const char ROWS[] =
	"{\"n\":-3,\"s\":\"b\",\"x\":1.5,\"d\":-0.5,\"big\":12345678901234567890.25,\"f\":false,\"y\":\"YQ==\"}\n"
	"{\"n\":4,\"s\":\"ba\",\"x\":\"NaN\",\"d\":7,\"big\":-1,\"f\":true,\"y\":\"YQ==\"}\n"
	"{\"n\":4,\"s\":\"\",\"x\":-2,\"d\":7,\"big\":0,\"f\":true,\"y\":null}\n"
	"{}\n";

enum { N, S, X, D, BIG, F, Y, LEAVES };

/* Read all rows, and take them by leaf. */
static void take_all(struct scan_reading *r, struct pq_actual *e)
{
	init(r);
	write_file(SCHEMA, ROWS, 4, &(struct pq_settings){.page_entries = 2}, &r->bytes);
	CHECK_INT(open_reading(r, NULL), 0);
	CHECK_INT(pq_scan_group(r->scan, 0, NULL, &r->err), 0);
	while (pq_scan_next(r->scan, &r->err) > 0)
		for (size_t row = 0; row < r->scan->rows; row++)
			for (size_t leaf = 0; leaf < LEAVES; leaf++)
				pq_actual_add(&e[leaf], &r->scan->leaf[leaf], row);
}

static void check_actual(const struct pq_actual *e)
{
	for (size_t leaf = 0; leaf < LEAVES; leaf++) {
		CHECK_INT((int)e[leaf].rows, 4);
		CHECK_INT((int)e[leaf].nulls, leaf == Y ? 2 : 1);
		CHECK_INT((int)e[leaf].nans, leaf == X);
		CHECK(e[leaf].min.known == (leaf != Y) && e[leaf].max.known == (leaf != Y));
	}
	CHECK(e[N].min.v.i == -3 && e[N].max.v.i == 4);
	CHECK(e[S].min.v.bytes.len == 0);
	CHECK(e[S].max.v.bytes.len == 2 && memcmp(e[S].max.v.bytes.s, "ba", 2) == 0);
	CHECK(e[X].min.v.d == -2 && e[X].max.v.d == 1.5);
	CHECK(e[D].min.v.big == -5 && e[D].max.v.big == 70);
	CHECK(e[BIG].min.v.big == -100 && e[BIG].max.v.big == (pq_int128)12345678901234567890u * 100 + 25);
	CHECK(e[F].min.v.i == 0 && e[F].max.v.i == 1);
}

/* The footer of a file of ours says what is true. */
static void test_true(void)
{
	struct scan_reading r;
	struct pq_actual e[LEAVES] = {{0}};
	struct prune_facts facts;
	take_all(&r, e);
	check_actual(e);
	for (size_t leaf = 0; leaf < LEAVES; leaf++) {
		pq_scan_facts(r.scan, 0, leaf, &facts);
		CHECK_INT((int)facts.rows, 4);
		CHECK(pq_actual_fault(&e[leaf], r.scan->leaf[leaf].field, &facts, false) == NULL);
		pq_actual_clear(&e[leaf]);
	}
	end(&r);
}

static const char *fault_of(const struct pq_actual *e, struct prune_facts facts, bool loose)
{
	static const struct schema_field field = {.type = SCHEMA_INT64};
	const char *fault = pq_actual_fault(e, &field, &facts, loose);
	return fault ? fault : "none";
}

static void test_faults(void)
{
	static const char LESS[] = "a value is less than the least one", NULLS[] = "the number of nulls is wrong",
			  GREATER[] = "a value is greater than the greatest one";
	const struct pq_actual e = {
		.rows = 5, .nulls = 2, .min = {.known = true, .v.i = 3}, .max = {.known = true, .v.i = 8}};
	struct prune_facts f = {.rows = 5, .nulls = -1};
	CHECK_STR(fault_of(&e, f, false), "none");
	f.min = (struct prune_bound){.known = true, .v.i = 3};
	f.max = (struct prune_bound){.known = true, .v.i = 8};
	CHECK_STR(fault_of(&e, f, false), "none");
	f.min.v.i = 4;
	CHECK_STR(fault_of(&e, f, false), LESS);
	f.min.known = false;
	f.max.v.i = 7;
	CHECK_STR(fault_of(&e, f, false), GREATER);
	f.max.v.i = 1000;
	f.nulls = 2;
	CHECK_STR(fault_of(&e, f, false), "none");
	f.nulls = 3;
	CHECK_STR(fault_of(&e, f, false), NULLS);
	CHECK_STR(fault_of(&e, f, true), "none");
	f.nulls = 0;
	CHECK_STR(fault_of(&e, f, true), NULLS);
	f.nulls = 5;
	CHECK_STR(fault_of(&e, f, true), NULLS);
}

/* Without a value nothing exceeds a bound; a NaN is one where there is said to be none. */
static void test_no_value(void)
{
	const struct pq_actual none = {.rows = 1, .nulls = 1}, nan = {.rows = 1, .nans = 1};
	struct prune_facts f = {
		.rows = 1, .nulls = 1, .min = {.known = true, .v.i = 9}, .max = {.known = true, .v.i = 1}};
	CHECK_STR(fault_of(&none, f, false), "none");
	f = (struct prune_facts){.rows = 1, .nulls = 0, .no_nan = true};
	CHECK_STR(fault_of(&nan, f, false), "there are NaN");
	f.no_nan = false;
	CHECK_STR(fault_of(&nan, f, false), "none");
}

static bool in_order(enum pq_boundary_order order, int64_t min, int64_t max)
{
	static const struct schema_field field = {.type = SCHEMA_INT64};
	const struct prune_facts before = {.min = {.known = true, .v.i = -3}, .max = {.known = true, .v.i = 5}},
				 page = {.min = {.known = true, .v.i = min}, .max = {.known = true, .v.i = max}};
	return pq_actual_in_order(&field, order, &before, &page);
}

static void test_order(void)
{
	CHECK(in_order(PQ_ASCENDING, -3, 5) && in_order(PQ_DESCENDING, -3, 5));
	CHECK(in_order(PQ_ASCENDING, -2, 9) && !in_order(PQ_DESCENDING, -2, 9));
	CHECK(!in_order(PQ_ASCENDING, -4, 4) && in_order(PQ_DESCENDING, -4, 4));
	CHECK(!in_order(PQ_ASCENDING, -2, 4) && !in_order(PQ_DESCENDING, -2, 4)); /* one within the other */
	CHECK(in_order(PQ_UNORDERED, -2, 4));
}

int main(void)
{
	TEST(test_true);
	TEST(test_faults);
	TEST(test_no_value);
	TEST(test_order);
	return check_done();
}
