/* cmd/map: programs, values within JSON, texts that are taken apart, look-up files. */
#include "cmd/map/program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/map/extract.h"
#include "cmd/map/grok.h"
#include "cmd/map/nested.h"
#include "cmd/map/table.h"
#include "common/data/value_out.h"
#include "tests/unit/check.h"

static void check_program(const char *text, size_t steps, const char *error)
{
	struct strbuf err = STRBUF_INIT;
	struct map_program p = {0};
	int r = program_parse(&p, text, &err);

	CHECK_INT(r, error ? -EINVAL : 0);
	if (!error)
		CHECK_INT(p.count, steps);
	if (error && !strstr(err.s, error))
		CHECK_STR(err.s, error);
	program_release(&p);
	strbuf_release(&err);
}

static void test_programs(void)
{
	check_program("", 0, NULL);
	check_program(" ;\n# a ; b\n ; ", 0, NULL);
	check_program(".a = 1; .b = \";\"\nkeep .a", 3, NULL);
	check_program(".a = [1;2]", 0, "';' has no meaning");
	check_program(".a = if(.b,\n1,\n2)", 1, NULL);
	check_program(".a = \"\\\";\" ; del .b", 2, NULL);
	check_program("dele .a", 0, "there is no statement 'dele'; did you mean 'del'?");
	check_program("drop .a; trim .b; match .c \"^;\"\nrange .d 0 5", 4, NULL);
	check_program("range .d 5 1", 0, "column 11: the upper end is below the lower one");
	check_program("dedupe .a, . within 1d by ms@.t; dedupe $1 within 5m by now", 2, NULL);
	check_program("dedupe .a", 0, "column 10: 'within' is missing");
	check_program(".a", 0, "an assignment");
	check_program(".a == 1", 0, "an assignment");
	check_program(". = 1", 0, "emit makes a whole record");
	check_program("sample 101%", 0, "a share is from");
	check_program("lookup f on .a as .b else", 0, "else is followed by");
}

static void check_put(const char *json, const char *path, const char *value, const char *expected)
{
	struct strbuf text = STRBUF_INIT, out = STRBUF_INIT, err = STRBUF_INIT;
	struct path p;
	struct value v;

	CHECK_INT(path_init(&p, path, &err), 0);
	value_of_json(json, strlen(json), &text, &v);
	bool good = nested_put(&v, &p, 0, value, value ? strlen(value) : 0, &out);
	CHECK(good == (expected != NULL));
	if (good && expected)
		CHECK_STR(out.s, expected);
	path_release(&p);
	strbuf_release(&text);
	strbuf_release(&out);
	strbuf_release(&err);
}

static void test_nested(void)
{
	check_put("{\"a\":1, \"b\": [2]}", ".a", "5", "{\"a\":5, \"b\": [2]}");
	check_put("{ \"a\" :\t1 , \"b\": [2] }", ".a", "5", "{ \"a\" :\t5 , \"b\": [2] }");
	check_put("{ \"a\" : 1 , \"b\": [2]\n}", ".a", NULL, "{ \"b\": [2]\n}");
	check_put("{ \"a\" : {\"c\" : 1, \"d\" : [ ] } }", ".a.d[0].x", "5", NULL);
	check_put("{ \"a\" : {\"c\" : 1, \"d\" : [ 2, {} ] } }", ".a.d[1].x", "5",
		"{ \"a\" : {\"c\" : 1, \"d\" : [ 2, {\"x\":5} ] } }");
	check_put("{\"a\":1}", ".b.c", "5", "{\"a\":1,\"b\":{\"c\":5}}");
	check_put("{\"a\":{\"b\":{\"c\":1,\"d\":2}}}", ".a.b.c", "5", "{\"a\":{\"b\":{\"c\":5,\"d\":2}}}");
	check_put("{\"a\":null}", ".a.b", "5", "{\"a\":{\"b\":5}}");
	check_put("null", ".a.b", "5", "{\"a\":{\"b\":5}}");
	check_put("{\"a\":[1,{\"x\":2}]}", ".a[1].x", "5", "{\"a\":[1,{\"x\":5}]}");
	check_put("{\"a\":1,\"a\":2}", ".a", "5", "{\"a\":5}");
	check_put("{\"\\u0061\":1}", ".a", "5", "{\"\\u0061\":5}");
	check_put("{\"a\":1}", ".a.b", "5", NULL);
	check_put("{\"a\":[1]}", ".a[1]", "5", NULL);
	check_put("{\"a\":[1]}", ".a.x", "5", NULL);
	check_put("{\"a\":{\"b\":1,\"c\":2}}", ".a.b", NULL, "{\"a\":{\"c\":2}}");
	check_put("{\"a\":[1,2]}", ".a[0]", NULL, "{\"a\":[2]}");
	check_put("5", ".a", "1", NULL);
}

