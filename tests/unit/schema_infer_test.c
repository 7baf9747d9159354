#include "common/data/schema_infer.h"

#include <errno.h>
#include <stdio.h>

#include "common/data/schema_text.h"
#include "tests/unit/check.h"

static void finish(struct schema_infer *in, int status, const char *text, const char *notes)
{
	struct schema s;
	struct strbuf said = STRBUF_INIT, out = STRBUF_INIT;

	CHECK_INT(schema_infer_end(in, &s, &said, &out), status);
	if (status == 0) {
		schema_print(&s, &out);
		schema_release(&s);
	}
	CHECK_STR(out.s, text);
	CHECK_STR(said.s, notes);
	strbuf_release(&said);
	strbuf_release(&out);
	schema_infer_free(in);
}

/* The schema of RECORDS, which are lines. */
static void check(const char *records, int status, const char *text, const char *notes)
{
	struct schema_infer *in;

	CHECK_INT(schema_infer_new(&in), 0);
	for (const char *s = records; *s;) {
		const char *lf = strchr(s, '\n');
		size_t len = lf ? (size_t)(lf - s) : strlen(s);
		CHECK_INT(schema_infer_json(in, s, len), 0);
		s += len + (lf != NULL);
	}
	finish(in, status, text, notes);
}

static void test_scalars(void)
{
	check("{\"b\":true,\"i\":1,\"d\":1.5,\"s\":\"x\",\"t\":\"2026-11-22T10:00:00Z\",\"day\":\"2026-11-22\"}\n"
	      "{\"new\":\"1\",\"b\":null,\"i\":-9223372036854775808,\"t\":\"2026-11-22 10:00:00.123+01:00\"}",
		0, "b boolean, i bigint, d double, s string, t timestamp, day date, new string", "");
	check("{\"a\":1}\n{\"a\":1.0}", 0, "a double", "");
	check("{\"a\":1e3}\n{\"a\":-0}", 0, "a double", "");
	check("{\"t\":\"2026-11-22T10:00:00Z\"}\n{\"t\":\"2026-11-22\"}", 0, "t string", "");
	check("{\"t\":\"2026-11-22T10:00:00\"}", 0, "t string", ""); /* no offset */
	check("{\"t\":\"2026-02-30\"}", 0, "t string", "");
	check("{\"t\":\"2026-11-22T10:00:00Z\"}\n{\"t\":\"never\"}", 0, "t string", "");
	check("{\"t\":\"2026-11-22\\u0020\"}", 0, "t string", "");
	check(" { \"a b\" : [ ] , \"c\\n\" : { } } ", 0, "\"a b\" array<string>, \"c\n\" string",
		"column '\"a b\".element' is a string: there was no value but null\n"
		"column '\"c\n\"' is a string: there were only empty objects\n");
}

static void test_numbers(void)
{
	const char *notes = "column 'a' is decimal(38,0): record 2 has a number beyond bigint\n";

	check("{\"a\":1}\n{\"a\":9223372036854775808}", 0, "a decimal(38,0)", notes);
	check("{\"a\":1}\n{\"a\":-99999999999999999999999999999999999999}", 0, "a decimal(38,0)", notes);
	check("{\"a\":1}\n{\"a\":100000000000000000000000000000000000000}", 0, "a double", "");
	check("{\"a\":1.5}\n{\"a\":9223372036854775808}", 0, "a double", "");
}

static void test_nested(void)
{
	check("{\"g\":{\"lat\":1,\"tags\":[\"a\",null]},\"l\":[{\"x\":1},{\"y\":[[1],[2.5]]}]}\n"
	      "{\"g\":null,\"l\":[]}\n"
	      "{\"g\":{\"lat\":2.5,\"lon\":{\"deg\":1}}}",
		0,
		"g struct<lat double, tags array<string>, lon struct<deg bigint>>, "
		"l array<struct<x bigint, y array<array<double>>>>",
		"");
	check("{\"a\":null,\"b\":[],\"c\":{},\"d\":[null]}", 0, "a string, b array<string>, c string, d array<string>",
		"column 'a' is a string: there was no value but null\n"
		"column 'b.element' is a string: there was no value but null\n"
		"column 'c' is a string: there were only empty objects\n"
		"column 'd.element' is a string: there was no value but null\n");
}

static void test_mixed(void)
{
	check("{\"a\":1}\n{\"a\":\"x\"}\n{\"a\":true}", 0, "a string",
		"column 'a' is a string of JSON: it is a boolean in record 3, a number in record 1, a string in record "
		"2\n");
	check("{\"a\":{\"x\":1}}\n{\"a\":null}\n{\"a\":[1]}", 0, "a string",
		"column 'a' is a string of JSON: it is an object in record 1, an array in record 3\n");
	check("{\"a\":[1,{}]}", 0, "a array<string>",
		"column 'a.element' is a string of JSON: it is a number in record 1, an object in record 1\n");
}

