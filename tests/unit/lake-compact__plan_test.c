/* Unit tests of lake-compact's plan: which files are put together. */
#include "cmd/lake-compact/plan.h"
#include "common/base/strbuf.h"
#include "tests/unit/check.h"

/* A file without deleted records. */
#define ALL(group, size)          \
	{                         \
		group, size, 0, 0 \
	}

/* The plan for COUNT files as text: the numbers of the files of each bin, "0 1|3 4". */
static struct strbuf planned(const struct plan_file *files, size_t count, uint64_t target, size_t max)
{
	struct strbuf text = STRBUF_INIT;
	struct bins plan;
	size_t sum = 0;
	plan_make(files, count, target, max, &plan);
	strbuf_addstr(&text, "");
	for (size_t i = 0; i < plan.count; i++) {
		uint64_t bytes = 0;
		for (size_t j = 0; j < plan.bins[i].count; j++) {
			strbuf_addf(&text, "%s%zu", j ? " " : i ? "|" : "", plan.bins[i].files[j]);
			bytes += files[plan.bins[i].files[j]].size;
		}
		CHECK_INT(plan.bins[i].bytes, bytes);
		sum += plan.bins[i].count;
	}
	CHECK_INT(plan.files, sum);
	plan_release(&plan);
	return text;
}

#define CHECK_PLAN(files, target, max, text)                                                      \
	do {                                                                                      \
		struct strbuf got = planned(files, sizeof(files) / sizeof *(files), target, max); \
		CHECK_STR(got.s, text);                                                           \
		strbuf_release(&got);                                                             \
	} while (0)

static void test_order_and_size(void)
{
	static const struct plan_file files[] = {
		ALL("a", 30), ALL("a", 30), ALL("a", 40), ALL("a", 10), ALL("a", 60), ALL("a", 50), ALL("a", 1)};
	CHECK_PLAN(files, 100, 0, "0 1 2|3 4|5 6");
	CHECK_PLAN(files, 1000, 0, "0 1 2 3 4 5 6");
	CHECK_PLAN(files, 1, 0, "");
}

/* Files of three quarters of the target stay, and so does one that has nothing to join. */
static void test_what_stays(void)
{
	static const struct plan_file files[] = {
		ALL("a", 75), ALL("a", 74), ALL("a", 100), ALL("a", 500), ALL("a", 30)};
	CHECK_PLAN(files, 100, 0, "");
	static const struct plan_file one[] = {ALL("a", 1)};
	CHECK_PLAN(one, 100, 0, "");
	static const struct plan_file empty[] = {ALL("a", 0), ALL("a", 0)};
	CHECK_PLAN(empty, 100, 0, "0 1");
}

static void test_groups(void)
{
	static const struct plan_file files[] = {
		ALL("b", 1), ALL("a", 1), ALL("b", 1), ALL("", 1), ALL("a", 1), ALL("c", 1)};
	CHECK_PLAN(files, 100, 0, "1 4|0 2");
}

static void test_at_most(void)
{
	static const struct plan_file files[] = {
		ALL("a", 60), ALL("a", 40), ALL("a", 60), ALL("a", 40), ALL("b", 1), ALL("b", 1)};
	CHECK_PLAN(files, 100, 0, "0 1|2 3|4 5");
	CHECK_PLAN(files, 100, 4, "0 1|2 3");
	CHECK_PLAN(files, 100, 3, "0 1");
	CHECK_PLAN(files, 1000, 3, "0 1 2");
	CHECK_PLAN(files, 1000, 1, "");
}

/* Deleted rows: a small file is written again even alone, a larger one if more than a twentieth of its rows are. */
static void test_deleted_rows(void)
{
	static const struct plan_file small[] = {{"a", 10, 1000, 1}, {"b", 10, 1000, 0}, {"c", 10, 0, 3}};
	CHECK_PLAN(small, 100, 0, "0|2");
	static const struct plan_file large[] = {
		{"a", 500, 100, 5}, {"a", 500, 100, 6}, {"a", 500, 0, 1}, {"a", 500, 3, 0}};
	CHECK_PLAN(large, 100, 0, "1|2");
	static const struct plan_file both[] = {ALL("a", 30), {"a", 80, 1, 1}, ALL("a", 10), ALL("a", 9)};
	CHECK_PLAN(both, 100, 0, "1 2 3");
	CHECK_PLAN(both, 100, 2, "1 2");
}

static void test_nothing(void)
{
	struct bins plan;
	plan_make(NULL, 0, 100, 0, &plan);
	CHECK_INT(plan.count, 0);
	plan_release(&plan);
}

int main(void)
{
	TEST(test_order_and_size);
	TEST(test_what_stays);
	TEST(test_groups);
	TEST(test_at_most);
	TEST(test_deleted_rows);
	TEST(test_nothing);
	return check_done();
}
