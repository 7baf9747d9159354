#include "common/data/transform.h"

#include <errno.h>

#include "common/base/murmur3.h"
#include "common/data/schema_text.h"
#include "tests/unit/check.h"

/* The source column of type TYPE, as written in a schema's text. */
static void open_type(struct schema *s, const char *type)
{
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;

	strbuf_addf(&text, "c %s", type);
	CHECK_INT(schema_parse_text(s, text.s, text.len, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&text);
	strbuf_release(&err);
}

static int make(struct transform t, const char *type, const struct value *v, struct strbuf *out, const char **why)
{
	struct schema s;

	open_type(&s, type);
	int r = transform_value(&t, &s.root.children[0], v, NULL, out, why);
	schema_release(&s);
	return r;
}

static struct value text_value(const char *s)
{
	return (struct value){.type = VALUE_TEXT, .raw = s, .raw_len = strlen(s), .s = s, .len = strlen(s)};
}

/* The value TEXT of a column of type TYPE becomes EXPECTED. */
static void check_value(struct transform t, const char *type, const char *text, const char *expected)
{
	struct strbuf out = STRBUF_INIT;
	struct value v = text_value(text);
	const char *why = "";

	CHECK_INT(make(t, type, &v, &out, &why), 0);
	CHECK_STR(why, "");
	CHECK_STR(out.s, expected);
	strbuf_release(&out);
}

static const struct transform identity = {TRANSFORM_IDENTITY, 0}, year = {TRANSFORM_YEAR, 0},
			      month = {TRANSFORM_MONTH, 0}, day = {TRANSFORM_DAY, 0}, hour = {TRANSFORM_HOUR, 0};

static void test_identity(void)
{
	check_value(identity, "string", "a b/\xc3\xa4", "a b/\xc3\xa4");
	check_value(identity, "boolean", "true", "true");
	check_value(identity, "boolean", "f", "false");
	check_value(identity, "int", "-12", "-12");
	check_value(identity, "bigint", "-9223372036854775808", "-9223372036854775808");
	check_value(identity, "bigint", "1e3", "1000");
	check_value(identity, "decimal(12,2)", "12.5", "12.50");
	check_value(identity, "decimal(12,2)", "-0.05", "-0.05");
	check_value(identity, "decimal(38,0)", "99999999999999999999999999999999999999",
		"99999999999999999999999999999999999999");
	check_value(identity, "decimal(38,38)", "0", "0.00000000000000000000000000000000000000");
	check_value(identity, "date", "1969-12-31", "1969-12-31");
	check_value(identity, "timestamp", "2026-11-22T11:00:00+01:00", "2026-11-22T10:00:00Z");
	check_value(identity, "timestamp", "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z");
	check_value(identity, "timestamp_ntz", "2026-11-22T10:00:00.000001", "2026-11-22 10:00:00.000001");
}

static void test_times(void)
{
	check_value(year, "timestamp", "2026-11-22T10:00:00Z", "2026");
	check_value(month, "timestamp", "2026-11-22T10:00:00Z", "2026-11");
	check_value(day, "timestamp", "2026-11-22T23:59:59.999999Z", "2026-11-22");
	check_value(hour, "timestamp", "2026-11-22T10:59:59Z", "2026-11-22-10");
	check_value(day, "timestamp", "2026-11-22T00:30:00+01:00", "2026-11-21");
	check_value(year, "date", "1969-12-31", "1969");
	check_value(month, "date", "0001-01-01", "0001-01");
	check_value(day, "timestamp", "1969-12-31T23:59:59.999999Z", "1969-12-31");
	check_value(hour, "timestamp", "1969-12-31T23:59:59.999999Z", "1969-12-31-23");
	check_value(hour, "timestamp_ntz", "1970-01-01T00:00:00", "1970-01-01-00");
	check_value(hour, "timestamp", "9999-12-31T23:59:59.999999Z", "9999-12-31-23");
}

/* Iceberg's specification, appendix B: bucket numbers are computed from the hash of a value. */
static void check_hash(const char *type, const char *text, int32_t hash)
{
	static const uint32_t counts[] = {1, 2, 16, 100, 1000000};
	char expected[16];

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		snprintf(expected, sizeof expected, "%u", ((uint32_t)hash & INT32_MAX) % counts[i]);
		check_value((struct transform){TRANSFORM_BUCKET, counts[i]}, type, text, expected);
	}
}

static void test_bucket(void)
{
	CHECK_INT(murmur3_32("", 0), 0);
	CHECK_INT((int32_t)murmur3_32("iceberg", 7), 1210000089);
	CHECK_INT((int32_t)murmur3_32("\0\1\2\3", 4), -188683207);
	check_hash("int", "34", 2017239379);
	check_hash("bigint", "34", 2017239379);
	check_hash("decimal(9,2)", "14.20", -500754589);
	check_hash("decimal(38,2)", "14.20", -500754589);
	check_hash("date", "2017-11-16", -653330422);
	check_hash("timestamp_ntz", "2017-11-16T22:31:08", -2047944441);
	check_hash("timestamp_ntz", "2017-11-16T22:31:08.000001", -1207196810);
	check_hash("timestamp", "2017-11-16T14:31:08-08:00", -2047944441);
	check_hash("timestamp", "2017-11-16T14:31:08.000001-08:00", -1207196810);
	check_hash("string", "iceberg", 1210000089);
	check_hash("binary", "AAECAw==", -188683207);
}

