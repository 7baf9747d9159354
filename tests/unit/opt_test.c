/* common/base/opt: the table drives the parser; help and errors go to stdout and stderr, so they are tested in
 * tests/cli. */
#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

#include "common/base/opt.h"
#include "tests/unit/check.h"

static struct {
	bool null;
	const char *name;
	struct opt_list list;
	uint64_t count, size;
	int64_t wait_ms;
	int format;
	const char *called;
	int added;
} o;

static int call(const char *value, void *dest, struct strbuf *err)
{
	if (*value == '!') {
		strbuf_addstr(err, "is not to my taste");
		return -1;
	}
	*(const char **)dest = value;
	return 0;
}

static int add(const char *value, void *dest, struct strbuf *err)
{
	(void)value, (void)err;
	++*(int *)dest;
	return 0;
}

static const struct opt options[] = {
	{.key = '0', .name = "null", .dest = &o.null, .help = "NUL"},
	{.key = 'n', .name = "name", .type = OPT_STRING, .dest = &o.name, .arg = "NAME", .help = "name"},
	{.key = 'X', .name = "property", .type = OPT_LIST, .dest = &o.list, .arg = "KEY=VALUE", .help = "list"},
	{.name = "count", .type = OPT_U64, .dest = &o.count, .arg = "N", .min = 1, .max = 10, .help = "count"},
	{.name = "size", .type = OPT_SIZE, .dest = &o.size, .arg = "SIZE", .help = "size"},
	{.name = "wait", .type = OPT_DURATION, .dest = &o.wait_ms, .arg = "TIME", .help = "wait"},
	{.name = "format", .type = OPT_CHOICE, .dest = &o.format, .arg = "raw|json", .help = "format"},
	{.name = "call", .type = OPT_CALL, .dest = &o.called, .arg = "WHAT", .help = "call", .parse = call},
	{.name = "add", .type = OPT_CALL, .dest = &o.added, .arg = "WHAT", .help = "add", .parse = add, .many = true},
	{0},
};

static struct opt_spec spec = {
	.program = "sample",
	.operands = "TOPIC [FILE ...]",
	.summary = "Test.",
	.options = options,
	.min_operands = 1,
};

static char **operands;

/* Parse the words of LINE (at most 31, separated by single blanks), discarding messages. */
static int parse(const char *line)
{
	static char copy[256];
	static char *argv[33];
	int argc = 0, err = dup(2), null = open("/dev/null", O_WRONLY);
	snprintf(copy, sizeof copy, "test %s", line);
	for (char *w = strtok(copy, " "); w && argc < 32; w = strtok(NULL, " "))
		argv[argc++] = w;
	argv[argc] = NULL;
	opt_list_release(&o.list);
	memset(&o, 0, sizeof o);
	dup2(null, 2);
	optind = 0; /* restart getopt */
	int r = opt_parse(&spec, argc, argv, &operands);
	dup2(err, 2);
	close(err);
	close(null);
	return r;
}

static void test_values(void)
{
	CHECK_INT(parse("-0 t --count 7 -Xa=b f1 --size=2K --wait 1m -X c=d --format json --call it f2 -n x"), OPT_GO);
	CHECK(o.null);
	CHECK_STR(o.name, "x");
	CHECK_INT(o.list.count, 2);
	CHECK_STR(o.list.items[0], "a=b");
	CHECK_STR(o.list.items[1], "c=d");
	CHECK_INT(o.count, 7);
	CHECK_INT(o.size, 2048);
	CHECK_INT(o.wait_ms, 60000);
	CHECK_INT(o.format, 1);
	CHECK_STR(o.called, "it");
	CHECK_STR(operands[0], "t");
	CHECK_STR(operands[1], "f1");
	CHECK_STR(operands[2], "f2");
	CHECK(operands[3] == NULL);
}

static void test_refusals(void)
{
	const char *bad[] = {"t --count 0", "t --count 11", "t --count x", "t --count", "t --nope", "t -z",
		"t --format xml", "t --format js", "t --format", "t --wait 5", "t --size -1", "t --call !",
		"t --null=1", ""};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int r = parse(bad[i]);
		if (r != EXIT_USAGE)
			printf("# accepted: %s\n", bad[i]);
		CHECK_INT(r, EXIT_USAGE);
	}
}

static void test_values_that_are_given_twice(void)
{
	const char *bad[] = {"t -n a -n b", "t -n a --name=a", "t --count 1 --count 1", "t --size 1 --size 2",
		"t --wait 1s --wait 2s", "t --format raw --format json", "t --call a --call b"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int r = parse(bad[i]);
		if (r != EXIT_USAGE)
			printf("# accepted: %s\n", bad[i]);
		CHECK_INT(r, EXIT_USAGE);
	}
	CHECK_INT(parse("t -0 --null -X a -X b --property=c --add x --add x"), OPT_GO);
	CHECK(o.null);
	CHECK_INT(o.list.count, 3);
	CHECK_INT(o.added, 2);
	CHECK_INT(parse("t -n a -- -n b"), OPT_GO); /* operands */
}

static void test_double_dash(void)
{
	CHECK_INT(parse("t -- -0 --count"), OPT_GO);
	CHECK(!o.null);
	CHECK_STR(operands[1], "-0");
	CHECK_STR(operands[2], "--count");
	CHECK_INT(parse("- -0"), OPT_GO);
	CHECK_STR(operands[0], "-");
}

static void test_stop_at_operand(void)
{
	spec.stop_at_operand = true;
	CHECK_INT(parse("-0 grep -n x"), OPT_GO);
	CHECK(o.name == NULL);
	CHECK_STR(operands[0], "grep");
	CHECK_STR(operands[1], "-n");
	CHECK_INT(parse("--count"), EXIT_USAGE);
	spec.stop_at_operand = false;
}

static void test_operand_limits(void)
{
	spec.max_operands = 2;
	CHECK_INT(parse("a b"), OPT_GO);
	CHECK_INT(parse("a b c"), EXIT_USAGE);
	spec.max_operands = 0;
	spec.operands = "";
	spec.min_operands = 0;
	CHECK_INT(parse("a"), EXIT_USAGE);
}

int main(void)
{
	TEST(test_values);
	TEST(test_refusals);
	TEST(test_values_that_are_given_twice);
	TEST(test_double_dash);
	TEST(test_stop_at_operand);
	TEST(test_operand_limits);
	opt_list_release(&o.list);
	return check_done();
}
