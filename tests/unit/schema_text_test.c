#include "common/data/schema_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static int parse(struct schema *s, const char *text, struct strbuf *err)
{
	return schema_parse_text(s, text, strlen(text), err);
}

/* TEXT is printed as EXPECTED, and EXPECTED as itself. */
static void check(const char *text, const char *expected)
{
	struct schema s, again;
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;

	CHECK_INT(parse(&s, text, &err), 0);
	CHECK_STR(err.s, "");
	schema_print(&s, &out);
	CHECK_STR(out.s, expected);
	CHECK_INT(parse(&again, out.s, &err), 0);
	CHECK(schema_equal(&s, &again));
	CHECK_INT(s.last_id, again.last_id);
	strbuf_clear(&out);
	schema_print(&again, &out);
	CHECK_STR(out.s, expected);
	schema_release(&s);
	schema_release(&again);
	strbuf_release(&err);
	strbuf_release(&out);
}

static void check_mistake(const char *text, const char *reason)
{
	struct schema s = {.last_id = 77};
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(parse(&s, text, &err), -EINVAL);
	CHECK_STR(err.s, reason);
	CHECK_INT(s.last_id, 77);
	strbuf_release(&err);
}

static void test_types(void)
{
	check("ts timestamp, user string, amount decimal(12,2) , tags array<string>, "
	      "geo struct<lat double, lon double>, m map<string,int>",
		"ts timestamp, user string, amount decimal(12,2), tags array<string>, "
		"geo struct<lat double, lon double>, m map<string,int>");
	check("a boolean, b tinyint, c smallint, d int, e bigint, f float, g double, h string, i binary, j date, "
	      "k timestamp_ntz",
		"a boolean, b tinyint, c smallint, d int, e bigint, f float, g double, h string, i binary, j date, "
		"k timestamp_ntz");
	check("a decimal(38), b decimal(38,38), c decimal(1,0)", "a decimal(38,0), b decimal(38,38), c decimal(1,0)");
	check("a timestamp(ms), b timestamp_ntz(NS), c timestamp(6)",
		"a timestamp(ms), b timestamp_ntz(ns), c timestamp");
}

static void test_aliases(void)
{
	check("a bool, b byte, c short, d integer, e int4, f long, g int8, h INT64",
		"a boolean, b tinyint, c smallint, d int, e int, f bigint, g bigint, h bigint");
	check("a real, b double precision, c float8, d numeric(5,1), e dec(3)",
		"a float, b double, c double, d decimal(5,1), e decimal(3,0)");
	check("a text, b VARCHAR, c character varying, d bytes, e blob",
		"a string, b string, c string, d binary, e binary");
	check("a timestamptz, b timestamp with time zone, c timestamp with local time zone",
		"a timestamp, b timestamp, c timestamp");
	check("a timestamp without time zone, b timestamp(ms) without time zone, c datetime",
		"a timestamp_ntz, b timestamp_ntz(ms), c timestamp_ntz");
}

static void test_nested(void)
{
	check("a int[], b varchar[][], c STRUCT(x INTEGER, y MAP(VARCHAR, BIGINT)[])",
		"a array<int>, b array<array<string>>, c struct<x int, y array<map<string,bigint>>>");
	check("a array<int not null> not null, m map<string not null, int not null>",
		"a array<int not null> not null, m map<string,int not null>");
	check("struct<a: bigint, b: struct<c: int>>", "a bigint, b struct<c int>");
	check("struct struct<array array<int>>, map map<date,date>, not int not null, null int null",
		"struct struct<array array<int>>, map map<date,date>, not int not null, null int");
}

static void test_names(void)
{
	check("\"a b\" int, `c``d` int, \"e\"\"f\" int, \"@timestamp\" timestamp, \"1st\" int, 2nd int",
		"\"a b\" int, \"c`d\" int, \"e\"\"f\" int, \"@timestamp\" timestamp, \"1st\" int, \"2nd\" int");
	check("gr\xc3\xb6\xc3\x9f"
	      "e int, \"a.b\" int, _x int",
		"gr\xc3\xb6\xc3\x9f"
		"e int, \"a.b\" int, _x int");
	check("a int comment 'it''s # 1' , b string not null comment ''",
		"a int comment 'it''s # 1', b string not null comment ''");
	check("# the events\n a int, # first\n\tb string # and last", "a int, b string");
}

