/* common/stream/mark_offsets: the partitions in marks. */
#include "common/stream/mark_offsets.h"

#include "tests/unit/marks.h"

static char topic_a[] = "a", topic_b[] = "b";
static const struct mark_range parts[] = {
	{.topic = topic_a,
		.partition = 0,
		.from = 1,
		.to = 5,
		.records = 3,
		.has_last = true,
		.last_ms = 99,
		.last_crc = 0xabc,
		.last_offset = 4,
		.was = 1,
		.start = 1,
		.end = RANGE_NONE,
		.topic_parts = 12},
	{.topic = topic_a,
		.partition = 12,
		.from = 7,
		.to = 7,
		.was = RANGE_NONE,
		.start = 7,
		.end = RANGE_NONE,
		.topic_parts = 12},
	{.topic = topic_b,
		.partition = 3,
		.from = 0,
		.to = 9,
		.records = 9,
		.was = 0,
		.start = RANGE_NONE,
		.end = 9,
		.topic_parts = RANGE_NONE},
};

static void test_parts(void)
{
	struct strbuf b = STRBUF_INIT, err = STRBUF_INIT;
	struct mark m;
	struct mark_ranges got;
	ranges_add_batch(&b, parts, 3);
	CHECK_STR(b.s, ",\"off\":{\"a\":{\"0\":[1,5],\"12\":[7,7]},\"b\":{\"3\":[0,9]}},\"r\":{\"a\":{\"0\":3,\"12\":0}"
		       ",\"b\":{\"3\":9}},"
		       "\"last\":{\"a\":{\"0\":[99,\"00000abc\",4]}}");
	struct strbuf text = STRBUF_INIT;
	make(&text, MARK_BATCH, b.s);
	CHECK_INT(mark_parse(text.s, text.len, &m), 0);
	CHECK_INT(ranges_read(&m, &got, &err), 0);
	CHECK_INT(got.count, 3);
	CHECK_STR(got.items[1].topic, "a");
	CHECK_INT(got.items[1].partition, 12);
	CHECK_INT(got.items[2].to, 9);
	CHECK_INT(got.items[2].records, 9);
	CHECK(got.items[0].has_last && !got.items[1].has_last);
	CHECK_INT(got.items[0].last_crc, 0xabc);
	CHECK(ranges_find(&got, "b", 3) == &got.items[2]);
	CHECK(ranges_find(&got, "b", 4) == NULL);
	ranges_release(&got);
	strbuf_release(&b);
	strbuf_release(&text);
}

static void test_parts_of_other_marks(void)
{
	struct strbuf b = STRBUF_INIT;
	ranges_add_resume(&b, parts, 3);
	CHECK_STR(b.s, ",\"was\":{\"a\":{\"0\":1,\"12\":null},\"b\":{\"3\":0}},\"start\":{\"a\":{\"0\":1,\"12\":7},"
		       "\"b\":{\"3\":null}},\"parts\":{\"a\":12},\"end\":{\"b\":{\"3\":9}}");
	strbuf_clear(&b);
	ranges_add_query(&b, parts, 3);
	CHECK_STR(b.s, ",\"ask\":{\"a\":[0,12],\"b\":[3]}");
	strbuf_clear(&b);
	ranges_add_query(&b, parts, 0);
	ranges_add_batch(&b, parts, 0);
	CHECK_STR(b.s, ",\"ask\":{},\"off\":{},\"r\":{},\"last\":{}");
	strbuf_release(&b);
}

/* The members of a B of three topics with 10,000 partitions, forwards, as consume writes them, or backwards. */
static void add_many(struct strbuf *b, const char *name, const char *value, bool backwards)
{
	static const char *topics[] = {"a", "b.c", "z"};
	strbuf_addf(b, ",\"%s\":{", name);
	for (int t = 0; t < 3; t++) {
		strbuf_addf(b, "%s\"%s\":{", t ? "," : "", topics[backwards ? 2 - t : t]);
		for (int i = 0; i < 10000; i++)
			strbuf_addf(b, "%s\"%d\":%s", i ? "," : "", backwards ? 9999 - i : i, value);
		strbuf_addch(b, '}');
	}
	strbuf_addch(b, '}');
}

static void test_many_parts(void)
{
	for (int round = 0; round < 4; round++) {
		struct strbuf b = STRBUF_INIT, text = STRBUF_INIT, err = STRBUF_INIT;
		struct mark m;
		struct mark_ranges got;
		add_many(&b, "off", "[3,5]", round & 1);
		add_many(&b, "r", "2", round & 2);
		strbuf_addstr(
			&b, ",\"last\":{\"b.c\":{\"9999\":[7,\"0000000a\",4]},\"new\":{\"1\":[7,\"0000000b\",4]}}");
		make(&text, MARK_BATCH, b.s);
		CHECK_INT(mark_parse(text.s, text.len, &m), 0);
		CHECK_INT(ranges_read(&m, &got, &err), 0);
		CHECK_INT(got.count, 30001);
		for (int i = 0; i < 10000; i++) {
			const struct mark_range *p = ranges_find(&got, "b.c", i);
			if (!p || p->from != 3 || p->to != 5 || p->records != 2 || p->has_last != (i == 9999))
				CHECK_INT(i, -1);
		}
		CHECK(ranges_find(&got, "z", 10000) == NULL);
		CHECK(ranges_find(&got, "new", 1) && ranges_find(&got, "new", 1)->last_crc == 0xb);
		ranges_release(&got);
		strbuf_release(&b);
		strbuf_release(&text);
	}
}

