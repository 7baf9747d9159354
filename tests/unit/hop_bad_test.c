/* common/stream/hop: streams that a program refuses, and how a refused stream ends. */
#include "tests/unit/hop.h"

static int no_end(void *self, struct flow *flow)
{
	(void)self, (void)flow;
	return EXIT_TEMP;
}

/* Give the last mark a future version, with a correct CRC. */
static void make_other_version(void)
{
	char *s = strrchr(in.s, MARK_ETB), *crc = strstr(s, ",\"crc\"");
	memcpy(strstr(s, "\"v\":2"), "\"v\":3", 5);
	strbuf_setlen(&in, (size_t)(crc - in.s));
	mark_end(&in, (size_t)(s - in.s));
	strbuf_addch(&in, '\n');
}

static void test_counts_that_differ(void)
{
	static const uint64_t counts[] = {0, 1, 3, UINT64_MAX};
	for (size_t i = 0; i < 4; i++) {
		begin_stream();
		strbuf_addstr(&in, "a\nb\n");
		add_mark(MARK_BATCH, 1, counts[i]);
		add_mark(MARK_FINAL, 1, 0);
		CHECK_INT(run(&all, false), EXIT_DATA);
		CHECK_STR(shape(), "<S0 try> a b ");
		CHECK_STR(calls.s, "<S> a b ");
		CHECK(strstr(err.s, "records, but 2 came: a command between 'before' and 'try' does not know marks; "
				    "run it with `weir each`\n"));
	}
}

/* Streams that are wrong in one place, and their messages. */
static void test_damage(void)
{
	static const char *const said[] = {"a mark stands where it does not belong", "a mark stands where it does not",
		"a mark stands where it does not belong", "a mark is damaged", "something follows the final mark",
		"something follows the final mark", "a mark of batch 3 comes after batch 1", "comes after batch 1",
		"comes after batch 1", "marks of a version other than 2"};
	for (int i = 0; i < 10; i++) {
		begin_stream();
		if (i == 0)
			strbuf_clear(&in);
		strbuf_addstr(&in, "a\n");
		if (i == 1)
			add_mark(MARK_START, 0, 1);
		add_mark_of(MARK_BATCH, 1, 1, i == 2 ? 8 : 7);
		if (i == 3)
			*strstr(in.s, "[5,9]") = '{';
		if (i == 4 || i == 5)
			add_mark(MARK_FINAL, 1, 0);
		if (i == 4)
			strbuf_addstr(&in, "more\n");
		if (i == 5)
			add_mark(MARK_BATCH, 2, 0);
		if (i == 6)
			add_mark(MARK_BATCH, 3, 0);
		if (i == 7)
			add_mark(MARK_BATCH, 1, 0);
		if (i == 8)
			add_mark(MARK_RESUME, 0, 0);
		if (i == 9)
			make_other_version();
		CHECK_INT(run(&simple, false), EXIT_DATA);
		if (!strstr(err.s, said[i]))
			printf("# %d: %s", i, err.s);
		CHECK(strstr(err.s, said[i]));
		CHECK(i == 4 || i == 5 || !strstr(shape(), "<F"));
	}
}

static void test_end(void)
{
	begin_stream();
	strbuf_addstr(&in, "a\n");
	add_mark(MARK_BATCH, 1, 1);
	CHECK_INT(run(&all, false), EXIT_TEMP);
	CHECK(!strstr(calls.s, "end"));
	CHECK_STR(err.s, "weir try: the stream ended without its final mark: something before 'try' died; what is not "
			 "committed is dropped\n");
}

/* After a bad record nothing is handed on, and the mark of its batch says where it came from. */
static void test_bad_record(void)
{
	begin_stream();
	strbuf_addstr(&in, "a\nbad\nc\nbad\n");
	add_mark(MARK_BATCH, 1, 4);
	add_mark(MARK_FINAL, 1, 0);
	CHECK_INT(run(&all, true), EXIT_DATA);
	CHECK_STR(calls.s, "<S> a bad ");
	CHECK_STR(shape(), "<S0 try> a ");
	CHECK(strstr(err.s, "topic 't'") && strstr(err.s, "5"));
	begin_stream();
	strbuf_addstr(&in, "bad\n");
	CHECK_INT(run(&all, true), EXIT_DATA); /* the mark never arrived */
}

/* A failure at the end of a batch: its mark is not passed on. */
static void test_failing_batch(void)
{
	const struct filter failing = {.record = on_record, .batch = no_end};
	begin_stream();
	strbuf_addstr(&in, "a\n");
	add_mark(MARK_BATCH, 1, 1);
	add_mark(MARK_FINAL, 1, 0);
	CHECK_INT(run(&failing, false), EXIT_TEMP);
	CHECK_STR(shape(), "<S0 try> a ");
}

/* The last program of a pipeline ends if there is no source to which it can send acknowledgements. */
static void test_last(void)
{
	const struct filter last = {.record = on_record, .last = true};
	begin_stream();
	strbuf_addstr(&in, "a\n");
	add_mark(MARK_BATCH, 1, 1);
	CHECK_INT(run(&last, false), EXIT_TEMP);
	CHECK_STR(out.s, "");
	CHECK(strstr(err.s, "cannot acknowledge to consume"));
}

int main(void)
{
	diag_init("try");
	TEST(test_counts_that_differ);
	TEST(test_damage);
	TEST(test_end);
	TEST(test_bad_record);
	TEST(test_failing_batch);
	TEST(test_last);
	return hop_test_done();
}
