/* Fields of TSV and CSV, one at a time: reading gives what was written. */
#include "common/data/columns.h"

#include <stdlib.h>

#include "common/data/columnsout.h"
#include "tests/unit/check.h"

static void test_field_end(void)
{
	static const struct {
		bool csv;
		const char *rec;
		size_t pos, end;
	} cases[] = {
		{true, "", 0, 0},
		{true, "ab", 0, 2},
		{true, "ab,c", 0, 2},
		{true, "ab,c", 3, 4},
		{true, ",", 0, 0},
		{true, ",", 1, 1},
		{true, "\"a,b\",c", 0, 5},
		{true, "\"a\"\",\"\"b\",c", 0, 9},
		{true, "a\",\"b", 0, 2},
		{true, "\"a\"x,c", 0, 4}, /* text that no reader would accept does no harm */
		{true, "\"a,b", 0, 4},
		{false, "a,b\tc", 0, 3},
		{false, "\"a\tb\"", 0, 2},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_INT(columns_field_end(cases[i].csv, cases[i].rec, strlen(cases[i].rec), cases[i].pos),
			cases[i].end);
}

static void test_text(void)
{
	static const struct {
		bool csv;
		const char *field, *text;
	} cases[] = {
		{true, "", ""},
		{true, "\"", "\""},
		{true, "\"\"", ""},
		{true, "\"a\"\"b\"", "a\"b"},
		{true, "a\"\"b", "a\"\"b"},
		{true, "a\\t", "a\\t"},
		{false, "a\\tb\\n\\r\\\\", "a\tb\n\r\\"},
		{false, "\\x\\", "\\x\\"},
		{false, "\"a\"", "\"a\""},
	};
	char text[16];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = columns_text(cases[i].csv, cases[i].field, strlen(cases[i].field), text);
		CHECK_MEM(text, len, cases[i].text, strlen(cases[i].text));
	}
}

/* Any bytes, in the middle of a record. */
static void test_round_trip(void)
{
	static const char bytes[] = "a\",\t\n\r\\tn x\0";
	char s[12], rec[64], text[64];
	srand(7);
	for (int i = 0; i < 20000; i++) {
		bool csv = i & 1;
		size_t len = (size_t)rand() % sizeof s;
		for (size_t k = 0; k < len; k++)
			s[k] = bytes[(size_t)rand() % (sizeof bytes - 1)];
		char *end = columnsout_field(rec, csv, s, len, '\n');
		size_t field = (size_t)(end - rec);
		CHECK(field <= COLUMNSOUT_MAX(len));
		*end++ = csv ? ',' : '\t';
		*end++ = 'z';
		CHECK_INT(columns_field_end(csv, rec, (size_t)(end - rec), 0), field);
		size_t n = columns_text(csv, rec, field, text);
		CHECK_MEM(text, n, s, len);
	}
}

int main(void)
{
	TEST(test_field_end);
	TEST(test_text);
	TEST(test_round_trip);
	return check_done();
}
