/* The record filter over plain streams. */
#include "tests/unit/record_program.h"

static char *both[] = {(char[]){"a"}, (char[]){"b"}, NULL};

static void test_good_records(void)
{
	write_file("a", "1,x\n2,\"y\nz\"\n3\n");
	CHECK_INT(run(&csv, only_a), 0);
	CHECK_STR(out.s, "1,x\n2,\"y\nz\"\n3\n");
	CHECK_STR(err.s, "");
	CHECK_INT(prog.rf.read, 3);
	CHECK_INT(prog.rf.refused, 0);
	CHECK_INT(prog.begun, 1);
	CHECK_INT(prog.batches, 1);
	write_file("a", "");
	CHECK_INT(run(&csv, only_a), 0);
	CHECK_STR(out.s, "");
	CHECK_INT(prog.begun, 0);
	CHECK_INT(prog.batches, 1);
}

static void test_refused(void)
{
	write_file("a", "1\n\"x\"y\nbad\nevil\n2\nfirst\n3\n");
	CHECK_INT(run(&csv, only_a), EXIT_DATA);
	CHECK_STR(out.s, "1\n2\n3\n");
	CHECK_STR(err.s,
		"weir try: a: record 2, byte 4: a comma or the end of the record was expected behind the quote\n"
		"weir try: a: record 3, column 1: is bad\n"
		"weir try: a: record 4: evil\n"
		"weir try: a: record 5, column 1: was first\n");
	CHECK_INT(prog.rf.read, 7);
	CHECK_INT(prog.rf.malformed, 1);
	CHECK_INT(prog.rf.refused, 4);
}

/* As many as are named, over two inputs; then one more. */
static void test_closing_line(void)
{
	write_file("a", "bad\nbad\nbad\nbad\nbad\n");
	write_file("b", "bad\n\"\nbad\nbad\n1\nbad\n");
	CHECK_INT(run(&csv, both), EXIT_DATA);
	CHECK_STR(out.s, "1\n");
	CHECK(strstr(err.s, "b: record 2, byte 1: the quote is not closed\n"));
	CHECK(!strstr(err.s, "could not be used"));
	CHECK_INT(prog.rf.refused, 10);
	write_file("b", "bad\nbad\nbad\nbad\nbad\n\"x\"y\n");
	CHECK_INT(run(&csv, both), EXIT_DATA);
	CHECK(strstr(err.s, "b: record 5, column 1: is bad\n"
			    "weir try: 11 records could not be used; the first 10 are named above\n"));
	CHECK(!strstr(err.s, "record 6"));
}

static void test_unfit(void)
{
	write_file("a", "name,x\n1,2\n");
	CHECK_INT(run(&with_header, only_a), EXIT_DATA);
	CHECK_STR(out.s, "");
	CHECK_STR(err.s, "weir try: a: the header has no column 'id'\n");
}

static void test_headers(void)
{
	write_file("a", "id,x\n1,2\n");
	write_file("b", "\"id\",x\r\n3,4\n");
	CHECK_INT(run(&with_header, both), 0);
	CHECK_STR(out.s, "id,x\n1,2\n3,4\n");
	write_file("b", "x,id\n3,4\n");
	CHECK_INT(run(&with_header, both), EXIT_DATA);
	CHECK_STR(out.s, "id,x\n1,2\n");
	CHECK_STR(err.s, "weir try: b: its header is not that of the first input, which it must\n");
	write_file("b", "id,x,y\n");
	CHECK_INT(run(&with_header, both), EXIT_DATA);
}

static void test_usage(void)
{
	struct setup bad = csv;
	struct strbuf why = STRBUF_INIT;
	bad.common.records.tz = "Nowhere/Land";
	CHECK_INT(run(&bad, only_a), EXIT_USAGE);
	CHECK_STR(err.s, "weir try: --tz: there is no time zone 'Nowhere/Land' (try 'weir try --help')\n");
	bad = csv;
	bad.common.records.format = RECORDS_JSON;
	CHECK_INT(run(&bad, only_a), EXIT_USAGE);
	CHECK_STR(err.s, "weir try: $1 is a column, but JSON has none (try 'weir try --help')\n");
	CHECK_INT(record_filter_check(&prog.rf, 7, &why), OPT_GO);
}

/* --- what goes aside ---------------------------------------------------------------------------------------------- */

static void test_rejects(void)
{
	const struct rejects_opts share = {.limit = {.set = true, .percent = true, .share = 0.3}};
	const struct rejects_opts one = {.path = "rejects", .limit = {.set = true, .count = 1}};
	const struct rejects_opts opts = {.path = "rejects"};
	struct setup setup = csv;
	setup.rejects = &opts;
	write_file("a", "1\nbad\n\"x\"y\nlate\n2\n");
	unlink("rejects");
	CHECK_INT(run(&setup, only_a), EXIT_NO);
	CHECK_STR(out.s, "1\n2\n");
	CHECK_STR(err.s, "");
	CHECK_INT(prog.rf.refused, 2);
	CHECK_STR(read_file("rejects"),
		"{\"reason\":\"column 1: is "
		"bad\",\"input\":\"a\",\"record\":2,\"data\":\"bad\",\"run\":null,\"batch\":null}\n"
		"{\"reason\":\"byte 4: a comma or the end of the record was expected behind the "
		"quote\",\"input\":\"a\","
		"\"record\":3,\"data\":\"\\\"x\\\"y\",\"run\":null,\"batch\":null}\n"
		"{\"reason\":\"it is "
		"late\",\"input\":\"a\",\"record\":4,\"data\":\"late\",\"run\":null,\"batch\":null}\n");
	setup.rejects = &one;
	CHECK_INT(run(&setup, only_a), EXIT_DATA);
	CHECK_STR(out.s, "1\n");
	CHECK_STR(err.s, "weir try: 2 of 3 records are rejected, more than --max-rejects allows\n");
	setup.rejects = &share;
	CHECK_INT(run(&setup, only_a), EXIT_DATA);
	CHECK_STR(err.s, "weir try: 2 of 5 records are rejected, more than --max-rejects allows\n");
	CHECK_INT(prog.batches, 0);
}

static void test_aside_file(void)
{
	struct setup setup = csv;
	write_file("a", "late\nlate\n1\n");
	setup.aside = "a";
	CHECK_INT(run(&setup, only_a), EXIT_USAGE);
	CHECK_STR(err.s, "weir try: the file of --late is also an input (try 'weir try --help')\n");
	setup.aside = "-";
	CHECK_INT(run(&setup, only_a), EXIT_USAGE);
	CHECK_STR(err.s, "weir try: --late needs a file (/dev/stderr is one) (try 'weir try --help')\n");
	setup.aside = "no/where";
	CHECK_INT(run(&setup, only_a), EXIT_CONFIG);
	CHECK_STR(err.s, "weir try: cannot open 'no/where': No such file or directory\n");
	setup.aside = "/dev/full";
	CHECK_INT(run(&setup, only_a), EXIT_TEMP);
	CHECK_STR(err.s, "weir try: cannot write '/dev/full': No space left on device\n");
	setup.aside = NULL;
	CHECK_INT(run(&setup, only_a), 0);
	CHECK_STR(out.s, "1\n");
}

int main(void)
{
	program_begin();
	TEST(test_good_records);
	TEST(test_refused);
	TEST(test_closing_line);
	TEST(test_unfit);
	TEST(test_headers);
	TEST(test_usage);
	TEST(test_rejects);
	TEST(test_aside_file);
	program_end();
	return check_done();
}
