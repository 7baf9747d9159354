/* run: several texts of Prometheus as one. */
#include "cmd/run/metrics.h"
#include "tests/unit/check.h"

static void expect(const struct metrics *m, const char *wanted)
{
	struct strbuf out = STRBUF_INIT;
	metrics_write(m, &out);
	CHECK_STR(out.s, wanted);
	strbuf_release(&out);
}

static void test_families(void)
{
	struct metrics m = {0};
	metrics_add(&m, "# HELP a Text.\n# TYPE a counter\na 1\n# HELP b Other.\n# TYPE b gauge\nb{x=\"1\"} 2\n",
		"p=\"u\"");
	metrics_add(&m, "# HELP a Text.\n# TYPE a counter\na{} 3\nc 4\n", "p=\"v\"");
	expect(&m, "# HELP a Text.\n# TYPE a counter\na{p=\"u\"} 1\na{p=\"v\"} 3\n"
		   "# HELP b Other.\n# TYPE b gauge\nb{p=\"u\",x=\"1\"} 2\nc{p=\"v\"} 4\n");
	metrics_release(&m);
}

static void test_no_labels(void)
{
	struct metrics m = {0};
	metrics_add(&m, "a 1\na{x=\"y z} \"} 2\nb{} 3", "");
	expect(&m, "a 1\na{x=\"y z} \"} 2\nb 3\n");
	metrics_release(&m);
}

static void test_what_is_left_out(void)
{
	struct metrics m = {0};
	metrics_add(&m, "", "p=\"u\"");
	metrics_add(
		&m, "\n# a comment\n# HELP\n# HELP only Head.\n{x=\"y\"} 1\nname\nname\t1\n 1\n# TYPE \n", "p=\"u\"");
	expect(&m, "");
	metrics_release(&m);
}

static void test_head_once(void)
{
	struct metrics m = {0};
	metrics_add(&m, "# HELP a One.\n# HELP a Two.\n# TYPE a gauge\na 1\n# TYPE a counter\n", "");
	expect(&m, "# HELP a One.\n# TYPE a gauge\na 1\n");
	metrics_release(&m);
}

int main(void)
{
	TEST(test_families);
	TEST(test_no_labels);
	TEST(test_what_is_left_out);
	TEST(test_head_once);
	return check_done();
}
