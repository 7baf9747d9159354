#include "common/data/when.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "tests/unit/check.h"

/* The time of the record REC according to TEXT, as RFC 3339; "none", or the message. */
static const char *of(const char *text, const char *rec)
{
	static char out[256];
	const struct records_opts opts = {.format = *rec == '{' ? RECORDS_JSON : RECORDS_TSV};
	const struct filter_opts filter = {0};
	struct flow flow = {.inputs = 1, .input = "test"};
	struct strbuf err = STRBUF_INIT, line = STRBUF_INIT;
	struct records *r;
	struct when w;
	struct timespec t;
	const char *s;
	size_t len;

	CHECK_INT(records_new(&r, &opts, &filter, &err), 0);
	int e = when_init(&w, text, r, &err);
	if (e < 0) {
		snprintf(out, sizeof out, "%s", err.s);
	} else if (w.kind == WHEN_NOW) {
		snprintf(out, sizeof out, "now");
	} else {
		strbuf_addf(&line, "%s\n", rec);
		records_span(r, line.s, line.len, &flow);
		CHECK_INT(records_next(r, &s, &len), 1);
		snprintf(out, sizeof out, "none");
		if (when_read(&w, records_values(r), &t) == 0)
			time_write_rfc3339(&t, out);
	}
	when_release(&w);
	records_free(r);
	strbuf_release(&line);
	strbuf_release(&err);
	return out;
}

static void test_times(void)
{
	static const struct {
		const char *text, *rec, *is;
	} cases[] = {
		{"now", "{}", "now"},
		{".t", "{\"t\":\"2026-11-22T10:00:00.5+01:00\"}", "2026-11-22T09:00:00.500Z"},
		{".t", "{\"t\":1700000000123}", "2023-11-14T22:13:20.123Z"},
		{".t", "{}", "none"},
		{".a.b[1]", "{\"a\":{\"b\":[0,1700000000]}}", "2023-11-14T22:13:20Z"},
		{".@t", "{\"@t\":0}", "1970-01-01T00:00:00Z"},
		{"$2", "x\t1700000000", "2023-11-14T22:13:20Z"},
		/* a format */
		{"ms@.t", "{\"t\":1700000000}", "1970-01-20T16:13:20Z"},
		{"ns@.t", "{\"t\":1700000000123456789}", "2023-11-14T22:13:20.123456789Z"},
		{"s@.t", "{\"t\":\"1700000000.25\"}", "2023-11-14T22:13:20.250Z"},
		{"rfc3339@.t", "{\"t\":\"2026-11-22T10:00:00Z\"}", "2026-11-22T10:00:00Z"},
		{"rfc3339@.t", "{\"t\":1700000000}", "none"},
		{"%d.%m.%Y %H:%M@.a.t", "{\"a\":{\"t\":\"22.11.2026 10:00\"}}", "2026-11-22T10:00:00Z"},
		{"%d.%m.%Y@.t", "{\"t\":\"22.11.2026 x\"}", "none"},
		{"%d.%m.%Y@.t", "{\"t\":null}", "none"},
		{"%d.%m.%Y@.t", "{\"t\":[1]}", "none"},
		{"%d/%b/%Y:%T %z@$1", "10/Oct/2000:13:55:36 -0700\tx", "2000-10-10T20:55:36Z"},
		{"%Y@.@t", "{\"@t\":\"2026\"}", "2026-01-01T00:00:00Z"},
		{"[%Y]@.t", "{\"t\":\"[2026]\"}", "2026-01-01T00:00:00Z"},
		/* an expression */
		{"time(.t, \"%d.%m.%Y\") + 1h", "{\"t\":\"22.11.2026\"}", "2026-11-22T01:00:00Z"},
		{".t / 1000", "{\"t\":1700000000500}", "2023-11-14T22:13:20.500Z"},
		{"time(.t, \"%d@.%m.%Y\")", "{\"t\":\"3@.1.2026\"}", "2026-01-03T00:00:00Z"},
		{"time(.t) + 1h", "{\"t\":-1.5}", "1970-01-01T00:59:58.500Z"},
		{".t > 5", "{\"t\":1}", "none"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_STR(of(cases[i].text, cases[i].rec), cases[i].is);
}

static void test_mistakes(void)
{
	CHECK(strstr(of("ts", "{}"), "a field is .ts"));
	CHECK(strstr(of(".t +", "{}"), "but the expression ends"));
	CHECK(strstr(of("%q@.t", "{}"), "no conversion %q"));
	CHECK(strstr(of("%H:%M@.t", "{}"), "needs a year"));
	CHECK(strstr(of("%Y@.t + 1", "{}"), "is not a field"));
	CHECK(strstr(of("@.t", "{}"), "cannot read '.t'")); /* an expression from a file */
	CHECK(strstr(of("$1", "{}"), "JSON has none"));
	CHECK(strstr(of("", "{}"), "expression"));
}

static void test_reads(void)
{
	const struct records_opts opts = {.format = RECORDS_JSON};
	const struct filter_opts filter = {0};
	static const char *const texts[] = {".t", "%Y@.t", "time(.u) + (time(.t) - time(.u))"};
	struct strbuf err = STRBUF_INIT;
	struct expr_field field = {0};

	for (size_t i = 0; i < 3; i++) {
		struct records *r;
		struct when w;
		CHECK_INT(records_new(&r, &opts, &filter, &err), 0);
		CHECK_INT(when_init(&w, texts[i], r, &err), 0);
		CHECK_INT(records_field(&field, ".t", &err), 0);
		int slot = records_add(r, &field, &err);
		path_release(&field.path);
		CHECK(when_reads(&w, slot));
		CHECK_INT(records_field(&field, ".x", &err), 0);
		slot = records_add(r, &field, &err);
		path_release(&field.path);
		CHECK(!when_reads(&w, slot));
		when_release(&w);
		CHECK(!when_reads(&w, 0));
		records_free(r);
	}
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_times);
	TEST(test_mistakes);
	TEST(test_reads);
	return check_done();
}