static void test_grok(void)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;

	CHECK_INT(grok_expand("a\\%{x} %{INT:n:int} %{USER}", &out, &err), 0);
	CHECK_STR(out.s, "a\\%{x} (?<n>[+-]?[0-9]+) (?:(?:[a-zA-Z0-9._-]+))");
	CHECK_INT(grok_expand("%{NOSUCH}", &out, &err), -EINVAL);
	CHECK_INT(grok_expand("%{INT", &out, &err), -EINVAL);
	CHECK_INT(grok_expand("%{INT:a b}", &out, &err), -EINVAL);
	CHECK_INT(grok_expand("%{INT:}", &out, &err), -EINVAL);
	CHECK_INT(grok_expand("%{INT:a:long}", &out, &err), -EINVAL);
	CHECK_INT(grok_expand("%{INT:a:", &out, &err), -EINVAL);
	strbuf_release(&out);
	strbuf_release(&err);
}

static void check_extract(const char *statement, const char *text, const char *expected)
{
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct map_program p = {0};

	CHECK_INT(program_parse(&p, statement, &err), 0);
	CHECK_INT(extract(&p.steps[0], text, strlen(text), &out), expected != NULL);
	if (expected)
		CHECK_STR(out.s, expected);
	program_release(&p);
	strbuf_release(&err);
	strbuf_release(&out);
}

static void test_extract(void)
{
	check_extract("parse .a regex '(?<x>\\d+)(?<y>z)?'", "a12", "{\"x\":\"12\",\"y\":null}");
	check_extract("parse .a regex '(?<x>\\d+)'", "a", NULL);
	check_extract("parse .a csv into .b", "", "[\"\"]");
	check_extract("parse .a csv into .b", "a,,\"b\"\"\n\"", "[\"a\",\"\",\"b\\\"\\n\"]");
	check_extract("parse .a kv", "a=1,b=\"x y\" c d=", "{\"a\":1,\"b\":\"x y\",\"d\":\"\"}");
	check_extract("parse .a kv", "nothing", NULL);
	check_extract("parse .a logfmt", "up a=\"x\\\\\",b", "{\"up\":true,\"a\":\"x\\\\\",\"b\":true}");
	check_extract("parse .a logfmt", "up a=\"x\\", NULL);
	check_extract("parse .a kv", "a=\"x\"y", NULL);
	check_extract("parse .a csv into .b", "a,\"b\"c", NULL);
	check_extract("parse .a grok '%{INT:n:int} %{NUMBER:f:float} %{DATA:s:int}$'", "07 1.50 x",
		"{\"n\":7,\"f\":1.5,\"s\":\"x\"}");
	check_extract("parse .a clf", "nothing", NULL);
	check_extract("parse .a syslog", "", NULL);
}

/* Write TEXT to PATH and look KEY up by FIELD: EXPECTED, or an error when it is NULL. */
static void check_table(const char *text, const char *field, const char *key, const char *expected)
{
	static const char path[] = "map-table-test";
	struct expr_field f = {.column = *field == '$' ? 1 : 0};
	struct strbuf err = STRBUF_INIT;
	struct lookup_table *t = NULL;
	const char *found;
	size_t len;
	FILE *file = fopen(path, "w");

	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
	if (!f.column)
		CHECK_INT(path_init(&f.path, field, &err), 0);
	int r = table_open(&t, path, &f, &err);
	CHECK(expected ? r == 0 : r < 0 && err.len);
	const struct value v = {.type = VALUE_STRING, .s = key, .len = strlen(key)};
	if (r == 0 && expected && *expected) {
		CHECK(table_find(t, &v, &found, &len));
		CHECK_MEM(found, len, expected, strlen(expected));
		CHECK_INT(table_refresh(t, &err), 0);
	} else if (r == 0) {
		CHECK(!table_find(t, &v, &found, &len));
	}
	if (r == 0) {
		CHECK_INT(unlink(path), 0);
		CHECK_INT(table_refresh(t, &err), -ENOENT);
		table_free(t);
	}
	path_release(&f.path);
	strbuf_release(&err);
	(void)unlink(path);
}

static void test_table(void)
{
	check_table("{\"k\":\"a\",\"v\":1}\n{\"k\":\"b\"}", ".k", "a", "{\"k\":\"a\",\"v\":1}");
	check_table("{\"k\":\"a\",\"v\":1}\n{\"k\":\"a\",\"v\":2}\n", ".k", "a", "{\"k\":\"a\",\"v\":2}");
	check_table("{\"k\":1.50}\n", ".k", "1.50", "{\"k\":1.50}");
	check_table("{\"k\":null}\n{}\n", ".k", "", "");
	check_table("k,v\na,\"x,y\"\n", ".k", "a", "{\"k\":\"a\",\"v\":\"x,y\"}");
	check_table("a\t2\n", "$1", "a", "{\"1\":\"a\",\"2\":2}");
	check_table("", ".k", "a", "");
	check_table("k,v\na,1\n", ".x", "a", NULL);
	check_table("{\"k\":\n", ".k", "a", NULL);
	check_table("k,v\na\n", ".k", "a", NULL);
}

int main(void)
{
	TEST(test_programs);
	TEST(test_nested);
	TEST(test_grok);
	TEST(test_extract);
	TEST(test_table);
	return check_done();
}
