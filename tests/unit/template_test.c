#include "common/data/template.h"

#include <errno.h>

#include "tests/unit/check.h"

/* The pieces of S: texts as [text], fields as their steps /name, or $N. */
static void check_pieces(const char *s, const char *expected)
{
	struct template t;
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	size_t fields = 0;

	CHECK_INT(template_init(&t, s, strlen(s), &err), 0);
	CHECK_STR(err.s, "");
	for (size_t i = 0; i < t.count; i++) {
		const struct template_piece *p = &t.pieces[i];
		fields += !p->text;
		if (p->text)
			strbuf_addf(&out, "[%s]", p->text);
		else if (p->field.column)
			strbuf_addf(&out, "$%u", p->field.column);
		else
			for (size_t j = 0; j < p->field.path.count; j++)
				strbuf_addf(&out, "/%s", p->field.path.steps[j].name);
	}
	CHECK_STR(out.s, expected);
	CHECK_INT(t.fields, fields);
	template_release(&t);
	strbuf_release(&err);
	strbuf_release(&out);
}

static void test_good(void)
{
	check_pieces("", "");
	check_pieces("plain", "[plain]");
	check_pieces("{.a}", "/a");
	check_pieces("lake/{.topic}", "[lake/]/topic");
	check_pieces("{.geo.city}-%F", "/geo/city[-%F]");
	check_pieces("{.a}{.b}{$3}", "/a/b$3");
	check_pieces("{.\"}\"}x", "/}[x]");
	check_pieces("a{{b}{.c}}", "[a{b}]/c[}]");
	check_pieces("{{{.c}", "[{]/c");
	check_pieces("100%}", "[100%}]");
	check_pieces("{.gr\xc3\xb6\xc3\x9f"
		     "e}",
		"/gr\xc3\xb6\xc3\x9f"
		"e");
}

static void check_refused(const char *s, const char *expected)
{
	struct template t;
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(template_init(&t, s, strlen(s), &err), -EINVAL);
	CHECK_STR(err.s, expected);
	template_release(&t);
	strbuf_release(&err);
}

static void test_bad(void)
{
	check_refused(
		"a{", "at byte 2: after '{' a field was expected, such as {.name} or {$2}; {{ stands for a brace");
	check_refused(
		"{}", "at byte 1: after '{' a field was expected, such as {.name} or {$2}; {{ stands for a brace");
	check_refused("{region}", "at byte 1: after '{' a field was expected, such as {.name} or {$2}; {{ stands for a "
				  "brace");
	check_refused("{.a", "at byte 4: '}' was expected");
	check_refused("{.a b}", "at byte 4: '}' was expected");
	check_refused("x{.a[}", "at byte 6: an index (0, 1, …) or a name in quotes must follow '['");
	check_refused("{.}", "at byte 2: '.' is the whole record, not a field of it");
	check_refused("{$0}", "at byte 2: a column is $1, $2, …");
	check_refused("{$}", "at byte 2: a column is $1, $2, …");
	check_refused("{$1x}", "at byte 4: '}' was expected");
}

/* The text of V is EXPECTED; or it has no text, because of WHY ("": it is null). */
static void check_text(struct value v, const char *expected, const char *why)
{
	const char *s = NULL, *reason = "";
	size_t len = 0;
	int r = template_text(&v, &s, &len, &reason);

	CHECK_INT(r, expected ? 0 : *why ? -EINVAL : -ENODATA);
	CHECK_STR(reason, why);
	CHECK_MEM(s ? s : "", len, expected ? expected : "", expected ? strlen(expected) : 0);
}

static struct value value_of(enum value_type type, const char *s)
{
	return (struct value){.type = type, .raw = s, .raw_len = strlen(s), .s = s, .len = strlen(s)};
}

static void test_text(void)
{
	check_text(value_of(VALUE_STRING, "a b/\xc3\xa4"), "a b/\xc3\xa4", "");
	check_text(value_of(VALUE_INT, "12"), "12", "");
	check_text(value_of(VALUE_DOUBLE, "1.50"), "1.50", "");
	check_text(value_of(VALUE_BOOL, "true"), "true", "");
	check_text(value_of(VALUE_TEXT, "x"), "x", "");
	check_text(value_of(VALUE_STRING, ""), NULL, "");
	check_text(value_of(VALUE_TEXT, ""), NULL, "");
	check_text((struct value){.type = VALUE_MISSING}, NULL, "");
	check_text(value_of(VALUE_NULL, "null"), NULL, "");
	check_text(value_of(VALUE_OBJECT, "{}"), NULL, "is an object");
	check_text(value_of(VALUE_ARRAY, "[]"), NULL, "is an array");
	check_text(value_of(VALUE_TEXT, "\xff"), NULL, "is not UTF-8");
	struct value v = value_of(VALUE_STRING, "abc");
	v.lone = true;
	check_text(v, NULL, "has one half of a surrogate pair");
	v = (struct value){.type = VALUE_STRING, .s = "a\0b", .len = 3, .raw = "\"a\\u0000b\"", .raw_len = 10};
	check_text(v, NULL, "has a NUL");
}

int main(void)
{
	TEST(test_good);
	TEST(test_bad);
	TEST(test_text);
	return check_done();
}
