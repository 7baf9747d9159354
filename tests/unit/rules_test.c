#include "common/data/rules.h"

#include <errno.h>
#include <math.h>

#include "tests/unit/check.h"

/* TEXT has a mistake, reported as ERROR (without the name). */
static void wrong(const char *text, const char *error)
{
	struct strbuf err = STRBUF_INIT;
	struct rules r = {0};

	CHECK_INT(rules_parse(&r, "f", text, strlen(text), &err), -EINVAL);
	CHECK_STR(err.s, error);
	rules_release(&r);
	strbuf_release(&err);
}

/* TEXT is one rule, which is stored in *R. */
static const struct rule *right(struct rules *r, const char *text)
{
	struct strbuf err = STRBUF_INIT;

	rules_release(r);
	CHECK_INT(rules_parse(r, "f", text, strlen(text), &err), 0);
	CHECK_STR(err.s, "");
	CHECK_INT(r->count, 1);
	strbuf_release(&err);
	return r->items;
}

static void test_rules(void)
{
	struct rules r = {0};
	const struct rule *rule = right(&r, "  require \t.a.b[0]\r\n");

	CHECK_INT(rule->kind, RULE_REQUIRE);
	CHECK_INT(rule->field_count, 1);
	CHECK_INT(rule->fields->path.count, 3);
	CHECK_STR(rule->text, "require \t.a.b[0]");
	rule = right(&r, "range $12 -inf 1e3");
	CHECK_INT(rule->fields->column, 12);
	CHECK(isinf(rule->low) && rule->low < 0 && rule->high == 1000);
	rule = right(&r, "one-of .a 1.0 \"1\\n\" x");
	CHECK_INT(rule->word_count, 3);
	CHECK(rule->words[0].is_number && rule->words[0].number == 1);
	CHECK(rule->words[1].quoted && !rule->words[1].is_number);
	CHECK_STR(rule->words[1].s, "1\n");
	rule = right(&r, "default .a {\"b\": 1} ");
	CHECK_STR(rule->json, "{\"b\": 1}");
	CHECK_INT(rule->value_type, VALUE_OBJECT);
	rule = right(&r, "default .a say \"no\"");
	CHECK_STR(rule->json, "\"say \\\"no\\\"\"");
	CHECK_STR(rule->plain, "say \"no\"");
	rule = right(&r, "drop .a, .b ,.\"c,d\"");
	CHECK_INT(rule->field_count, 3);
	rule = right(&r, "dedupe .,.a within 1h30m");
	CHECK_INT(rule->window_ms, 5400000);
	rules_release(&r);
}

static void test_by(void)
{
	struct rules r = {0};
	const struct rule *rule = right(&r, "dedupe .a,.b within 1h by .t");

	CHECK_INT(rule->key_count, 2);
	CHECK_INT(rule->field_count, 3);
	CHECK(!rule->has_format);
	rule = right(&r, "dedupe .a within 1h by now ");
	CHECK_INT(rule->field_count, 1);
	rule = right(&r, "dedupe .a within 1h by .now");
	CHECK_INT(rule->field_count, 2);
	rule = right(&r, "dedupe .a within 1h by ms@.t");
	CHECK_INT(rule->field_count, 2);
	CHECK(rule->has_format && rule->format.unit == TIME_MS);
	rule = right(&r, "dedupe $1 within 1h by %d.%m.%Y %H:%M@$7");
	CHECK_INT(rule->fields[1].column, 7);
	CHECK(rule->has_format);
	rule = right(&r, "dedupe .a within 1h by .@t");
	CHECK(!rule->has_format);
	wrong("dedupe .a within 1h by %q@.t", "f: line 1, column 24: '%q': no conversion %q");
	wrong("dedupe .a within 1h by t", "f: line 1, column 24: a field is expected here, such as .name or $1");
	wrong("dedupe .a within 1h by ", "f: line 1, column 24: a field is expected here, such as .name or $1");
	rules_release(&r);
}

static void test_mistakes(void)
{
	wrong("x",
		"f: line 1, column 1: there is no rule 'x', only require, type, range, match, one-of, default, rename, "
		"drop, keep, trim, lower, upper, time, mask, dedupe");
	wrong("not-null .a", "f: line 1, column 1: there is no rule 'not-null': write require .a");
	wrong("lowercase .a", "f: line 1, column 1: there is no rule 'lowercase'; did you mean 'lower'?");
	wrong(".a require", "f: line 1, column 1: a rule begins with its name, as in require .a");
	wrong("require .a; drop .b", "f: line 1, column 11: there is one rule per line, and one per option");
	wrong("mask .a sha256",
		"f: line 1, column 9: one of hash|redact|last4|null is expected here; did you mean hash?");
	wrong("type .a number", "f: line 1, column 9: one of int|float|bool|string|time is expected here; did you mean "
				"float?");
	wrong("default .a = 1",
		"f: line 1, column 12: the value stands alone, without '='; one that contains '=' goes in quotes");
	wrong("one-of .a x,y",
		"f: line 1, column 11: values have blanks between them; one with a ',' in it goes in quotes");
	wrong("time .a iso8601",
		"f: line 1, column 9: 'iso8601': a time needs a year (%Y, %y or %s); a format is like %Y-%m-%d, "
		"and without one RFC 3339 is read");
	wrong("\n\n trim", "f: line 3, column 6: a field is expected here, such as .name or $1");
	wrong("trim .", "f: line 1, column 6: the whole record (.) is not a field");
	wrong("trim .a,.b", "f: line 1, column 8: 'trim' takes one field");
	wrong("trim .a-b",
		"f: line 1, column 8: this does not belong to a field (names with it go in quotes: .\"a-b\")");
	wrong("trim $0", "f: line 1, column 6: a column is $1 to $999999");
	wrong("trim $1000000", "f: line 1, column 6: a column is $1 to $999999");
	wrong("rename .a", "f: line 1, column 10: the new name is missing");
	wrong("rename $1 .a", "f: line 1, column 8: a column without name cannot be renamed");
	wrong("drop .a[0]", "f: line 1, column 6: drop cannot go into arrays");
	wrong("mask .a sha", "f: line 1, column 9: one of hash|redact|last4|null is expected here");
	wrong("range .a x 1", "f: line 1, column 10: the lower end must be a number, inf or -inf");
	wrong("one-of .a", "f: line 1, column 10: a value is missing");
	wrong("one-of .a \"x", "f: line 1, column 13: a closing quote is missing");
	wrong("default .a \xff", "f: line 1, column 12: the value is not UTF-8");
	wrong("dedupe .a within 0", "f: line 1, column 18: a duration is expected here, such as 10m");
}

static void test_numbers(void)
{
	static const char *const yes[] = {"0", "-0", "12", "1.5", "1e3", "-1.5E-3", "0.0"};
	static const char *const no[] = {"", "-", "01", "+1", "1.", ".5", "1e", "1e+", "0x1", " 1", "1 ", "inf", "nan"};
	long double n;

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		CHECK(rules_number(yes[i], strlen(yes[i]), &n));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		CHECK(!rules_number(no[i], strlen(no[i]), &n));
	CHECK(rules_is_int("9223372036854775807", 19));
	CHECK(!rules_is_int("9223372036854775808", 19));
	CHECK(!rules_is_int("1.0", 3));
}

int main(void)
{
	TEST(test_rules);
	TEST(test_by);
	TEST(test_mistakes);
	TEST(test_numbers);
	return check_done();
}
