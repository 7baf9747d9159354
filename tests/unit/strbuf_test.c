/* common/base/strbuf: growing, cutting, handing over. */
#include <stdlib.h>

#include "common/base/strbuf.h"
#include "tests/unit/check.h"

static void test_empty(void)
{
	struct strbuf b = STRBUF_INIT;
	CHECK_STR(b.s, "");
	strbuf_clear(&b);
	strbuf_setlen(&b, 0);
	strbuf_add(&b, NULL, 0);
	CHECK_INT(b.len, 0);
	strbuf_release(&b);
	CHECK_STR(b.s, "");
}

static void test_append(void)
{
	struct strbuf b = STRBUF_INIT;
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&b, "%d,", i);
	CHECK_INT(b.len, 10 * 2 + 90 * 3 + 900 * 4);
	CHECK_INT(strlen(b.s), b.len);
	strbuf_setlen(&b, 4);
	strbuf_addch(&b, 'x');
	strbuf_addstr(&b, "yz");
	CHECK_STR(b.s, "0,1,xyz");
	strbuf_release(&b);
}

static void test_nul_inside(void)
{
	struct strbuf b = STRBUF_INIT;
	strbuf_add(&b, "a\0b", 3);
	CHECK_MEM(b.s, b.len, "a\0b", 3);
	strbuf_release(&b);
}

static void test_detach(void)
{
	struct strbuf b = STRBUF_INIT;
	char *empty = strbuf_detach(&b);
	CHECK_STR(empty, "");
	free(empty);
	strbuf_addstr(&b, "mine");
	char *s = strbuf_detach(&b);
	CHECK_STR(s, "mine");
	CHECK_INT(b.len, 0);
	free(s);
}

int main(void)
{
	TEST(test_empty);
	TEST(test_append);
	TEST(test_nul_inside);
	TEST(test_detach);
	return check_done();
}