/* How many partitions topics had: topics that R names, some with 0; others are not mentioned. */
static void test_parts_of_topics(void)
{
	struct strbuf b = STRBUF_INIT, err = STRBUF_INIT;
	struct mark m;
	struct mark_ranges got;
	make(&b, MARK_RESUME,
		",\"was\":{\"z\":{\"0\":null,\"1\":3},\"a\":{\"7\":0},\"none\":{\"0\":1}},"
		"\"start\":{\"z\":{\"0\":9,\"1\":3},\"a\":{\"7\":0},\"none\":{\"0\":1}},"
		"\"parts\":{\"a\":0,\"z\":2147483647,\"other\":5}");
	CHECK_INT(mark_parse(b.s, b.len, &m), 0);
	CHECK_INT(ranges_read(&m, &got, &err), 0);
	CHECK_INT(got.count, 4);
	CHECK_INT(ranges_find(&got, "a", 7)->topic_parts, 0);
	CHECK_INT(ranges_find(&got, "z", 0)->topic_parts, INT32_MAX);
	CHECK_INT(ranges_find(&got, "z", 1)->topic_parts, INT32_MAX);
	CHECK_INT(ranges_find(&got, "none", 0)->topic_parts, RANGE_NONE);
	ranges_release(&got);
	strbuf_release(&b);
}

static void test_bad_parts(void)
{
	const char *bad[] = {",\"off\":{\"t\":{\"0\":[5,1]}}", ",\"off\":{\"t\":{\"-1\":[1,1]}}",
		",\"off\":{\"t\":{\"0\":1}}", ",\"off\":{\"t\":{\"x\":[1,2]}}", ",\"r\":{\"t\":{\"0\":-1}}",
		",\"last\":{\"t\":{\"0\":[1,\"zz\",1]}}", ",\"was\":{\"t\":{\"0\":-4}}",
		",\"start\":{\"t\":{\"0\":\"1\"}}", ",\"ask\":{\"t\":[\"1\"]}", ",\"off\":{\"t\":{\"0\":[1,2]}}}",
		",\"off\":{\"t\":{\"99999999999\":[1,2]}}", ",\"off\":{\"t\":{\"7\":[1,2],\"07\":[1,2]}}",
		",\"ask\":{\"t\":[1,2,1]}", ",\"ask\":{\"t\":[-1]}", ",\"ask\":{\"t\":[4294967296]}",
		",\"was\":{\"t\":{\"0\":1}},\"parts\":{\"t\":-1}",
		",\"was\":{\"t\":{\"0\":1}},\"parts\":{\"t\":2147483648}",
		",\"was\":{\"t\":{\"0\":1}},\"parts\":{\"t\":\"3\"}",
		",\"was\":{\"t\":{\"0\":1}},\"parts\":{\"t\":null}"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct strbuf b = STRBUF_INIT, err = STRBUF_INIT;
		struct mark m;
		struct mark_ranges got;
		make(&b, MARK_BATCH, bad[i]);
		CHECK_INT(mark_parse(b.s, b.len, &m), 0);
		int r = ranges_read(&m, &got, &err);
		if (r != -EBADMSG)
			printf("# accepted: %s\n", bad[i]);
		CHECK_INT(r, -EBADMSG);
		CHECK(err.len > 0);
		strbuf_release(&b);
		strbuf_release(&err);
	}
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

static void test_slowest(void)
{
	struct strbuf b = STRBUF_INIT, text = STRBUF_INIT, is = STRBUF_INIT;
	struct mark m;
	ranges_add_slowest(&b, "a\"b", 12);
	CHECK_STR(b.s, ",\"slow\":{\"a\\\"b\":12}");
	make(&text, MARK_BATCH, b.s);
	CHECK_INT(mark_parse(text.s, text.len, &m), 0);
	CHECK(ranges_slowest_text(&m, &is));
	CHECK_STR(is.s, "topic 'a\"b', partition 12");
	static const char *const none[] = {"", ",\"slow\":{}", ",\"slow\":{\"a\":x}", ",\"slow\":7"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		strbuf_clear(&text);
		strbuf_clear(&is);
		make(&text, MARK_BATCH, none[i]);
		CHECK_INT(mark_parse(text.s, text.len, &m), 0);
		CHECK(!ranges_slowest_text(&m, &is));
		CHECK_STR(is.s, "");
	}
	strbuf_release(&b);
	strbuf_release(&text);
	strbuf_release(&is);
}

int main(void)
{
	TEST(test_parts);
	TEST(test_parts_of_other_marks);
	TEST(test_parts_of_topics);
	TEST(test_many_parts);
	TEST(test_bad_parts);
	TEST(test_topics_of_any_name);
	TEST(test_the_answer);
	TEST(test_slowest);
	return check_done();
}
