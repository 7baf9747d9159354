/* The tables of weir-schema(7), run from its own text. */
#include <stdlib.h>

#include "common/base/strbuf.h"
#include "common/base/whole.h"
#include "common/data/schema_infer.h"
#include "common/data/schema_text.h"
#include "tests/unit/conversions.h"
#include "tests/unit/stored.h"

static struct strbuf page = STRBUF_INIT;

/* The LEN bytes at S without escapes of roff. */
static char *plain(const char *s, size_t len)
{
	struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < len; i++) {
		if (s[i] != '\\') {
			strbuf_addch(&out, s[i]);
		} else if (s[i + 1] == 'e') {
			strbuf_addch(&out, '\\');
			i++;
		} else {
			strbuf_addstr(&out, "\xc3\xa4"); /* \(:a, the only other one */
			i += 3;
		}
	}
	return strbuf_detach(&out);
}

/* Cut the line at S into COLUMNS, at two blanks or more; the last goes to its end.  The caller frees them. */
static void cut(const char *s, const char *end, char **column, int columns)
{
	for (int i = 0; i < columns; i++) {
		const char *stop = s;
		while (stop < end && (i == columns - 1 || stop[0] != ' ' || (stop + 1 < end && stop[1] != ' ')))
			stop++;
		column[i] = plain(s, (size_t)(stop - s));
		for (s = stop; s < end && *s == ' '; s++)
			;
	}
}

/* Call CHECK for each row of the displays under HEADING, which have this many COLUMNS; returns how many rows. */
static int each_row(const char *heading, int columns, void (*check)(char **column))
{
	struct strbuf title = STRBUF_INIT;
	bool on = false;
	int rows = 0;

	strbuf_addf(&title, "\n.Ss %s\n", heading);
	const char *s = strstr(page.s, title.s);
	CHECK(s);
	for (s = s ? s + title.len : ""; *s && strncmp(s, ".Ss", 3) != 0;) {
		const char *lf = strchr(s, '\n');
		if (*s == '.') {
			on = strncmp(s, ".Bd", 3) == 0;
		} else if (on) {
			char *column[3];
			cut(s, lf, column, columns);
			check(column);
			for (int i = 0; i < columns; i++)
				free(column[i]);
			rows++;
		}
		s = lf + 1;
	}
	strbuf_release(&title);
	return rows;
}

static void printed(const char *text, struct strbuf *out)
{
	struct schema s;

	if (schema_parse_text(&s, text, strlen(text), out) < 0)
		return;
	schema_print(&s, out);
	schema_release(&s);
}

static void check_text(char **column)
{
	struct strbuf out = STRBUF_INIT;

	printed(column[0], &out);
	CHECK_STR(out.s, column[1]);
	strbuf_release(&out);
}

static void test_text(void)
{
	CHECK_INT(each_row("Text", 2, check_text), 8);
}

/* Each of several names, as `byte, int1`, is printed as the type in the second column. */
static void check_type(char **column)
{
	struct strbuf expected = STRBUF_INIT, out = STRBUF_INIT, given = STRBUF_INIT;
	const char *more = strstr(column[1], "struct")    ? "<x int>"
			   : strstr(column[1], "array")   ? "<int>"
			   : strstr(column[1], "decimal") ? "(5,2)"
							  : "";

	strbuf_addf(&expected, "a %s%s", column[1], more);
	for (char *name = strtok(column[0], ","); name; name = strtok(NULL, ",")) {
		strbuf_clear(&given);
		strbuf_clear(&out);
		strbuf_addf(&given, "a %s%s", name, more);
		printed(given.s, &out);
		CHECK_STR(out.s, expected.s);
	}
	strbuf_release(&expected);
	strbuf_release(&out);
	strbuf_release(&given);
}

static void test_types(void)
{
	CHECK_INT(each_row("Types", 2, check_type), 14);
}