static void test_mistakes(void)
{
	check_mistake("", "character 1: there are no columns; a schema is NAME TYPE, NAME TYPE, ...");
	check_mistake(
		" # nothing\n", "line 1, character 1: there are no columns; a schema is NAME TYPE, NAME TYPE, ...");
	check_mistake("a strin", "character 3: there is no type 'strin'; did you mean 'string'?");
	check_mistake("a int,\nb uint64", "line 2, character 3: there is no type 'uint64': write decimal(20,0)");
	check_mistake("a int b int", "character 7: 'b' stands where ',' is expected");
	check_mistake("a int,", "character 7: a name is missing at the end");
	check_mistake("a", "character 2: a type is missing at the end");
	check_mistake("a varchar(10)", "character 10: varchar has nothing in parentheses: write string");
	check_mistake("a int not", "character 10: null is missing at the end");
	check_mistake("a array", "character 8: '<' is missing at the end");
	check_mistake("a array<int", "character 12: '>' is missing at the end");
	check_mistake("a map<string>", "character 13: '>' stands where ',' is expected");
	check_mistake("a struct<>", "character 10: '>' stands where a name is expected");
	check_mistake("a int[3]", "character 7: '3' stands where ']' (arrays have any length) is expected");
	check_mistake("a timestamp(3)",
		"character 13: the unit of numbers is s, ms, us or ns, not '3'; a timestamp always "
		"has microseconds");
	check_mistake("a timestamp with zone", "character 18: 'zone' stands where time zone is expected");
	check_mistake("struct<a int> x", "character 15: 'x' stands where the end is expected");
}

static void test_bad_names(void)
{
	check_mistake("a.b int", "character 2: a name with a '.' goes in quotes; fields of fields are written NAME "
				 "struct<NAME TYPE, ...>");
	check_mistake("@t int", "character 1: a name with characters other than letters, digits and _ goes in quotes");
	check_mistake("a-b int", "character 2: a name with characters other than letters, digits and _ goes in quotes");
	check_mistake("\"a int", "character 1: this quote is not closed");
	check_mistake("\"\" int", "character 1: this name is empty");
	check_mistake("a\xff int", "character 2: this is not UTF-8");
	check_mistake("\"\xff\" int", "character 1: this name is not UTF-8");
	check_mistake("a int, A string", "character 1: the fields 'a' and 'A' differ only in case");
	check_mistake("a int, a string", "character 1: there are two fields 'a'");
	check_mistake("x int, g struct<\xc3\xa4 int, \xc3\x84 int>",
		"character 17: the fields '\xc3\xa4' and '\xc3\x84' differ only in case");
	struct strbuf err = STRBUF_INIT;
	struct schema s;
	CHECK_INT(schema_parse_text(&s, "a\0b int", 8, &err), -EINVAL);
	CHECK_STR(err.s, "character 2: a name with characters other than letters, digits and _ goes in quotes");
	strbuf_release(&err);
}

static void test_decimals(void)
{
	check_mistake("a decimal", "character 10: decimal needs its digits, and how many of them are after the point: "
				   "decimal(12,2)");
	check_mistake("a decimal(39)", "character 11: the number of digits is not from 1 to 38");
	check_mistake("a decimal(0)", "character 11: the number of digits is not from 1 to 38");
	check_mistake("a decimal(99999999999999999999)", "character 11: the number of digits is not from 1 to 38");
	check_mistake("a decimal(5,6)", "character 13: the number of digits after the point is not from 0 to 5");
	check_mistake(
		"a decimal(5,)", "character 13: ')' stands where the number of digits after the point is expected");
	check_mistake("a decimal(-5)", "character 11: '-' stands where the number of digits is expected");
}

