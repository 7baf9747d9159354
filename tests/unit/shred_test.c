/*
 * Unit tests of common/parquet/shred.h: records of JSON.  tests/lib/shredcheck.py compares whole files with a
 * reference.
 */
#include "tests/unit/shredded.h"

static struct strbuf said = STRBUF_INIT;

static void test_flat(void)
{
	begin("a int, b string not null, c double, d boolean", SHRED_NEW_FAIL);
	put("{\"a\":1,\"b\":\"x\",\"c\":2.5,\"d\":true}\n{\"b\":\"\"}\n"
	    "{\"d\":false,\"c\":-1e3,\"a\":-7,\"b\":\"\\u00e4\"}\n",
		0, "");
	check_leaf(0, "0/1=1 0/0 0/1=-7");
	check_leaf(1, "0/0=x 0/0= 0/0=\xc3\xa4");
	check_leaf(2, "0/1=2.5 0/0 0/1=-1000");
	check_leaf(3, "0/1=true 0/0 0/1=false");
	CHECK_INT(columns->rows, 3);
	end();
}

static void test_nested(void)
{
	begin("t array<string>, g struct<x int, y array<struct<z int not null>>>, m map<int, string>", SHRED_NEW_FAIL);
	put("{}\n{\"t\":[],\"g\":{},\"m\":{}}\n"
	    "{\"t\":[\"a\",null],\"g\":{\"x\":1,\"y\":[{\"z\":1},null,{\"z\":2}]},\"m\":{\"1\":\"a\",\"-2\":null}}\n"
	    "{\"t\":null,\"g\":{\"y\":[]}}\n",
		0, "");
	check_leaf(0, "0/0 0/1 0/3=a 1/2 0/0");
	check_leaf(1, "0/0 0/1 0/2=1 0/1");
	check_leaf(2, "0/0 0/1 0/4=1 1/3 1/4=2 0/2");
	check_leaf(3, "0/0 0/1 0/2=1 1/2=-2 0/0");
	check_leaf(4, "0/0 0/1 0/3=a 1/2 0/0");
	end();
}

/* A refused record leaves nothing behind, wherever the bad value is. */
static void test_refused(void)
{
	static const struct {
		const char *record;
		int status;
		const char *text;
	} rows[] = {
		{"{\"a\":1.5}", -EINVAL, "column a: 1.5 is not a whole number"},
		{"{\"a\":1,\"g\":{\"x\":7}}", -EINVAL, "column g.x: 7 is neither true nor false"},
		{"{\"a\":1,\"g\":{\"x\":null}}", -EINVAL, "column g.x: it is null or missing, and must not be"},
		{"{\"a\":1,\"g\":{}}", -EINVAL, "column g.x: it is null or missing, and must not be"},
		{"{\"a\":1,\"g\":[1]}", -EINVAL, "column g: [1] is not an object"},
		{"{\"l\":[1,2,{}]}", -EINVAL, "column l.element: {} is not a number"},
		{"{\"l\":7}", -EINVAL, "column l: 7 is not an array"},
		{"{\"m\":[]}", -EINVAL, "column m: [] is not an object, as a map must be"},
		{"{\"m\":{\"k\":\"x\"}}", -EINVAL, "column m.value: \"x\" is a string, not a number"},
		{"{\"A\":1}", -EINVAL,
			"field A: the name of the column is 'a', and names that differ in case only are one"},
		{"{\"a\":1,\"b\":2}", -ENOENT, "field b: the table has no such column"},
		{"{\"g\":{\"x\":true,\"y\":1}}", -ENOENT, "field g.y: the table has no such column"},
		{"7", -EINVAL, "the record is not an object"},
		{"[]", -EINVAL, "the record is not an object"},
		{"", -EBADMSG, "byte 1: a value was expected"},
		{"{\"a\":1", -EBADMSG, "byte 7: ',' or '}' was expected"},
		{"{\"a\":1,}", -EBADMSG, "byte 8: a name in quotes was expected"},
		{"{\"m\":{\"k\":1,}}", -EBADMSG, "byte 13: a name in quotes was expected"},
		{"{\"m\":{\"k\" 1}}", -EBADMSG, "byte 11: ':' was expected"},
		{"{\"l\":[1,]}", -EBADMSG, "byte 9: this is not a JSON value"},
		{"{\"a\":1}}", -EBADMSG, "byte 8: the record has ended, but more follows"},
		/* A value that does not fit, in a record that is not even JSON: reported as not JSON. */
		{"{\"a\":true,\"l\":[1}", -EBADMSG, "byte 17: ',' or ']' was expected"},
		{"{\"a\":\"\\x\"}", -EBADMSG, "byte 7: no such escape"},
	};
	begin("a int, g struct<x boolean not null>, l array<int>, m map<string, int>", SHRED_NEW_FAIL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct strbuf s = STRBUF_INIT;
		strbuf_addf(&s, "%s\n", rows[i].record);
		put(s.s, rows[i].status, rows[i].text);
		strbuf_release(&s);
		for (size_t leaf = 0; leaf < 5; leaf++)
			check_leaf(leaf, "");
	}
	put("{\"a\":7}\n", 0, "");
	check_leaf(0, "0/1=7");
	check_leaf(3, "0/0");
	end();
}

