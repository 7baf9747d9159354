/* common/data/json: malformed records, and the ends of records, depths and buffers. */
#include "common/data/json_impl.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/check.h"
#include "tests/unit/json_reader.h"

/* REC is bad at POS, alone, and between good records that it does not disturb. */
static void check_error(const char *rec, size_t len, size_t pos)
{
	static const char *const paths[] = {".a"};
	struct json *j = reader(paths, 1);
	struct strbuf span = STRBUF_INIT;
	char *exact = malloc(len ? len : 1);
	const char *got;
	size_t n;

	memcpy(exact, rec, len);
	int r = json_read(j, exact, len);
	if (r != -EBADMSG || json_error(j)->pos != pos)
		printf("# %.*s: %d: byte %zu (not %zu): %s\n", (int)len, rec, r, json_error(j)->pos, pos,
			json_error(j)->what);
	CHECK_INT(r, -EBADMSG);
	CHECK_INT(json_error(j)->pos, pos);
	CHECK(json_values(j)->type == VALUE_MISSING);
	for (int i = 0; i < 3; i++) {
		strbuf_addstr(&span, "{\"a\":5}\n");
		strbuf_add(&span, rec, len);
		strbuf_addch(&span, '\n');
	}
	strbuf_addstr(&span, "{\"a\":5}\n");
	json_span(j, span.s, span.len, '\n');
	for (int i = 0; i < 7; i++) {
		r = json_next(j, &got, &n);
		CHECK_INT(r, i % 2 ? -EBADMSG : 1);
		CHECK_INT(n, i % 2 ? len : 7);
		CHECK_INT(json_values(j)->type, i % 2 ? VALUE_MISSING : VALUE_INT);
		CHECK(i % 2 == 0 || json_error(j)->pos == pos);
	}
	CHECK_INT(json_next(j, &got, &n), 0);
	free(exact);
	strbuf_release(&span);
	json_free(j);
}

static void test_bad(void)
{
	static const struct {
		const char *rec;
		size_t pos;
	} bad[] = {{"", 0}, {" ", 1}, {"\t\r", 2}, {"{", 1}, {"[", 1}, {"}", 0}, {"]", 0}, {",", 0}, {":", 0},
		{"{\"a\"", 4}, {"{\"a\":", 5}, {"{\"a\":1", 6}, {"{\"a\":1,", 7}, {"{\"a\":1,}", 7}, {"{,}", 1},
		{"{\"a\" 1}", 5}, {"{\"a\",1}", 4}, {"{a:1}", 1}, {"{'a':1}", 1}, {"{1:1}", 1}, {"{\"a\":}", 5},
		{"{\"a\":1 \"b\":2}", 7}, {"{\"a\":1]", 6}, {"{\"a\"::1}", 5}, {"[1", 2}, {"[1,", 3}, {"[1,]", 3},
		{"[,1]", 1}, {"[1 2]", 3}, {"[1}", 2}, {"[]]", 2}, {"{}{}", 2}, {"{} x", 3}, {"1 2", 2}, {"[1:2]", 2},
		{"tru", 0}, {"True", 0}, {"truex", 0}, {"nul", 0}, {"nulll", 0}, {"fals", 0}, {"falsee", 0}, {"NaN", 0},
		{"Infinity", 0}, {"-Infinity", 0}, {"-", 0}, {"+1", 0}, {"01", 0}, {"-01", 0}, {"1.", 0}, {".5", 0},
		{"1.e5", 0}, {"1e", 0}, {"1e+", 0}, {"1.5.5", 0}, {"0x10", 0}, {"1_000", 0}, {"1a", 0}, {"--1", 0},
		{"\"abc", 0}, {"{\"a\":\"abc}", 5}, {"{\"a:1}", 1}, {"\"a\" \"b\"", 4}, {"\"a\"b", 3},
		{"\"a\"\"b\"", 3}, {"\"\t\"", 1}, {"{\"a\":\"x\x01\"}", 7}, {"\"\\x\"", 1}, {"\"\\u12\"", 1},
		{"\"\\u12g4\"", 1}, {"\"\\\"", 0}, {"{\"b\":\"\\x\"}", 6}, {"{\"\\x\":1}", 2}, {"[{\"\\q\":1}]", 3},
		{"{\"a\":\"\\ud8\"}", 6}, {"\\", 0}, {"[\\\"a\\\"]", 1}, {"{\"a\":\"\xff\"}", 6}, {"\"\xc3\"", 1},
		{"\xc3\xa4", 0}, {"\xef\xbb\xbf{}", 0}, {"\"\xed\xa0\x80\"", 1}, {"{\"a\":1}\xff", 7},
		{"{\"b\":[1,{\"c\":2]}}", 14}, {"{\"b\":tru}", 5}, {"{\"b\":01}", 5}, {"{\"b\":-}", 5}, {"// x", 0},
		{"[1,/**/2]", 3}, {"{\"a\":1}/", 7}, {"{\"b\" \"c\":1}", 5}, {"{\"b\":{\"c\":1,}}", 12},
		{"{\"b\":{1:2}}", 6}, {"{\"b\":[1,2,,3]}", 10}, {"\x01", 0}, {"{\"a\":1}\x01", 7}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		check_error(bad[i].rec, strlen(bad[i].rec), bad[i].pos);
	check_error("{\"a\":1}\0", 8, 7);
	check_error("{\"a\"\0:1}", 8, 4);
	check_error("\0", 1, 0);
	check_error("\"\0\"", 3, 1);
}

/* A value over two lines is two bad records. */
static void test_lines(void)
{
	static const char *const paths[] = {".a"};
	static const struct {
		const char *span;
		int results[5];
	} cases[] = {{"{\"a\":\n1}\n", {-EBADMSG, -EBADMSG, 0}}, {"{\"a\":\"x\ny\"}\n{}\n", {-EBADMSG, -EBADMSG, 1, 0}},
		{"[\n]\n[]\n", {-EBADMSG, -EBADMSG, 1, 0}}, {"\n{}\n\n", {-EBADMSG, 1, -EBADMSG, 0}},
		{"{}\r\n{}\r\n", {1, 1, 0}}, {"{}\n{}", {1, 1, 0}}, {"\"a\\\n\"b\"\n", {-EBADMSG, 1, 0}},
		{"\n", {-EBADMSG, 0}}};
	struct json *j = reader(paths, 1);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i].span), n;
		char *exact = malloc(len);
		const char *rec;
		memcpy(exact, cases[i].span, len);
		json_span(j, exact, len, '\n');
		for (int k = 0;; k++) {
			int r = json_next(j, &rec, &n);
			CHECK_INT(r, cases[i].results[k]);
			if (r == 0 || k == 4)
				break;
		}
		free(exact);
	}
	json_free(j);
}

