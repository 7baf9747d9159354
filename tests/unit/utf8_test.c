#include "common/data/utf8.h"

#include "tests/unit/check.h"

static void test_valid(void)
{
	static const char *const good[] = {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
		"\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "0123456789abcde\xc3\xa4",
		"0123456789abcdef\xc3\xa4", "\xf0\x9f\x98\x80 0123456789 0123456789 \xe2\x82\xac"};
	static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80",
		"\xe0\x9f\xbf", "\xe2\x82", "\xe2\x82\x41", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xf0\x9f\x98", "\xf0\x9f\x98\x41", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
		"\xfe\xfe", "\xc3\xa4\x80"};
	char buf[128];

	CHECK(utf8_valid("a\0b", 3));
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		CHECK(utf8_valid(good[i], strlen(good[i])));
	/* At every position of the 16-byte steps. */
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		for (size_t before = 0; before < 40; before++)
			for (size_t after = 0; after < 40; after += 13) {
				size_t n = strlen(bad[i]);
				memset(buf, 'x', sizeof(buf));
				memcpy(buf + before, bad[i], n);
				CHECK(!utf8_valid(buf, before + n + after));
				CHECK(utf8_valid_prefix(buf, before + n + after) < before + n);
			}
	CHECK_INT(utf8_valid_prefix("ab\xc3\xa4\xff", 5), 4);
}

static void test_all_characters(void)
{
	int bad = 0;

	for (uint32_t code = 0; code < 0x110000; code++) {
		char buf[4];
		bool surrogate = code >= 0xd800 && code < 0xe000;
		size_t n = (size_t)(utf8_put(buf, code) - buf);
		bad += utf8_char_len(buf, n) != (surrogate ? 0 : n);
		for (size_t cut = 1; cut < n; cut++)
			bad += utf8_char_len(buf, cut) != 0;
	}
	CHECK_INT(bad, 0);
}

/* The valid part ends at a bad byte, wherever that is in a text of any length. */
static void test_prefix(void)
{
	char text[48];

	for (size_t len = 0; len < sizeof text; len++) {
		memset(text, 'a', sizeof text);
		CHECK_INT(utf8_valid_prefix(text, len), len);
		for (size_t at = 0; at < len; at++) {
			text[at] = '\xff';
			CHECK_INT(utf8_valid_prefix(text, len), at);
			text[at] = 'a';
			if (at + 1 == len)
				continue;
			memcpy(text + at, "\xc3\xa4", 2);
			CHECK_INT(utf8_valid_prefix(text, len), len);
			memset(text + at, 'a', 2);
		}
	}
}

static void test_add_valid(void)
{
	struct strbuf out = STRBUF_INIT;

	utf8_add_valid(&out, "a\xff\xc3\xa4\xc3", 5);
	CHECK_STR(out.s, "a\\xff\xc3\xa4\\xc3");
	strbuf_clear(&out);
	utf8_add_valid(&out, "", 0);
	CHECK_INT(out.len, 0);
	utf8_add_valid(&out, "ab", 2);
	CHECK_STR(out.s, "ab");
	strbuf_release(&out);
}

int main(void)
{
	TEST(test_valid);
	TEST(test_all_characters);
	TEST(test_prefix);
	TEST(test_add_valid);
	return check_done();
}
