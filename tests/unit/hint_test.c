/* common/base/hint: the messages about words that are in no table. */
#include "common/base/hint.h"
#include "tests/unit/check.h"

static const struct hint hints[] = {{"avg", "write mean(.x)"}, {0}};

static const char *name(size_t i)
{
	static const char *const names[] = {"sum", "max", "lower", "type", "int"};

	return i < 5 ? names[i] : NULL;
}

static void check_near(const char *word, const char *wanted)
{
	const char *near = hint_near(word, name);

	CHECK_STR(near ? near : "none", wanted);
}

static void test_near(void)
{
	check_near("summ", "sum");
	check_near("SUM", "sum"); /* three edits, if capitals counted */
	check_near("Max", "max");
	check_near("lowercase", "lower"); /* begins with it */
	check_near("integer", "int");
	check_near("smallint", "int"); /* ends with it */
	check_near("median", "none");
	check_near("interpolation", "none"); /* more than three times as long */
	check_near("", "none");
}

static void check_unknown(const char *word, const char *wanted)
{
	struct strbuf text = STRBUF_INIT;

	hint_unknown(&text, "metric", word, hints, name);
	CHECK_STR(text.s, wanted);
	strbuf_release(&text);
}

static void test_unknown(void)
{
	check_unknown("avg", "there is no metric 'avg': write mean(.x)");
	check_unknown("AVG", "there is no metric 'AVG': write mean(.x)");
	check_unknown("summ", "there is no metric 'summ'; did you mean 'sum'?");
	check_unknown("p", "there is no metric 'p', only sum, max, lower, type, int");
}

int main(void)
{
	TEST(test_near);
	TEST(test_unknown);
	return check_done();
}
