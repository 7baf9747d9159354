#include "common/stat/bytes.h"

#include <errno.h>

#include "tests/unit/stat.h"

static struct stat_in input(const struct strbuf *b)
{
	const unsigned char *s = (const unsigned char *)b->s;

	return (struct stat_in){s, s + b->len};
}

static void test_numbers(void)
{
	static const uint64_t some[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, INT64_MAX, UINT64_MAX};
	struct strbuf b = STRBUF_INIT;
	uint64_t v;
	int64_t i;

	for (size_t n = 0; n < sizeof(some) / sizeof(*some); n++) {
		strbuf_clear(&b);
		stat_put_u64(&b, some[n]);
		stat_put_i64(&b, (int64_t)some[n]);
		stat_put_i64(&b, -(int64_t)(some[n] >> 1) - 1);
		struct stat_in in = input(&b);
		CHECK(stat_get_u64(&in, &v) == 0 && v == some[n]);
		CHECK(stat_get_i64(&in, &i) == 0 && i == (int64_t)some[n]);
		CHECK(stat_get_i64(&in, &i) == 0 && i == -(int64_t)(some[n] >> 1) - 1);
		CHECK(in.s == in.end);
		CHECK_INT(stat_get_u64(&in, &v), -EBADMSG);
		in = input(&b);
		in.end = in.s + (some[n] < 128 ? 0 : 1);
		CHECK_INT(stat_get_u64(&in, &v), -EBADMSG);
	}
	strbuf_clear(&b);
	stat_put_u64(&b, UINT64_MAX);
	CHECK_INT(b.len, 10);
	stat_put_i64(&b, -1);
	CHECK_INT(b.s[10], 1);
	strbuf_release(&b);
}

static int get_u64(const char *s, size_t len)
{
	struct stat_in in = {(const unsigned char *)s, (const unsigned char *)s + len};
	uint64_t v = 7;
	int status = stat_get_u64(&in, &v);

	CHECK(status == 0 || v == 7);
	return status;
}

static void test_refused(void)
{
	CHECK_INT(get_u64("\x80\x01", 2), 0);
	CHECK_INT(get_u64("\x80\x00", 2), -EBADMSG); /* longer than needed */
	CHECK_INT(get_u64("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10), 0);
	CHECK_INT(get_u64("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10), -EBADMSG); /* 65 bits */
	CHECK_INT(get_u64("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x00", 11), -EBADMSG);
	CHECK_INT(get_u64("\xff\xff\xff", 3), -EBADMSG);
}

static void test_doubles(void)
{
	static const double some[] = {0, -0.0, 1, -1.5, 4.9e-324, 1.7976931348623157e308, INFINITY, -INFINITY};
	struct strbuf b = STRBUF_INIT;
	double v = 7;

	for (size_t n = 0; n < sizeof(some) / sizeof(*some); n++) {
		strbuf_clear(&b);
		stat_put_double(&b, some[n]);
		struct stat_in in = input(&b);
		CHECK(stat_get_double(&in, &v) == 0 && memcmp(&v, &some[n], sizeof(v)) == 0);
		in = input(&b);
		in.end--;
		CHECK_INT(stat_get_double(&in, &v), -EBADMSG);
	}
	strbuf_clear(&b);
	stat_put_double(&b, 1);
	CHECK_MEM(b.s, b.len, "\0\0\0\0\0\0\xf0\x3f", 8);
	strbuf_clear(&b);
	stat_put_double(&b, -NAN);
	CHECK_MEM(b.s, b.len, "\0\0\0\0\0\0\xf8\x7f", 8);
	struct stat_in in = input(&b);
	CHECK(stat_get_double(&in, &v) == 0 && isnan(v));
	b.s[0] = 1; /* another NaN */
	in = input(&b);
	CHECK_INT(stat_get_double(&in, &v), -EBADMSG);
	strbuf_release(&b);
}

static void test_strings(void)
{
	struct strbuf b = STRBUF_INIT;
	const unsigned char *s;
	size_t len;

	stat_put_bytes(&b, "a\0b", 3);
	stat_put_bytes(&b, "", 0);
	struct stat_in in = input(&b);
	CHECK(stat_get_bytes(&in, &s, &len) == 0);
	CHECK_MEM(s, len, "a\0b", 3);
	CHECK(stat_get_bytes(&in, &s, &len) == 0 && len == 0 && in.s == in.end);
	in = input(&b);
	in.end = in.s + 3;
	CHECK_INT(stat_get_bytes(&in, &s, &len), -EBADMSG);
	strbuf_clear(&b);
	stat_put_u64(&b, UINT64_MAX);
	in = input(&b);
	CHECK_INT(stat_get_bytes(&in, &s, &len), -EBADMSG);
	strbuf_release(&b);
}

int main(void)
{
	TEST(test_numbers);
	TEST(test_refused);
	TEST(test_doubles);
	TEST(test_strings);
	return check_done();
}
