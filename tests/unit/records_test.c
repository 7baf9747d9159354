#include "common/data/records.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/check.h"

static void add(struct records *r, const char *text)
{
	struct strbuf err = STRBUF_INIT;
	struct expr_field field;

	CHECK_INT(records_field(&field, text, &err), 0);
	CHECK(records_add(r, &field, &err) >= 0);
	CHECK_STR(err.s, "");
	path_release(&field.path);
	strbuf_release(&err);
}

static void dump(struct records *r, int n, const char *rec, size_t len, size_t fields, struct strbuf *out)
{
	const struct records_error *error = records_error(r);

	if (n == -ENOENT) {
		strbuf_addf(out, "<%s>", error->what);
		return;
	}
	if (n == -EBADMSG)
		strbuf_addf(out, "!%llu,%zu", (unsigned long long)error->number, error->pos);
	strbuf_addstr(out, n == 2 ? "#" : "{");
	strbuf_add(out, rec, len);
	strbuf_addstr(out, "}");
	for (size_t i = 0; n == 1 && i < fields; i++) {
		const struct value *v = &records_values(r)[i];
		strbuf_addstr(out, v->type == VALUE_MISSING ? "-" : "=");
		strbuf_add(out, v->s, v->len);
	}
}

/* Stops at -ENOENT. */
static int drain(struct records *r, size_t fields, struct strbuf *out)
{
	const char *rec;
	size_t len;
	int n;

	while ((n = records_next(r, &rec, &len)) != 0) {
		dump(r, n, rec, len, fields, out);
		if (n == -ENOENT)
			break;
	}
	return n;
}

/* Where a span from S may end if it should have about SIZE bytes; each is in its own memory. */
static size_t cut(const char *s, size_t len, size_t size, char delim)
{
	if (size >= len)
		return len;
	const char *end = memchr(s + size, delim, len - size);
	return end ? (size_t)(end - s) + 1 : len;
}

struct test_input {
	struct records_opts opts;
	struct filter_opts filter;
	const char *fields[4];
	bool marked;
};

static void read_input(struct records *r, const struct test_input *in, const char *s, size_t size, struct flow *flow,
	size_t fields, struct strbuf *out)
{
	int n = 0;

	flow->inputs++;
	flow->input = s;
	for (size_t len = strlen(s), part; len && n == 0; s += part, len -= part) {
		part = cut(s, len, size, in->filter.null ? '|' : '\n');
		char *span = malloc(part);
		memcpy(span, s, part);
		for (size_t i = 0; in->filter.null && i < part; i++)
			if (span[i] == '|')
				span[i] = '\0';
		records_span(r, span, part, flow);
		n = drain(r, fields, out);
		free(span);
	}
}

/* The two inputs (the second may be NULL) are read as EXPECTED, however they are cut into spans. */
static void check_inputs(const struct test_input *in, const char *first, const char *second, const char *expected)
{
	for (size_t size = 0; size < 40; size += 3) {
		struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
		struct flow flow = {.input_marked = in->marked};
		struct records *r = NULL;
		size_t fields = 0;
		CHECK_INT(records_new(&r, &in->opts, &in->filter, &err), 0);
		for (; fields < 4 && in->fields[fields]; fields++)
			add(r, in->fields[fields]);
		read_input(r, in, first, size, &flow, fields, &out);
		if (second && !strchr(out.s, '<'))
			read_input(r, in, second, size, &flow, fields, &out);
		records_end(r);
		if (!strchr(out.s, '<'))
			(void)drain(r, fields, &out);
		for (char *p = out.s; (p = memchr(p, '\0', out.len - (size_t)(p - out.s))); p++)
			*p = '|';
		CHECK_STR(out.s, expected);
		records_free(r);
		strbuf_release(&err);
		strbuf_release(&out);
	}
}

static void csv(const char *text, const char *expected)
{
	const struct test_input in = {.opts = {.format = RECORDS_CSV}, .fields = {"$1", "$2"}};

	check_inputs(&in, text, NULL, expected);
}

static void test_csv(void)
{
	csv("a,b\n", "{a,b}=a=b");
	csv("a\n\n,\n", "{a}=a-{}=-{,}==");
	csv("a,b,c\r\n", "{a,b,c\r}=a=b");
	csv("a,b\r\n", "{a,b\r}=a=b");
	csv("\"a\",\"b,\"\"c\"\"\"\r\n", "{\"a\",\"b,\"\"c\"\"\"\r}=a=b,\"c\"");
	csv("\"\",\"\"\n", "{\"\",\"\"}==");
	csv("\"a\nb\n\",c\nd,e\n", "{\"a\nb\n\",c}=a\nb\n=c{d,e}=d=e");
	csv("x,\"a\r\nb\"\ny\n", "{x,\"a\r\nb\"}=x=a\r\nb{y}=y-");
	csv("a\"b,c\"\n", "{a\"b,c\"}=a\"b=c\"");
	csv("\"a\n\"\"\n\",\"\n\"\n", "{\"a\n\"\"\n\",\"\n\"}=a\n\"\n=\n");
}

