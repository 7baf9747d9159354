/* The record filter in marked streams. */
#include "tests/unit/record_program.h"

static void add_mark(struct strbuf *s, enum mark_kind kind, uint64_t batch, uint64_t n)
{
	struct mark mark = {.kind = kind, .run = 7, .batch = batch, .n = n};
	size_t start;
	strcpy(mark.by, "test");
	mark_begin(s, &mark, &start);
	mark_end(s, start);
	strbuf_addch(s, '\n');
}

/* S, R, a batch of N records TEXT, F. */
static void write_marked(const char *text, uint64_t n)
{
	struct strbuf s = STRBUF_INIT;
	add_mark(&s, MARK_START, 0, 0);
	add_mark(&s, MARK_RESUME, 0, 0);
	strbuf_addstr(&s, text);
	add_mark(&s, MARK_BATCH, 1, n);
	add_mark(&s, MARK_FINAL, 1, 0);
	put_file("a", s.s, s.len);
	strbuf_release(&s);
}

/* The output, of each mark only the kind. */
static const char *shape(void)
{
	static struct strbuf text = STRBUF_INIT;
	struct mark mark;
	strbuf_clear(&text);
	for (char *s = out.s, *lf; (lf = strchr(s, '\n')); s = lf + 1) {
		if (*s != MARK_ETB)
			strbuf_addf(&text, "%.*s ", (int)(lf - s), s);
		else if (mark_parse(s, (size_t)(lf - s), &mark) == 0)
			strbuf_addf(&text, "<%c%d> ", mark.kind, (int)mark.n);
	}
	return text.s;
}

static void test_marked(void)
{
	write_marked("1\n2\n", 2);
	CHECK_INT(run(&csv, only_a), 0);
	CHECK_STR(shape(), "<S0> <R0> 1 2 <B2> <F0> ");
	CHECK_STR(err.s, "");
	CHECK_INT(prog.batches, 1);
	CHECK_INT(run(&with_header, only_a), EXIT_DATA);
	CHECK(strstr(err.s, "weir try: a: a marked stream has no header: use $1, $2, …\n"));
}

/* What can not be used ends it before the mark of its batch; one message, and no second record is looked at. */
static void test_marked_refused(void)
{
	static const char *const bad[] = {"1\nbad\nbad\n", "1\n\"x\"y\nbad\n"};
	for (size_t i = 0; i < 2; i++) {
		write_marked(bad[i], 3);
		CHECK_INT(run(&csv, only_a), EXIT_DATA);
		CHECK(strncmp(shape(), "<S0> <R0> ", 10) == 0 && !strchr(shape(), 'B') && !strchr(shape(), 'F'));
		CHECK(strstr(err.s, "a: record 2, "));
		CHECK(!strstr(err.s, "record 3"));
		CHECK_INT(prog.batches, 0);
	}
}

static void test_marked_rejects(void)
{
	const struct rejects_opts opts = {.path = "rejects"};
	struct setup setup = csv;
	setup.rejects = &opts;
	unlink("rejects");
	write_marked("1\nbad\n", 2);
	CHECK_INT(run(&setup, only_a), EXIT_NO);
	CHECK_STR(shape(), "<S0> <R0> 1 <B1> <F0> ");
	CHECK(strstr(read_file("rejects"), "\"data\":\"bad\",\"run\":\"0000000000000007\",\"batch\":1}\n"));
}

static void test_state_is_demanded(void)
{
	struct setup setup = csv;
	setup.needs_state = "--window";
	write_marked("1\n", 1);
	CHECK_INT(run(&setup, only_a), EXIT_USAGE);
	CHECK_STR(shape(), "<S0> ");
	CHECK_STR(err.s, "weir try: --window in a marked stream needs --state DIR, or --state none, which forgets at a "
			 "restart (try 'weir try --help')\n");
	setup.state = "none";
	CHECK_INT(run(&setup, only_a), 0);
	CHECK_STR(shape(), "<S0> <R0> 1 <B1> <F0> ");
	setup.state = NULL;
	write_file("a", "1\n");
	CHECK_INT(run(&setup, only_a), 0);
	CHECK_STR(out.s, "1\n");
}

int main(void)
{
	program_begin();
	TEST(test_marked);
	TEST(test_marked_refused);
	TEST(test_marked_rejects);
	TEST(test_state_is_demanded);
	program_end();
	return check_done();
}
