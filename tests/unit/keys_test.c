#include "common/data/keys.h"

#include <errno.h>
#include <stdlib.h>

#include "common/data/json_impl.h"
#include "tests/unit/check.h"

static const struct value null = {.type = VALUE_NULL}, missing = {.type = VALUE_MISSING};

static struct value of_int(int64_t i)
{
	return (struct value){.type = VALUE_INT, .i = i};
}

static struct value of_double(double d)
{
	return (struct value){.type = VALUE_DOUBLE, .d = d};
}

static struct value of_bytes(enum value_type type, const char *s, size_t len)
{
	return (struct value){.type = type, .raw = s, .raw_len = len, .s = s, .len = len};
}

/* A number as in a record. */
static struct value of_text(const char *s)
{
	struct value v = of_bytes(VALUE_NULL, s, strlen(s));

	CHECK(json_take_number(s, v.len, &v));
	return v;
}

static struct value of_bool(bool b)
{
	return (struct value){.type = VALUE_BOOL, .b = b};
}

/* The order of the keys of A and B, in both directions; 2: the order of the bytes is different. */
static int compare(struct value a, struct value b)
{
	struct strbuf x = STRBUF_INIT, y = STRBUF_INIT;

	key_add(&x, &a);
	key_add(&y, &b);
	int r = key_compare(x.s, x.len, y.s, y.len), back = key_compare(y.s, y.len, x.s, x.len);
	bool same = x.len == y.len && memcmp(x.s, y.s, x.len) == 0;
	uint64_t p = key_prefix(x.s, x.len), q = key_prefix(y.s, y.len);
	CHECK(p == q || (p < q) == (r < 0));
	strbuf_release(&x);
	strbuf_release(&y);
	r = (r > 0) - (r < 0);
	back = (back > 0) - (back < 0);
	return r == -back && same == (r == 0) ? r : 2;
}

static void test_same(void)
{
	CHECK_INT(compare(null, missing), 0);
	CHECK_INT(compare(of_int(1), of_double(1.0)), 0);
	CHECK_INT(compare(of_int(0), of_double(-0.0)), 0);
	CHECK_INT(compare(of_int(INT64_MIN), of_double(-0x1p63)), 0);
	CHECK_INT(compare(of_double(1e300), of_double(1e300)), 0);
	CHECK_INT(compare(of_text("1e19"), of_text("10000000000000000000")), 0);
	CHECK_INT(compare(of_text("1e23"), of_text("100000000000000000000000")), 0);
	CHECK_INT(compare(of_text("1e23"), of_text("99999999999999991611392")), 1); /* the double next to it */
	CHECK_INT(compare(of_text("1e400"), of_text("0.01e402")), 0);
	CHECK_INT(compare(of_text("-1.50e-400"), of_text("-15e-401")), 0);
	CHECK_INT(compare(of_text("9007199254740993.0"), of_int(9007199254740993)), 0);
	CHECK_INT(compare(of_text("9223372036854775807.0"), of_int(INT64_MAX)), 0);
	CHECK_INT(compare(of_text("9007199254740993.50"), of_text("90071992547409935e-1")), 0);
	CHECK_INT(compare(of_bytes(VALUE_STRING, "a", 1), of_bytes(VALUE_TEXT, "a", 1)), 0);
}