/* `a OPEN OPEN … int CLOSE CLOSE …` */
static int parse_levels(int n, const char *open, const char *close)
{
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	struct schema s;

	strbuf_addstr(&text, "a ");
	for (int i = 0; i < n; i++)
		strbuf_addstr(&text, open);
	strbuf_addstr(&text, "int");
	for (int i = 0; i < n; i++)
		strbuf_addstr(&text, close);
	int r = parse(&s, text.s, &err);
	CHECK(r == 0 || strstr(err.s, "there are more than 32 levels of types"));
	if (r == 0)
		schema_release(&s);
	strbuf_release(&text);
	strbuf_release(&err);
	return r;
}

static void test_limits(void)
{
	const char *forms[][2] = {{"array<", ">"}, {"", "[]"}, {"struct<x ", ">"}, {"map<int,", ">"}};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		CHECK_INT(parse_levels(SCHEMA_MAX_DEPTH - 1, forms[i][0], forms[i][1]), 0);
		CHECK_INT(parse_levels(SCHEMA_MAX_DEPTH, forms[i][0], forms[i][1]), -EINVAL);
		CHECK_INT(parse_levels(100000, forms[i][0], forms[i][1]), -EINVAL);
	}
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	struct schema s;
	for (int i = 0; i < SCHEMA_MAX_FIELDS; i++)
		strbuf_addf(&text, "%sc%d int", i ? ", " : "", i);
	CHECK_INT(parse(&s, text.s, &err), 0);
	CHECK_INT(s.last_id, SCHEMA_MAX_FIELDS);
	schema_release(&s);
	strbuf_addstr(&text, ", more int");
	CHECK_INT(parse(&s, text.s, &err), -EINVAL);
	CHECK(strstr(err.s, "there are more than 20000 fields"));
	strbuf_release(&text);
	strbuf_release(&err);
}

static void test_ids(void)
{
	struct schema s;
	struct strbuf err = STRBUF_INIT, path = STRBUF_INIT;

	CHECK_INT(parse(&s, "a int, g struct<lat double, tags array<string>>, m map<string,int>, z int", &err), 0);
	CHECK_INT(s.root.children[0].id, 1);
	CHECK_INT(s.root.children[1].id, 2);
	CHECK_INT(s.root.children[1].children[1].children[0].id, 5);
	CHECK_INT(s.root.children[2].children[1].id, 8);
	CHECK_INT(s.root.children[3].id, 9);
	CHECK_INT(s.last_id, 9);
	schema_path(&s, &s.root.children[1].children[1].children[0], &path);
	CHECK_STR(path.s, "g.tags.element");
	schema_release(&s);
	strbuf_release(&err);
	strbuf_release(&path);
}

/* The schema in a file with that text. */
static void check_file(const char *text, const char *expected, const char *reason)
{
	char name[1 + SCRATCH_SIZE] = "@";
	int fd = mkstemp(scratch(name + 1, "schema-test"));
	struct schema s;
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;

	schema_init(&s);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	CHECK_INT(schema_parse_option(name, &s, &err), expected ? 0 : -EINVAL);
	CHECK_STR(err.s, reason);
	schema_print(&s, &out);
	CHECK_STR(out.s, expected ? expected : "");
	unlink(name + 1);
	schema_release(&s);
	strbuf_release(&err);
	strbuf_release(&out);
}

static void test_option(void)
{
	struct schema s;
	struct strbuf err = STRBUF_INIT;

	check_file("\xef\xbb\xbf# events\na int,\nb string\n", "a int, b string", "");
	check_file("a int,\nb strin\n", NULL,
		"is not a schema: line 2, character 3: there is no type 'strin'; did you mean 'string'?");
	schema_init(&s);
	CHECK_INT(schema_parse_option("@/nowhere/at/all", &s, &err), -ENOENT);
	CHECK_STR(err.s, "cannot be read: No such file or directory");
	CHECK_INT(schema_parse_option("@-", &s, &err), -EINVAL);
	CHECK_INT(schema_parse_option("a int", &s, &err), 0);
	CHECK_INT(schema_parse_option("b int, c int", &s, &err), 0);
	CHECK_INT(s.root.count, 2);
	schema_release(&s);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_types);
	TEST(test_aliases);
	TEST(test_nested);
	TEST(test_names);
	TEST(test_mistakes);
	TEST(test_bad_names);
	TEST(test_decimals);
	TEST(test_limits);
	TEST(test_ids);
	TEST(test_option);
	return check_done();
}
