/* Pruning: rows that may match are never left out, and some that cannot match are. */
#include "common/parquet/prune.h"

#include <math.h>
#include <string.h>

#include "common/data/schema_text.h"
#include "tests/unit/check.h"

static struct value integer(int64_t i)
{
	return (struct value){.type = VALUE_INT, .i = i};
}

static struct value real(double d)
{
	return (struct value){.type = VALUE_DOUBLE, .d = d};
}

static struct value a_text(const char *s)
{
	return (struct value){.type = VALUE_STRING, .s = s, .len = strlen(s)};
}

static struct value when(int64_t us)
{
	return (struct value){.type = VALUE_TIME, .i = us};
}

static struct prune_bound bound(int64_t i)
{
	return (struct prune_bound){.known = true, .exact = true, .v = {.i = i}};
}

static struct prune_bound real_bound(double d)
{
	return (struct prune_bound){.known = true, .exact = true, .v = {.d = d}};
}

static struct prune_bound text_bound(const char *s, bool exact)
{
	struct prune_bound b = {.known = true, .exact = exact};
	b.v.bytes.s = s;
	b.v.bytes.len = strlen(s);
	return b;
}

/* The comparisons < <= == != >= > that may be true, in that order: 1 or 0 for each. */
static const char *may(enum schema_type type, const struct prune_facts *facts, struct value v)
{
	static char out[7];
	const struct schema_field field = {.type = type, .precision = 20, .scale = 2};
	for (enum prune_op op = PRUNE_LT; op <= PRUNE_GT; op++)
		out[op - PRUNE_LT] = prune_may(&field, facts, op, &v) ? '1' : '0';
	return out;
}

static void test_numbers(void)
{
	const struct prune_facts f = {.rows = 10, .nulls = 0, .min = bound(5), .max = bound(9)};
	CHECK_STR(may(SCHEMA_INT64, &f, integer(4)), "000111");
	CHECK_STR(may(SCHEMA_INT64, &f, integer(5)), "011111");
	CHECK_STR(may(SCHEMA_INT64, &f, integer(7)), "111111");
	CHECK_STR(may(SCHEMA_INT64, &f, integer(9)), "111110");
	CHECK_STR(may(SCHEMA_INT64, &f, integer(10)), "110100");
	CHECK_STR(may(SCHEMA_INT64, &f, real(9.5)), "110100");
	CHECK_STR(may(SCHEMA_INT64, &f, real(4.5)), "000111");
	CHECK_STR(may(SCHEMA_INT64, &f, a_text("7")), "111111"); /* nothing is known of unlike types */
	const struct prune_facts one = {.rows = 10, .nulls = 0, .min = bound(7), .max = bound(7)};
	CHECK_STR(may(SCHEMA_INT32, &one, integer(7)), "011010");
	const struct prune_facts far = {.rows = 1, .nulls = 0, .min = bound(INT64_MAX - 1), .max = bound(INT64_MAX)};
	CHECK_STR(may(SCHEMA_INT64, &far, real(0x1p63)), "110100");
	struct prune_facts decimal = {.rows = 1, .nulls = 0, .min = bound(0), .max = bound(0)};
	decimal.min.v.big = -1250; /* -12.50 */
	decimal.max.v.big = 1250;
	CHECK_STR(may(SCHEMA_DECIMAL, &decimal, real(12.5)), "111110");
	CHECK_STR(may(SCHEMA_DECIMAL, &decimal, real(-12.51)), "000111");
	CHECK_STR(may(SCHEMA_DECIMAL, &decimal, integer(13)), "110100");
}

static void test_what_is_not_known(void)
{
	const struct prune_facts none = {.rows = -1, .nulls = -1};
	CHECK_STR(may(SCHEMA_INT64, &none, integer(1)), "111111");
	struct prune_facts half = {.rows = 10, .nulls = 0, .min = bound(5)};
	CHECK_STR(may(SCHEMA_INT64, &half, integer(4)), "000111");
	half.max = bound(4); /* they contradict each other */
	CHECK_STR(may(SCHEMA_INT64, &half, integer(100)), "111111");
	const struct prune_facts odd = {.rows = 3, .nulls = 0, .min = real_bound(NAN), .max = real_bound(NAN)};
	CHECK_STR(may(SCHEMA_DOUBLE, &odd, real(1)), "111111");
	const struct prune_facts any = {
		.rows = 3, .nulls = 0, .min = text_bound("a", true), .max = text_bound("b", true)};
	CHECK_STR(may(SCHEMA_BINARY, &any, a_text("zz")), "111111"); /* base64 has another order */
}

