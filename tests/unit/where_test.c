/* Unit tests of common/data/where_parse.h. */
#include "common/data/where_parse.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/check.h"

#define NOW INT64_C(1700000000000)

static void good(const char *s, enum where_kind kind, int64_t n)
{
	struct where w = {WHERE_END, -7};
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(where_parse(s, NOW, &w, &err), 0);
	CHECK_INT(w.kind, kind);
	CHECK_INT(w.n, n);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
}

static void bad(const char *s, int code)
{
	struct where w = {WHERE_END, -7};
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(where_parse(s, NOW, &w, &err), code);
	CHECK(w.kind == WHERE_END && w.n == -7 && err.len);
	strbuf_release(&err);
}

static void test_words_and_numbers(void)
{
	good("start", WHERE_START, 0);
	good("end", WHERE_END, 0);
	good("stored", WHERE_STORED, 0);
	good("0", WHERE_OFFSET, 0);
	good("9223372036854775807", WHERE_OFFSET, INT64_MAX);
	good("+0", WHERE_AFTER, 0);
	good("+12", WHERE_AFTER, 12);
	good("-0", WHERE_BEFORE, 0);
	good("-12", WHERE_BEFORE, 12);
}

static void test_times(void)
{
	good("@1700000000000", WHERE_TIME, NOW);
	good("@1700000000", WHERE_TIME, NOW);
	good("@0", WHERE_TIME, 0);
	good("@2023-11-14T22:13:20Z", WHERE_TIME, NOW);
	good("@2023-11-14T23:13:20.5+01:00", WHERE_TIME, NOW + 500);
	good("@2023-11-14", WHERE_TIME, NOW - (22 * 3600 + 13 * 60 + 20) * 1000);
	good("@-90m", WHERE_TIME, NOW - 90 * 60 * 1000);
	good("@-1h30m", WHERE_TIME, NOW - 90 * 60 * 1000);
	good("@-0", WHERE_TIME, NOW);
	good("@1970-01-01T00:00:00Z", WHERE_TIME, 0);
	good("@1970-01-01T00:00:00.001Z", WHERE_TIME, 1);
}

/* -1 ms and -2 ms are librdkafka's words for end and start. */
static void test_before_1970(void)
{
	good("@1969-12-31T23:59:59.999Z", WHERE_START, 0);
	good("@1969-12-31T23:59:59.998Z", WHERE_START, 0);
	good("@1970-01-01T00:00:00+00:01", WHERE_START, 0);
	good("@1969-12-31", WHERE_START, 0);
	good("@0001-01-01T00:00:00Z", WHERE_START, 0);
	good("@-30000d", WHERE_START, 0);
}

/* What kcat, Kafka's own tools and rpk call a place. */
static void test_meant(void)
{
	static const struct {
		const char *word, *meant;
	} rows[] = {{"beginning", "start"}, {"earliest", "start"}, {"Oldest", "start"}, {"latest", "end"},
		{"newest", "end"}, {"committed", "stored"}, {"strat", "start"}, {"START", "start"}, {"-1h", "@-1h"},
		{"90m", "@-90m"}, {"2023-11-14T22:13:20Z", "@2023-11-14T22:13:20Z"},
		{"s@1700000000000", "@1700000000000"}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct where w;
		struct strbuf err = STRBUF_INIT, wanted = STRBUF_INIT;
		CHECK_INT(where_parse(rows[i].word, NOW, &w, &err), -EINVAL);
		strbuf_addf(&wanted, "is not a place; did you mean %s?", rows[i].meant);
		CHECK_STR(err.s, wanted.s);
		strbuf_release(&err);
		strbuf_release(&wanted);
	}
}

static void test_bad(void)
{
	static const char *const invalid[] = {"", "x", "Start", "start ", " 1", "1 ", "+", "-", "+-1", "--1", "1.5",
		"0x1", "1e3", "@", "@x", "@-", "@-5", "@--5m", "@+5m", "@5m", "@2023-13-01", "@2023-11-14T25:00:00Z",
		"end-1"};
	for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
		bad(invalid[i], -EINVAL);
	bad("9223372036854775808", -ERANGE);
	bad("-9223372036854775808", -ERANGE);
	bad("99999999999999999999999", -ERANGE);
}

static int64_t at(const char *s, int64_t lo, int64_t hi)
{
	struct where w;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(where_parse(s, NOW, &w, &err), 0);
	strbuf_release(&err);
	return where_offset(&w, lo, hi);
}

static void test_offsets(void)
{
	CHECK_INT(at("start", 10, 20), 10);
	CHECK_INT(at("end", 10, 20), 20);
	CHECK_INT(at("5", 10, 20), 5);
	CHECK_INT(at("25", 10, 20), 25);
	CHECK_INT(at("+5", 10, 20), 15);
	CHECK_INT(at("+25", 10, 20), 35);
	CHECK_INT(at("+9223372036854775807", 10, 20), INT64_MAX);
	CHECK_INT(at("-5", 10, 20), 15);
	CHECK_INT(at("-10", 10, 20), 10);
	CHECK_INT(at("-11", 10, 20), 10);
	CHECK_INT(at("-9223372036854775807", 0, 0), 0);
}

/* Random mutations of good input: no crash, and an error leaves the output unchanged. */
static void test_mutations(void)
{
	static const char *const seeds[] = {
		"start", "@2023-11-14T22:13:20.123+01:00", "@-1h30m", "-12", "+9223372036854775807"};
	srand(1);
	for (int i = 0; i < 20000; i++) {
		char s[64];
		const char *seed = seeds[i % 5];
		size_t len = strlen(seed);
		memcpy(s, seed, len + 1);
		for (int k = rand() % 3; k >= 0; k--)
			s[(size_t)rand() % len] = (char)(1 + rand() % 127);
		struct where w = {WHERE_END, -7};
		struct strbuf err = STRBUF_INIT;
		if (where_parse(s, NOW, &w, &err) < 0)
			CHECK(w.n == -7 && err.len);
		else
			CHECK(!err.len);
		strbuf_release(&err);
	}
}

int main(void)
{
	TEST(test_words_and_numbers);
	TEST(test_times);
	TEST(test_before_1970);
	TEST(test_meant);
	TEST(test_bad);
	TEST(test_offsets);
	TEST(test_mutations);
	return check_done();
}
