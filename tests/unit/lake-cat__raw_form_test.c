/* Unit tests of lake-cat's raw records: which are printed, and in which form, in pieces of any length. */
#include <errno.h>
#include <string.h>

#include "cmd/lake-cat/raw_where.h"
#include "tests/unit/check.h"

/* What is asked for, and what a record lacks and its partition has. */
struct asked {
	const char *columns, *where, *partition;
	int format;
	bool header, marked, lasting;
	uint64_t limit; /* 0: none */
};

#define TEXT(f)  .format = PQ_TEXT_##f
#define AS_IT_IS .format = CAT_FORMAT_NONE

/* Print IN, a file that is read in pieces of PIECE bytes, into OUT. */
static int print(struct raw_where *w, const char *in, size_t piece, const json_t *values, struct strbuf *err)
{
	size_t len = strlen(in);
	int r = raw_where_file(w, "f", values, err);
	for (size_t at = 0; r > 0 && at < len; at += piece) {
		int n = cat_lines_add(&w->lines, in + at, len - at < piece ? len - at : piece, err);
		r = n ? n : 1;
	}
	if (r > 0)
		r = cat_lines_end(&w->lines, err);
	return r == 0 || r == LINES_ENOUGH ? cat_lines_finish(&w->lines) : r;
}

static void check_piece(const struct asked *a, const char *in, size_t piece, const char *want)
{
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	struct cat_out out = {.into = &text, .left = a->limit ? a->limit : UINT64_MAX};
	const struct cat_form form = {.columns = a->columns, .format = a->format, .header = a->header};
	const char *item = a->where;
	const struct opt_list wheres = {.items = &item, .count = item != NULL};
	json_t *columns = json_pack("[s]", "dt"), *values = json_pack("{s:s?}", "dt", a->partition);
	struct raw_where w;
	flow_init(&out.flow, '\n', true);
	int r = raw_where_init(&w, &wheres, &form, columns, &out, &err);
	w.lines.form.marked = a->marked;
	w.lines.form.lasting = a->lasting;
	if (r == 0)
		r = print(&w, in, piece, values, &err);
	CHECK_INT(r<0, err.len> 0);
	CHECK_STR(err.len ? err.s : text.s, want);
	raw_where_release(&w);
	outbuf_release(&out.flow.out);
	flow_release(&out.flow);
	json_decref(columns);
	json_decref(values);
	strbuf_release(&text);
	strbuf_release(&err);
}

static void check(struct asked a, const char *in, const char *want)
{
	for (size_t piece = 1; piece <= 16; piece *= 4)
		check_piece(&a, in, piece, want);
	check_piece(&a, in, 1 << 20, want);
}

static const char json[] = "{\"a\":1,\"b\":{\"c\":\"x\\ty\"},\"odd name\":true}\n{\"b\":null}\n";

static void test_columns(void)
{
	check((struct asked){.columns = ".a,.b.c", AS_IT_IS}, json,
		"{\"a\":1,\"b.c\":\"x\\ty\"}\n{\"a\":null,\"b.c\":null}\n");
	check((struct asked){.columns = "\"odd name\", a ,b", AS_IT_IS}, json,
		"{\"odd name\":true,\"a\":1,\"b\":{\"c\":\"x\\ty\"}}\n{\"odd name\":null,\"a\":null,\"b\":null}\n");
	check((struct asked){.columns = ".n = .a + 1, upper(.b.c), .a", AS_IT_IS}, json,
		"{\"n\":2,\"upper(.b.c)\":\"X\\tY\",\"a\":1}\n{\"n\":null,\"upper(.b.c)\":null,\"a\":null}\n");
	check((struct asked){.columns = "b,a", TEXT(TSV), .header = true}, json, "b\ta\n{\"c\":\"x\\\\ty\"}\t1\n\t\n");
	check((struct asked){.columns = "b", TEXT(CSV), .header = true}, json,
		"b\n\"{\"\"c\"\":\"\"x\\ty\"\"}\"\n\"\"\n");
	check((struct asked){.columns = "$2,$1", AS_IT_IS}, "a\tb\\t\nc\n", "b\\t\ta\n\tc\n");
	check((struct asked){.columns = "$2,$1", AS_IT_IS}, "\"a\nb\",2\nc,\"3\"\n", "2,\"a\nb\"\n\"3\",c\n");
	check((struct asked){.columns = "$1", TEXT(TSV), .header = true}, "\"a\nb\",2\nc,\"3\"\n", "$1\na\\nb\nc\n");
	check((struct asked){.columns = "$1", TEXT(JSON)}, "1,2\n", "{\"$1\":\"1\"}\n");
	check((struct asked){.columns = "a,b", TEXT(CSV), .header = true}, "", "a,b\n");
}