static void test_nulls(void)
{
	struct prune_facts f = {.rows = 10, .nulls = 10};
	const struct schema_field field = {.type = SCHEMA_INT64};
	const struct value null = {.type = VALUE_NULL}, one = integer(1);
	CHECK_STR(may(SCHEMA_INT64, &f, one), "000100"); /* null != 1 */
	CHECK(prune_may(&field, &f, PRUNE_NULL, &one));
	CHECK(!prune_may(&field, &f, PRUNE_NOT_NULL, &one));
	CHECK(prune_may(&field, &f, PRUNE_EQ, &null));
	CHECK(!prune_may(&field, &f, PRUNE_NE, &null));
	f = (struct prune_facts){.rows = 10, .nulls = 0, .min = bound(1), .max = bound(1)};
	CHECK(!prune_may(&field, &f, PRUNE_NULL, &one));
	CHECK(!prune_may(&field, &f, PRUNE_EQ, &null));
	CHECK(!prune_may(&field, &f, PRUNE_NE, &one));
	f.nulls = 1;
	CHECK(prune_may(&field, &f, PRUNE_NE, &one));
	f.nulls = -1;
	CHECK(prune_may(&field, &f, PRUNE_NE, &one));
	CHECK(prune_may(&field, &f, PRUNE_NULL, &one));
	CHECK(prune_may(&field, &f, PRUNE_NOT_NULL, &one));
}

/* Bounds leave NaN out, which is equal to nothing. */
static void test_nan(void)
{
	struct prune_facts f = {.rows = 2, .nulls = 0, .min = real_bound(1.5), .max = real_bound(1.5)};
	CHECK_STR(may(SCHEMA_DOUBLE, &f, real(1.5)), "011110");
	f.no_nan = true;
	CHECK_STR(may(SCHEMA_DOUBLE, &f, real(1.5)), "011010");
	CHECK_STR(may(SCHEMA_DOUBLE, &f, a_text("NaN")), "111111"); /* NaN is a text in JSON */
	f.min = real_bound(-0.0);
	f.max = real_bound(0.0);
	CHECK_STR(may(SCHEMA_DOUBLE, &f, integer(0)), "011010");
	f.max = real_bound(INFINITY);
	CHECK_STR(may(SCHEMA_DOUBLE, &f, real(1e300)), "111111");
	/* a float is compared as it is written */
	f.min = f.max = real_bound((double)0.1f);
	CHECK_STR(may(SCHEMA_FLOAT, &f, real(0.1)), "011010");
}

static void test_texts(void)
{
	/* prefixes of longer values: the greatest was raised */
	struct prune_facts f = {
		.rows = 5, .nulls = 0, .min = text_bound("ab", false), .max = text_bound("b\xc3\xa5", false)};
	CHECK_STR(may(SCHEMA_STRING, &f, a_text("ab")), "011111");
	CHECK_STR(may(SCHEMA_STRING, &f, a_text("a")), "000111");
	CHECK_STR(may(SCHEMA_STRING, &f, a_text("b\xc3\xa4zz")), "111111");
	CHECK_STR(may(SCHEMA_STRING, &f, a_text("c")), "110100");
	CHECK_STR(may(SCHEMA_STRING, &f, a_text("")), "000111");
	f.max = f.min;
	CHECK_STR(may(SCHEMA_STRING, &f, a_text("ab")), "011110"); /* it need not be "ab" */
	f.min.exact = f.max.exact = true;
	CHECK_STR(may(SCHEMA_STRING, &f, a_text("ab")), "011010");
	/* unsigned bytes */
	f.min = text_bound("z", true);
	f.max = text_bound("\xc3\xa4", true);
	CHECK_STR(may(SCHEMA_STRING, &f, a_text("\x7f")), "111111");
}

#define NOON INT64_C(1795348800000000) /* 2026-11-22T12:00:00Z */

