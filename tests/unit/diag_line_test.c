/* common/base/diag_log: messages as lines of each format, whatever is in them. */
#include "common/base/diag_log.h"

#include <stdlib.h>

#include "common/base/color.h"
#include "tests/unit/check.h"

static char line[DIAG_LINE_MAX + 1];

static const char *made(enum diag_format format, const char *program, const char *text, time_t time, bool color)
{
	struct diag_message m = {
		.format = format, .level = "warning", .program = program, .text = text, .time = time, .color = color};
	size_t n = diag_line(&m, line);
	CHECK(n <= DIAG_LINE_MAX);
	line[n <= DIAG_LINE_MAX ? n : 0] = '\0';
	return line;
}

static void test_plain(void)
{
	CHECK_STR(made(DIAG_PLAIN, "split", "a\nb\x1b[1m \xc2\x85 \xff", 0, false),
		"weir split: a\\x0ab\\x1b[1m \\xc2\\x85 \xff\n");
	CHECK_STR(made(DIAG_PLAIN, "", "x", 0, false), "weir: x\n");
	CHECK_STR(made(DIAG_PLAIN, "split", "x", 86400, false), "1970-01-02T00:00:00Z weir split: x\n");
	CHECK_STR(made(DIAG_PLAIN, "split", "x", 0, true), "\x1b[1;31mweir split:\x1b[0m x\n");
}

static void test_text(void)
{
	CHECK_STR(made(DIAG_TEXT, "split", "x", 86400, false), "1970-01-02T00:00:00Z weir split: warning: x\n");
}

static void test_json(void)
{
	CHECK_STR(made(DIAG_JSON, "split", "a \"b\" \\ \n \x7f \xc3\xa9 \xff\xc3", 0, true),
		"{\"time\":\"1970-01-01T00:00:00Z\",\"program\":\"split\",\"level\":\"warning\",\"message\":"
		"\"a \\\"b\\\" \\\\ \\u000a \\u007f \xc3\xa9 \\ufffd\\ufffd\"}\n");
	CHECK(strstr(made(DIAG_JSON, "", "x", 0, false), "\"program\":\"weir\""));
	/* What UTF-8 does not allow: too long a form, a surrogate, beyond the last character, cut off. */
	static const char *const bad[] = {"\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\x80"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *s = strstr(made(DIAG_JSON, "", bad[i], 0, false), "\"message\":\"");
		CHECK(s && strncmp(s + 11, "\\ufffd", 6) == 0);
		for (; s && *s; s++)
			CHECK((unsigned char)*s < 0x80);
	}
}

/* The longest text, of what takes most room, ends as a line. */
static void test_long(void)
{
	static char text[DIAG_TEXT_MAX];
	memset(text, '\x01', sizeof text - 1);
	for (int format = DIAG_TEXT; format <= DIAG_PLAIN; format++) {
		const char *s = made((enum diag_format)format, text, text, 1, true);
		size_t n = strlen(s);
		CHECK(n > 2 * sizeof text && s[n - 1] == '\n');
		CHECK(format != DIAG_JSON || strcmp(s + n - 3, "\"}\n") == 0);
	}
}

static void test_color(void)
{
	color_set(COLOR_ALWAYS);
	CHECK(color_on(-1));
	color_set(COLOR_NEVER);
	CHECK(!color_on(1));
	color_set(COLOR_AUTO);
	CHECK(!color_on(-1));
}

int main(void)
{
	TEST(test_plain);
	TEST(test_text);
	TEST(test_json);
	TEST(test_long);
	TEST(test_color);
	return check_done();
}
