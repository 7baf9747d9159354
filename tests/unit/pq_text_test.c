/* Rows and values as text, in all formats. */
#include "common/parquet/text.h"

#include "common/data/columntext.h"
#include "tests/unit/pq_reading.h"

#define TYPES                                                                                                   \
	"b boolean, i int, d double, f float, dec decimal(5,2), s string, x binary, day date, ts timestamp, n " \
	"timestamp_ntz, "                                                                                       \
	"t array<int>"
#define LINE                                                                                              \
	"{\"b\":true,\"i\":-5,\"d\":1e+300,\"f\":0.1,\"dec\":-0.05,\"s\":\"a\\\"\\t\xc3\xa4,\",\"x\":\"/" \
	"wEC\",\"day\":\"2026-11-22\","                                                                   \
	"\"ts\":\"2026-11-22T10:00:00.500Z\",\"n\":\"2026-11-22T10:00:00\",\"t\":[1,null]}\n"

/* LINES in FORMAT. */
static void check(enum pq_text_format format, bool nulls, const char *types, const char *lines, const char *want)
{
	struct scan_reading r;
	init(&r);
	write_file(types, lines, 9, NULL, &r.bytes);
	CHECK_INT(open_reading(&r, NULL), 0);
	pq_text_free(r.text);
	r.text = pq_text_new(r.scan, r.schema.root.count, format, nulls);
	CHECK_INT(read_all(&r), 0);
	CHECK_STR(r.err.s, "");
	CHECK_STR(r.out.s, want);
	end(&r);
}

static void test_formats(void)
{
	check(PQ_TEXT_JSON, false, TYPES, LINE "{}\n", LINE "{}\n");
	check(PQ_TEXT_JSON, true, "a int, g struct<x int>", "{\"g\":{}}\n{}\n",
		"{\"a\":null,\"g\":{\"x\":null}}\n{\"a\":null,\"g\":null}\n");
	check(PQ_TEXT_TSV, false, TYPES, LINE "{}\n",
		"true\t-5\t1e+300\t0.1\t-0.05\ta\"\\t\xc3\xa4,\t/"
		"wEC\t2026-11-22\t2026-11-22T10:00:00.500Z\t2026-11-22T10:00:00\t[1,null]\n"
		"\t\t\t\t\t\t\t\t\t\t\n");
	check(PQ_TEXT_CSV, false, TYPES, LINE "{}\n",
		"true,-5,1e+300,0.1,-0.05,\"a\"\"\t\xc3\xa4,\",/"
		"wEC,2026-11-22,2026-11-22T10:00:00.500Z,2026-11-22T10:00:00,\"[1,null]\"\n"
		",,,,,,,,,,\n");
	check(PQ_TEXT_CSV, false, "s string", "{\"s\":\"\"}\n{}\n", "\"\"\n\"\"\n");
	check(PQ_TEXT_CSV, false, "s string, i int", "{\"s\":\"\"}\n{}\n", "\"\",\n,\n");
}

static void test_odd_numbers(void)
{
	check(PQ_TEXT_JSON, false, "d double, m map<double,int>",
		"{\"d\":\"NaN\",\"m\":{\"NaN\":1,\"-Infinity\":2,\"1.5\":3}}\n",
		"{\"d\":\"NaN\",\"m\":{\"NaN\":1,\"-Infinity\":2,\"1.5\":3}}\n");
	check(PQ_TEXT_TSV, false, "d double, f float", "{\"d\":\"Infinity\",\"f\":\"-Infinity\"}\n",
		"Infinity\t-Infinity\n");
	check(PQ_TEXT_JSON, false, "m map<date,decimal(38,3)>",
		"{\"m\":{\"2026-11-22\":12345678901234567890123456789.5}}\n",
		"{\"m\":{\"2026-11-22\":12345678901234567890123456789.500}}\n");
}

static void test_head(void)
{
	struct scan_reading r;
	struct strbuf head = STRBUF_INIT;
	init(&r);
	write_file("a int, \"b,c\" int", "{}\n", 9, NULL, &r.bytes);
	CHECK_INT(open_reading(&r, NULL), 0);
	pq_text_free(r.text);
	r.text = pq_text_new(r.scan, 2, PQ_TEXT_CSV, false);
	pq_text_head(r.text, &head);
	CHECK_STR(head.s, "a,\"b,c\"\n");
	strbuf_release(&head);
	end(&r);
}

static struct value value_of(struct scan_reading *r, size_t column, size_t row)
{
	struct value v = {0};
	CHECK_INT(pq_text_value(r->text, &r->scan->root.child[column], row, &v, &r->err), 0);
	return v;
}

