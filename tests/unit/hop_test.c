/* common/stream/hop: what a program gets of a marked stream, what it passes on, and what it does not put up with. */
#include "common/stream/hop.h"
#include "tests/unit/capture.h"

/* A filter that passes records on, and writes down in `calls` what it is called for. */
static struct strbuf calls = STRBUF_INIT, out = STRBUF_INIT, err = STRBUF_INIT;

static int on_record(void *self, const char *rec, size_t len, struct flow *flow)
{
	(void)self;
	strbuf_addf(&calls, "%.*s ", (int)len, rec);
	if (len == 3 && memcmp(rec, "bad", 3) == 0)
		return EXIT_DATA;
	return len == 4 && memcmp(rec, "drop", 4) == 0 ? 0 : flow_put(flow, rec, len);
}

static int on_batch(void *self, struct flow *flow)
{
	(void)self;
	strbuf_addf(&calls, "batch(%c) ", flow->mark->kind);
	return flow_put(flow, "sum", 3);
}

static int on_end(void *self, struct flow *flow)
{
	(void)self, (void)flow;
	strbuf_addstr(&calls, "end ");
	return 0;
}

static int on_state(void *self, enum filter_moment when, const struct mark *mark)
{
	(void)self, (void)mark;
	strbuf_addstr(&calls, when == FILTER_BATCH ? "save " : when == FILTER_RESUME ? "load " : "? ");
	return 0;
}

static void on_see(void *self, const struct mark *mark)
{
	(void)self;
	strbuf_addf(&calls, "<%c> ", mark->kind);
}

static int no_end(void *self, struct flow *flow)
{
	(void)self, (void)flow;
	return EXIT_TEMP;
}

static const struct filter simple = {.record = on_record};
static const struct filter all = {
	.record = on_record, .batch = on_batch, .end = on_end, .state = on_state, .see = on_see};

static struct strbuf in = STRBUF_INIT;

static const char *off = "[5,9]"; /* of the batches */

static void add_mark_of(enum mark_kind kind, uint64_t batch, uint64_t n, uint64_t run)
{
	struct mark mark = {.kind = kind, .run = run, .batch = batch, .n = n};
	size_t start;
	strcpy(mark.by, "before");
	mark_begin(&in, &mark, &start);
	if (kind == MARK_BATCH)
		strbuf_addf(&in, ",\"off\":{\"t\":{\"0\":%s}}", off);
	mark_end(&in, start);
	strbuf_addch(&in, '\n');
}

static void add_mark(enum mark_kind kind, uint64_t batch, uint64_t n)
{
	add_mark_of(kind, batch, n, 7);
}

/* The last mark is made one of a version to come, and a good one. */
static void make_other_version(void)
{
	char *s = strrchr(in.s, MARK_ETB), *crc = strstr(s, ",\"crc\"");
	memcpy(strstr(s, "\"v\":1"), "\"v\":2", 5);
	strbuf_setlen(&in, (size_t)(crc - in.s));
	mark_end(&in, (size_t)(s - in.s));
	strbuf_addch(&in, '\n');
}

static void begin_stream(void)
{
	strbuf_clear(&in);
	add_mark(MARK_START, 0, 0);
}

/* Run FILTER over `in`, in pieces of whole lines when PIECES; the exit status, with `out`, `err` and `calls`. */
static int run(const struct filter *filter, bool pieces)
{
	struct capture capture;
	struct flow flow;
	struct hop hop;
	int r = 0;
	strbuf_clear(&calls);
	capture_pipe(&capture);
	flow_init(&flow, '\n', false);
	hop_init(&hop, filter, NULL, &flow);
	for (size_t at = 0, n; !r && at < in.len; at += n) {
		n = pieces ? (size_t)(strchr(in.s + at, '\n') - in.s) + 1 - at : in.len;
		r = hop_span(&hop, in.s + at, n);
	}
	if (!r)
		r = hop_end(&hop);
	hop_release(&hop);
	if (flow_close(&flow) < 0 && !r)
		r = FLOW_STOP;
	flow_release(&flow);
	capture_end(&capture, &out, &err);
	return r;
}

/* The output, of each mark only kind and count. */
static const char *shape(void)
{
	static struct strbuf text = STRBUF_INIT;
	struct mark mark;
	strbuf_clear(&text);
	for (char *s = out.s, *lf; out.len && (lf = strchr(s, '\n')); s = lf + 1) {
		if (*s != MARK_ETB)
			strbuf_addf(&text, "%.*s ", (int)(lf - s), s);
		else if (mark_parse(s, (size_t)(lf - s), &mark) == 0)
			strbuf_addf(&text, "<%c%d %s> ", mark.kind, (int)mark.n, mark.by);
	}
	return text.s;
}

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

/* A record that was escaped comes as it was before, and is escaped again. */
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

/* What a batch gives, and its state, come before its mark; F ends an open batch only when there are records. */
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

/* A batch that moves no position is passed on, and nothing is written or kept; one with records has moved one. */
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

/* One stream each, wrong in one place, and what is said. */
static void test_damage(void)
{
	static const char *const said[] = {"a mark stands where it does not belong", "a mark stands where it does not",
		"a mark stands where it does not belong", "a mark is damaged", "something follows the final mark",
		"something follows the final mark", "a mark of batch 3 comes after batch 1", "comes after batch 1",
		"comes after batch 1", "marks of another version than 1"};
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
	CHECK_INT(run(&all, true), EXIT_DATA); /* the mark never came */
}

/* A failure at the end of a batch: its mark does not go on. */
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

/* The last program of a pipeline has somebody to acknowledge to, or it ends. */
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
	TEST(test_counts_are_of_this_hop);
	TEST(test_escapes);
	TEST(test_order);
	TEST(test_idle_batches);
	TEST(test_counts_that_differ);
	TEST(test_damage);
	TEST(test_end);
	TEST(test_bad_record);
	TEST(test_failing_batch);
	TEST(test_last);
	strbuf_release(&in);
	strbuf_release(&out);
	strbuf_release(&err);
	strbuf_release(&calls);
	return check_done();
}
