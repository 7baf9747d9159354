/* Unit tests of which column of a record is which column of a table: delta_header. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/lake-put/delta_header.h"
#include "common/data/schema_text.h"
#include "tests/unit/check.h"

/* The words of TEXT, separated by commas, as values; returns how many. */
static size_t words(const char *text, struct value *ret)
{
	size_t n = 0;
	for (const char *s = text, *end;; s = end + 1) {
		end = s + strcspn(s, ",");
		ret[n++] = (struct value){.type = VALUE_TEXT, .s = s, .raw = s, .len = (size_t)(end - s)};
		ret[n - 1].raw_len = ret[n - 1].len;
		if (!*end)
			return n;
	}
}

/* HEADER for the table of the columns SCHEMA: a record 1,2,3,... in the order of the table, or the error. */
static void bind(const char *schema, const char *header, enum shred_new on_new, const char *want)
{
	struct delta_header h = {0};
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct schema s;
	struct value names[8], values[8];
	CHECK_INT(schema_parse_text(&s, schema, strlen(schema), &err), 0);
	size_t n = header ? words(header, names) : s.root.count;
	int r = header ? delta_header_read(&h, names, n, &err) : 0;
	if (r == 0)
		r = delta_header_bind(&h, &s, on_new, false, &err);
	CHECK_INT(r, err.len ? -EILSEQ : 0);
	(void)words("1,2,3,4,5,6,7,8", values);
	if (r == 0) {
		const struct value *row = delta_header_row(&h, values);
		CHECK_INT(h.count, n);
		for (size_t i = 0; i < s.root.count; i++)
			strbuf_addf(&out, "%.*s", row[i].s ? (int)row[i].len : 1, row[i].s ? row[i].s : "-");
		for (size_t i = 0; h.new &&i < h.count; i++)
			strbuf_addstr(&out, h.new[i] ? "+" : "");
		CHECK_INT(delta_header_brings(&h, values), h.news > 0);
		(void)words(",,,,,,,", values);
		CHECK(!delta_header_brings(&h, values));
	}
	CHECK_STR(err.len ? err.s : out.s, want);
	delta_header_release(&h);
	schema_release(&s);
	strbuf_release(&err);
	strbuf_release(&out);
}

static void test_names(void)
{
	bind("a int, b int", NULL, SHRED_NEW_FAIL, "12");
	bind("a int, b int", "a,b", SHRED_NEW_FAIL, "12");
	bind("a int, b int, c int", "c,a", SHRED_NEW_FAIL, "2-1");
	bind("a int", "x,a,y", SHRED_NEW_IGNORE, "2");
	bind("a int", "x,a,y", SHRED_NEW_ADD, "2++");
	bind("a int", "x,a,,", SHRED_NEW_ADD, "2+");
}

static void test_refused(void)
{
	const char *hint = "field x: the table has no such column; --on-new-field ignore leaves such fields out, and "
			   "add makes columns of them";
	bind("a int", "a,x", SHRED_NEW_FAIL, hint);
	bind("a int", "a,", SHRED_NEW_FAIL,
		"field \"\": the table has no such column; --on-new-field ignore leaves such fields out, and add makes "
		"columns of them");
	bind("a int", "A", SHRED_NEW_IGNORE,
		"field A: the name of the column is 'a', and names that differ in case only are one");
	bind("a int", "a,a", SHRED_NEW_IGNORE, "there are two fields 'a'");
	bind("a int", "x,y,X", SHRED_NEW_IGNORE, "the fields 'x' and 'X' differ only in case");
	bind("a int", "a,\xff", SHRED_NEW_IGNORE, "the name of column 2 is not UTF-8");
}

int main(void)
{
	TEST(test_names);
	TEST(test_refused);
	return check_done();
}