/* The value V in a column of TYPE is EXPECTED, or is refused for a reason that begins with that. */
static void check_value(const char *type, const struct value *v, const char *expected)
{
	struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;
	struct schema s;
	int r;

	strbuf_addf(&text, "a %s", type);
	CHECK_INT(schema_parse_text(&s, text.s, text.len, &out), 0);
	const struct schema_field *f = &s.root.children[0];
	r = add_stored(f, v, &out);
	if (r < 0) {
		strbuf_clear(&out);
		strbuf_add(&out, why, strnlen(why, strlen(expected)));
	}
	CHECK_STR(out.s, expected);
	schema_release(&s);
	strbuf_release(&text);
	strbuf_release(&out);
}

static void check_json(char **column)
{
	check_value(column[0], of_json(column[1]), column[2]);
}

static void check_csv(char **column)
{
	const struct value v = of_csv(column[1]);

	check_value(column[0], &v, column[2]);
}

static void test_values(void)
{
	CHECK_INT(each_row("Values of JSON", 3, check_json), 37);
	CHECK_INT(each_row("Values of TSV and CSV", 3, check_csv), 14);
}

/* Values, with commas between, in a record each. */
static void check_inferred(char **column)
{
	struct schema_infer *in;
	struct schema s;
	struct strbuf record = STRBUF_INIT, out = STRBUF_INIT, notes = STRBUF_INIT;
	int open = 0;

	CHECK_INT(schema_infer_new(&in), 0);
	for (const char *p = column[0];; p++) {
		open += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
		if (*p && (*p != ',' || open)) {
			strbuf_addch(&record, *p);
			continue;
		}
		strbuf_clear(&out);
		strbuf_addf(&out, "{\"a\":%s}", record.s);
		CHECK_INT(schema_infer_json(in, out.s, out.len), 0);
		strbuf_clear(&record);
		if (!*p)
			break;
	}
	strbuf_clear(&out);
	CHECK_INT(schema_infer_end(in, &s, &notes, &out), 0);
	schema_print_type(&s.root.children[0], &out);
	CHECK_STR(out.s, column[1]);
	schema_release(&s);
	schema_infer_free(in);
	strbuf_release(&record);
	strbuf_release(&out);
	strbuf_release(&notes);
}

/* Fields of one column, with ", " between. */
static void check_inferred_columns(char **column)
{
	static const char *const name = "a";
	struct schema_infer *in;
	struct schema s;
	struct strbuf out = STRBUF_INIT, notes = STRBUF_INIT;

	CHECK_INT(schema_infer_new(&in), 0);
	for (const char *p = column[0], *end; p; p = end ? end + 2 : NULL) {
		end = strstr(p, ", ");
		size_t len = end ? (size_t)(end - p) : strlen(p);
		const struct value v = {.type = VALUE_TEXT, .s = p, .len = len};
		CHECK_INT(schema_infer_columns(in, &name, &v, 1), 0);
	}
	CHECK_INT(schema_infer_end(in, &s, &notes, &out), 0);
	schema_print_type(&s.root.children[0], &out);
	CHECK_STR(out.s, column[1]);
	schema_release(&s);
	schema_infer_free(in);
	strbuf_release(&out);
	strbuf_release(&notes);
}

static void test_inferred(void)
{
	CHECK_INT(each_row("Inferred schemas", 2, check_inferred), 15);
	CHECK_INT(each_row("Inferred columns of TSV and CSV", 2, check_inferred_columns), 8);
}

int main(void)
{
	const char *root = getenv("WEIR_ROOT");
	struct strbuf path = STRBUF_INIT;

	strbuf_addf(&path, "%s/man/weir-schema.7", root ? root : ".");
	if (whole_read(path.s, 1 << 20, &page) < 0) {
		printf("Bail out! there is no %s\n", path.s);
		return 1;
	}
	TEST(test_text);
	TEST(test_types);
	TEST(test_values);
	TEST(test_inferred);
	of_json(NULL);
	strbuf_release(&path);
	strbuf_release(&page);
	return check_done();
}