static void test_depth(void)
{
	struct strbuf record = STRBUF_INIT, text = STRBUF_INIT;

	for (int levels = SCHEMA_MAX_DEPTH - 1; levels <= SCHEMA_MAX_DEPTH; levels++) {
		strbuf_clear(&record);
		strbuf_clear(&text);
		strbuf_addstr(&record, "{\"a\":");
		for (int i = 0; i < levels; i++)
			strbuf_addch(&record, '[');
		strbuf_addch(&record, '1');
		for (int i = 0; i < levels; i++)
			strbuf_addch(&record, ']');
		strbuf_addch(&record, '}');
		strbuf_addstr(&text, "a ");
		for (int i = 1; i < SCHEMA_MAX_DEPTH; i++)
			strbuf_addstr(&text, "array<");
		strbuf_addstr(&text, levels < SCHEMA_MAX_DEPTH ? "bigint" : "string");
		for (int i = 1; i < SCHEMA_MAX_DEPTH; i++)
			strbuf_addch(&text, '>');
		struct strbuf note = STRBUF_INIT;
		if (levels == SCHEMA_MAX_DEPTH) {
			strbuf_addstr(&note, "column 'a");
			for (int i = 1; i < SCHEMA_MAX_DEPTH; i++)
				strbuf_addstr(&note, ".element");
			strbuf_addstr(&note, "' is a string of JSON: it is nested deeper than a column can be\n");
		}
		check(record.s, 0, text.s, note.s);
		strbuf_release(&note);
	}
	strbuf_release(&record);
	strbuf_release(&text);
}

static void test_refused(void)
{
	check("", -ENODATA, "there are no records", "");
	check("{}\n{}", -ENODATA, "no record has a field", "");
	check("{\"a\":1}\n{\"A\":1}", -EINVAL, "the fields 'a' and 'A' differ only in case", "");
	check("{\"g\":{\"\":1}}", -EINVAL, "a field's name is empty, in g", "");
	check("{\"a\\u0000b\":1}", -EINVAL, "a field's name has a NUL", "");
}

static void test_bad_records(void)
{
	struct schema_infer *in;

	CHECK_INT(schema_infer_new(&in), 0);
	CHECK_INT(schema_infer_json(in, "{\"a\":", 5), -EBADMSG);
	CHECK_INT(schema_infer_json(in, "[1]", 3), -EINVAL);
	CHECK_INT(schema_infer_json(in, "", 0), -EBADMSG);
	CHECK_INT(schema_infer_json(in, "{\"a\":1}", 7), 0);
	CHECK_INT(schema_infer_records(in), 1);
	finish(in, 0, "a bigint", "");
}

static void test_too_many(void)
{
	struct schema_infer *in;
	struct strbuf record = STRBUF_INIT, text = STRBUF_INIT, notes = STRBUF_INIT;
	struct schema s;
	int r = 0;

	CHECK_INT(schema_infer_new(&in), 0);
	for (int i = 0; r == 0 && i <= SCHEMA_MAX_FIELDS; i++) {
		strbuf_clear(&record);
		strbuf_addf(&record, "{\"id\":{\"k%d\":{\"x\":[1]}}}", i);
		r = schema_infer_json(in, record.s, record.len);
	}
	CHECK_INT(r, -E2BIG);
	CHECK_INT(schema_infer_end(in, &s, &notes, &text), 0);
	CHECK(strstr(notes.s, "column 'id' has ") && strstr(notes.s, "map<string,...> may be meant"));
	schema_release(&s);
	schema_infer_free(in);
	strbuf_release(&record);
	strbuf_release(&text);
	strbuf_release(&notes);
}

/* What was only null, {} or [] is left out, at any depth. */
static void test_known(void)
{
	struct schema_infer *in;
	struct schema s;
	struct strbuf notes = STRBUF_INIT, out = STRBUF_INIT;
	const char *record =
		"{\"a\":null,\"b\":{},\"c\":[[]],\"d\":{\"x\":null,\"y\":[{\"z\":1,\"w\":null}]},\"e\":[null]}";

	CHECK_INT(schema_infer_new(&in), 0);
	CHECK_INT(schema_infer_known(in, &s, &notes, &out), 0);
	CHECK_INT(s.root.count, 0);
	schema_release(&s);
	CHECK_INT(schema_infer_json(in, record, strlen(record)), 0);
	CHECK_INT(schema_infer_known(in, &s, &notes, &out), 0);
	schema_print(&s, &out);
	CHECK_STR(out.s, "d struct<y array<struct<z bigint>>>");
	CHECK_STR(notes.s, "");
	schema_release(&s);
	schema_infer_free(in);
	strbuf_release(&notes);
	strbuf_release(&out);
}

