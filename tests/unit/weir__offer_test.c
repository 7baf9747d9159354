/* weir: candidates for completions. */
#include "cmd/weir/offer.h"
#include "tests/unit/check.h"

static void fields(int line, const char *sample, size_t len, int header, const char *wanted)
{
	struct strbuf out = STRBUF_INIT;
	offer_fields(sample, len, header, &out);
	if (strcmp(out.s, wanted) != 0)
		printf("# line %d\n", line);
	CHECK_STR(out.s, wanted);
	strbuf_release(&out);
}
#define FIELDS(sample, header, wanted) fields(__LINE__, sample, sizeof sample - 1, header, wanted)

static void test_json(void)
{
	FIELDS("{\"a\":1,\"b\":{\"c\":{\"d\":{\"e\":1}}}}\n{\"a\":2,\"f\":[1]}\n", 0, ".a\n.b\n.b.c\n.b.c.d\n.f\n");
	FIELDS("{\"a\":1}\n{\"b\":", 0, ".a\n");
	FIELDS("{\"a\":1}", 0, ".a\n");
}

static void test_columns(void)
{
	FIELDS("x,y\n1,2\n", 1, ".x\n.y\n");
	FIELDS("x\ty,z", 0, "$1\n$2\n");
	FIELDS("x;y;z\n", 0, "$1\n$2\n$3\n");
	FIELDS("x,,x\n", 1, ".x\n");
}

static void test_hostile(void)
{
	FIELDS("", 0, "");
	FIELDS("\n", 0, "$1\n");
	FIELDS("{\"a b\":1,\"c\\u001b\":2,\"$(x)\":3,\"\xff\":4,\"ok\":5}\n", 0, "");
	FIELDS("{\"a b\":1,\"$(x)\":3,\"`y`\":4,\"ok\":5}\n", 0, ".ok\n");
	FIELDS("\x17{\"v\":1}\n", 0, "");
	FIELDS("a\0b\n", 0, "");
	FIELDS("[[[[[", 0, "$1\n");
	FIELDS("a b,\"c\",d\n", 1, ".d\n");
}

static void members(const char *rows, const char *name, char *const *topics, const char *wanted)
{
	struct strbuf out = STRBUF_INIT;
	offer_members(rows, name, topics, &out);
	CHECK_STR(out.s, wanted);
	strbuf_release(&out);
}

static void test_members(void)
{
	static const char rows[] =
		"{\"topic\":\"a\",\"partition\":0}\nnonsense\n[]\n{\"topic\":\"a\",\"partition\":1}\n"
		"{\"topic\":\"b\",\"partition\":2}\n{\"topic\":\"x y\"}\n{\"topic\":null}";
	static char a[] = "a", consume[] = "consume";
	members(rows, "topic", NULL, "a\nb\n");
	members(rows, "partition", (char *[]){consume, a, NULL}, "0\n1\n");
	members(rows, "partition", (char *[]){NULL}, "");
	members("", "topic", NULL, "");
}

static void test_profiles(void)
{
	static const char text[] =
		"x = 1\n[prod:kafka]\na = b\nc = d\n[play:split]\nlower = 1\n[split]\nlower = 0\n[empty:split]\n";
	struct config c = {0};
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	offer_profiles(&c, &out);
	CHECK_STR(out.s, "");
	CHECK(config_parse(&c, "f", false, text, sizeof text - 1, &err) == 0);
	offer_profiles(&c, &out);
	CHECK_STR(out.s, "prod\nplay\n"); /* each once; a section without settings has none to count */
	config_release(&c);
	strbuf_release(&out);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_json);
	TEST(test_columns);
	TEST(test_hostile);
	TEST(test_members);
	TEST(test_profiles);
	return check_done();
}
