/* common/stream/flow: escaping, counting and guarding the output of a filter, and its messages. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/stream/flow.h"
#include "tests/unit/capture.h"
#include "tests/unit/marks.h"

static struct flow flow;
static struct capture capture;
static struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;

static void begin(bool pipe, char delim, bool any)
{
	if (pipe)
		capture_pipe(&capture);
	else
		capture_file(&capture);
	flow_init(&flow, delim, any);
}

/* The result of closing; `out` is what was written. */
static int end(void)
{
	int r = flow_close(&flow);
	flow_release(&flow);
	capture_end(&capture, &out, &err);
	return r;
}

static int reserve_and_commit(const char *s, size_t len)
{
	char *room = flow_reserve(&flow, len);
	if (!room)
		return FLOW_STOP;
	memcpy(room, s, len);
	return flow_commit(&flow, len);
}

/* The three ways to write give the same bytes and counts, wherever the records are that must be escaped. */
static void test_escapes(void)
{
	static const char in[] = "a\n\x17{}\n\n\x10\x10\nb\x17\n\x17\n";
	static const char want[] = "a\n\x10\x17{}\n\n\x10\x10\x10\nb\x17\n\x10\x17\n";
	for (int way = 0; way < 3; way++) {
		int r = 0;
		begin(true, '\n', false);
		flow.marked = true;
		if (way == 0)
			r = flow_put_span(&flow, in, sizeof in - 1);
		if (way == 1)
			r = reserve_and_commit(in, sizeof in - 1);
		for (const char *s = in, *lf; way == 2 && !r && (lf = strchr(s, '\n')); s = lf + 1)
			r = flow_put(&flow, s, (size_t)(lf - s));
		CHECK_INT(flow.wrote, 6);
		CHECK_INT(end(), 0);
		CHECK_INT(r, 0);
		CHECK_MEM(out.s, out.len, want, sizeof want - 1);
	}
}

static void test_plain_is_as_it_is(void)
{
	static const char in[] = "a\n\x17{}\n\x10\n";
	begin(true, '\n', false);
	CHECK_INT(flow_put_span(&flow, in, sizeof in - 1), 0);
	CHECK_INT(flow_put(&flow, "\x17", 1), 0);
	CHECK_INT(end(), 0);
	CHECK_MEM(out.s, out.len, "a\n\x17{}\n\x10\n\x17\n", sizeof in - 1 + 2);
}

static void test_delimiter_nul(void)
{
	begin(true, '\0', false);
	flow.marked = true;
	CHECK_INT(flow_put_span(&flow, "a\nb\0\x17\0", 6), 0);
	CHECK_INT(flow_put(&flow, "\x10", 1), 0);
	CHECK_INT(flow.wrote, 3);
	CHECK_INT(end(), 0);
	CHECK_MEM(out.s, out.len, "a\nb\0\x10\x17\0\x10\x10\0", 10);
}

/*
 * A plain output into a pipe that would begin with ETB: nothing is written, whatever follows, and the record is
 * reported.
 */
static void test_guard(void)
{
	for (int way = 0; way < 3; way++) {
		struct strbuf text = STRBUF_INIT;
		begin(true, '\n', false);
		CHECK_INT(way == 0   ? flow_put(&flow, "\x17x", 2)
			  : way == 1 ? flow_put_span(&flow, "\x17x\nnext\n", 8)
				     : reserve_and_commit("\x17x\nnext\n", 8),
			FLOW_STOP);
		CHECK_INT(flow_put(&flow, "harmless", 8), FLOW_STOP);
		CHECK(!flow_reserve(&flow, 10));
		flow_forged_text(&flow, &text);
		CHECK(strstr(text.s, "by the record '\\x17x'"));
		strbuf_release(&text);
		CHECK_INT(end(), -ECANCELED);
		CHECK_INT(out.len, 0);
	}
}

