/* The metadata of offsets: what is written is read, and what others have written is not taken for ours. */
#include "common/kafka/offset_text.h"

#include <string.h>

#include "tests/unit/check.h"

static const char *table_of(const char *s)
{
	static char text[64];
	size_t len;
	const char *table = offset_text_table(s, s ? strlen(s) : 0, &len);
	snprintf(text, sizeof text, "%.*s", table ? (int)len : 4, table ? table : "none");
	return text;
}

static void test_the_table(void)
{
	CHECK_STR(table_of("weir:topic:t {\"cut\":null}"), "topic:t");
	CHECK_STR(table_of("weir:3f2a"), "3f2a");
	CHECK_STR(table_of(NULL), "none");
	CHECK_STR(table_of(""), "none");
	CHECK_STR(table_of("weir:"), "none");
	CHECK_STR(table_of("weir: {}"), "none");
	CHECK_STR(table_of("wei"), "none");
	CHECK_STR(table_of("flink:topic:t"), "none");
}

static bool read_text(const char *s, const char *table, struct mark_range *ret)
{
	*ret = (struct mark_range){.topic_parts = RANGE_NONE};
	return offset_text_read(s, strlen(s), table, ret);
}

static void test_a_position_comes_back(void)
{
	struct strbuf text = STRBUF_INIT;
	struct mark_range got;
	struct position p = {.cut = {true, 0xabc, 17},
		.has_last = true,
		.last_ms = -1,
		.last_crc = 0x1f,
		.last_offset = 41,
		.has_parts = true,
		.parts = 4};
	offset_text_add(&text, "topic:t", &p);
	CHECK_STR(text.s, "weir:topic:t {\"last\":[-1,\"0000001f\",41],\"cut\":[\"0000000000000abc\",17],\"parts\":4}");
	CHECK(read_text(text.s, "topic:t", &got));
	CHECK(got.has_last && got.last_ms == -1 && got.last_crc == 0x1f && got.last_offset == 41);
	CHECK(got.cut.known && got.cut.run == 0xabc && got.cut.batch == 17);
	CHECK_INT(got.topic_parts, 4);
	strbuf_clear(&text);
	p = (struct position){0};
	offset_text_add(&text, "topic:t", &p);
	CHECK(read_text(text.s, "topic:t", &got));
	CHECK(!got.has_last && !got.cut.known);
	CHECK_INT(got.topic_parts, RANGE_NONE);
	strbuf_release(&text);
}

static void test_what_is_no_position(void)
{
	static const char *const bad[] = {"weir:topic:t", "weir:topic:t ", "weir:topic:t x", "weir:topic:t []",
		"weir:topic:t {\"cut\":null", "weir:topic:t {} x", "weir:topic:tt {\"cut\":null}",
		"weir:topic: {\"cut\":null}", "topic:t {\"cut\":null}"};
	struct mark_range got;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!read_text(bad[i], "topic:t", &got));
	/* Members of another form are not known, and the position is. */
	CHECK(read_text("weir:topic:t {\"last\":[1,2],\"cut\":5,\"parts\":-2}", "topic:t", &got));
	CHECK(!got.has_last && !got.cut.known);
	CHECK_INT(got.topic_parts, RANGE_NONE);
	CHECK(read_text("weir:topic:t {\"parts\":99999999999}", "topic:t", &got));
	CHECK_INT(got.topic_parts, RANGE_NONE);
}

int main(void)
{
	TEST(test_the_table);
	TEST(test_a_position_comes_back);
	TEST(test_what_is_no_position);
	return check_done();
}
