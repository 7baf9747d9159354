/* common/base/num: what is a number and what is not. */
#include <errno.h>
#include <stdint.h>

#include "common/base/num.h"
#include "tests/unit/check.h"

static void test_u64(void)
{
	uint64_t v = 7;
	CHECK_INT(num_u64("0", &v), 0);
	CHECK_INT(v, 0);
	CHECK_INT(num_u64("18446744073709551615", &v), 0);
	CHECK(v == UINT64_MAX);
	CHECK_INT(num_u64("18446744073709551616", &v), -ERANGE);
	CHECK(v == UINT64_MAX);
	const char *bad[] = {"", "-1", "+1", " 1", "1 ", "0x10", "1e3", "one"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK_INT(num_u64(bad[i], &v), -EINVAL);
}

static void test_i64(void)
{
	int64_t v;
	CHECK_INT(num_i64("-9223372036854775808", &v), 0);
	CHECK(v == INT64_MIN);
	CHECK_INT(num_i64("+9223372036854775807", &v), 0);
	CHECK(v == INT64_MAX);
	CHECK_INT(num_i64("9223372036854775808", &v), -ERANGE);
	CHECK_INT(num_i64("-9223372036854775809", &v), -ERANGE);
	CHECK_INT(num_i64("--1", &v), -EINVAL);
	CHECK_INT(num_i64("-", &v), -EINVAL);
}

static void test_size(void)
{
	uint64_t v;
	CHECK_INT(num_size("10", &v), 0);
	CHECK_INT(v, 10);
	CHECK_INT(num_size("64M", &v), 0);
	CHECK_INT(v, 64 << 20);
	CHECK_INT(num_size("2kib", &v), 0);
	CHECK_INT(v, 2048);
	CHECK_INT(num_size("1T", &v), 0);
	CHECK(v == 1ull << 40);
	CHECK_INT(num_size("16777216T", &v), -ERANGE);
	CHECK_INT(num_size("M", &v), -EINVAL);
	CHECK_INT(num_size("1MB", &v), -EINVAL);
	CHECK_INT(num_size("1.5M", &v), -EINVAL);
	CHECK_INT(num_size("1\x0d", &v), -EINVAL);
}

static void test_duration(void)
{
	int64_t v;
	CHECK_INT(num_duration("500ms", &v), 0);
	CHECK_INT(v, 500);
	CHECK_INT(num_duration("1h30m", &v), 0);
	CHECK_INT(v, 5400000);
	CHECK_INT(num_duration("1d", &v), 0);
	CHECK_INT(v, 86400000);
	CHECK_INT(num_duration("0", &v), 0);
	CHECK_INT(v, 0);
	CHECK_INT(num_duration("10", &v), -EINVAL);
	CHECK_INT(num_duration("s", &v), -EINVAL);
	CHECK_INT(num_duration("10s ", &v), -EINVAL);
	CHECK_INT(num_duration("-10s", &v), -EINVAL);
	CHECK_INT(num_duration("9223372036854775807d", &v), -ERANGE);
}

static void test_text(void)
{
	static const struct {
		int64_t v;
		const char *duration, *size;
	} row[] = {{0, "0", "0"}, {1, "1ms", "1"}, {1000, "1s", "1000"}, {1500, "1500ms", "1500"},
		{90000, "90s", "90000"}, {120000, "2m", "120000"}, {86400000, "1d", "84375K"},
		{INT64_C(1) << 40, "1099511627776ms", "1T"}, {INT64_C(1) << 51, "2251799813685248ms", "2048T"},
		{INT64_C(315360000000000), "3650000d", "307968750000K"}};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct strbuf b = STRBUF_INIT;
		uint64_t size;
		int64_t ms;
		num_add_duration(&b, row[i].v);
		CHECK_STR(b.s, row[i].duration);
		CHECK(num_duration(b.s, &ms) == 0 && ms == row[i].v);
		strbuf_clear(&b);
		num_add_size(&b, (uint64_t)row[i].v);
		CHECK_STR(b.s, row[i].size);
		CHECK(num_size(b.s, &size) == 0 && size == (uint64_t)row[i].v);
		strbuf_release(&b);
	}
}

static void test_share(void)
{
	static const struct {
		uint64_t n, all;
		const char *is;
	} rows[] = {
		{6795, 20000, "34 %"},
		{0, 7, "0 %"},
		{7, 7, "100 %"},
		{1, 201, "under 1 %"},
		{1, 200, "1 %"},
		{199, 200, "over 99 %"},
		{99, 100, "99 %"},
		{UINT64_MAX - 1, UINT64_MAX, "over 99 %"},
		{1, UINT64_MAX, "under 1 %"},
	};
	struct strbuf text = STRBUF_INIT;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		strbuf_clear(&text);
		num_add_share(&text, rows[i].n, rows[i].all);
		CHECK_STR(text.s, rows[i].is);
	}
	strbuf_release(&text);
}

int main(void)
{
	TEST(test_u64);
	TEST(test_i64);
	TEST(test_size);
	TEST(test_duration);
	TEST(test_text);
	TEST(test_share);
	return check_done();
}
