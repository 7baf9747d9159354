/* Records of TSV and CSV as rows: records_want_row(), and `lines` of struct records_opts. */
#include <errno.h>

#include "common/data/records.h"
#include "tests/unit/check.h"

/* All that R gives of the span S, or at the end of the input: "3:a|b|-" is a record of three columns. */
static void drain(struct records *r, size_t wanted, struct strbuf *out)
{
	const char *rec;
	size_t len, count;
	int n;
	while ((n = records_next(r, &rec, &len)) != 0) {
		if (n < 0) {
			strbuf_addf(out, "<%s>", records_error(r)->what);
			if (n != -ENOENT)
				continue;
			strbuf_addch(out, '?');
			return;
		}
		if (n == 2) {
			strbuf_addch(out, '#');
			for (size_t i = 0; i < records_columns(r); i++)
				strbuf_addf(out, "%.*s,", (int)records_names(r)[i].len, records_names(r)[i].s);
			continue;
		}
		const struct value *row = records_row(r, &count);
		strbuf_addf(out, "(%zu", count);
		for (size_t i = 0; i < wanted; i++)
			strbuf_addf(out, "%s%.*s", row[i].type == VALUE_MISSING ? "-" : "|", (int)row[i].len,
				row[i].s ? row[i].s : "");
		strbuf_addch(out, ')');
	}
}

static void check_rows(const struct records_opts *opts, bool marked, size_t wanted, const char *text, const char *want)
{
	const struct filter_opts filter = {0};
	struct flow flow = {.input_marked = marked, .inputs = 1, .input = "in", .delim = '\n'};
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct records *r = NULL;
	CHECK_INT(records_new(&r, opts, &filter, &err), 0);
	records_want_row(r, wanted);
	records_span(r, text, strlen(text), &flow);
	drain(r, wanted, &out);
	records_end(r);
	if (!strchr(want, '?')) /* the input can be read */
		drain(r, wanted, &out);
	CHECK_STR(out.s, want);
	records_free(r);
	strbuf_release(&out);
	strbuf_release(&err);
}

static void test_row(void)
{
	const struct records_opts csv = {.format = RECORDS_CSV}, tsv = {.format = RECORDS_TSV};
	check_rows(&csv, false, 2, "a,b\n", "(2|a|b)");
	check_rows(&csv, false, 2, "a\n\na,b,c,d\n", "(1|a-)(1|-)(4|a|b)");
	check_rows(&csv, false, 3, "\"x\ny\",\"\"\"\"\n", "(2|x\ny|\"-)");
	check_rows(&csv, false, 1, "\"x\ny\n", "<the quote is not closed>(1|y)");
	check_rows(&tsv, false, 2, "a\\tb\tc\r\n", "(2|a\tb|c)");
	check_rows(&tsv, true, 2, "a\tb\n", "(2|a|b)");
	/* a byte order mark does not belong to the first value, but in a marked stream nothing is left out */
	check_rows(&csv, false, 1,
		"\xef\xbb\xbf"
		"7\n",
		"(1|7)");
	check_rows(&csv, true, 1,
		"\xef\xbb\xbf"
		"7\n",
		"(1|\xef\xbb\xbf"
		"7)");
}

static void test_header(void)
{
	const struct records_opts header = {.header = true}, tsv = {.format = RECORDS_TSV, .header = true};
	check_rows(&header, false, 2, "a,\"b,\"\n1,2\n", "#a,b,,(2|1|2)");
	check_rows(&header, false, 2, "a\tb\n1\t2\n", "#a,b,(2|1|2)");
	check_rows(
		&tsv, false, 1, "a,b\n1,2\n1\t2\n", "#a,b,(1|1,2)<the header has 1 column, but this is a record of 2>");
	check_rows(&header, true, 1, "a\n1\n", "<a marked stream has no header: use $1, $2, …>?");
	check_rows(
		&header, false, 1, "{\"a\":1}\n", "<this looks like JSON, which has no columns (else say --input)>?");
}

static void test_lines(void)
{
	const struct records_opts lines = {.format = RECORDS_CSV, .lines = true};
	check_rows(&lines, false, 2, "\"a,b\",c\n", "(2|a,b|c)");
	check_rows(&lines, false, 1, "\"a\nb\"\nc\n",
		"<the quote is not closed, and the record ends with its line>(1|b\")(1|c)");
}

int main(void)
{
	TEST(test_row);
	TEST(test_header);
	TEST(test_lines);
	return check_done();
}
