/* The record filter over plain streams. */
#include "tests/unit/record_program.h"

static char *both[] = {(char[]){"a"}, (char[]){"b"}, NULL};

static void test_good_records(void)
{
	write_file("a", "1,x\n2,\"y\nz\"\n3\n");
	CHECK_INT(run(&csv, only_a), 0);
	CHECK_STR(out.s, "1,x\n2,\"y\nz\"\n3\n");
	CHECK_STR(err.s, "");
	CHECK_INT(record_filter_read(&prog.rf), 3);
	CHECK_INT(prog.begun, 1);
	CHECK_INT(prog.batches, 1);
	write_file("a", "");
	CHECK_INT(run(&csv, only_a), 0);
	CHECK_STR(out.s, "");
	CHECK_INT(prog.begun, 0);
	CHECK_INT(prog.batches, 1);
}

/* The first bad record ends it, with one line; what was deferred before it is written. */
static void test_refused(void)
{
	write_file("a", "1\n\"x\"y\nbad\n2\n");
	write_file("b", "3\n");
	CHECK_INT(run(&csv, both), EXIT_DATA);
	CHECK_STR(out.s, "1\n");
	CHECK_STR(err.s,
		"weir try: a: record 2, byte 4: a comma or the end of the record was expected after the quote\n");
	CHECK_INT(record_filter_read(&prog.rf), 2);
	CHECK_INT(prog.rf.malformed, 1);
	CHECK_INT(prog.batches, 0);
	write_file("a", "1\n2\nbad\n2\n");
	CHECK_INT(run(&csv, both), EXIT_DATA);
	CHECK_STR(err.s, "weir try: a: record 3, column 1: is bad\n");
	write_file("a", "evil\n");
	CHECK_INT(run(&csv, both), EXIT_DATA);
	CHECK_STR(err.s, "weir try: a: record 1: evil\n");
	write_file("a", "1\n2\nfirst\n2\n");
	CHECK_INT(run(&csv, both), EXIT_DATA);
	CHECK_STR(err.s, "weir try: a: record 1, column 1: was first\n");
}

static void test_unseen(void)
{
	struct setup setup = csv;
	setup.watches = true;
	write_file("a", "1,2\n3\n");
	CHECK_INT(run(&setup, only_a), 0);
	CHECK_STR(err.s, "weir try: no record had $3 (2 records)\n");
	write_file("a", "1,2\n");
	CHECK_INT(run(&setup, only_a), 0);
	CHECK_STR(err.s, "weir try: no record had $3 (1 record)\n");
	write_file("a", "1,2\n3,4,\n5\n");
	CHECK_INT(run(&setup, only_a), 0);
	CHECK_STR(err.s, "");
	write_file("a", "");
	CHECK_INT(run(&setup, only_a), 0);
	CHECK_STR(err.s, "");
	write_file("a", "1,2\nbad\n"); /* the message says what is wrong */
	CHECK_INT(run(&setup, only_a), EXIT_DATA);
	CHECK(!strstr(err.s, "no record had"));
	setup.common.rejects.fate = REJECTS_DROP;
	write_file("a", "\"x\"y\n");
	CHECK_INT(run(&setup, only_a), EXIT_NO);
	CHECK(!strstr(err.s, "no record had"));
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
	CHECK_STR(err.s, "weir try: --tz: there is no time zone 'Nowhere/Land'; a zone is like Europe/Berlin, "
			 "+01:00, local or UTC (try 'weir try --help')\n");
	bad = csv;
	bad.common.records.format = RECORDS_JSON;
	CHECK_INT(run(&bad, only_a), EXIT_USAGE);
	CHECK_STR(err.s, "weir try: $1 is a column, but JSON has none (try 'weir try --help')\n");
	CHECK_INT(record_filter_check(&prog.rf, 7, &why), OPT_GO);
}

/* --- what goes aside ---------------------------------------------------------------------------------------------- */

#define NOWHERE "\"run\":null,\"batch\":null,\"topic\":null,\"partition\":null,\"offset\":null}\n"

