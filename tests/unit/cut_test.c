/* common/stream/cut: cuts in marks and in answers. */
#include "common/stream/mark_offsets.h"
#include "tests/unit/marks.h"

/* B and R have the cuts of all partitions of which a sink can hold positions; the answer has those that are known. */
static void test_text(void)
{
	static char t[] = "t";
	const struct cut cut = {.known = true, .run = 0x00c0ffee, .batch = 17};
	const struct mark_range has[] = {
		{.topic = t,
			.held = true,
			.cut = cut,
			.was = 7,
			.start = 7,
			.end = RANGE_NONE,
			.topic_parts = RANGE_NONE},
		{.topic = t, .partition = 1, .held = true, .end = RANGE_NONE, .topic_parts = RANGE_NONE},
		{.topic = t, .partition = 2, .end = RANGE_NONE, .topic_parts = RANGE_NONE},
	};
	const char *both = ",\"cut\":{\"t\":{\"0\":[\"0000000000c0ffee\",17],\"1\":null}}";
	struct strbuf b = STRBUF_INIT, text = STRBUF_INIT, err = STRBUF_INIT;
	struct mark m;
	struct mark_ranges got;
	ranges_add_answer(&b, has, 3);
	CHECK(strstr(b.s, ",\"cut\":{\"t\":{\"0\":[\"0000000000c0ffee\",17]}}"));
	strbuf_clear(&b);
	ranges_add_batch(&b, has, 3);
	CHECK(strstr(b.s, both));
	strbuf_clear(&b);
	ranges_add_resume(&b, has, 3);
	CHECK(strstr(b.s, both));
	make(&text, MARK_RESUME, b.s);
	CHECK_INT(mark_parse(text.s, text.len, &m), 0);
	CHECK_INT(ranges_read(&m, &got, &err), 0);
	CHECK_INT(got.count, 3);
	CHECK(got.items[0].held && cut_same(&got.items[0].cut, &cut));
	CHECK(got.items[1].held && !got.items[1].cut.known);
	CHECK(!got.items[2].held && !got.items[2].cut.known);
	ranges_release(&got);
	strbuf_clear(&b);
	ranges_add_batch(&b, &has[2], 1);
	CHECK(!strstr(b.s, "cut")); /* as when the end of the pipeline holds no positions */
	static const char *const bad[] = {"7", "[]", "[\"0000000000c0ffee\"]", "[\"0000000000c0ffee\",-1]",
		"[\"00000000000ffee\",1]", "[\"0000000000C0FFEE\",1]", "[\"0000000000c0ffee\",\"1\"]",
		"[\"0000000000c0ffee\",1,2]"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		strbuf_clear(&b);
		strbuf_clear(&text);
		strbuf_addf(&b, ",\"cut\":{\"t\":{\"0\":%s}}", bad[i]);
		make(&text, MARK_RESUME, b.s);
		CHECK_INT(mark_parse(text.s, text.len, &m), 0);
		CHECK_INT(ranges_read(&m, &got, &err), -EBADMSG);
	}
	strbuf_release(&b);
	strbuf_release(&text);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_text);
	return check_done();
}
