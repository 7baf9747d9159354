/* What marks say about partitions: topics of any name, and the answer of a sink. */
#include "common/stream/mark_offsets.h"

#include <string.h>

#include "tests/unit/check.h"

static void make(struct strbuf *b, enum mark_kind kind, const char *more)
{
	struct mark m = {.kind = kind,
		.run = 0x0123456789abcdef,
		.batch = 17,
		.n = 120,
		.start_ms = -5,
		.end_ms = 1795350879034};
	size_t start;
	strcpy(m.by, "consume");
	mark_begin(b, &m, &start);
	strbuf_addstr(b, more);
	mark_end(b, start);
}

static void test_topics_of_any_name(void)
{
	static char odd[] = "/tmp/a \"b\"\\{}:\x17\t\xc3\xa9";
	struct mark_range range = {.topic = odd, .partition = 1, .from = 2, .to = 3, .was = 4, .start = 5, .end = 6};
	struct strbuf err = STRBUF_INIT;
	for (int kind = 0; kind < 3; kind++) {
		static const enum mark_kind kinds[] = {MARK_BATCH, MARK_QUERY, MARK_RESUME};
		static void (*const add[])(struct strbuf *, const struct mark_range *, size_t) = {
			ranges_add_batch, ranges_add_query, ranges_add_resume};
		struct strbuf members = STRBUF_INIT, text = STRBUF_INIT;
		struct mark m;
		struct mark_ranges got;
		add[kind](&members, &range, 1);
		make(&text, kinds[kind], members.s);
		CHECK(!memchr(text.s + 1, '\x17', text.len - 1));
		CHECK_INT(mark_parse(text.s, text.len, &m), 0);
		CHECK_INT(ranges_read(&m, &got, &err), 0);
		CHECK_INT(got.count, 1);
		CHECK_STR(got.items[0].topic, odd);
		ranges_release(&got);
		strbuf_release(&members);
		strbuf_release(&text);
	}
}

static void test_the_answer(void)
{
	static char t[] = "t", u[] = "u";
	const struct mark_range has[] = {
		{.topic = t,
			.was = 7,
			.has_last = true,
			.last_ms = 5,
			.last_crc = 9,
			.last_offset = 6,
			.topic_parts = 2},
		{.topic = t, .partition = 1, .was = RANGE_NONE, .topic_parts = 2},
		{.topic = u, .was = RANGE_NONE, .topic_parts = RANGE_NONE},
	};
	struct strbuf b = STRBUF_INIT;
	ranges_add_answer(&b, has, 3);
	CHECK_STR(b.s, ",\"at\":{\"t\":{\"0\":7,\"1\":null},\"u\":{\"0\":null}},"
		       "\"last\":{\"t\":{\"0\":[5,\"00000009\",6]}},\"parts\":{\"t\":2}");
	strbuf_clear(&b);
	ranges_add_answer(&b, NULL, 0);
	CHECK_STR(b.s, ",\"at\":{},\"last\":{}");
	strbuf_release(&b);
}

int main(void)
{
	TEST(test_topics_of_any_name);
	TEST(test_the_answer);
	return check_done();
}
