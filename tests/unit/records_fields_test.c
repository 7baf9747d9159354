/* Unit tests of common/data/records.h: fields that records lack, and many names of a header. */
#include "common/data/records.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/check.h"

/* Ask R for the field TEXT; its index, or -1. */
static int add(struct records *r, const char *text)
{
	struct strbuf err = STRBUF_INIT;
	struct expr_field field;
	CHECK_INT(records_field(&field, text, &err), 0);
	int slot = records_add(r, &field, &err);
	CHECK_INT(slot<0, err.len> 0);
	path_release(&field.path);
	strbuf_release(&err);
	return slot < 0 ? -1 : slot;
}

/* The fields of LIST, in one buffer, of the last record of TEXT: `a,-,b`, or why it cannot be read; NULL: one is
 * refused. */
static const char *read_fields(
	const struct records_opts *opts, const char *const *beside, const char *const *list, const char *text)
{
	static struct strbuf out = STRBUF_INIT;
	const struct filter_opts filter = {0};
	struct strbuf err = STRBUF_INIT;
	struct flow flow = {.inputs = 1};
	struct records *r = NULL;
	const char *rec;
	int slots[64] = {0}, n, refused = 0;
	size_t count = 0, len;
	CHECK_INT(records_new(&r, opts, &filter, &err), 0);
	for (; *beside; beside++)
		records_beside(r, *beside);
	for (; list[count]; count++)
		refused |= (slots[count] = add(r, list[count])) < 0;
	records_span(r, text, strlen(text), &flow);
	while (!refused && (n = records_next(r, &rec, &len)) != 0) {
		strbuf_clear(&out);
		for (size_t i = 0; n == 1 && i < count; i++) {
			const struct value *v = &records_values(r)[slots[i]];
			strbuf_addstr(&out, i ? "," : "");
			strbuf_add(&out, v->type == VALUE_MISSING ? "-" : v->s, v->type == VALUE_MISSING ? 1 : v->len);
		}
		if (n < 0)
			strbuf_addstr(&out, records_error(r)->what);
		if (n == -ENOENT)
			break;
	}
	records_free(r);
	strbuf_release(&err);
	return refused ? NULL : out.s;
}

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_beside(void)
{
	const struct records_opts any = {0}, csv = {.format = RECORDS_CSV}, header = {.header = true};
	const char *const *dt = FIELDS("dt", "p");
	CHECK_STR(read_fields(&any, dt, FIELDS("$2", ".dt", "$1", ".p", ".dt"), "a\tb\n"), "b,-,a,-,-");
	CHECK_STR(read_fields(&any, dt, FIELDS(".dt", ".p", ".dt", "$1"), "a\tb\n"), "-,-,-,a");
	CHECK_STR(read_fields(&any, dt, FIELDS(".dt", ".p", ".dt"), "a,b\n"), "-,-,-");
	CHECK_STR(read_fields(&any, dt, FIELDS(".p", ".dt", ".p", ".dt"), "{\"dt\":1}\n"), "-,1,-,1");
	CHECK_STR(read_fields(&any, dt, FIELDS(".p", ".p", ".x", ".dt", ".x"), "{\"dt\":1,\"x\":2}\n"), "-,-,2,1,2");
	CHECK_STR(read_fields(&csv, dt, FIELDS(".p", "$1"), "{\"dt\":1}\n"), "-,{\"dt\":1}");
	CHECK_STR(read_fields(&header, dt, FIELDS(".p", ".a", ".dt"), "a,p\n1,2\n"), "2,1,-");
	CHECK_STR(read_fields(&any, dt, FIELDS(".dt", "$1"), "{\"dt\":1}\n"),
		"this looks like JSON, which has no columns (else say --input)");
	CHECK(!read_fields(&any, dt, FIELDS("$1", ".x"), ""));
	CHECK(!read_fields(&any, dt, FIELDS("$1", ".dt.x"), ""));
	CHECK(!read_fields(&any, dt, FIELDS("$1", ".d"), ""));
	CHECK(!read_fields(&any, dt, FIELDS("$1", ".dtx"), ""));
	CHECK(!read_fields(&any, dt, FIELDS(".dt", ".x", "$1"), ""));
}

/* As for few of them: of names that are there several times the last one counts. */
static void test_many_names(void)
{
	const struct records_opts header = {.header = true};
	char names[41][8], values[] = "c0,c1,c0";
	const char *list[42] = {NULL}, *none[] = {NULL};
	struct strbuf text = STRBUF_INIT;
	for (int i = 0; i < 40; i++) {
		snprintf(names[i], sizeof names[i], ".c%d", i % 20);
		list[i] = names[i];
	}
	list[1] = "$3";
	strbuf_addstr(&text, values);
	for (int i = 2; i < 20; i++)
		strbuf_addf(&text, ",c%d", i);
	strbuf_addstr(&text, "\nfirst,1,0");
	for (int i = 2; i < 20; i++)
		strbuf_addf(&text, ",%d", i);
	strbuf_addstr(&text, "\n");
	CHECK_STR(read_fields(&header, none, list, text.s),
		"0,0,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19");
	list[30] = ".nothing";
	CHECK_STR(read_fields(&header, none, list, text.s), "the header has no column 'nothing'");
	strbuf_release(&text);
}

int main(void)
{
	TEST(test_beside);
	TEST(test_many_names);
	return check_done();
}