/* Of members with the same name, the last counts, even if the others would not fit. */
static void test_twice(void)
{
	begin("a int, g struct<x int>, m map<string, int>", SHRED_NEW_FAIL);
	put("{\"a\":1,\"a\":2}\n{\"a\":\"x\",\"a\":3,\"g\":{\"q\":1},\"g\":{\"x\":1,\"x\":2}}\n"
	    "{\"a\":1,\"\\u0061\":null,\"m\":{\"k\":\"x\",\"l\":1,\"k\":2}}\n",
		0, "");
	check_leaf(0, "0/1=2 0/1=3 0/0");
	check_leaf(1, "0/0 0/2=2 0/0");
	check_leaf(2, "0/0 0/0 0/2=l 1/2=k");
	check_leaf(3, "0/0 0/0 0/3=1 1/3=2");
	put("{\"a\":1,\"a\":\"x\"}\n", -EINVAL, "column a: \"x\" is a string, not a number");
	end();
}

static void note(void *arg, const char *path)
{
	strbuf_addf(arg, "%s;", path);
}

static void test_ignored(void)
{
	begin("a int, g struct<x int>", SHRED_NEW_IGNORE);
	strbuf_clear(&said);
	shred_on_ignored(sh, note, &said);
	put("{\"b\":[{}],\"a\":1,\"g\":{\"y\":{\"a\":1},\"x\":2}}\n{\"b\":1,\"a\":2,\"b\":1}\n{\"g\":{\"y\":1}}\n", 0,
		"");
	CHECK_STR(said.s, "b;g.y;");
	check_leaf(0, "0/1=1 0/1=2 0/0");
	shred_forget(sh);
	put("{\"b\":1}\n{\"b\":1}\n", 0, "");
	CHECK_STR(said.s, "b;g.y;b;");
	put("{\"b\":[1}\n", -EBADMSG, "byte 8: ',' or ']' was expected");
	put("{\"G\":1}\n", -EINVAL,
		"field G: the name of the column is 'g', and names that differ in case only are one");
	end();
}

/* Names that come and go: how many are remembered is bounded. */
static void test_many_ignored(void)
{
	begin("a int", SHRED_NEW_IGNORE);
	strbuf_clear(&said);
	shred_on_ignored(sh, note, &said);
	for (int i = 0; i < 20000; i++) {
		struct strbuf s = STRBUF_INIT;
		strbuf_addf(&s, "{\"n%d\":1,\"a\":%d}\n", i, i);
		put(s.s, 0, "");
		strbuf_release(&s);
	}
	CHECK_INT(columns->rows, 20000);
	CHECK(strstr(said.s, "n4000;") && !strstr(said.s, "n5000;"));
	end();
}

