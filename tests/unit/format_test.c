/* Unit tests of common/kafka/format.h and frame.h. */
#include "common/kafka/format.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"

static const struct frame lines = {'\n', FRAME_ERROR};

static const struct record_header headers[] = {
	{"a", "1", 1, 1}, {"a", NULL, 1, 0}, {"b\nc", "x\ny", 3, 3}, {"", "", 0, 0}};

static const struct record record = {
	.topic = "topic",
	.partition = 7,
	.offset = 123456789012,
	.timestamp = 1700000000123,
	.timestamp_type = RECORD_TIME_CREATE,
	.key = "key",
	.key_len = 3,
	.value = "val\0ue",
	.value_len = 6,
	.headers = headers,
	.header_count = 2,
};

static const struct record bare = {.topic = "t", .timestamp = -1};

/* Write R by FORMAT into a buffer of exactly the announced size. */
static void shows_framed(
	const char *format, const struct frame *frame, const struct record *r, const char *want, size_t len)
{
	struct format f;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(format_init(&f, format, frame, &err), 0);
	CHECK_STR(err.s, "");
	CHECK(!format_refuses(&f, r));
	size_t size = format_size(&f, r);
	char *buf = xmalloc(size), *end = format_write(&f, buf, r);
	CHECK((size_t)(end - buf) <= size);
	CHECK_MEM(buf, (size_t)(end - buf), want, len);
	free(buf);
	format_release(&f);
	strbuf_release(&err);
}

#define SHOWS(format, r, want) shows_framed(format, &lines, r, want, sizeof(want) - 1)

static void test_verbs(void)
{
	SHOWS("%t %p %o %T %k %K %s %S%%\n", &record, "topic 7 123456789012 1700000000123 key 3 val\0ue 6%\n");
	SHOWS("[%t %p %o %T %k %K %s %S %h %d]", &bare, "[t 0 0 -1  -1  -1  ]");
	SHOWS("%h", &record, "a=1,a=");
	SHOWS("", &record, "");
	SHOWS("plain {hex}", &record, "plain {hex}");
}

static void test_modifiers(void)
{
	SHOWS("%k{hex} %s{base64}", &record, "6b6579 dmFsAHVl");
	SHOWS("%k{hex}%s{base64}", &bare, "");
	SHOWS("%K{big32}%S{big32}%p{big32}", &record, "\0\0\0\3\0\0\0\6\0\0\0\7");
	SHOWS("%K{big32}", &bare, "\xff\xff\xff\xff");
	SHOWS("%o{big64}%T{big64}", &record, "\0\0\0\x1c\xbe\x99\x1a\x14\0\0\1\x8b\xcf\xe5\x68\x7b");
	SHOWS("%T{big64}", &bare, "\xff\xff\xff\xff\xff\xff\xff\xff");
	SHOWS("%d|%d{%Y-%m-%d %H:%M:%S %%}|%d{}", &record, "2023-11-14T22:13:20.123Z|2023-11-14 22:13:20 %|");
	SHOWS("%d{%c%c%c%c}", &record,
		"Tue Nov 14 22:13:20 2023Tue Nov 14 22:13:20 2023Tue Nov 14 22:13:20 2023Tue Nov 14 22:13:20 2023");
	struct record never = record;
	never.timestamp = INT64_MAX;
	SHOWS("<%d%d{%Y}>%T", &never, "<>9223372036854775807");
	never.timestamp = INT64_MIN;
	SHOWS("<%d>%T", &never, "<>-9223372036854775808");
}

static void test_escapes(void)
{
	SHOWS("\\n\\t\\r\\0\\\\\\x00\\xfF", &record, "\n\t\r\0\\\0\xff");
}

static void test_framing(void)
{
	static const struct frame space = {'\n', FRAME_SPACE}, escape = {'\n', FRAME_ESCAPE}, nul = {0, FRAME_ESCAPE};
	struct record r = record;
	struct strbuf err = STRBUF_INIT;
	struct format f;
	r.value = "a\n\nb\n";
	r.value_len = 5;
	r.header_count = 4;
	shows_framed("%s|%h\n", &space, &r, "a  b |a=1,a=,b c=x y,=\n", 23);
	shows_framed("%s|%h\n", &escape, &r, "a\\n\\nb\\n|a=1,a=,b\\nc=x\\ny,=\n", 28);
	shows_framed("%s\\0", &nul, &record, "val\\0ue\0", 8);
	/* A format without the delimiter at its end does not make records, so bytes are written as they are. */
	shows_framed("%s", &lines, &r, "a\n\nb\n", 5);
	CHECK_INT(format_init(&f, "%k %s\n", &lines, &err), 0);
	CHECK(format_refuses(&f, &r));
	CHECK(!format_refuses(&f, &record));
	format_release(&f);
	CHECK_INT(format_init(&f, "%s{hex} %h\n", &lines, &err), 0);
	CHECK(format_refuses(&f, &r));
	r.header_count = 2;
	CHECK(!format_refuses(&f, &r));
	format_release(&f);
	CHECK_INT(format_init(&f, "%k\\0", &nul, &err), 0);
	CHECK(f.framed);
	format_release(&f);
	strbuf_release(&err);
}

static void test_bad(void)
{
	static const char *const bad[] = {"%", "%x", "a%", "%s{", "%s{hex", "%s{HEX}", "%s{}", "%t{hex}", "%o{big32}",
		"%T{big32}", "%k{big32}", "%s{strftime}", "%h{hex}", "\\", "\\q", "\\x", "\\x1", "\\xg0", "%d{%Q}",
		"%d{%}", "%s{hex}%"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct format f;
		struct strbuf err = STRBUF_INIT;
		CHECK_INT(format_init(&f, bad[i], &lines, &err), -EINVAL);
		CHECK(err.len);
		format_release(&f);
		strbuf_release(&err);
	}
}

int main(void)
{
	TEST(test_verbs);
	TEST(test_modifiers);
	TEST(test_escapes);
	TEST(test_framing);
	TEST(test_bad);
	return check_done();
}
