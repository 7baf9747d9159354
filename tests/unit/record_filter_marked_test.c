/* The record filter in marked streams. */
#include "tests/unit/record_program.h"

/* For the marks: who writes them, and what a batch has read. */
static const char *by = "test", *off;

static void add_mark(struct strbuf *s, enum mark_kind kind, uint64_t batch, uint64_t n)
{
	struct mark mark = {.kind = kind, .run = 7, .batch = batch, .n = n};
	size_t start;
	strcpy(mark.by, by);
	mark_begin(s, &mark, &start);
	if (kind == MARK_BATCH && off)
		strbuf_addf(s, ",\"off\":%s", off);
	mark_end(s, start);
	strbuf_addch(s, '\n');
}

/* S, R, a batch of N records TEXT, and F. */
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

/* The output, with only the kind of each mark. */
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

/*
 * An unusable record ends the filter before the mark of its batch; there is one message, and no second record is looked
 * at.
 */
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
	struct setup setup = csv;
	setup.common.rejects = (struct rejects_opts){.fate = REJECTS_FILE, .path = "rejects"};
	unlink("rejects");
	write_marked("1\nbad\n", 2);
	CHECK_INT(run(&setup, only_a), EXIT_NO);
	CHECK_STR(shape(), "<S0> <R0> 1 <B1> <F0> ");
	CHECK(strstr(read_file("rejects"),
		"\"data\":\"bad\",\"run\":\"0000000000000007\",\"batch\":1,\"topic\":null,\"partition\":null,"
		"\"offset\":null}\n"));
	CHECK_STR(err.s, "weir try: 1 of 2 records (50 %) was rejected and is in 'rejects'\n");
}

/* Where rejected records came from, as far as that is certain. */
static void test_marked_origin(void)
{
	static const struct {
		const char *by, *off, *text, *where;
	} cases[] = {
		{"consume", "{\"t\":{\"3\":[40,42]}}", "1\nbad\n", "\"topic\":\"t\",\"partition\":3,\"offset\":41}"},
		/* a record may have been left out and another added, or they may have been sorted */
		{"each", "{\"t\":{\"3\":[40,42]}}", "1\nbad\n", "\"topic\":\"t\",\"partition\":3,\"offset\":null}"},
		/* a control record lies between */
		{"consume", "{\"t\":{\"3\":[40,43]}}", "1\nbad\n", "\"topic\":\"t\",\"partition\":3,\"offset\":null}"},
		{"consume", "{\"t\":{\"3\":[40,41],\"4\":[7,8]}}", "1\nbad\n",
			"\"topic\":\"t\",\"partition\":null,\"offset\":null}"},
		{"consume", "{\"t\":{\"3\":[40,40],\"4\":[7,9]}}", "1\nbad\n",
			"\"topic\":\"t\",\"partition\":4,\"offset\":8}"},
		{"consume", "{\"t\":{\"3\":[40,41]},\"u\":{\"3\":[7,8]}}", "1\nbad\n",
			"\"topic\":null,\"partition\":null,\"offset\":null}"},
		{NULL, NULL, NULL, NULL},
	};
	struct setup setup = csv;
	setup.common.rejects = (struct rejects_opts){.fate = REJECTS_FILE, .path = "rejects"};
	for (size_t i = 0; cases[i].by; i++) {
		by = cases[i].by;
		off = cases[i].off;
		unlink("rejects");
		write_marked(cases[i].text, 2);
		CHECK_INT(run(&setup, only_a), EXIT_NO);
		CHECK(strstr(read_file("rejects"), cases[i].where));
	}
	by = "test";
	off = NULL;
}

static void test_marked_origin_named(void)
{
	static const char bad[] = "{\"topic\":\"u\",\"partition\":3,\"offset\":7}bad\n1\n";
	struct mark mark;
	struct origin at, named;
	struct strbuf text = STRBUF_INIT;
	by = "each";
	off = "{\"t\":{\"3\":[40,41]},\"u\":{\"3\":[7,8]}}";
	add_mark(&text, MARK_BATCH, 1, 2);
	CHECK_INT(mark_parse(text.s, text.len - 1, &mark), 0);
	CHECK(origin_of_record(bad, sizeof bad - 1, &named));
	origin_find(&mark, &named, 1, &at);
	CHECK_STR(at.topic, "u");
	CHECK_INT(at.partition, 3);
	CHECK_INT(at.from, 7);
	named.from = 9; /* it is wrong */
	named.to = 10;
	origin_find(&mark, &named, 1, &at);
	CHECK_STR(at.topic, "");
	CHECK_INT(at.from, -1);
	strbuf_release(&text);
	by = "test";
	off = NULL;
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
	TEST(test_marked_origin);
	TEST(test_marked_origin_named);
	TEST(test_state_is_demanded);
	program_end();
	return check_done();
}
