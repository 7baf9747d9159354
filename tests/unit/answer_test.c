/* common/io/answer: what a program prints, its status, and the limits. */
#include "common/io/answer.h"

#include <errno.h>

#include "tests/unit/check.h"

static struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
static int status, told;

static void tell(void *self)
{
	(*(int *)self)++;
}

/* Run SCRIPT with these limits. */
static int get(const char *script, int64_t limit_ms, size_t max)
{
	char sh[] = "/bin/sh", c[] = "-c";
	struct strbuf text = STRBUF_INIT;
	struct answer answer = {.limit_ms = limit_ms,
		.max = max,
		.waiting = tell,
		.self = &told,
		.out = &out,
		.err = &err,
		.status = &status};
	strbuf_clear(&out);
	strbuf_clear(&err);
	status = -1;
	told = 0;
	strbuf_addstr(&text, script);
	int r = answer_get((char *[]){sh, c, text.s, NULL}, &answer);
	strbuf_release(&text);
	return r;
}

static void test_both(void)
{
	CHECK_INT(get("echo a; echo b >&2; exit 3", 60000, SIZE_MAX), 0);
	CHECK_STR(out.s, "a\n");
	CHECK_STR(err.s, "b\n");
	CHECK_INT(status, 3);
	CHECK_INT(get("kill -TERM $$", 60000, SIZE_MAX), 0);
	CHECK_INT(status, 128 + 15);
}

/* More than a pipe holds, of messages first: neither side waits for the other. */
static void test_much(void)
{
	CHECK_INT(get("head -c 300000 /dev/zero >&2; head -c 200000 /dev/zero", 60000, SIZE_MAX), 0);
	CHECK_INT((int)err.len, 300000);
	CHECK_INT((int)out.len, 200000);
	CHECK_INT(status, 0);
}

static void test_limits(void)
{
	CHECK_INT(get("echo a; exec sleep 600", 1500, SIZE_MAX), -ETIMEDOUT);
	CHECK_STR(out.s, "a\n");
	CHECK_INT(status, 128 + 9);
	CHECK_INT(told, 1);
	CHECK_INT(get("echo a; exec sleep 600 >&- 2>&-", 1500, SIZE_MAX), -ETIMEDOUT); /* its output has ended */
	CHECK_STR(out.s, "a\n");
	CHECK_INT(status, 128 + 9);
	CHECK_INT(told, 1);
	CHECK_INT(get("exec >&- 2>&-; sleep 0.1; exit 4", 60000, SIZE_MAX), 0);
	CHECK_INT(status, 4);
	CHECK_INT(get("exec yes", 60000, 100000), -EFBIG);
	CHECK_INT(status, 128 + 9);
}

/* Without a status and messages it is killed once it has closed its output. */
static void test_output_alone(void)
{
	char sh[] = "/bin/sh", c[] = "-c", script[] = "echo a; exec sleep 600 >&-", none[] = "/no/such";
	struct answer answer = {.limit_ms = 60000, .max = SIZE_MAX, .out = &out};
	strbuf_clear(&out);
	CHECK_INT(answer_get((char *[]){sh, c, script, NULL}, &answer), 0);
	CHECK_STR(out.s, "a\n");
	CHECK_INT(answer_get((char *[]){none, NULL}, &answer), -ENOENT);
}

int main(void)
{
	TEST(test_both);
	TEST(test_much);
	TEST(test_limits);
	TEST(test_output_alone);
	strbuf_release(&out);
	strbuf_release(&err);
	return check_done();
}