static void test_rejects(void)
{
	struct setup setup = csv;
	setup.common.rejects = (struct rejects_opts){.fate = REJECTS_FILE, .path = "rejects"};
	setup.aside = "late";
	write_file("a", "1\nbad\n\"x\"y\nlate\n2\n");
	unlink("rejects");
	CHECK_INT(run(&setup, only_a), EXIT_NO);
	CHECK_STR(out.s, "1\n2\n");
	CHECK_STR(err.s, "weir try: 2 of 5 records (40 %) were rejected and are in 'rejects'\n");
	CHECK_STR(read_file("rejects"),
		"{\"reason\":\"column 1: is bad\",\"input\":\"a\",\"record\":2,\"data\":\"bad\"," NOWHERE
		"{\"reason\":\"byte 4: a comma or the end of the record was expected after the quote\","
		"\"input\":\"a\",\"record\":3,\"data\":\"\\\"x\\\"y\"," NOWHERE);
	CHECK_STR(read_file("late"),
		"{\"reason\":\"it is late\",\"input\":\"a\",\"record\":4,\"data\":\"late\"," NOWHERE);
	setup.aside = "rejects";
	CHECK_INT(run(&setup, only_a), EXIT_USAGE);
	CHECK_STR(err.s, "weir try: the file of --rejects is also that of --late (try 'weir try --help')\n");
	setup.aside = NULL;
	setup.common.rejects.path = "a";
	CHECK_INT(run(&setup, only_a), EXIT_USAGE);
	CHECK_STR(err.s, "weir try: the file of --rejects is also an input (try 'weir try --help')\n");
}

/* The unfinished line of a killed run is ended; otherwise the first record of this run would be lost in it. */
static void test_torn_line(void)
{
	struct setup setup = csv;
	setup.common.rejects = (struct rejects_opts){.fate = REJECTS_FILE, .path = "torn"};
	write_file("a", "bad\n");
	write_file("torn", "{\"reason\":\"col");
	CHECK_INT(run(&setup, only_a), EXIT_NO);
	CHECK(strncmp(read_file("torn"), "{\"reason\":\"col\n{\"reason\":\"column 1", 33) == 0);
	write_file("torn", "x\n");
	CHECK_INT(run(&setup, only_a), EXIT_NO);
	CHECK(strncmp(read_file("torn"), "x\n{", 3) == 0);
}

static void test_drop(void)
{
	struct setup setup = csv;
	setup.common.rejects.fate = REJECTS_DROP;
	write_file("a", "1\nbad\n2\n");
	CHECK_INT(run(&setup, only_a), EXIT_NO);
	CHECK_STR(out.s, "1\n2\n");
	CHECK_STR(err.s, "weir try: 1 of 3 records (33 %) was rejected and left out\n");
	write_file("a", "1\n2\n");
	CHECK_INT(run(&setup, only_a), 0);
	CHECK_STR(err.s, "");
}

static void test_max_rejects(void)
{
	struct setup setup = csv;
	setup.common.rejects = (struct rejects_opts){.fate = REJECTS_DROP, .limit = {.set = true, .count = 1}};
	write_file("a", "1\nbad\n\"x\"y\n2\n3\n");
	CHECK_INT(run(&setup, only_a), EXIT_DATA);
	CHECK_STR(out.s, "1\n");
	CHECK_STR(err.s, "weir try: 2 of 3 records are rejected, more than --max-rejects allows\n");
	setup.common.rejects.limit = (struct rejects_limit){.set = true, .percent = true, .share = 0.3};
	CHECK_INT(run(&setup, only_a), EXIT_DATA);
	CHECK_STR(err.s, "weir try: 2 of 5 records are rejected, more than --max-rejects allows\n");
	CHECK_INT(prog.batches, 0);
	setup.common.rejects.fate = REJECTS_ERROR;
	CHECK_INT(run(&setup, only_a), EXIT_USAGE);
	CHECK_STR(out.s, "");
	CHECK_STR(err.s, "weir try: --max-rejects needs --rejects drop or --rejects FILE (try 'weir try --help')\n");
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
	TEST(test_unseen);
	TEST(test_unfit);
	TEST(test_headers);
	TEST(test_usage);
	TEST(test_rejects);
	TEST(test_torn_line);
	TEST(test_drop);
	TEST(test_max_rejects);
	TEST(test_aside_file);
	program_end();
	return check_done();
}
