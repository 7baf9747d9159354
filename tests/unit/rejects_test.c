#include "common/data/rejects.h"

#include <errno.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "tests/unit/capture.h"
#include "tests/unit/check.h"

static void test_limits(void)
{
	static const struct {
		const char *text;
		bool percent;
		uint64_t count;
		double share;
	} good[] = {
		{"0", false, 0, 0},
		{"100", false, 100, 0},
		{"0%", true, 0, 0},
		{"0.5%", true, 0, 0.005},
		{"1e-1%", true, 0, 0.001},
		{"100%", true, 0, 1},
	};
	static const char *const bad[] = {"", "%", "-1", "-1%", "100.1%", "1e400%", "x", "x%", "1 %", " 1%", "0x1%",
		"nan%", "inf%", "1%%", ".5%", "01%"};
	struct strbuf err = STRBUF_INIT;
	struct rejects_limit l;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		CHECK_INT(rejects_parse_limit(good[i].text, &l, &err), 0);
		CHECK(l.set);
		CHECK_INT(l.percent, good[i].percent);
		CHECK_INT(l.count, good[i].count);
		CHECK(l.share == good[i].share);
	}
	CHECK_STR(err.s, "");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		strbuf_clear(&err);
		CHECK_INT(rejects_parse_limit(bad[i], &l, &err), -EINVAL);
		CHECK_STR(err.s, "is not a number of records or a percentage, such as 100 or 0.5%");
	}
	strbuf_release(&err);
}

static void test_too_many(void)
{
	const struct rejects_limit none = {0}, three = {.set = true, .count = 3},
				   tenth = {.set = true, .percent = true, .share = 0.1};

	CHECK(!rejects_too_many(&none, UINT64_MAX, UINT64_MAX, true));
	CHECK(!rejects_too_many(&three, 3, 3, true));
	CHECK(rejects_too_many(&three, 4, 1000000, false));
	CHECK(!rejects_too_many(&tenth, 999, 999, false));
	CHECK(rejects_too_many(&tenth, 999, 999, true));
	CHECK(!rejects_too_many(&tenth, 100, 1000, false));
	CHECK(rejects_too_many(&tenth, 101, 1000, false));
	CHECK(!rejects_too_many(&tenth, 0, 0, true));
}

/* What an earlier run has rejected is not counted, and so no limit is exceeded. */
static void test_before(void)
{
	const struct rejects_opts opts = {.fate = REJECTS_DROP, .limit = {.set = true}};
	const struct aside_record rec = {.rec = "x", .len = 1};
	struct rejects r = {.opts = &opts, .read = 1, .before = true, .aside = {.lines = STRBUF_INIT}};

	CHECK_INT(rejects_add(&r, false, &rec), 0);
	CHECK_INT(r.count, 0);
	r.before = false;
	CHECK_INT(rejects_add(&r, false, &rec), EXIT_DATA);
	CHECK_INT(r.count, 1);
}

static void test_share(void)
{
	const struct rejects r = {.read = 3};
	struct strbuf text = STRBUF_INIT;

	rejects_add_share(&r, 2, &text);
	CHECK_STR(text.s, "2 of 3 records (67 %)");
	strbuf_release(&text);
}

/* The exit status of a run with STATUS and REJECTED rejected records; its messages go to *TEXT. */
static int end(int status, uint64_t rejected, bool over, struct strbuf *text)
{
	const struct rejects_opts opts = {.fate = REJECTS_DROP};
	struct rejects r = {.opts = &opts, .read = 4, .count = rejected, .over = over, .aside = {.lines = STRBUF_INIT}};
	struct capture c;

	capture_pipe(&c);
	int ret = rejects_end(&r, status);
	struct strbuf out = STRBUF_INIT;
	capture_end(&c, &out, text);
	strbuf_release(&out);
	return ret;
}

static void test_end(void)
{
	struct strbuf text = STRBUF_INIT;

	CHECK_INT(end(EXIT_OK, 0, false, &text), EXIT_OK);
	CHECK_STR(text.s, "");
	CHECK_INT(end(EXIT_OK, 1, false, &text), EXIT_NO);
	CHECK_STR(text.s, "weir try: 1 of 4 records (25 %) was rejected and left out\n");
	CHECK_INT(end(EXIT_NO, 0, false, &text), EXIT_NO);
	CHECK_INT(end(EXIT_TEMP, 1, false, &text), EXIT_TEMP);
	CHECK_INT(end(EXIT_DATA, 2, true, &text), EXIT_DATA);
	CHECK_STR(text.s, "");
	strbuf_release(&text);
}

int main(void)
{
	diag_init("try");
	TEST(test_limits);
	TEST(test_too_many);
	TEST(test_before);
	TEST(test_share);
	TEST(test_end);
	return check_done();
}
