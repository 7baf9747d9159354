/* common/io/paint: colours of JSON as jq has them, and nothing else changes. */
#include "common/io/paint.h"

#include <stdlib.h>

#include "tests/unit/check.h"

/* TEXT, painted in pieces of STEP bytes, with letters for the colours: <K key, <S string, <N null, <M mark; > is the
 * end. */
static const char *painted(const char *text, size_t len, size_t step)
{
	static const char *const colors[][2] = {
		{"\x1b[34;1m", "<K"}, {"\x1b[0;32m", "<S"}, {"\x1b[1;30m", "<N"}, {"\x1b[1m", "<M"}, {"\x1b[0m", ">"}};
	static char result[1024];
	struct strbuf out = STRBUF_INIT;
	struct paint p = {0};
	size_t n = 0;
	for (size_t i = 0; i < len; i += step)
		paint_json(&p, text + i, len - i < step ? len - i : step, &out);
	for (const char *s = out.s; s < out.s + out.len && n + 3 < sizeof result;) {
		size_t k = 0;
		while (k < 5 && strncmp(s, colors[k][0], strlen(colors[k][0])) != 0)
			k++;
		if (k == 5) {
			result[n++] = *s ? *s : '0';
			s++;
			continue;
		}
		n += (size_t)sprintf(result + n, "%s", colors[k][1]);
		s += strlen(colors[k][0]);
	}
	result[n] = '\0';
	strbuf_release(&out);
	return result;
}

static void check(const char *text, const char *wanted)
{
	CHECK_STR(painted(text, strlen(text), strlen(text) + 1), wanted);
	CHECK_STR(painted(text, strlen(text), 1), wanted);
}

static void test_values(void)
{
	check("{\"a\":1}\n", "<M{><K\"a\"><M:>1<M}>\n");
	check("{\"a\":\"b\",\"c\":null}\n", "<M{><K\"a\"><M:><S\"b\"><M,><K\"c\"><M:><Nnull><M}>\n");
	check("[true,\"x\",null]\n", "<M[>true<M,><S\"x\"><M,><Nnull><M]>\n");
	check("{\"a\":{\"b\":[\"c\"]},\"d\":2}\n",
		"<M{><K\"a\"><M:><M{><K\"b\"><M:><M[><S\"c\"><M]><M}><M,><K\"d\"><M:>2<M}>\n");
	check("{\"a\\\"}\":\"\\\\\"}\n", "<M{><K\"a\\\"}\"><M:><S\"\\\\\"><M}>\n");
	check("{ \"a\" : 1 }\n", "<M{> <K\"a\"> <M:> 1 <M}>\n");
}

static void test_others(void)
{
	check("word {\"a\":1}\n{}\n", "word {\"a\":1}\n<M{><M}>\n");
	check("\x17{\"k\":\"B\"} 00\n", "\x17{\"k\":\"B\"} 00\n");
	check("\n\n", "\n\n");
	check("\"s\"\n", "\"s\"\n");
}

/* What is not JSON leaves no colour behind. */
static void test_malformed(void)
{
	check("{\"a\n{\"b\"\n", "<M{><K\"a>\n<M{><K\"b\">\n");
	check("{nul\nx\n", "<M{><Nnul>\nx\n");
	check("]\n[\"\\\n{}\n", "]\n<M[><S\"\\>\n<M{><M}>\n");
	check("[}}}]\n[1]\n", "<M[><M}><M}><M}><M]>\n<M[>1<M]>\n");
	CHECK_STR(painted("{\"a\":1}\0[2]\0", 12, 1), "<M{><K\"a\"><M:>1<M}>0<M[>2<M]>0");
}

static void test_deep(void)
{
	struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;
	struct paint p = {0};
	for (int i = 0; i < 1000; i++)
		strbuf_addstr(&text, "{\"a\":[");
	paint_json(&p, text.s, text.len, &out);
	CHECK_INT(p.depth, 2000);
	strbuf_release(&text);
	strbuf_release(&out);
}

int main(void)
{
	TEST(test_values);
	TEST(test_others);
	TEST(test_malformed);
	TEST(test_deep);
	return check_done();
}