static void test_values(void)
{
	struct scan_reading r;
	init(&r);
	write_file(TYPES ", g struct<y string>", LINE "{\"g\":{\"y\":\"q\"},\"d\":2}\n", 9, NULL, &r.bytes);
	CHECK_INT(open_reading(&r, NULL), 0);
	CHECK_INT(pq_scan_group(r.scan, 0, NULL, &r.err), 0);
	CHECK_INT(pq_scan_next(r.scan, &r.err), 1);
	struct value v = value_of(&r, 0, 0);
	CHECK(v.type == VALUE_BOOL && v.b);
	v = value_of(&r, 1, 0);
	CHECK(v.type == VALUE_INT && v.i == -5);
	CHECK(value_of(&r, 1, 1).type == VALUE_NULL);
	v = value_of(&r, 2, 1);
	CHECK(v.type == VALUE_DOUBLE && v.d == 2);
	v = value_of(&r, 2, 0); /* compared by its digits */
	CHECK(v.type == VALUE_DOUBLE && v.d == 1e300);
	CHECK_MEM(v.raw, v.raw_len, "1e+300", 6);
	v = value_of(&r, 3, 0);
	CHECK(v.type == VALUE_DOUBLE && v.d == 0.1); /* as JSON has it, not as the float is */
	v = value_of(&r, 4, 0);
	CHECK(v.type == VALUE_DOUBLE && v.d == -0.05);
	v = value_of(&r, 5, 0);
	CHECK(v.type == VALUE_STRING);
	CHECK_MEM(v.s, v.len, "a\"\t\xc3\xa4,", 6);
	CHECK(!v.raw);
	v = value_of(&r, 8, 0);
	CHECK(v.type == VALUE_STRING);
	CHECK_MEM(v.s, v.len, "2026-11-22T10:00:00.500Z", 24);
	v = value_of(&r, 10, 0);
	CHECK(v.type == VALUE_ARRAY);
	CHECK_MEM(v.raw, v.raw_len, "[1,null]", 8);
	CHECK(value_of(&r, 11, 0).type == VALUE_NULL);
	v = value_of(&r, 11, 1);
	CHECK(v.type == VALUE_OBJECT);
	CHECK_MEM(v.raw, v.raw_len, "{\"y\":\"q\"}", 9);
	CHECK_INT(pq_text_value(r.text, &r.scan->root.child[11].child[0], 1, &v, &r.err), 0);
	CHECK_MEM(v.s, v.len, "q", 1);
	pq_text_clear(r.text);
	CHECK_STR(r.err.s, "");
	end(&r);
}

/* Text that is not UTF-8: no writer of ours makes it, so the file is changed. */
static void test_not_utf8(void)
{
	struct scan_reading r;
	init(&r);
	write_file("s string", "{\"s\":\"good\"}\n{\"s\":\"OddText\"}\n", 9, NULL, &r.bytes);
	for (size_t i = 0; i + 7 < r.bytes.len; i++)
		if (memcmp(r.bytes.s + i, "OddText", 7) == 0)
			r.bytes.s[i] = '\xff';
	CHECK_INT(open_reading(&r, NULL), 0);
	int status = read_all(&r);
	CHECK_INT(status, -EBADMSG);
	CHECK(strstr(r.err.s, "not UTF-8") || strstr(r.err.s, "CRC is wrong"));
	end(&r);
}

static void check_date(int64_t day, const char *want)
{
	struct columntext_date cache = {0};
	char text[COLUMNTEXT_MAX];
	CHECK_MEM(text, (size_t)(columntext_date(text, day, &cache) - text), want, strlen(want));
	CHECK_MEM(text, (size_t)(columntext_date(text, day, &cache) - text), want, strlen(want));
}

static void check_time(int64_t us, const char *want)
{
	struct columntext_date cache = {0};
	char text[COLUMNTEXT_MAX];
	CHECK_MEM(text, (size_t)(columntext_time(text, us, &cache) - text), want, strlen(want));
}

static void check_decimal(convert_i128 v, unsigned scale, const char *want)
{
	char text[COLUMNTEXT_MAX];
	CHECK_MEM(text, (size_t)(columntext_decimal(text, v, scale) - text), want, strlen(want));
}

static void test_single_values(void)
{
	check_date(0, "1970-01-01");
	check_date(-1, "1969-12-31");
	check_date(-719162, "0001-01-01");
	check_date(-719528, "0000-01-01");
	check_date(-719529, "-0001-12-31");
	check_date(2932896, "9999-12-31");
	check_date(2932897, "+10000-01-01");
	check_date(INT32_MAX, "+5881580-07-11");
	check_time(0, "1970-01-01T00:00:00");
	check_time(-1, "1969-12-31T23:59:59.999999");
	check_time(1500, "1970-01-01T00:00:00.001500");
	check_time(86399999000, "1970-01-01T23:59:59.999");
	check_time(INT64_MIN, "-290308-12-21T19:59:05.224192");
	check_decimal(0, 0, "0");
	check_decimal(0, 3, "0.000");
	check_decimal(-5, 2, "-0.05");
	check_decimal(12345, 2, "123.45");
	convert_i128 big = 1;
	for (int i = 0; i < 38; i++)
		big *= 10;
	check_decimal(-(big - 1), 38, "-0.99999999999999999999999999999999999999");
	check_decimal(big / 10, 0, "10000000000000000000000000000000000000");
}

int main(void)
{
	TEST(test_formats);
	TEST(test_odd_numbers);
	TEST(test_head);
	TEST(test_values);
	TEST(test_not_utf8);
	TEST(test_single_values);
	return check_done();
}