static void test_guard_is_for_the_beginning_of_pipes(void)
{
	begin(true, '\n', true); /* --plain */
	CHECK_INT(flow_put(&flow, "\x17", 1), 0);
	CHECK_INT(end(), 0);
	CHECK_MEM(out.s, out.len, "\x17\n", 2);
	begin(false, '\n', false); /* a file */
	CHECK_INT(flow_put(&flow, "\x17", 1), 0);
	CHECK_INT(end(), 0);
	CHECK_MEM(out.s, out.len, "\x17\n", 2);
	begin(true, '\n', false);
	CHECK_INT(flow_put_span(&flow, "", 0), 0); /* an empty write is not the beginning of the output */
	CHECK_INT(flow_put(&flow, "", 0), 0);      /* an empty record is */
	CHECK_INT(flow_put(&flow, "\x17", 1), 0);
	CHECK_INT(end(), 0);
	CHECK_MEM(out.s, out.len, "\n\x17\n", 3);
}

static void test_mark(void)
{
	struct mark mark, got;
	struct strbuf text = STRBUF_INIT;
	make(&text, MARK_BATCH, ",\"off\":{}");
	CHECK_INT(mark_parse(text.s, text.len, &mark), 0);
	begin(true, '\n', false);
	flow.marked = true;
	CHECK_INT(flow_put(&flow, "a", 1), 0);
	CHECK_INT(flow_put_mark(&flow, &mark, "try"), 0);
	CHECK_INT(flow.wrote, 0);
	CHECK_INT(end(), 0);
	CHECK(strncmp(out.s, "a\n", 2) == 0);
	CHECK_INT(mark_parse(out.s + 2, out.len - 3, &got), 0);
	CHECK_INT(got.n, 1);
	CHECK_INT(got.batch, 17);
	CHECK_STR(got.by, "try");
	CHECK(strstr(out.s + 2, ",\"off\":{}"));
	strbuf_release(&text);
}

/*
 * On a terminal each batch has a header, printed only before its first record; the header of an empty batch is printed
 * by the driver.
 */
static void test_header(void)
{
	begin(false, '\n', false);
	flow.header_due = true;
	flow.batch_ms = 1795350879034;
	CHECK_INT(flow_put(&flow, "a", 1), 0);
	CHECK_INT(flow_put(&flow, "b", 1), 0);
	flow.header_due = true;
	CHECK(flow_reserve(&flow, 5));
	CHECK_INT(flow_commit(&flow, 0), 0);
	flow.header_due = true;
	CHECK_INT(flow_header(&flow), 0);
	CHECK_INT(flow_header(&flow), 0);
	CHECK_INT(end(), 0);
	CHECK_STR(out.s, "-- 2026-11-22T12:34:39Z --\na\nb\n-- 2026-11-22T12:34:39Z --\n-- 2026-11-22T12:34:39Z --\n");
}

static void test_refused_and_status(void)
{
	size_t size = 2u << 20;
	char *large = xcalloc(1, size);
	begin(true, '\n', false);
	flow_refuse(&flow, large, size);
	flow_refuse(&flow, "second", 6);
	CHECK_INT(flow.refused.len, 1u << 20);
	flow_fail(&flow, EXIT_DATA);
	flow_fail(&flow, EXIT_NO);
	CHECK_INT(flow.status, EXIT_DATA);
	CHECK_INT(end(), 0);
	free(large);
}

/* A failed write is reported at once, and again at the end. */
static void test_unwritable(void)
{
	int full = open("/dev/full", O_WRONLY);
	CHECK(full >= 0);
	capture_file(&capture);
	dup2(full, STDOUT_FILENO);
	close(full);
	flow_init(&flow, '\n', false);
	flow.marked = true;
	struct mark mark;
	struct strbuf text = STRBUF_INIT;
	make(&text, MARK_FINAL, "");
	CHECK_INT(mark_parse(text.s, text.len, &mark), 0);
	CHECK_INT(flow_put(&flow, "a", 1), 0); /* it is buffered */
	CHECK_INT(flow_put_mark(&flow, &mark, "try"), FLOW_STOP);
	CHECK_INT(flow_put(&flow, "a", 1), FLOW_STOP);
	CHECK_INT(end(), -ENOSPC);
	strbuf_release(&text);
}

int main(void)
{
	diag_init("try");
	TEST(test_escapes);
	TEST(test_plain_is_as_it_is);
	TEST(test_delimiter_nul);
	TEST(test_guard);
	TEST(test_guard_is_for_the_beginning_of_pipes);
	TEST(test_mark);
	TEST(test_header);
	TEST(test_refused_and_status);
	TEST(test_unwritable);
	strbuf_release(&out);
	strbuf_release(&err);
	return check_done();
}