static void test_csv_bad(void)
{
	csv("\"a\"b,c\nd\n", "!1,3{\"a\"b,c}{d}=d-");
	csv("\"a\" ,c\nd\n", "!1,3{\"a\" ,c}{d}=d-");
	/* Only the first line; the lines after it are read on their own. */
	csv("x,\"a\nb,c\nd\"e\n", "!1,11{x,\"a}{b,c}=b=c{d\"e}=d\"e-");
}

static void test_csv_open(void)
{
	const struct test_input in = {.opts = {.format = RECORDS_CSV}, .fields = {"$1", "$2"}};
	const struct test_input marked = {.opts = {.format = RECORDS_CSV}, .fields = {"$1"}, .marked = true};
	const struct test_input limit = {
		.opts = {.format = RECORDS_CSV}, .fields = {"$1"}, .filter = {.max_record = 6}};

	csv("a\nx,\"b\nc\n", "{a}=a-!2,2{x,\"b}{c}=c-");
	check_inputs(&in, "\"a\nb\n", "c\n\"d\n", "!1,0{\"a}{b}=b-{c}=c-!2,0{\"d}");
	check_inputs(&marked, "\"a\nb\"\nc\n", NULL, "!1,0{\"a}{b\"}=b\"{c}=c");
	check_inputs(&limit, "\"a\nb\nc\nd\ne\nf\n", NULL, "!1,0{\"a}{b}=b{c}=c{d}=d{e}=e{f}=f");
}

static void test_nul(void)
{
	const struct test_input in = {
		.opts = {.format = RECORDS_CSV}, .filter = {.null = true}, .fields = {"$1", "$2"}};

	check_inputs(&in, "a\nb,c\r|\"|\",d|", NULL, "{a\nb,c\r}=a\nb=c\r{\"|\",d}=|=d");
}

static void test_tsv(void)
{
	const struct test_input in = {.opts = {.format = RECORDS_TSV}, .fields = {"$2", "$1", "$2"}};

	check_inputs(&in, "a\tb\tc\n\"x\n", NULL, "{a\tb\tc}=b=a=b{\"x}-=\"x-");
	check_inputs(&in, "a\\tb\\\\\tc\\n\\d\\\r\n", NULL, "{a\\tb\\\\\tc\\n\\d\\\r}=c\n\\d\\=a\tb\\=c\n\\d\\");
}

static void test_header(void)
{
	const struct test_input in = {.opts = {.header = true}, .fields = {".b", ".\"a b\"", "$1"}};

	check_inputs(&in, "a b,b\n1,2\n", "\xef\xbb\xbf\"b\",x,a b\r\n3,4,5\n",
		"#a b,b}{1,2}=2=1=1#\"b\",x,a b\r}{3,4,5}=3=5=3");
	check_inputs(&in, "a b\tb\tb\n1\t2\t3\n", NULL, "#a b\tb\tb}{1\t2\t3}=3=1=1");
	check_inputs(&in, "a b,c\n1,2\n", NULL, "<the header has no column 'b'>");
	check_inputs(&in, "\"a b\"x,c\n1,2\n", NULL, "<the header is malformed>");
	check_inputs(&in, "b,\"a\nb\",\"a b\"\n1,2,3\n", NULL, "#b,\"a\nb\",\"a b\"}{1,2,3}=1=3=1");
}

