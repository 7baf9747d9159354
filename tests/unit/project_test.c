/* Unit tests of common/data/project.h: records of names, and what is not one record. */
#include "common/data/project.h"

#include <string.h>

#include "tests/unit/check.h"

static void write(struct project *p, const char *const *texts, const char *want)
{
	struct value values[3] = {{.type = VALUE_NULL}, {.type = VALUE_NULL}, {.type = VALUE_NULL}};
	struct strbuf out = STRBUF_INIT;
	for (size_t i = 0; i < 3; i++)
		if (texts[i])
			values[i] = (struct value){.type = VALUE_TEXT,
				.raw = texts[i],
				.s = texts[i],
				.raw_len = strlen(texts[i]),
				.len = strlen(texts[i])};
	char *to = strbuf_grow(&out, project_room(p, values));
	strbuf_extend(&out, (size_t)(project_write(p, values, to) - to));
	CHECK_STR(out.s, want);
	strbuf_release(&out);
}

static void test_names(void)
{
	static const char *const texts[] = {"1", NULL, "a;\n\""};
	static const char *const wants[] = {
		[RECORDS_JSON] = "{\"a\":\"1\",\"b;c\":null,\"\\\"\":\"a;\\n\\\"\"}",
		[RECORDS_TSV] = "1\t\ta;\\n\"",
		[RECORDS_CSV] = "1;;\"a;\n\"\"\"",
	};
	static const char *const heads[] = {
		[RECORDS_JSON] = NULL, [RECORDS_TSV] = "a\tb;c\t\"", [RECORDS_CSV] = "a;\"b;c\";\"\"\"\""};
	for (enum records_format format = RECORDS_JSON; format <= RECORDS_CSV; format++) {
		struct project p;
		struct strbuf head = STRBUF_INIT;
		project_init_names(&p, format, '\n', ';');
		project_add_name(&p, "a");
		project_add_name(&p, "b;c");
		project_add_name(&p, "\"");
		write(&p, texts, wants[format]);
		project_header(&p, &head);
		if (heads[format])
			CHECK_STR(head.s, heads[format]);
		p.count = 1;
		write(&p, texts, format == RECORDS_JSON ? "{\"a\":\"1\"}" : "1");
		strbuf_release(&head);
		project_release(&p);
	}
}

static void test_breaks(void)
{
	struct project p = {.format = RECORDS_CSV, .delim = '\n'};
	CHECK(!project_breaks(&p, "\"a\nb\"", 5, false));
	CHECK(project_breaks(&p, "\"a\nb\"", 5, true));
	CHECK(!project_breaks(&p, "ab", 2, true));
	p.format = RECORDS_TSV;
	CHECK(!project_breaks(&p, "a\\nb", 4, true));
	p.delim = '\0';
	CHECK(project_breaks(&p, "a\0b", 3, false));
	CHECK(!project_breaks(&p, "a\nb", 3, false));
}

int main(void)
{
	TEST(test_names);
	TEST(test_breaks);
	return check_done();
}
