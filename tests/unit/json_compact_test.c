/* Unit tests of json_compact() and json_within() of common/data/json.h. */
#include "common/data/json.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"
#include "tests/unit/json_reader.h"

/* json_is_compact() tells whether anything can be removed from S, ignoring the bytes around it. */
static void check_is_compact(const char *s, size_t len, bool expected)
{
	struct json *j = reader((const char *const[]){"."}, 1);
	CHECK_INT(json_read(j, s, len), 0);
	const struct value *root = json_values(j);
	CHECK_INT(json_is_compact(j, s), root->raw_len == json_compact(root->raw, root->raw_len, (char[4096]){0}));
	CHECK_INT(json_is_compact(j, s), expected);
	json_free(j);
}

static void test_is_compact(void)
{
	static const struct {
		const char *s;
		bool compact;
	} rows[] = {{"1", true}, {" 1 ", true}, {"{}", true}, {"{ }", false}, {"[1,2]", true}, {"[1 ,2]", false},
		{"[1, 2]", false}, {"\" \\\" \"", true}, {"{\"a b\":\" \"}", true}, {"{\"a\" :1}", false},
		{"{\"a\":1\n}", false}, {"[\t[]]", false}, {"\n[[\" \"]]\n", true}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_is_compact(rows[i].s, strlen(rows[i].s), rows[i].compact);
}

/* S becomes EXPECTED, in memory of exactly the promised size. */
static void check_compact(const char *s, size_t len, const char *expected, size_t expected_len)
{
	char *from = xmalloc(len), *to = xmalloc(len + JSON_COMPACT_ROOM);
	memcpy(from, s, len);
	size_t n = json_compact(from, len, to);
	CHECK_MEM(to, n, expected, expected_len);
	free(from);
	free(to);
}

static void test_compact(void)
{
	static const char *const rows[][2] = {
		{"1", "1"},
		{" \t\r\n1e5 \n", "1e5"},
		{"{ \"a b\" : [ 1.50 , -0 , true , null ] }", "{\"a b\":[1.50,-0,true,null]}"},
		{"\" a\\\" b \"", "\" a\\\" b \""},
		{"[\"\\\\\" , \" \\\\\\\" \" ]", "[\"\\\\\",\" \\\\\\\" \"]"},
		{"{ }", "{}"},
		{"[\n]", "[]"},
		{"\" \xc3\xa4 \\u0020\"", "\" \xc3\xa4 \\u0020\""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_compact(rows[i][0], strlen(rows[i][0]), rows[i][1], strlen(rows[i][1]));
}

/* Strings and blanks of all lengths, so that each of them begins and ends anywhere in a block. */
static void test_compact_lengths(void)
{
	for (size_t blanks = 0; blanks < 140; blanks++)
		for (size_t chars = 0; chars < 140; chars += 7) {
			struct strbuf in = STRBUF_INIT, out = STRBUF_INIT;
			strbuf_addf(&in, "%*s[%*s\"%*s\\\"\"%*s]\n", (int)blanks, "", (int)blanks, "", (int)chars, "",
				(int)blanks, "");
			strbuf_addf(&out, "[\"%*s\\\"\"]", (int)chars, "");
			check_compact(in.s, in.len, out.s, out.len);
			strbuf_release(&in);
			strbuf_release(&out);
		}
}

/* DEPTH nested arrays, with a reader for records WITHIN this many levels: alone and in a span. */
static void check_within(int depth, int within, int expected)
{
	struct json *j = reader((const char *const[]){".", ".[0]"}, depth % 3);
	struct strbuf s = STRBUF_INIT;
	const char *rec;
	size_t len;

	json_within(j, within);
	for (int i = 0; i < depth; i++)
		strbuf_addch(&s, '[');
	for (int i = 0; i < depth; i++)
		strbuf_addch(&s, ']');
	CHECK_INT(json_read(j, s.s, s.len), expected);
	if (expected)
		CHECK_STR(json_error(j)->what, "nested too deeply");
	strbuf_addch(&s, '\n');
	json_span(j, s.s, s.len, '\n');
	CHECK_INT(json_next(j, &rec, &len), expected ? expected : 1);
	json_free(j);
	strbuf_release(&s);
}

static void test_within(void)
{
	for (int within = 0; within < 4; within++)
		for (int more = -4; more < 5; more++)
			check_within(JSON_MAX_DEPTH - within + more, within, more > 0 ? -EBADMSG : 0);
}

int main(void)
{
	TEST(test_compact);
	TEST(test_is_compact);
	TEST(test_compact_lengths);
	TEST(test_within);
	return check_done();
}