static void test_columns(void)
{
	struct schema_infer *in;
	const char *names[] = {"i", "d", "b", "zip", "t", "none", "mixed"};
	const char *rows[][7] = {{"1", "1.5", "TRUE", "01234", "2026-11-22T10:00:00Z", "", "1"},
		{"2", "3", "false", "99999", "2026-11-22T10:00:00Z", "", "x"}};
	struct value values[7];

	CHECK_INT(schema_infer_new(&in), 0);
	for (size_t row = 0; row < 2; row++) {
		for (size_t i = 0; i < 7; i++)
			values[i] = (struct value){.type = VALUE_TEXT, .s = rows[row][i], .len = strlen(rows[row][i])};
		CHECK_INT(schema_infer_columns(in, names, values, 7), 0);
	}
	finish(in, 0, "i bigint, d double, b boolean, zip string, t timestamp, none string, mixed string",
		"column 'none' is a string: there was no value but null\n");
}

/* A record with these VALUES in the field a is refused, as schema_infer_misfit() says. */
static void misfit(const char *record, const char *want)
{
	struct schema_infer *in;

	CHECK_INT(schema_infer_new(&in), 0);
	CHECK_INT(schema_infer_json(in, record, strlen(record)), *want ? -ERANGE : 0);
	CHECK_STR(schema_infer_misfit(in), want);
	CHECK_INT(schema_infer_records(in), !*want);
	CHECK_INT(schema_infer_json(in, "{\"b\":1}", 7), 0);
	if (*want)
		finish(in, 0, "b bigint", "");
	else
		schema_infer_free(in);
}

static void test_misfits(void)
{
	misfit("{\"a\":1e400}", "column a: 1e400 is larger than any double");
	misfit("{\"a\":[{},{\"b c\":[1,-1e999]}]}",
		"column a.element.\"b c\".element: -1e999 is larger than any double");
	misfit("{\"a\": { \"x\" : \"\\ud800\" } }", "column a.x: \"\\ud800\" has one half of a surrogate pair");
	misfit("{\"a\":\"\\ud83d\\ude00\\n\",\"b\":1e-400,\"c\":99999999999999999999,\"d\":[],\"\\ud800\":null}", "");
	misfit("{\"a\":[true,null,\"\"]}", "");
}

/* A record is refused because of a name; those before it, which are lines, are not, nor is one after it. */
static void refused(const char *before, const char *record, const char *want)
{
	struct schema_infer *in;
	struct schema s;
	struct strbuf notes = STRBUF_INIT, err = STRBUF_INIT;

	CHECK_INT(schema_infer_new(&in), 0);
	schema_infer_check_names(in, " =\n");
	if (*before)
		CHECK_INT(schema_infer_json(in, before, strlen(before)), 0);
	CHECK_INT(schema_infer_json(in, record, strlen(record)), *want ? -ERANGE : 0);
	CHECK_STR(schema_infer_misfit(in), want);
	CHECK_INT(schema_infer_records(in), (*before != 0) + !*want);
	CHECK_INT(schema_infer_json(in, "{\"later\":1}", 11), 0);
	CHECK_INT(schema_infer_end(in, &s, &notes, &err), 0);
	schema_release(&s);
	schema_infer_free(in);
	strbuf_release(&notes);
	strbuf_release(&err);
}

static void test_names(void)
{
	const char *nested = "{\"a\":1,\"g\":{\"l\":[{\"x\":1}]}}";

	refused("", "{\"\":2}", "a field's name is empty");
	refused("", "{\"g\":{\"h\":[{\"\":null}]}}", "a field's name is empty, in g.h.element");
	refused("", "{\"a\\u0000\":1}", "a field's name has a NUL");
	refused("", "{\"g\":{\"a b\":1}}", "column g.\"a b\": its name has a ' ', which Spark refuses");
	refused("", "{\"a\\n\":1}", "column \"a\\x0a\": its name has a '\\x0a', which Spark refuses");
	refused("{\"a\":1}", "{\"A\":2}",
		"column A: an earlier one is called a, and names that differ in case only are one");
	refused("", "{\"a\":1,\"b\":2,\"A\":3}",
		"column A: an earlier one is called a, and names that differ in case only are one");
	refused(nested, "{\"g\":{\"l\":[{\"y\":1},{\"X\":1}]}}",
		"column g.l.element.X: an earlier one is called g.l.element.x, and names that differ in case only are "
		"one");
	refused(nested, "{\"n\":[{\"y\":1},{\"Y\":1}]}",
		"column n.element.Y: an earlier one is called n.element.y, and names that differ in case only are one");
	refused(nested, "{\"\xc3\xa4\":1,\"\xc3\x84\":1}",
		"column \xc3\x84: an earlier one is called \xc3\xa4, and names that differ in case only are one");
	refused(nested, "{\"x\":1,\"h\":{\"A\":1,\"X\":1},\"n\":[{\"y\":1},{\"y\":2}],\"a-\":1}", "");
}

int main(void)
{
	TEST(test_scalars);
	TEST(test_numbers);
	TEST(test_nested);
	TEST(test_mixed);
	TEST(test_depth);
	TEST(test_refused);
	TEST(test_bad_records);
	TEST(test_too_many);
	TEST(test_known);
	TEST(test_columns);
	TEST(test_misfits);
	TEST(test_names);
	return check_done();
}
