/* Values of files in the types of tables: what can become what, and how it looks. */
#include "common/parquet/leaf_convert.h"

#include <errno.h>
#include <math.h>

#include "common/data/schema_text.h"
#include "tests/unit/check.h"

/* An element whose annotations are C of enum pq_converted and L of enum pq_logical; -1: none. */
static struct pq_element element(enum pq_physical physical, int length, int c, int l)
{
	static char name[] = "x";
	return (struct pq_element){.name = name,
		.physical = (int)physical,
		.length = length,
		.converted = c,
		.logical = l,
		.field_id = -1};
}

static struct pq_element decimal(enum pq_physical physical, int length)
{
	struct pq_element e = element(physical, length, PQ_CONVERTED_DECIMAL, -1);
	e.precision = 10;
	e.scale = 2;
	return e;
}

static struct pq_element with_unit(struct pq_element e, int unit)
{
	e.unit = unit;
	e.utc = true;
	return e;
}

/* A field of TYPE, which SCHEMA owns. */
static const struct schema_field *field_of(struct schema *schema, const char *type)
{
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	schema_init(schema);
	strbuf_addf(&text, "x %s", type);
	CHECK_INT(schema_parse_text(schema, text.s, text.len, &err), 0);
	strbuf_release(&text);
	strbuf_release(&err);
	return &schema->root.children[0];
}

/* One value of E as TYPE, to TO; the result of pq_convert_find() or pq_convert(). */
static int convert(struct pq_element e, const char *type, const void *value, size_t len, void *to, struct arena *arena)
{
	struct schema schema;
	struct pq_convert c;
	const struct schema_field *field = field_of(&schema, type);
	const struct pq_bytes bytes = {value, len};
	const struct pq_decoded from = {.data = value, .bytes = &bytes};
	const char *why = NULL;
	int r = pq_convert_find(&e, field, &c, &why);
	if (r < 0)
		CHECK(why != NULL);
	else if (c.kind == PQ_CONVERT_NOTHING)
		memcpy(to, value, c.width);
	else if ((r = pq_convert(&c, &from, 1, to, arena, &why)) < 0)
		CHECK_STR(why, "a number does not fit into the type that is wanted");
	schema_release(&schema);
	return r;
}

static int64_t number(struct pq_element e, const char *type, const void *value, size_t len)
{
	int64_t wide = 0;
	CHECK_INT(convert(e, type, value, len, &wide, NULL), 0);
	return wide;
}

static void check_text(struct pq_element e, const void *value, const char *want)
{
	struct arena arena = {0};
	struct pq_bytes got = {0};
	CHECK_INT(convert(e, "string", value, 0, &got, &arena), 0);
	CHECK_MEM(got.s, got.len, want, strlen(want));
	arena_release(&arena);
}

static const int32_t minus = -1;
static const int64_t far = INT64_MAX;

static void test_whole_numbers(void)
{
	CHECK_INT(number(element(PQ_INT32, 0, -1, -1), "bigint", &minus, 4), -1);
	CHECK_INT(number(element(PQ_INT32, 0, PQ_CONVERTED_UINT_32, -1), "bigint", &minus, 4), UINT32_MAX);
	CHECK_INT((int8_t)number(element(PQ_INT32, 0, -1, -1), "tinyint", &minus, 4), -1);
	pq_int128 big = 0;
	CHECK_INT(convert(element(PQ_INT64, 0, PQ_CONVERTED_UINT_64, -1), "decimal(20,0)",
			  "\xff\xff\xff\xff\xff\xff\xff\xff", 8, &big, NULL),
		0);
	CHECK((uint64_t)big == UINT64_MAX && big > 0);
	int32_t narrow = 128;
	CHECK_INT(convert(element(PQ_INT32, 0, -1, -1), "tinyint", &narrow, 4, &big, NULL), -EBADMSG);
	CHECK_INT(convert(element(PQ_INT64, 0, -1, -1), "int", &far, 8, &big, NULL), -EBADMSG);
	double d;
	CHECK_INT(convert(element(PQ_INT32, 0, -1, -1), "double", &minus, 4, &d, NULL), 0);
	CHECK(d == -1);
	CHECK_INT(number(element(PQ_INT32, 0, -1, -1), "decimal(12,2)", &minus, 4), -100);
}

static void test_decimals(void)
{
	static const unsigned char minus_two[] = {0xff, 0xfe},
				   long_minus[20] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe},
				   long_other[20] = {1};
	int64_t out;
	CHECK_INT(number(decimal(PQ_FIXED, 2), "decimal(10,2)", minus_two, 2), -2);
	CHECK_INT(number(decimal(PQ_BYTE_ARRAY, 0), "decimal(12,3)", minus_two, 2), -20);
	CHECK_INT(number(decimal(PQ_BYTE_ARRAY, 0), "decimal(10,2)", "", 0), 0);
	CHECK_INT(number(decimal(PQ_FIXED, 20), "decimal(10,2)", long_minus, 20), -2);
	CHECK_INT(convert(decimal(PQ_FIXED, 20), "decimal(10,2)", long_other, 20, &out, NULL), -EBADMSG);
	CHECK_INT(convert(decimal(PQ_INT64, 0), "decimal(10,1)", &far, 8, &out, NULL), -EINVAL);
	CHECK_INT(convert(decimal(PQ_INT64, 0), "bigint", &far, 8, &out, NULL), -EINVAL);
}

