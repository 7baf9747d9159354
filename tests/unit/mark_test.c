/* common/stream/mark: the format of marks, and what is not a mark. */
#include <stdlib.h>

#include "tests/unit/marks.h"

static void test_text(void)
{
	struct strbuf b = STRBUF_INIT;
	make(&b, MARK_BATCH, ",\"flush\":true");
	/* The CRC was computed by Python's zlib.crc32 over the bytes before `,"crc"`. */
	CHECK_STR(b.s, "\x17{\"v\":2,\"k\":\"B\",\"run\":\"0123456789abcdef\",\"b\":17,\"n\":120,\"by\":\"consume\","
		       "\"t\":[-5,1795350879034],\"flush\":true,\"crc\":\"46df8d4a\"}");
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

static void test_moves(void)
{
	static const struct {
		const char *text;
		bool moves;
	} cases[] = {
		{",\"off\":{\"t\":{\"0\":[5,5],\"1\":[7,8]}},\"r\":{}", true},
		{",\"off\":{\"t\":{\"0\":[5,5],\"1\":[7,7]},\"u\":{\"0\":[0,0]}},\"r\":{\"x\":[1,2]}", false},
		{",\"off\":{\"t\":{\"0\":[5,5]},\"u\":{\"0\":[0,1]}}", true},
		{",\"off\":{\"t[1,2]\":{\"0\":[5,5]},\"a\\\"[1,2]\":{\"0\":[3,3]}}", false},
		{",\"off\":{\"t\":{\"0\":[-5,5]}}", true},
		{",\"off\":{}", false},
		{",\"r\":{}", true},
		{"", true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct strbuf b = STRBUF_INIT;
		struct mark m;
		make(&b, MARK_BATCH, cases[i].text);
		CHECK_INT(mark_parse(b.s, b.len, &m), 0);
		CHECK_INT(mark_moves(&m), cases[i].moves);
		strbuf_release(&b);
	}
}

/* Two numbers, and what is not a number: never read past the mark, which has no NUL at its end. */
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
	refuse("\x17{\"v\":3,\"k\":\"B\"", -EPROTONOSUPPORT);
	refuse("\x17{\"v\":2,\"k\":\"X\",\"run\":\"0123456789abcdef\",\"b\":1,\"n\":1,\"by\":\"x\",\"t\":[1,2]",
		-EBADMSG);
	refuse("\x17{\"v\":2,\"k\":\"B\",\"run\":\"0123456789ABCDEF\",\"b\":1,\"n\":1,\"by\":\"x\",\"t\":[1,2]",
		-EBADMSG);
	refuse("\x17{\"v\":2,\"k\":\"B\",\"run\":\"0123456789abcdef\",\"b\":-1,\"n\":1,\"by\":\"x\",\"t\":[1,2]",
		-EBADMSG);
	refuse("\x17{\"v\":2,\"k\":\"B\",\"run\":\"0123456789abcdef\",\"b\":1,\"n\":99999999999999999999,\"by\":\"x\","
	       "\"t\":[1,2]",
		-EBADMSG);
	refuse("\x17{\"v\":2,\"k\":\"B\",\"run\":\"0123456789abcdef\",\"b\":1,\"n\":1,\"by\":\"x", -EBADMSG);
	refuse("\x17{\"v\":2", -EBADMSG);
	refuse("", -EBADMSG);
}

int main(void)
{
	TEST(test_text);
	TEST(test_round_trip);
	TEST(test_moves);
	TEST(test_pair);
	TEST(test_rehop);
	TEST(test_every_damage_is_seen);
	TEST(test_wrong_forms);
	return check_done();
}
