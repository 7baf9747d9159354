#include "common/data/partition_by.h"

#include <errno.h>

#include "common/data/schema_text.h"
#include "tests/unit/check.h"

/* TEXT has these columns, and is printed like this. */
static void check_good(const char *text, const char *columns, const char *printed)
{
	struct partition_by by;
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT, again = STRBUF_INIT;

	CHECK(partition_by_is(text));
	CHECK_INT(partition_by_parse(&by, text, &err), 0);
	CHECK_STR(err.s, "");
	for (size_t i = 0; i < by.count; i++)
		strbuf_addf(&out, "%s%s", i ? " " : "", by.fields[i].column);
	CHECK_STR(out.s, columns);
	partition_by_print(&by, &again);
	CHECK_STR(again.s, printed);
	partition_by_release(&by);
	strbuf_release(&err);
	strbuf_release(&out);
	strbuf_release(&again);
}

static void test_good(void)
{
	check_good("region", "region", "region");
	check_good(" day( ts ),region", "ts_day region", "day(ts), region");
	check_good("year(a), month(a), hour(a)", "a_year a_month a_hour", "year(a), month(a), hour(a)");
	check_good("bucket(16, user), truncate(4, zip)", "user_bucket_16 zip_trunc_4",
		"bucket(16, user), truncate(4, zip)");
	check_good("identity(region)", "region", "region");
	check_good("DAY(Ts)", "Ts_day", "day(Ts)");
	check_good("geo.city, day(meta.\"at\")", "geo_city meta_at_day", "geo.city, day(meta.at)");
	check_good("\"odd name\", `a=b`", "odd name a=b", "\"odd name\", \"a=b\"");
	check_good("day, hour(hour)", "day hour_hour", "day, hour(hour)");
	check_good("\"a.b\"", "a.b", "\"a.b\"");
	check_good("gr\xc3\xb6\xc3\x9f"
		   "e",
		"gr\xc3\xb6\xc3\x9f"
		"e",
		"gr\xc3\xb6\xc3\x9f"
		"e");
}

static void check_refused(const char *text, const char *why)
{
	struct partition_by by;
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(partition_by_parse(&by, text, &err), -EINVAL);
	CHECK_STR(err.s, why);
	partition_by_release(&by);
	strbuf_release(&err);
}

static void test_bad(void)
{
	check_refused("", "character 1: a column or a transform is missing at the end");
	check_refused("a,", "character 3: a column or a transform is missing at the end");
	check_refused("a b", "character 3: 'b' stands where a ',' or the end is expected");
	check_refused("days(ts)",
		"character 1: there is no transform 'days'; they are identity, year, month, day, hour, "
		"bucket(N, COLUMN) and truncate(N, COLUMN)");
	check_refused("day(ts", "character 7: a '.' or a ')' is missing at the end");
	check_refused("day()", "character 5: ')' stands where a column is expected");
	check_refused("day(ts) x", "character 9: 'x' stands where a ',' or the end is expected");
	check_refused("bucket(user, 16)", "character 8: 'user' stands where the number is expected");
	check_refused("bucket(0, user)", "character 8: the number is not from 1 to 1000000");
	check_refused("bucket(1000001, user)", "character 8: the number is not from 1 to 1000000");
	check_refused("bucket(99999999999, user)", "character 8: the number is not from 1 to 1000000");
	check_refused("truncate(4294967297, user)", "character 10: the number is not from 1 to 1000000");
	check_refused("truncate(4)", "character 11: ')' stands where a ',' is expected");
	check_refused("a.", "character 3: a column is missing at the end");
	check_refused("\"a", "character 1: this quote is not closed");
	check_refused("region, Region", "character 9: there is a partition column 'Region' already");
	check_refused("ts_day, day(ts)", "character 9: there is a partition column 'ts_day' already");
	check_refused("\"\"", "character 1: this name is empty");
}

static void test_other_form(void)
{
	CHECK(!partition_by_is("dt=%F"));
	CHECK(!partition_by_is("region={.region}/dt=%F"));
	CHECK(partition_by_is("\"a=b\""));
	CHECK(partition_by_is("`a=b`, c"));
	CHECK(!partition_by_is("`a`=b"));
	CHECK(partition_by_is(""));
}

static void test_source(void)
{
	struct schema s;
	struct partition_by by;
	struct strbuf err = STRBUF_INIT;
	const char *text = "region string, geo struct<city string>, tags array<string>";

	CHECK_INT(schema_parse_text(&s, text, strlen(text), &err), 0);
	CHECK_INT(partition_by_parse(&by, "geo.city, region, geo.zip, tags.element, Region.x", &err), 0);
	CHECK_STR(partition_source(&by.fields[0], &s.root)->name, "city");
	CHECK_STR(partition_source(&by.fields[1], &s.root)->name, "region");
	for (size_t i = 2; i < by.count; i++)
		CHECK(!partition_source(&by.fields[i], &s.root));
	CHECK(!partition_is_column(&by.fields[0]));
	CHECK(partition_is_column(&by.fields[1]));
	partition_by_release(&by);
	schema_release(&s);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_good);
	TEST(test_bad);
	TEST(test_other_form);
	TEST(test_source);
	return check_done();
}
