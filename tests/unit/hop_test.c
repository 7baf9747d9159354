/* common/stream/hop: what a program receives of a marked stream, and what it passes on. */
#include "tests/unit/hop.h"

static void test_counts_are_of_this_hop(void)
{
	for (int pieces = 0; pieces < 2; pieces++) {
		begin_stream();
		strbuf_addstr(&in, "a\ndrop\nb\n");
		add_mark(MARK_BATCH, 1, 3);
		add_mark(MARK_BATCH, 2, 0);
		add_mark(MARK_FINAL, 2, 0);
		CHECK_INT(run(&simple, pieces), 0);
		CHECK_STR(shape(), "<S0 try> a b <B2 try> <B0 try> <F0 try> ");
		CHECK(strstr(out.s, ",\"off\":{\"t\":{\"0\":[5,9]}}"));
		CHECK_STR(err.s, "");
	}
}

/* A program gets an escaped record in its original form, and the record is escaped again in the output. */
static void test_escapes(void)
{
	begin_stream();
	strbuf_addstr(&in, "\x10\x17{}\n\x10\x10\nx\x10\n");
	add_mark(MARK_BATCH, 1, 3);
	add_mark(MARK_FINAL, 1, 0);
	CHECK_INT(run(&simple, false), 0);
	CHECK_STR(calls.s, "\x17{} \x10 x\x10 ");
	CHECK_STR(shape(), "<S0 try> \x10\x17{} \x10\x10 x\x10 <B3 try> <F0 try> ");
}

/* The output of a batch, and its state, come before its mark; F ends an open batch only if it has records. */
static void test_order(void)
{
	begin_stream();
	add_mark(MARK_QUERY, 0, 0);
	add_mark(MARK_RESUME, 0, 0);
	strbuf_addstr(&in, "a\n");
	add_mark(MARK_BATCH, 1, 1);
	add_mark(MARK_BATCH, 2, 0);
	add_mark(MARK_FINAL, 2, 0);
	CHECK_INT(run(&all, false), 0);
	CHECK_STR(calls.s, "<S> <Q> <R> load a <B> batch(B) save <B> batch(B) save <F> end ");
	CHECK_STR(shape(), "<S0 try> <Q0 try> <R0 try> a sum <B2 try> sum <B1 try> <F0 try> ");
	begin_stream();
	strbuf_addstr(&in, "a\n");
	add_mark(MARK_FINAL, 0, 1);
	CHECK_INT(run(&all, false), 0);
	CHECK_STR(calls.s, "<S> a <F> batch(F) end ");
}

/*
 * For a batch that moves no position only the mark is passed on, and no state is saved; a batch with records has always
 * moved one.
 */
static void test_idle_batches(void)
{
	begin_stream();
	strbuf_addstr(&in, "a\n");
	add_mark(MARK_BATCH, 1, 1);
	off = "[9,9]";
	add_mark(MARK_BATCH, 2, 0);
	strbuf_addstr(&in, "b\n");
	add_mark(MARK_BATCH, 3, 1);
	add_mark(MARK_BATCH, 4, 0);
	off = "[9,10]";
	add_mark(MARK_BATCH, 5, 0);
	add_mark(MARK_FINAL, 5, 0);
	off = "[5,9]";
	CHECK_INT(run(&all, false), 0);
	CHECK_STR(calls.s, "<S> a <B> batch(B) save <B> save b <B> batch(B) save <B> save <B> batch(B) save <F> end ");
	CHECK_STR(shape(), "<S0 try> a sum <B2 try> <B0 try> b sum <B2 try> <B0 try> sum <B1 try> <F0 try> ");
}

int main(void)
{
	diag_init("try");
	TEST(test_counts_are_of_this_hop);
	TEST(test_escapes);
	TEST(test_order);
	TEST(test_idle_batches);
	return hop_test_done();
}