/* With a header, rows with a different number of columns are not records, however many columns are wanted. */
static void test_ragged(void)
{
	const struct test_input one = {.opts = {.header = true, .format = RECORDS_CSV}, .fields = {".a"}};
	const struct test_input last = {.opts = {.header = true, .format = RECORDS_CSV}, .fields = {".c", ".a"}};
	const struct test_input none = {.opts = {.header = true, .format = RECORDS_TSV}, .fields = {NULL}};

	for (size_t i = 0; i < 2; i++) {
		const struct test_input *in = i ? &last : &one;
		const char *good = i ? "=3=1" : "=1", *quoted = i ? "=z=x\ny" : "=x\ny";
		struct strbuf expected = STRBUF_INIT;
		strbuf_addf(&expected,
			"#a,b,c}{1,2,3}%s!2,3{1,2}!3,7{1,2,3,4}!4,0{}!5,9{\"x\ny\",\"z\"}{\"x\ny\",,z}%s!7,1{\r}", good,
			quoted);
		check_inputs(in, "a,b,c\n1,2,3\n1,2\n1,2,3,4\n\n\"x\ny\",\"z\"\n\"x\ny\",,z\n\r\n", NULL, expected.s);
		strbuf_release(&expected);
	}
	check_inputs(&none, "a\tb\n1\t2\n1\n1\t2\t3\n\t\n", NULL, "#a\tb}{1\t2}!2,1{1}!3,5{1\t2\t3}{\t}");
	/* with one column, an empty line is an empty value */
	check_inputs(&one, "a\n1\n\n", NULL, "#a}{1}=1{}=");
}

static void test_auto(void)
{
	const struct test_input columns = {.fields = {"$1"}}, paths = {.fields = {".a"}}, none = {.fields = {NULL}};

	check_inputs(&columns, "a\tb,c\n", NULL, "{a\tb,c}=a");
	check_inputs(&columns, "\"a\tb\",c\n", NULL, "{\"a\tb\",c}=a\tb");
	check_inputs(&columns, "a,b\nc\td,e\n", NULL, "{a,b}=a{c\td,e}=c\td");
	check_inputs(&columns, "{\"a\":1}\n", NULL, "<this looks like JSON, which has no columns (else say --input)>");
	check_inputs(&paths, "{\"a\":\"x\"}\nb\n{}\n", NULL, "{{\"a\":\"x\"}}=x!2,0{b}{{}}-");
	check_inputs(
		&paths, "{\"a\":\"x\"}\n{\n", "{\"a\":\"y\"}\n{\n", "{{\"a\":\"x\"}}=x!2,1{{}{{\"a\":\"y\"}}=y!2,1{{}");
	check_inputs(&none, "{\"a\":\"x\"}\nb\n", NULL, "{{\"a\":\"x\"}}!2,0{b}");
	check_inputs(&none, "x\n{\n", NULL, "{x}{{}");
}

/* ADDED in this order: the last one is refused. */
static void check_refused(const struct records_opts *opts, const char *first, const char *last)
{
	const struct filter_opts filter = {0};
	struct strbuf err = STRBUF_INIT;
	struct records *r = NULL;
	struct expr_field field;

	CHECK_INT(records_new(&r, opts, &filter, &err), 0);
	if (first)
		add(r, first);
	CHECK_INT(records_field(&field, last, &err), 0);
	CHECK_INT(records_add(r, &field, &err), -EINVAL);
	CHECK(err.len > 0);
	path_release(&field.path);
	strbuf_release(&err);
	records_free(r);
}

static void test_fields(void)
{
	const struct records_opts csv_opts = {.format = RECORDS_CSV}, header = {.header = true}, plain = {0};
	const struct records_opts json = {.format = RECORDS_JSON}, both = {.format = RECORDS_JSON, .header = true};
	const struct filter_opts filter = {0};
	struct strbuf err = STRBUF_INIT;
	struct expr_field field;
	struct records *r = NULL;

	check_refused(&csv_opts, NULL, ".a");
	check_refused(&header, NULL, ".a.b");
	check_refused(&header, "$1", ".");
	check_refused(&header, NULL, ".[0]");
	check_refused(&plain, ".a", "$1");
	check_refused(&plain, "$1", ".a");
	check_refused(&json, NULL, "$1");
	CHECK_INT(records_new(&r, &both, &filter, &err), -EINVAL);
	CHECK_INT(records_field(&field, "$0", &err), -EINVAL);
	CHECK_INT(records_field(&field, "$1000001", &err), -EINVAL);
	CHECK_INT(records_field(&field, "$99999999999999999999", &err), -EINVAL);
	CHECK_INT(records_field(&field, "$", &err), -EINVAL);
	CHECK_INT(records_field(&field, "$1x", &err), -EINVAL);
	CHECK_INT(records_field(&field, "a", &err), -EINVAL);
	CHECK_INT(records_field(&field, "$1000000", &err), 0);
	CHECK_INT(field.column, 1000000);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_csv);
	TEST(test_csv_bad);
	TEST(test_csv_open);
	TEST(test_nul);
	TEST(test_tsv);
	TEST(test_header);
	TEST(test_ragged);
	TEST(test_auto);
	TEST(test_fields);
	return check_done();
}
