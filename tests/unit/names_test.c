/* Unit tests of common/kafka/names.h. */
#include "common/kafka/names.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"

static void bad(const char *name, const char *words)
{
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(names_check_group(name, &err), -EINVAL);
	CHECK(strstr(err.s, words));
	strbuf_release(&err);
}

static void test_good(void)
{
	static const char *const names[] = {
		"g", "a b", "trailing ", "caf\xc3\xa9", "\xf0\x9f\x98\x80", "a\xc2\xa0z", "~!/:'\""};
	struct strbuf err = STRBUF_INIT;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		CHECK_INT(names_check_group(names[i], &err), 0);
	CHECK_STR(err.s, "");
}

static void test_bad(void)
{
	bad("", "'', is empty");
	bad(" ", "begins with a blank");
	bad(" lead", "begins with a blank");
	bad("\t", "control character");
	bad("a\nb", "control character");
	bad("a\x1b[31m", "control character");
	bad("\x7f", "control character");
	bad("\xc2\x9b"
	    "31m",
		"control character");
	bad("\xff", "is not UTF-8");
	bad("caf\xe9", "is not UTF-8");
	bad("cut\xc3", "is not UTF-8");
}

static void test_length(void)
{
	struct strbuf err = STRBUF_INIT;
	char *name = xmalloc(32769);
	memset(name, 'x', 32768);
	name[32767] = '\0';
	CHECK_INT(names_check_group(name, &err), 0);
	name[32767] = 'x';
	name[32768] = '\0';
	bad(name, "has more than 32767 bytes");
	CHECK_INT(names_check_group(name, &err), -EINVAL);
	CHECK(err.len < 200);
	strbuf_release(&err);
	free(name);
}

static void test_topics(void)
{
	struct strbuf err = STRBUF_INIT;
	char t[] = "-t", odd[] = "a b", empty[] = "";
	CHECK_INT(names_check_topics((char *[]){t, odd, NULL}, &err), 0);
	CHECK_INT(names_check_topics((char *[]){NULL}, &err), 0);
	CHECK_INT(err.len, 0);
	CHECK_INT(names_check_topics((char *[]){t, empty, NULL}, &err), -EINVAL);
	CHECK_STR(err.s, "the name of a topic is empty");
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_good);
	TEST(test_bad);
	TEST(test_length);
	TEST(test_topics);
	return check_done();
}