static void test_add(void)
{
	begin("a int", SHRED_NEW_ADD);
	put("{\"b\":null,\"a\":1}\n", 0, "");
	put("{\"b\":[],\"c\":{},\"d\":[null,[{\"x\":{}}]],\"a\":2}\n", 0, "");
	put("{\"b\":[null,[]],\"a\":1,\"c\":{\"x\":[{}],\"y\":\"\"}}\n", -ENOENT,
		"field c: the table has no such column");
	put("{\"b\":[\n", -EBADMSG, "byte 7: a value was expected");
	put("{\"b\":\n", -EBADMSG, "byte 6: a value was expected");
	put("{\"b\"\n", -EBADMSG, "byte 5: ':' was expected");
	put("{\"b\":1,\"a\":1}\n", -ENOENT, "field b: the table has no such column");
	put("{\"b\" :nulls}\n", -EBADMSG, "byte 7: this is not a JSON value");
	check_leaf(0, "0/1=1 0/1=2");
	end();
}

/* A name with a backslash is never written unescaped; the unescaped text would be another name. */
static void test_odd_names(void)
{
	begin("\"a\\n\" int, \"\xc3\xa4\" int", SHRED_NEW_FAIL);
	put("{\"\xc3\x84\":1}\n", -EINVAL,
		"field \xc3\x84: the name of the column is '\xc3\xa4', and names that differ in case only are one");
	put("{\"a\\\\n\":1}\n", 0, "");
	put("{\"a\\n\":1}\n", -ENOENT, "field \"a\\x0a\": the table has no such column");
	end();
}

/*
 * Values of paths are available before a record is put, also texts with escapes, and for records that are read twice.
 */
static void test_paths(void)
{
	struct strbuf err = STRBUF_INIT;
	struct path path;
	const char *rec, span[] = "{\"s\":\"\\u0061\\n\",\"s\":\"\\u0062\\t\"}\n{\"s\":\n{\"s\":\"c\"}\n";
	size_t len;
	begin("s string", SHRED_NEW_FAIL);
	CHECK_INT(path_init(&path, ".s", &err), 0);
	int i = shred_want(sh, &path);
	shred_span(sh, span, strlen(span), '\n');
	CHECK_INT(shred_next(sh, &rec, &len), 1);
	CHECK_MEM(shred_values(sh)[i].s, shred_values(sh)[i].len, "b\t", 2);
	CHECK_INT(shred_put(sh, columns, &err), 0);
	CHECK_MEM(shred_values(sh)[i].s, shred_values(sh)[i].len, "b\t", 2);
	CHECK_INT(shred_next(sh, &rec, &len), -EBADMSG);
	CHECK_STR(shred_error(sh)->what, "a value was expected");
	CHECK_INT(shred_next(sh, &rec, &len), 1); /* and is not put */
	CHECK_INT(shred_next(sh, &rec, &len), 0);
	check_leaf(0, "0/1=b\t");
	path_release(&path);
	strbuf_release(&err);
	end();
}

/* What is not JSON for shred_next() is not JSON for shred_put(), either, whatever came before it. */
static void test_malformed_twice(void)
{
	static const char span[] = "{\"s\":\"a\"}\n\xff\n{\"s\":\"x\n{\"s\":\"b\"}\n";
	struct strbuf err = STRBUF_INIT;
	struct path path;
	const char *rec;
	size_t len;
	CHECK_INT(path_init(&path, ".s", &err), 0);
	for (int paths = 0; paths < 2; paths++) {
		int refused = 0, r;
		begin("s string", SHRED_NEW_FAIL);
		if (paths)
			(void)shred_want(sh, &path);
		shred_span(sh, span, strlen(span), '\n');
		while ((r = shred_next(sh, &rec, &len)) != 0) {
			int got = shred_put(sh, columns, &err);
			CHECK(r == 1 || got == r);
			refused += got == -EBADMSG;
		}
		CHECK_INT(refused, 2);
		CHECK_STR(err.s, "byte 1: this is not UTF-8byte 6: this string has no end");
		strbuf_clear(&err);
		check_leaf(0, "0/1=a 0/1=b");
		end();
	}
	path_release(&path);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_flat);
	TEST(test_nested);
	TEST(test_refused);
	TEST(test_twice);
	TEST(test_ignored);
	TEST(test_many_ignored);
	TEST(test_add);
	TEST(test_odd_names);
	TEST(test_paths);
	TEST(test_malformed_twice);
	strbuf_release(&said);
	return check_done();
}