static void test_some(void)
{
	const char *in = "{\"a\":1,\"b\":2}\n{\"a\":2}\n{\"a\":3,\"b\":4}\n";
	check((struct asked){.columns = "b", .where = ".a > 1", AS_IT_IS}, in, "{\"b\":null}\n{\"b\":4}\n");
	check((struct asked){.columns = "b", .where = ".a > 1", AS_IT_IS, .limit = 1}, in, "{\"b\":null}\n");
	check((struct asked){.where = ".a != 2", AS_IT_IS}, in, "{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n");
	check((struct asked){.where = ".a != 2", AS_IT_IS, .limit = 1}, in, "{\"a\":1,\"b\":2}\n");
	check((struct asked){.columns = "b", .where = "$1 > 1", AS_IT_IS}, in,
		"--columns: character 1: fields of TSV and CSV are $1, $2, …; names like .a need weir filter --header");
	/* A record of several lines that lies across pieces. */
	check((struct asked){.where = "$2 > 1", AS_IT_IS}, "\"a\nb\",2\n\"c\nd\",1\n\"e\nf\",3\n",
		"\"a\nb\",2\n\"e\nf\",3\n");
}

static void test_partition(void)
{
	check((struct asked){.columns = "dt,a", AS_IT_IS, .partition = "2026-11-22"}, "{\"a\":1}\n{\"dt\":5}\n",
		"{\"dt\":\"2026-11-22\",\"a\":1}\n{\"dt\":5,\"a\":null}\n");
	check((struct asked){.columns = ".x = .dt + \"!\"", TEXT(CSV), .partition = "a,b"}, "{\"a\":1}\n",
		"\"a,b!\"\n");
	check((struct asked){.columns = "dt", TEXT(TSV)}, "{\"a\":1}\n", "\n");
	check((struct asked){.columns = "dt", AS_IT_IS, .partition = "x"}, "{\"dt\":1}\n{}\n",
		"{\"dt\":1}\n{\"dt\":\"x\"}\n");
	check((struct asked){.columns = "dt,a", .where = ".dt == \"x\"", AS_IT_IS, .partition = "x"}, "{\"a\":1}\n",
		"{\"dt\":\"x\",\"a\":1}\n");
	check((struct asked){.columns = "a", .where = "dt=x", AS_IT_IS, .partition = "x"}, "{\"a\":1}\n",
		"{\"a\":1}\n");
	check((struct asked){.columns = "a", .where = "dt=x", AS_IT_IS, .partition = "y"}, "{\"a\":1}\n", "");
}

/* Records of TSV and CSV have no names, except those of partition columns. */
static void test_partition_of_columns(void)
{
	check((struct asked){.columns = "dt,$2", AS_IT_IS, .partition = "a\tb"}, "1\tx\\ty\n2\n",
		"a\\tb\tx\\ty\na\\tb\t\n");
	check((struct asked){.columns = "dt", AS_IT_IS, .partition = "x y"}, "1\t2\n", "x y\n");
	check((struct asked){.columns = "dt", AS_IT_IS}, "1,2\n3,4\n", "\"\"\n\"\"\n");
	check((struct asked){.columns = "$1,dt", TEXT(CSV), .header = true, .partition = "a,\"b\""}, "1,\"2\"\n",
		"$1,dt\n1,\"a,\"\"b\"\"\"\n");
	check((struct asked){.columns = "$1,dt", TEXT(JSON), .partition = "5"}, "1,2\n",
		"{\"$1\":\"1\",\"dt\":\"5\"}\n");
	check((struct asked){.columns = "$1,dt", TEXT(JSON)}, "1,2\n", "{\"$1\":\"1\",\"dt\":null}\n");
	check((struct asked){.columns = ".x = upper(.dt) + $2, dt", AS_IT_IS, .partition = "x"}, "1\tb\n", "Xb\tx\n");
	check((struct asked){.columns = "dt", .where = "$2 > 1", AS_IT_IS, .partition = "x"}, "1,1\n2,2\n", "x\n");
	check((struct asked){.columns = "$1", .where = ".dt == \"x\" && $2 > 1", AS_IT_IS, .partition = "x"},
		"1,1\n2,2\n", "2\n");
	check((struct asked){.columns = "$1,dt", AS_IT_IS, .partition = "x"}, "{\"a\":1}\n",
		"'f': this looks like JSON, which has no columns (else say --input)");
	check((struct asked){.columns = "$1,a", AS_IT_IS}, "",
		"--columns: character 4: fields of TSV and CSV are $1, $2, …; names like .a need weir filter --header");
	check((struct asked){.columns = "dt,a", AS_IT_IS}, "1,2\n",
		"'f', record 1: this is not JSON; CSV whose first line has names is read with weir filter --header");
	check((struct asked){.columns = "dt,.dt.a,$1", AS_IT_IS}, "",
		"--columns: character 10: $1 is a column, but JSON has none");
}