/* BLANK, at the beginning of a chunk that begins BEFORE bytes into its span, is not a record; the line after it is. */
static void check_blank(const char *path, const char *blank, size_t before)
{
	struct json *j = reader(&path, path != NULL);
	struct strbuf span = STRBUF_INIT;
	size_t len = strlen(blank), n;
	const char *got;

	if (before)
		strbuf_addf(&span, "{\"a\":5%*s\n", (int)before - 7, "}");
	strbuf_addf(&span, "%s\n%s\n{\"a\":5,\"b\":6}\n%s\n", blank, blank, blank);
	CHECK_INT(span.len, before + 3 * len + 17);
	json_span(j, span.s, span.len, '\n');
	if (before)
		CHECK_INT(json_next(j, &got, &n), 1);
	for (int i = 0; i < 4; i++) {
		CHECK_INT(json_next(j, &got, &n), i == 2 ? 1 : -EBADMSG);
		CHECK_INT(n, i == 2 ? 13 : len);
		CHECK(i == 2 ||
			(json_error(j)->pos == len && strcmp(json_error(j)->what, "a value was expected") == 0));
	}
	CHECK_INT(json_next(j, &got, &n), 0);
	strbuf_release(&span);
	json_free(j);
}

/* A blank record has no token of its own: the next token belongs to a later record, or there is none. */
static void test_blank(void)
{
	static const char *const paths[] = {NULL, ".", ".a", ".a.c", ".[0]"}, *const blanks[] = {
										      "", "\r", " ", "\t \r"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		for (size_t k = 0; k < sizeof(blanks) / sizeof(*blanks); k++) {
			check_blank(paths[i], blanks[k], 0);
			check_blank(paths[i], blanks[k], JSON_CHUNK);
			check_blank(paths[i], blanks[k], 2 * JSON_CHUNK);
		}
}

static void test_nul_delimiter(void)
{
	static const char *const paths[] = {".a", "."};
	static const char span[] = "{\"a\":\n1}\0005\0006\0\"x\ny\"\0{\"a\":2}";
	struct json *j = reader(paths, 2);
	const char *rec;
	size_t n;

	json_span(j, span, sizeof(span), '\0');
	CHECK_INT(json_next(j, &rec, &n), 1);
	CHECK_INT(json_values(j)[0].i, 1);
	CHECK_INT(json_next(j, &rec, &n), 1);
	CHECK_INT(json_values(j)[1].i, 5);
	CHECK_INT(json_next(j, &rec, &n), 1);
	CHECK_INT(json_values(j)[1].i, 6);
	CHECK_INT(json_next(j, &rec, &n), -EBADMSG);
	CHECK_INT(json_error(j)->pos, 2);
	CHECK_INT(json_next(j, &rec, &n), 1);
	CHECK_INT(json_values(j)[0].i, 2);
	CHECK_INT(json_next(j, &rec, &n), 0);
	json_span(j, span, 0, '\0');
	CHECK_INT(json_next(j, &rec, &n), 0);
	json_free(j);
}

static void nested(struct strbuf *s, int depth, const char *open, const char *inner, const char *close)
{
	strbuf_clear(s);
	for (int i = 0; i < depth; i++)
		strbuf_addstr(s, open);
	strbuf_addstr(s, inner);
	for (int i = 0; i < depth; i++)
		strbuf_addstr(s, close);
}

static void test_depth(void)
{
	static const char *const paths[] = {".a.a[0]", "."};
	struct json *j = reader(paths, 2);
	struct strbuf s = STRBUF_INIT;

	nested(&s, JSON_MAX_DEPTH, "[", "", "]");
	CHECK_INT(json_read(j, s.s, s.len), 0);
	nested(&s, JSON_MAX_DEPTH, "{\"a\":", "1", "}");
	CHECK_INT(json_read(j, s.s, s.len), 0);
	CHECK_INT(json_values(j)[1].len, s.len);
	nested(&s, JSON_MAX_DEPTH + 1, "{\"a\":", "1", "}");
	CHECK_INT(json_read(j, s.s, s.len), -EBADMSG);
	CHECK_INT(json_error(j)->pos, 5 * JSON_MAX_DEPTH);
	nested(&s, JSON_MAX_DEPTH + 1, "[", "", "]");
	CHECK_INT(json_read(j, s.s, s.len), -EBADMSG);
	CHECK_INT(json_error(j)->pos, JSON_MAX_DEPTH);
	nested(&s, 1000000, "[", "", "");
	CHECK_INT(json_read(j, s.s, s.len), -EBADMSG);
	strbuf_release(&s);
	json_free(j);
}

/* Records of all lengths around the sizes of blocks and chunks, one of 10 MB, and many small ones. */
static void test_sizes(void)
{
	static const char *const paths[] = {".b"};
	struct json *j = reader(paths, 1);
	struct strbuf s = STRBUF_INIT;
	const char *rec;
	size_t n, records = 0, bad = 0;
	int r;

	for (size_t len = 0; len < 200; len++) {
		strbuf_addstr(&s, "{\"a\":\"");
		for (size_t i = 0; i < len; i++)
			strbuf_addch(&s, 'x');
		strbuf_addstr(&s, "\",\"b\":7}\n");
	}
	for (size_t len = 65500; len < 65560; len += 7) {
		strbuf_addstr(&s, "{\"a\":\"");
		for (size_t i = 0; i < len; i++)
			strbuf_addch(&s, 'y');
		strbuf_addstr(&s, "\",\"b\":7}\n");
	}
	strbuf_addstr(&s, "{\"a\":[0");
	for (int i = 0; i < 5000000; i++)
		strbuf_addstr(&s, ",1");
	strbuf_addstr(&s, "],\"b\":7}\n");
	for (int i = 0; i < 20000; i++)
		strbuf_addstr(&s, "{\"b\":7}\n");
	json_span(j, s.s, s.len, '\n');
	while ((r = json_next(j, &rec, &n)) != 0) {
		records++;
		bad += r < 0 || json_values(j)->type != VALUE_INT || json_values(j)->i != 7;
	}
	CHECK_INT(records, 200 + 9 + 1 + 20000);
	CHECK_INT(bad, 0);
	strbuf_release(&s);
	json_free(j);
}

int main(void)
{
	TEST(test_bad);
	TEST(test_lines);
	TEST(test_blank);
	TEST(test_nul_delimiter);
	TEST(test_depth);
	TEST(test_sizes);
	return check_done();
}