static void test_order(void)
{
	char longer[300];

	memset(longer, 'b', sizeof longer);
	const struct value sorted[] = {null, of_bool(false), of_bool(true), of_text("-2e400"), of_text("-1e300"),
		of_text("-9223372036854775809"), of_int(INT64_MIN), of_int(-1), of_double(-0.5), of_text("-1e-400"),
		of_int(0), of_text("1e-400"), of_text("1.1e-400"), of_double(0.5), of_int(1), of_int(INT64_MAX - 1),
		of_int(INT64_MAX), of_text("9223372036854775808"), of_text("12345678901234567890"), of_text("1e21"),
		of_text("12345678901234567890123"), of_text("1e300"), of_text("1e400"), of_text("2e400"),
		of_bytes(VALUE_STRING, "", 0), of_bytes(VALUE_STRING, "\0", 1), of_bytes(VALUE_STRING, "1", 1),
		of_bytes(VALUE_STRING, "a", 1), of_bytes(VALUE_STRING, "ab", 2), of_bytes(VALUE_STRING, "b", 1),
		of_bytes(VALUE_STRING, longer, 128), of_bytes(VALUE_STRING, longer, 300),
		of_bytes(VALUE_STRING, "\xff", 1), of_bytes(VALUE_ARRAY, "[]", 2), of_bytes(VALUE_OBJECT, "{}", 2)};
	enum { COUNT = sizeof sorted / sizeof *sorted };

	for (int i = 0; i < COUNT; i++)
		for (int j = 0; j < COUNT; j++)
			CHECK_INT(compare(sorted[i], sorted[j]), (i > j) - (i < j));
}

static void test_several(void)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	struct value x = of_bytes(VALUE_STRING, "a", 1), y = of_bytes(VALUE_STRING, "bc", 2),
		     z = of_bytes(VALUE_STRING, "ab", 2), w = of_bytes(VALUE_STRING, "c", 1), v;

	key_add(&a, &x);
	CHECK(key_compare(a.s, a.len, b.s, b.len) > 0);
	key_add(&b, &z);
	CHECK(key_compare(a.s, a.len, b.s, b.len) < 0);
	key_add(&a, &y);
	key_add(&b, &w);
	CHECK(key_compare(a.s, a.len, b.s, b.len) < 0);
	CHECK(a.len != b.len || memcmp(a.s, b.s, a.len) != 0);
	const char *s = a.s;
	size_t len = a.len;
	CHECK_INT(key_next(&s, &len, &v), 1);
	CHECK_MEM(v.s, v.len, "a", 1);
	CHECK_INT(key_next(&s, &len, &v), 1);
	CHECK_MEM(v.s, v.len, "bc", 2);
	CHECK_INT(key_next(&s, &len, &v), 0);
	strbuf_release(&a);
	strbuf_release(&b);
}

static int take_first(const char *s, size_t len)
{
	struct value v;

	return key_next(&s, &len, &v);
}

/* The words are the bytes. */
static void test_words(void)
{
	static const char text[] = "abcdefghijklmnop";
	struct value v;
	uint64_t words[2];

	for (size_t len = 0; len <= 16; len++) {
		struct strbuf key = STRBUF_INIT;
		char *copy = malloc(len + 1); /* of exactly this size, for sanitizers */
		memcpy(copy, text, len);
		v = of_bytes(VALUE_STRING, copy, len);
		key_add(&key, &v);
		size_t n = key_words(&v, words);
		CHECK_INT(n, len <= 14 ? len + 2 : 0);
		if (n)
			CHECK_MEM((const char *)words, n, key.s, key.len);
		free(copy);
		strbuf_release(&key);
	}
	for (int64_t i = -3; i < 3; i++) {
		struct strbuf key = STRBUF_INIT;
		v = of_int(i * (INT64_MAX / 3));
		key_add(&key, &v);
		size_t n = key_words(&v, words);
		CHECK_MEM((const char *)words, n, key.s, key.len);
		strbuf_release(&key);
	}
	CHECK_INT(key_words(&null, words), 0);
}

static void test_bad(void)
{
	CHECK_INT(take_first("", 0), 0);
	CHECK_INT(take_first("z", 1), -EBADMSG);
	CHECK_INT(take_first("i1234567", 8), -EBADMSG);
	CHECK_INT(take_first("s", 1), -EBADMSG);
	CHECK_INT(take_first("s\x02z", 3), -EBADMSG);
	CHECK_INT(take_first("s\x80", 2), -EBADMSG);
	CHECK_INT(take_first("s\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12), -EBADMSG);
	CHECK_INT(take_first("s\x02zz", 4), 1);
}

int main(void)
{
	TEST(test_same);
	TEST(test_order);
	TEST(test_several);
	TEST(test_words);
	TEST(test_bad);
	return check_done();
}