static void test_times(void)
{
	struct prune_facts f = {.rows = 5, .nulls = 0, .min = bound(NOON + 500000), .max = bound(NOON + 1500000)};
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, when(NOON)), "000111");
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, when(NOON + 1500001)), "110100");
	/* as texts 12:00:00.5Z comes before 12:00:00Z */
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, a_text("2026-11-22T12:00:00Z")), "111111");
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, a_text("2026-11-22T12:00:01Z")), "111111");
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, a_text("2026-11-22T12:00:02Z")), "110100");
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, a_text("2026-11-22T11:59:59Z")), "000111");
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, a_text("2026-11-22")), "000111");
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, integer(NOON)), "111111");
	/* years of five digits have a sign, which comes before all digits */
	f.max = bound(INT64_MAX);
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, a_text("0001-01-01")), "111111");
	CHECK_STR(may(SCHEMA_TIMESTAMP, &f, when(NOON)), "000111");
	f.min = f.max = bound(20779);
	CHECK_STR(may(SCHEMA_DATE, &f, a_text("2026-11-22")), "011010");
	CHECK_STR(may(SCHEMA_DATE, &f, a_text("2026-11-21")), "000111");
	CHECK_STR(may(SCHEMA_DATE, &f, when(NOON)), "110100");
	f.min = bound(0);
	f.max = bound(1);
	CHECK_STR(may(SCHEMA_BOOL, &f, (struct value){.type = VALUE_BOOL, .b = true}), "111110");
	f.max = bound(0);
	CHECK_STR(may(SCHEMA_BOOL, &f, (struct value){.type = VALUE_BOOL, .b = true}), "110100");
}

/* The facts of two columns, 0 of 5 to 9 and 1 of "x"; nothing is known of others. */
static const struct schema_field *facts(void *arg, size_t column, struct prune_facts *ret)
{
	static const struct schema_field fields[] = {{.type = SCHEMA_INT64}, {.type = SCHEMA_STRING}};
	*ret = (struct prune_facts){.rows = 5, .nulls = 0, .min = bound(5), .max = bound(9)};
	if (column == 1)
		ret->min = ret->max = text_bound("x", true);
	++*(int *)arg;
	return column < 2 ? &fields[column] : NULL;
}

static void test_tree(void)
{
	static struct prune child[2] = {{.op = PRUNE_GT, .column = 0}, {.op = PRUNE_EQ, .column = 1}};
	struct prune tree = {.op = PRUNE_AND, .child = child, .children = 2};
	int asked = 0;
	child[0].value = integer(9);
	child[1].value = a_text("x");
	CHECK(!prune_tree(&tree, facts, &asked));
	CHECK_INT(asked, 1);
	tree.op = PRUNE_OR;
	CHECK(prune_tree(&tree, facts, &asked));
	child[1].value = a_text("y");
	CHECK(!prune_tree(&tree, facts, &asked));
	child[1].column = 7;
	CHECK(prune_tree(&tree, facts, &asked));
	tree.op = PRUNE_NONE;
	CHECK(!prune_tree(&tree, facts, &asked));
	tree.op = PRUNE_ANY;
	CHECK(prune_tree(&tree, facts, &asked));
}

static bool has_even(void *arg, const struct value *v)
{
	(void)arg;
	return v->i % 2 == 0;
}

static void test_filter(void)
{
	struct prune_facts f = {.rows = 10, .nulls = 0, .min = bound(5), .max = bound(9), .may_have = has_even};
	CHECK_STR(may(SCHEMA_INT64, &f, integer(6)), "111111");
	CHECK_STR(may(SCHEMA_INT64, &f, integer(7)), "110111");
	CHECK_STR(may(SCHEMA_INT64, &f, integer(4)), "000111");
}

static void check_ranges(struct pq_ranges *r, const char *want)
{
	struct strbuf out = STRBUF_INIT;
	for (size_t i = 0; i < r->count; i++)
		strbuf_addf(&out, "%s%d-%d", i ? " " : "", (int)r->item[i].from, (int)r->item[i].to);
	CHECK_STR(out.s, want);
	strbuf_release(&out);
}

static void test_ranges(void)
{
	struct pq_ranges a = {0}, b = {0};
	pq_ranges_add(&a, 0, 10);
	pq_ranges_add(&a, 10, 20);
	pq_ranges_add(&a, 30, 30);
	pq_ranges_add(&a, 40, 50);
	check_ranges(&a, "0-20 40-50");
	pq_ranges_add(&b, 5, 8);
	pq_ranges_add(&b, 15, 45);
	pq_ranges_and(&a, &b);
	check_ranges(&a, "5-8 15-20 40-45");
	CHECK_INT(pq_ranges_rows(&a), 13);
	pq_ranges_or(&a, &b);
	check_ranges(&a, "5-8 15-45");
	pq_ranges_release(&b);
	pq_ranges_or(&a, &b);
	check_ranges(&a, "5-8 15-45");
	pq_ranges_and(&a, &b);
	check_ranges(&a, "");
	CHECK_INT(pq_ranges_rows(&a), 0);
	pq_ranges_release(&a);
}

int main(void)
{
	TEST(test_numbers);
	TEST(test_what_is_not_known);
	TEST(test_nulls);
	TEST(test_nan);
	TEST(test_texts);
	TEST(test_times);
	TEST(test_tree);
	TEST(test_filter);
	TEST(test_ranges);
	return check_done();
}
