/* Unit tests of members.h: members of JSON records. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/data/members.h"
#include "tests/unit/check.h"

static const char *const names[] = {"a", "b", "long name"};

static void on_other(void *arg, const char *name, size_t len)
{
	strbuf_addstr(arg, "+");
	strbuf_add(arg, name, len);
}

/* The values of the records TEXT, each ended by ';': `1,-,x`, of names that are missing '-', then the others. */
static void read_as(const char *text, const char *want)
{
	struct strbuf out = STRBUF_INIT, others = STRBUF_INIT;
	struct members m;
	const char *rec;
	size_t len;
	int r;
	CHECK_INT(members_init(&m, names, 3), 0);
	m.on_other = on_other;
	m.arg = &others;
	members_span(&m, text, strlen(text), ';');
	while ((r = members_next(&m, &rec, &len)) != 0) {
		if (r < 0) {
			CHECK_INT(r, -EBADMSG);
			strbuf_addf(&out, "[%zu %s]", members_error(&m)->pos, members_error(&m)->what);
			strbuf_clear(&others);
			continue;
		}
		for (size_t i = 0; i < 3; i++) {
			const struct value *v = &m.values[i];
			strbuf_addstr(&out, i ? "," : "");
			if (v->type == VALUE_MISSING)
				strbuf_addch(&out, '-');
			else
				strbuf_add(&out, v->s, v->len);
		}
		strbuf_addf(&out, "%s;", others.s);
		strbuf_clear(&others);
	}
	CHECK_STR(out.s, want);
	members_release(&m);
	strbuf_release(&out);
	strbuf_release(&others);
}

static void test_values(void)
{
	read_as("{\"a\":1,\"b\":\"x\",\"long name\":true};", "1,x,true;");
	read_as("{};", "-,-,-;");
	read_as(" { \"b\" : null } ;", "-,null,-;");
	read_as("{\"a\":{\"b\":[1, 2]},\"b\":[{}]};", "{\"b\":[1, 2]},[{}],-;");
	read_as("{\"a\":\"\\u0041\\n\"};", "A\n,-,-;");
}

static void test_order(void)
{
	read_as("{\"a\":1,\"b\":2};{\"b\":3,\"a\":4};{\"b\":5,\"a\":6,\"long name\":7};", "1,2,-;4,3,-;6,5,7;");
	read_as("{\"a\":1,\"a\":2,\"b\":3,\"a\":null};", "null,3,-;");
	read_as("{\"\\u0061\":1,\"long\\u0020name\":2};", "1,-,2;");
}

static void test_others(void)
{
	read_as("{\"c\":1,\"a\":2,\"d\":null,\"A\":[],\"aa\":\"x\"};", "2,-,-+c+A+aa;");
	read_as("{\"c\":{\"a\":5}};{\"a\":1};", "-,-,-+c;1,-,-;");
	read_as("{\"\\u0062b\":1};", "-,-,-+bb;");
}

/* As many names are found in another way when their order changes. */
static void test_many(void)
{
	enum { COUNT = 50 };
	char text[COUNT][8];
	const char *many[COUNT], *rec;
	struct strbuf in = STRBUF_INIT;
	struct members m;
	size_t len;
	for (int i = 0; i < COUNT; i++) {
		snprintf(text[i], sizeof text[i], "n%d", i);
		many[i] = text[i];
	}
	strbuf_addstr(&in, "{");
	for (int i = COUNT; i-- > 0;)
		strbuf_addf(&in, "\"n%d\":%d,\"x%d\":1,", i, i, i);
	strbuf_addstr(&in, "\"n3\":-3};{\"n1\":1};");
	CHECK_INT(members_init(&m, many, COUNT), 0);
	members_span(&m, in.s, in.len, ';');
	CHECK_INT(members_next(&m, &rec, &len), 1);
	CHECK_INT(m.others, COUNT);
	for (int i = 0; i < COUNT; i++)
		CHECK_INT(m.values[i].i, i == 3 ? -3 : i);
	CHECK_INT(members_next(&m, &rec, &len), 1);
	CHECK_INT(m.values[1].i, 1);
	CHECK(m.values[0].type == VALUE_MISSING);
	members_release(&m);
	strbuf_release(&in);
}

static void test_malformed(void)
{
	read_as("[1];{\"a\":1};", "[0 an object was expected]1,-,-;");
	read_as("1;", "[0 an object was expected]");
	read_as("{\"a\":1;", "[6 ',' or '}' was expected]");
	read_as("{\"a\" 1};", "[5 ':' was expected]");
	read_as("{\"a\":1,};", "[7 a name in quotes was expected]");
	read_as("{a:1};", "[1 a name in quotes was expected]");
	read_as("{\"a\":01};", "[5 this is not a JSON value]");
	read_as("{\"zz\":[1,};{\"a\":3};", "[9 this is not a JSON value]3,-,-;");
	read_as("{\"\\x\":1};", "[2 no such escape]");
	read_as("{\"a\":1} x;", "[8 the record has ended, but more follows]");
	read_as("{\"a\":\"\x01\"};", "[6 a control character in a string must be escaped]");
	read_as("{\"a\":\"\xff\"};", "[6 this is not UTF-8]");
}

static void test_without_names(void)
{
	struct members m;
	const char *rec;
	size_t len;
	CHECK_INT(members_init(&m, NULL, 0), 0);
	members_span(&m, "{\"a\":1,\"b\":null}\n", 17, '\n');
	CHECK_INT(members_next(&m, &rec, &len), 1);
	CHECK_INT(m.others, 1);
	CHECK_INT(members_next(&m, &rec, &len), 0);
	members_release(&m);
}

static void test_seen(void)
{
	static const char text[] = "{\"x\":null,\"a\":1,\"a\":2,\"y\":{\"b\":1}}\n{}";
	struct members m;
	const char *rec;
	size_t len;
	CHECK_INT(members_init(&m, names, 3), 0);
	members_span(&m, text, strlen(text), '\n');
	CHECK_INT(members_next(&m, &rec, &len), 1);
	CHECK_INT(m.seen, 4);
	CHECK_INT(m.others, 1);
	CHECK_INT(members_next(&m, &rec, &len), 1);
	CHECK_INT(m.seen, 0);
	members_release(&m);
}

int main(void)
{
	TEST(test_values);
	TEST(test_order);
	TEST(test_others);
	TEST(test_seen);
	TEST(test_many);
	TEST(test_malformed);
	TEST(test_without_names);
	return check_done();
}
