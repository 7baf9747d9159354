/* Unit tests of lake-cat's options for reading versions. */
#include "cmd/lake-cat/follow_opt.h"

#include "tests/unit/check.h"

static struct strbuf why = STRBUF_INIT;

static void test_since(void)
{
	static const char *const bad[] = {
		"", "-1", "x", "END", "1.5", "9007199254740992", "18446744073709551616", " 1"};
	struct since s = {0};
	CHECK_INT(follow_parse_since("0", &s, &why), 0);
	CHECK(s.given && s.at.kind == WHERE_OFFSET && s.at.n == 1);
	CHECK_INT(follow_parse_since("41", &s, &why), 0);
	CHECK(s.at.kind == WHERE_OFFSET && s.at.n == 42);
	CHECK_INT(follow_parse_since("end", &s, &why), 0);
	CHECK(s.at.kind == WHERE_END);
	CHECK_INT(follow_parse_since("start", &s, &why), 0);
	CHECK(s.at.kind == WHERE_START);
	CHECK_STR(why.s, "");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		strbuf_clear(&why);
		CHECK(follow_parse_since(bad[i], &s, &why) < 0);
		CHECK_STR(why.s, "is not a version of a table, as 12, nor start or end");
	}
}

static void test_wanted(void)
{
	struct follow_options o = FOLLOW_OPTIONS_INIT;
	CHECK(!follow_wanted(&o));
	o.on = true;
	CHECK(follow_wanted(&o));
	o = (struct follow_options){.since = {.given = true}};
	CHECK(follow_wanted(&o));
	o = (struct follow_options){.position_file = "x"};
	CHECK(follow_wanted(&o));
	o = (struct follow_options){.batch_ms = 1};
	CHECK(follow_wanted(&o));
}

int main(void)
{
	TEST(test_since);
	TEST(test_wanted);
	strbuf_release(&why);
	return check_done();
}
