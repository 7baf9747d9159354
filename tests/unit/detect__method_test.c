#include "cmd/detect/method.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"

/* TEXT has a mistake, reported as ERROR. */
static void wrong(const char *text, const char *error)
{
	struct strbuf err = STRBUF_INIT;
	struct method_rule rule;

	CHECK_INT(method_parse(&rule, text, &err), -EINVAL);
	CHECK_STR(err.s, error);
	strbuf_release(&err);
}

static struct method_rule right(const char *text)
{
	struct strbuf err = STRBUF_INIT;
	struct method_rule rule = {0};

	CHECK_INT(method_parse(&rule, text, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	return rule;
}

static void test_parameters(void)
{
	struct method_rule r = right(" zscore\t");

	CHECK_STR(method_name(&r), "zscore");
	CHECK(r.num[0] == 4 && r.num[1] == 0.01 && r.num[2] == 0);
	CHECK(method_limit(&r) == 4 && method_freezes(&r) && method_remembers(&r) && !method_wants_time(&r));
	CHECK_INT(method_min_samples(&r), 30);
	method_release(&r);
	r = right("zscore alpha=1e-3 5 0.25");
	CHECK(r.num[0] == 5 && r.num[1] == 1e-3 && r.num[2] == 0.25);
	method_release(&r);
	r = right("range -inf 1e3");
	CHECK(isinf(r.num[0]) && r.num[1] == 1000 && !method_remembers(&r));
	method_release(&r);
	r = right("stuck time=1m30s");
	CHECK(r.num[0] == 90000 && method_limit(&r) == 90 && method_wants_time(&r) && r.wants == METHOD_VALUE);
	method_release(&r);
	r = right("velocity sum(.\"a (b\".c) limit=-0 1d");
	CHECK(r.has_field && r.wants == METHOD_NUMBER && r.num[1] == 86400000 && r.num[2] == 0);
	CHECK_STR(r.field.path.steps[0].name, "a (b");
	method_release(&r);
	r = right("velocity distinct($3) 1s 1000");
	CHECK(r.has_field && r.wants == METHOD_VALUE && r.field.column == 3);
	method_release(&r);
	r = right("new field=.a keep=1");
	CHECK(r.has_field && r.num[1] == 1);
	method_release(&r);
}

static void test_mistakes(void)
{
	wrong("zscore -1", "zscore: limit '-1' is too small");
	wrong("zscore 1e300", "zscore: limit '1e300' is too large");
	wrong("zscore 0x5", "zscore: limit '0x5' is not a number");
	wrong("zscore 1 alpha=", "zscore: alpha '' is not a number");
	wrong("zscore alpha=0.1 alpha=0.1", "zscore: alpha is given twice");
	wrong("range inf -inf", "range: lo is above hi");
	wrong("range 1 2 3", "range: '3' is one parameter too many");
	wrong("velocity", "velocity: its what is missing");
	wrong("velocity count 0 1", "velocity: window '0' is too small");
	wrong("velocity distinct(.a 1m 5",
		"velocity: 'distinct(.a 1m 5' is none of count, sum(.field) and distinct(.field)");
	wrong("velocity sum(.a,.b) 1m 5",
		"velocity: path '.a,.b', character 3: this does not belong to a path (a name with it goes in quotes: "
		".\"a-b\")");
	wrong("new $0", "new: '$0' is not a column: $1, $2, …");
	wrong("new .a 0", "new: keep '0' is too small");
}

static struct method_verdict judge(const struct method_rule *r, void *state, uint64_t n, double x, int64_t ms)
{
	const struct method_sample s = {.x = x, .id = (uint64_t)x, .ms = ms, .n = n, .judged = n >= 2};

	method_freeze(r, state, n, true);
	return method_rate(r, state, &s);
}

/* A state that was saved and loaded gives the same results and the same bytes as the original one. */
static void check_saved(const char *text)
{
	struct method_rule r = right(text);
	void *a = xcalloc(1, method_size(&r)), *b = xcalloc(1, method_size(&r));
	struct strbuf bytes = STRBUF_INIT, again = STRBUF_INIT;

	for (uint64_t i = 0; i < 300; i++)
		(void)judge(&r, a, i, (double)(i * i % 17), (int64_t)(i * 100));
	method_save(&r, a, &bytes);
	struct stat_in in = {.s = (const unsigned char *)bytes.s, .end = (const unsigned char *)bytes.s + bytes.len};
	CHECK_INT(method_load(&r, b, &in), 0);
	CHECK(in.s == in.end);
	method_save(&r, b, &again);
	CHECK_MEM(bytes.s, bytes.len, again.s, again.len);
	for (uint64_t i = 300; i < 400; i++) {
		struct method_verdict x = judge(&r, a, i, (double)(i * i % 19), (int64_t)(i * 100));
		struct method_verdict y = judge(&r, b, i, (double)(i * i % 19), (int64_t)(i * 100));
		CHECK(x.late == y.late && (x.score == y.score || (isnan(x.score) && isnan(y.score))));
	}
	for (size_t len = 0; len < bytes.len; len++) { /* cut off at each byte */
		void *c = xcalloc(1, method_size(&r));
		in = (struct stat_in){(const unsigned char *)bytes.s, (const unsigned char *)bytes.s + len};
		CHECK_INT(method_load(&r, c, &in), -EBADMSG);
		method_state_release(&r, c);
		free(c);
	}
	method_state_release(&r, a);
	method_state_release(&r, b);
	free(a);
	free(b);
	strbuf_release(&bytes);
	strbuf_release(&again);
	method_release(&r);
}

static void test_saved(void)
{
	check_saved("zscore");
	check_saved("cusum 3");
	check_saved("mad span=100");
	check_saved("mad span=1000");
	check_saved("stuck 1s");
	check_saved("velocity count 5s 3");
	check_saved("velocity sum(.a) 5s 3");
	check_saved("velocity distinct(.a) 5s 3");
	check_saved("new .a keep=5");
}

/* The extremes of numbers and of times: scores stay finite. */
static void check_extremes(const char *text)
{
	static const double values[] = {0, -0.0, 1e150, -1e150, 5e-324, 1, 1e150, 0, -1e150, 0};
	struct method_rule r = right(text);
	void *state = xcalloc(1, method_size(&r));

	for (uint64_t i = 0; i < 1000; i++) {
		int64_t ms = i % 3 ? (int64_t)(i * 1000) : i % 2 ? INT64_C(253402300799999) : INT64_C(-62135596800000);
		struct method_verdict v = judge(&r, state, i, values[i * 7 % 10], ms);
		CHECK(isnan(v.score) || isfinite(v.score));
	}
	method_state_release(&r, state);
	free(state);
	method_release(&r);
}

static void test_extremes(void)
{
	check_extremes("zscore");
	check_extremes("zscore alpha=1");
	check_extremes("cusum");
	check_extremes("mad span=16");
	check_extremes("range -1 1");
	check_extremes("stuck 1ms");
	check_extremes("velocity count 1ms 1");
	check_extremes("velocity sum(.a) 347222d 1");
	check_extremes("velocity distinct(.a) 347222d 1");
	check_extremes("new .a keep=1");
}

static void test_identity(void)
{
	struct method_rule r = right("new .a");
	CHECK_INT(hash_seed_random(&r.seed), 0);
	char text[64] = "0123456789abcdefghijklmnopqrstuvwxyz";

	for (size_t len = 0; len < 36; len++) {
		uint64_t before = method_identity(&r, text, len);
		CHECK(before == method_identity(&r, text, len) && before != method_identity(&r, text, len + 1));
		text[len / 2] ^= 1;
		CHECK(!len || before != method_identity(&r, text, len));
	}
	method_release(&r);
}

int main(void)
{
	TEST(test_parameters);
	TEST(test_mistakes);
	TEST(test_saved);
	TEST(test_extremes);
	TEST(test_identity);
	return check_done();
}