static void test_whole(void)
{
	const char *in = "{\"a\":1,\"\\u0062\":\"x\\ny\",\"a\":2}\n { \"b\" : [1] }\n{\"a\":null,\"c\":null}\n";
	check((struct asked){TEXT(JSON)}, in, in);
	check((struct asked){TEXT(TSV), .header = true}, in, "a\tb\n2\tx\\ny\n\t[1]\n\t\n");
	check((struct asked){TEXT(CSV)}, in, "2,\"x\ny\"\n,[1]\n,\n");
	check((struct asked){TEXT(CSV), .where = ".b == null && .a == null", .header = true}, in, "a,c\n,\n");
	check((struct asked){TEXT(CSV)}, "{}\n{}\n", "\"\"\n\"\"\n");
	check((struct asked){TEXT(TSV)}, "a\tb\nc\n", "a\tb\nc\n");
	check((struct asked){TEXT(CSV)}, "\"a\nb\",c\n\"d\",\n", "\"a\nb\",c\n\"d\",\n");
	check((struct asked){TEXT(TSV), .header = true}, "a\tb\nc\n", "$1\t$2\na\tb\nc\n");
	check((struct asked){TEXT(JSON)}, "a\tb\nc\n", "{\"$1\":\"a\",\"$2\":\"b\"}\n{\"$1\":\"c\"}\n");
	check((struct asked){TEXT(TSV)}, "\"a\nb\",c\n\"d\",\n", "a\\nb\tc\nd\t\n");
	check((struct asked){TEXT(TSV), .where = "$1 == \"d\"", .limit = 1}, "\"a\nb\",c\n\"d\",\nd,x\n", "d\t\n");
}

static void test_refused(void)
{
	check((struct asked){.columns = "a", AS_IT_IS}, "{\"a\":1}\nno\n", "'f', record 2: this is not a JSON value");
	check((struct asked){TEXT(JSON)}, "{\"a\":1}\nno\n", "'f', record 2: this is not a JSON value");
	check((struct asked){TEXT(TSV)}, "{\"a\":1}\n[1]\n", "'f', record 2: an object was expected");
	check((struct asked){TEXT(TSV)}, "{\"a\":1}\n{\"b\":1}\n",
		"'f', record 2: it has a field that the first record lacks, so there is no column for it");
	check((struct asked){TEXT(TSV), .lasting = true}, "{\"a\":1}\n",
		"'f', record 1: in TSV and CSV that a later run goes on with, the columns of JSON are those of "
		"--columns");
	check((struct asked){.columns = "$1", AS_IT_IS}, "{\"a\":1}\n",
		"'f': this looks like JSON, which has no columns (else say --input)");
	check((struct asked){.columns = "$1", AS_IT_IS, .marked = true}, "\"a\nb\"\n",
		"'f', record 1: a field holds what ends a record, which this format cannot have here");
	check((struct asked){.columns = "$1", AS_IT_IS}, "a,b\n\"c,d\n", "'f', record 2: the quote is not closed");
	check((struct asked){.where = "$1 == \"c\"", AS_IT_IS}, "a,b\n\"c,d\n",
		"'f', record 2: the quote is not closed");
	check((struct asked){.columns = "a,,b", AS_IT_IS}, "", "--columns: character 3: a field is .a or $1");
	check((struct asked){.columns = "", AS_IT_IS}, "", "--columns: character 1: a field is .a or $1");
	check((struct asked){.columns = "a,.a", AS_IT_IS}, "", "--columns: two fields are called 'a' in the output");
}

int main(void)
{
	TEST(test_columns);
	TEST(test_some);
	TEST(test_partition);
	TEST(test_partition_of_columns);
	TEST(test_whole);
	TEST(test_refused);
	return check_done();
}