#define STAMP(u) with_unit(element(PQ_INT64, 0, -1, PQ_LOGICAL_TIMESTAMP), u)

static void test_times(void)
{
	static const int64_t n = -1;
	static const int64_t nanoseconds = 1500;
	static const int32_t day = 2440588 - 1;
	unsigned char old[12];
	memcpy(old, &nanoseconds, 8);
	memcpy(old + 8, &day, 4);
	int64_t out;
	CHECK_INT(number(STAMP(PQ_MILLIS), "timestamp", &n, 8), -1000);
	CHECK_INT(number(STAMP(PQ_MICROS), "timestamp", &n, 8), -1);
	CHECK_INT(number(STAMP(PQ_NANOS), "timestamp_ntz", &n, 8), -1);
	CHECK_INT(number(element(PQ_INT96, 0, -1, -1), "timestamp", old, 12), -86399999999);
	CHECK_INT(convert(STAMP(PQ_MILLIS), "timestamp", &far, 8, &out, NULL), -EBADMSG);
	CHECK_INT(number(element(PQ_INT32, 0, PQ_CONVERTED_DATE, -1), "timestamp_ntz", &minus, 4), -86400000000);
	CHECK_INT(convert(element(PQ_INT32, 0, PQ_CONVERTED_DATE, -1), "int", &minus, 4, &out, NULL), -EINVAL);
}

static void test_texts(void)
{
	static const int32_t ms = 36000500, parts[] = {14, 3, 4005}, odd = -5;
	static const int64_t ns = 86399999999999;
	check_text(element(PQ_FIXED, 16, -1, PQ_LOGICAL_UUID),
		"\x12\x34\x56\x78\x9a\xbc\xde\xf0\x12\x34\x56\x78\x9a\xbc\xde\xf0",
		"12345678-9abc-def0-1234-56789abcdef0");
	check_text(element(PQ_INT32, 0, PQ_CONVERTED_TIME_MILLIS, -1), &ms, "10:00:00.500");
	check_text(element(PQ_INT32, 0, PQ_CONVERTED_TIME_MILLIS, -1), &odd, "-5");
	check_text(with_unit(element(PQ_INT64, 0, -1, PQ_LOGICAL_TIME), PQ_NANOS), &ns, "23:59:59.999999999");
	check_text(element(PQ_FIXED, 12, PQ_CONVERTED_INTERVAL, -1), parts, "P14M3DT4.005S");
	check_text(element(PQ_FIXED, 3, -1, -1), "abc", "abc");
}

static void test_halves(void)
{
	static const struct {
		unsigned bits;
		float value;
	} halves[] = {{0x0000, 0}, {0x3c00, 1}, {0xc100, -2.5f}, {0x7bff, 65504}, {0x0001, 0x1p-24f},
		{0x0400, 0x1p-14f}, {0x7c00, INFINITY}, {0xfc00, -INFINITY}};
	const struct pq_element e = element(PQ_FIXED, 2, -1, PQ_LOGICAL_FLOAT16);
	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
		const unsigned char bytes[] = {(unsigned char)halves[i].bits, (unsigned char)(halves[i].bits >> 8)};
		float f;
		double d;
		CHECK_INT(convert(e, "float", bytes, 2, &f, NULL), 0);
		CHECK(f == halves[i].value);
		CHECK_INT(convert(e, "double", bytes, 2, &d, NULL), 0);
		CHECK(d == (double)halves[i].value);
	}
	float nan;
	CHECK_INT(convert(e, "float", "\x01\x7e", 2, &nan, NULL), 0);
	CHECK(isnan(nan));
}

static void test_refused(void)
{
	char to[16] = {0};
	CHECK_INT(convert(element(PQ_DOUBLE, 0, -1, -1), "float", to, 8, to, NULL), -EINVAL);
	CHECK_INT(convert(element(PQ_BOOLEAN, 0, -1, -1), "int", to, 1, to, NULL), -EINVAL);
	CHECK_INT(convert(element(PQ_BYTE_ARRAY, 0, -1, -1), "date", to, 1, to, NULL), -EINVAL);
	CHECK_INT(convert(element(PQ_INT64, 0, -1, -1), "timestamp", to, 8, to, NULL), -EINVAL);
	CHECK_INT(convert(element(PQ_INT64, 0, -1, -1), "string", to, 8, to, NULL), -EINVAL);
	CHECK_INT(convert(element(PQ_INT32, 0, PQ_CONVERTED_DECIMAL, -1), "decimal(5,2)", to, 4, to, NULL), -EINVAL);
}

int main(void)
{
	TEST(test_whole_numbers);
	TEST(test_decimals);
	TEST(test_times);
	TEST(test_texts);
	TEST(test_halves);
	TEST(test_refused);
	return check_done();
}
