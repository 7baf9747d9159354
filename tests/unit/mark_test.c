/* common/stream/mark and parts: the format of marks, and what is not one. */
#include <errno.h>
#include <stdlib.h>

#include "common/base/strbuf.h"
#include "common/stream/mark_offsets.h"
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

static void test_text(void)
{
	struct strbuf b = STRBUF_INIT;
	make(&b, MARK_BATCH, ",\"flush\":true");
	/* The CRC was computed by Python's zlib.crc32 over the bytes before `,"crc"`. */
	CHECK_STR(b.s, "\x17{\"v\":1,\"k\":\"B\",\"run\":\"0123456789abcdef\",\"b\":17,\"n\":120,\"by\":\"consume\","
		       "\"t\":[-5,1795350879034],\"flush\":true,\"crc\":\"d87fc6ed\"}");
	strbuf_release(&b);
}

static void test_round_trip(void)
{
	struct strbuf b = STRBUF_INIT;
	struct mark m;
	size_t len;
	make(&b, MARK_START,
		",\"group\":\"a\\\",\\\"socket\\\":\\\"no\",\"socket\":\"/tmp/x/"
		"ack\",\"off\":{\"t\":{\"0\":[1,2]}},\"z\":{}");
	CHECK_INT(mark_parse(b.s, b.len, &m), 0);
	CHECK_INT(m.kind, MARK_START);
	CHECK(m.run == 0x0123456789abcdef);
	CHECK_INT(m.batch, 17);
	CHECK_INT(m.n, 120);
	CHECK_STR(m.by, "consume");
	CHECK_INT(m.start_ms, -5);
	CHECK_INT(m.end_ms, 1795350879034);
	CHECK(!m.flush);
	const char *path = mark_string(&m, "socket", &len);
	CHECK(path != NULL);
	CHECK_MEM(path, len, "/tmp/x/ack", 10);
	CHECK(mark_string(&m, "none", &len) == NULL);
	const char *off = mark_object(&m, "off", &len);
	CHECK(off != NULL);
	CHECK_MEM(off, len, "{\"t\":{\"0\":[1,2]}}", 17);
	off = mark_object(&m, "z", &len);
	CHECK_MEM(off, len, "{}", 2);
	CHECK(mark_object(&m, "none", &len) == NULL);
	strbuf_release(&b);
}

/* Two numbers, and what is none: never read behind the mark, which no NUL ends. */
static void test_pair(void)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{"{\"v\":1,\"ts\":[-5,17]}", true},
		{"{\"v\":1,\"ts\":[-5,17", false},
		{"{\"v\":1,\"ts\":[-5,", false},
		{"{\"v\":1,\"ts\":[-5", false},
		{"{\"v\":1,\"ts\":[", false},
		{"{\"v\":1,\"ts\":[ -5, 17]}", false},
		{"{\"v\":1,\"ts\":[1,99999999999999999999]}", false},
		{"{\"v\":1,\"to\":[1,2]}", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = strlen(cases[i].text);
		char *copy = malloc(len); /* for the sanitizers */
		memcpy(copy, cases[i].text, len);
		struct mark m = {.text = copy, .len = len};
		int64_t a = 1, b = 2;
		CHECK_INT(mark_pair(&m, "ts", &a, &b), cases[i].good);
		CHECK_INT(a, cases[i].good ? -5 : 1);
		CHECK_INT(b, cases[i].good ? 17 : 2);
		free(copy);
	}
}

static void test_rehop(void)
{
	struct strbuf b = STRBUF_INIT, hop = STRBUF_INIT;
	struct mark m;
	make(&b, MARK_BATCH, ",\"flush\":true,\"ts\":[1,2]");
	CHECK_INT(mark_parse(b.s, b.len, &m), 0);
	mark_rehop(&hop, &m, 3, "a-program-with-a-name-that-is-too-long-for-a-mark");
	CHECK_INT(mark_parse(hop.s, hop.len, &m), 0);
	CHECK_INT(m.n, 3);
	CHECK_INT(m.batch, 17);
	CHECK(m.flush);
	CHECK_INT(strlen(m.by), MARK_BY_MAX);
	CHECK(memmem(hop.s, hop.len, ",\"ts\":[1,2],\"crc\"", 17) != NULL);
	strbuf_release(&b);
	strbuf_release(&hop);
}

static void test_every_damage_is_seen(void)
{
	struct strbuf b = STRBUF_INIT;
	struct mark m;
	make(&b, MARK_BATCH, "");
	for (size_t i = 0; i < b.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			b.s[i] = (char)(b.s[i] ^ 1 << bit);
			CHECK_INT(mark_parse(b.s, b.len, &m), -EBADMSG);
			b.s[i] = (char)(b.s[i] ^ 1 << bit);
		}
		CHECK_INT(mark_parse(b.s, i, &m), -EBADMSG);
	}
	CHECK_INT(mark_parse(b.s, b.len, &m), 0);
	strbuf_release(&b);
}

static void refuse(const char *body, int want)
{
	struct strbuf b = STRBUF_INIT;
	struct mark m;
	strbuf_addstr(&b, body);
	mark_end(&b, 0);
	CHECK_INT(mark_parse(b.s, b.len, &m), want);
	strbuf_release(&b);
}

static void test_wrong_forms(void)
{
	refuse("\x17{\"v\":2,\"k\":\"B\"", -EPROTONOSUPPORT);
	refuse("\x17{\"v\":1,\"k\":\"X\",\"run\":\"0123456789abcdef\",\"b\":1,\"n\":1,\"by\":\"x\",\"t\":[1,2]",
		-EBADMSG);
	refuse("\x17{\"v\":1,\"k\":\"B\",\"run\":\"0123456789ABCDEF\",\"b\":1,\"n\":1,\"by\":\"x\",\"t\":[1,2]",
		-EBADMSG);
	refuse("\x17{\"v\":1,\"k\":\"B\",\"run\":\"0123456789abcdef\",\"b\":-1,\"n\":1,\"by\":\"x\",\"t\":[1,2]",
		-EBADMSG);
	refuse("\x17{\"v\":1,\"k\":\"B\",\"run\":\"0123456789abcdef\",\"b\":1,\"n\":99999999999999999999,\"by\":\"x\","
	       "\"t\":[1,2]",
		-EBADMSG);
	refuse("\x17{\"v\":1,\"k\":\"B\",\"run\":\"0123456789abcdef\",\"b\":1,\"n\":1,\"by\":\"x", -EBADMSG);
	refuse("\x17{\"v\":1", -EBADMSG);
	refuse("", -EBADMSG);
}

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

/* The members of a B of three topics with 10,000 partitions, forwards as consume writes them or backwards. */
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

/* How many partitions topics had: of the topics that R names, 0 among them; the others are not said. */
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

int main(void)
{
	TEST(test_text);
	TEST(test_round_trip);
	TEST(test_pair);
	TEST(test_rehop);
	TEST(test_every_damage_is_seen);
	TEST(test_wrong_forms);
	TEST(test_parts);
	TEST(test_parts_of_other_marks);
	TEST(test_parts_of_topics);
	TEST(test_many_parts);
	TEST(test_bad_parts);
	return check_done();
}