static void test_truncate(void)
{
	const struct transform by10 = {TRANSFORM_TRUNCATE, 10}, by50 = {TRANSFORM_TRUNCATE, 50},
			       by3 = {TRANSFORM_TRUNCATE, 3};

	check_value(by10, "int", "1", "0");
	check_value(by10, "int", "-1", "-10");
	check_value(by10, "int", "-10", "-10");
	check_value(by10, "bigint", "9223372036854775807", "9223372036854775800");
	check_value(by50, "decimal(9,2)", "10.65", "10.50");
	check_value(by50, "decimal(9,2)", "-0.05", "-0.50");
	check_value(by3, "string", "iceberg", "ice");
	check_value(by3, "string", "ab", "ab");
	check_value(by3, "string", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80x", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
}

/* V of a column of type TYPE has no partition: the error is ERROR, because of WHY. */
static void check_none(struct transform t, const char *type, struct value v, int error, const char *expected)
{
	struct strbuf out = STRBUF_INIT;
	const char *why = "";

	CHECK_INT(make(t, type, &v, &out, &why), error);
	CHECK_STR(why, expected);
	CHECK_STR(out.s, "");
	strbuf_release(&out);
}

static void test_none(void)
{
	const struct value missing = {.type = VALUE_MISSING}, nul = {.type = VALUE_STRING, .s = "a\0b", .len = 3};
	const struct transform by10 = {TRANSFORM_TRUNCATE, 10}, bucket = {TRANSFORM_BUCKET, 4};

	check_none(identity, "string", missing, -ENODATA, "");
	check_none(day, "timestamp", missing, -ENODATA, "");
	check_none(bucket, "binary", missing, -ENODATA, "");
	check_none(identity, "string", (struct value){.type = VALUE_STRING, .s = "", .len = 0}, -ENODATA, "");
	check_none(identity, "string", nul, -EINVAL, "has a NUL");
	check_none(by10, "string", nul, -EINVAL, "has a NUL");
	check_none(identity, "int", text_value("x"), -EINVAL, "is not a number");
	check_none(identity, "int", text_value("3000000000"), -ERANGE, "does not fit into int");
	check_none(day, "timestamp", text_value("NaN"), -EINVAL, "is not a time like 2026-11-22T10:00:00Z");
	check_none(bucket, "binary", text_value("?"), -EINVAL, "is not base64 with padding");
	check_none(by10, "int", text_value("-2147483648"), -ERANGE, "is so low that the column has no such partition");
	check_none(by10, "bigint", text_value("-9223372036854775808"), -ERANGE,
		"is so low that the column has no such partition");
	check_none(by10, "decimal(2,0)", text_value("-95"), -ERANGE, "is so low that the column has no such partition");
}

/* What KIND makes of a column of type TYPE has the type EXPECTED, as written in a schema's text; NULL: it has none. */
static void check_type(enum transform_kind kind, const char *type, const char *expected)
{
	struct schema s;
	struct schema_field made = {0};
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	const struct transform t = {kind, 4};

	open_type(&s, type);
	int r = transform_type(&t, &s.root.children[0], &made, &err);
	CHECK_INT(r, expected ? 0 : -EINVAL);
	CHECK_INT(err.len > 0, !expected);
	if (r == 0) {
		schema_print_type(&made, &out);
		CHECK_STR(out.s, expected);
	}
	schema_release(&s);
	strbuf_release(&out);
	strbuf_release(&err);
}

static void test_types(void)
{
	check_type(TRANSFORM_IDENTITY, "decimal(12,2)", "decimal(12,2)");
	check_type(TRANSFORM_IDENTITY, "smallint", "smallint");
	check_type(TRANSFORM_IDENTITY, "double", NULL);
	check_type(TRANSFORM_IDENTITY, "binary", NULL);
	check_type(TRANSFORM_IDENTITY, "array<int>", NULL);
	check_type(TRANSFORM_IDENTITY, "struct<a int>", NULL);
	check_type(TRANSFORM_YEAR, "date", "int");
	check_type(TRANSFORM_MONTH, "timestamp", "string");
	check_type(TRANSFORM_DAY, "timestamp_ntz", "date");
	check_type(TRANSFORM_HOUR, "timestamp", "string");
	check_type(TRANSFORM_HOUR, "date", NULL);
	check_type(TRANSFORM_DAY, "string", NULL);
	check_type(TRANSFORM_BUCKET, "binary", "int");
	check_type(TRANSFORM_BUCKET, "float", NULL);
	check_type(TRANSFORM_BUCKET, "boolean", NULL);
	check_type(TRANSFORM_TRUNCATE, "bigint", "bigint");
	check_type(TRANSFORM_TRUNCATE, "binary", NULL);
	check_type(TRANSFORM_TRUNCATE, "date", NULL);
}

int main(void)
{
	TEST(test_identity);
	TEST(test_times);
	TEST(test_bucket);
	TEST(test_truncate);
	TEST(test_none);
	TEST(test_types);
	return check_done();
}
