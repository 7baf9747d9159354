/* Unit tests of common/data/table.h. */
#include "common/data/table.h"

#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/check.h"

static char text[4096];

/* What FD, the reading end of a pipe, holds. */
static const char *drain(int fd)
{
	ssize_t n = read(fd, text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static int ends[2];

static struct outbuf *open_pipe(void)
{
	static struct outbuf out;
	CHECK_INT(pipe(ends), 0);
	outbuf_init(&out, ends[1], "pipe");
	return &out;
}

static const char *close_pipe(struct outbuf *out)
{
	CHECK_INT(outbuf_close(out), 0);
	const char *s = drain(ends[0]);
	close(ends[0]);
	return s;
}

static const char *const names[] = {"name", "n", "ids"};

static void test_columns(void)
{
	const int32_t ids[] = {1, 22, -3};
	const struct table_cell rows[][3] = {
		{cell_text("a"), cell_int(1), cell_list(ids, 3)},
		{cell_text("longer name"), cell_int(-12345), cell_list(ids, 0)},
		{cell_text(""), cell_text(NULL), cell_list(ids, 1)},
	};
	struct outbuf *out = open_pipe();
	struct text_table table;
	table_init(&table, names, 3);
	for (size_t i = 0; i < 3; i++)
		table_add(&table, rows[i]);
	CHECK_INT(table_write(&table, out), 0);
	table_release(&table);
	CHECK_STR(close_pipe(out), "name              n  ids\n"
				   "a                 1  1,22,-3\n"
				   "longer name  -12345  -\n"
				   "\"\"                -  1\n");
}

/* Columns line up on a terminal, where an ideograph takes two columns and a combining accent none. */
static void test_wide_characters(void)
{
	const char *const heads[] = {"\xe5\x90\x8d\xe5\x89\x8d", "tab\t", "n"};
	const struct table_cell rows[][3] = {
		{cell_text("\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd"), cell_text("a b"), cell_int(1)},
		{cell_text("e\xcc\x81t\xc3\xa9"), cell_text("  two  "), cell_int(22)},
		{cell_text("\xf0\x9f\x91\xa9 x"), cell_text("\xef\xbd\xb1"), cell_int(3)},
		{cell_text("\xed\x95\x9c"), cell_text("\xe2\x82\xac"), cell_text(NULL)},
	};
	struct outbuf *out = open_pipe();
	struct text_table table;
	table_init(&table, heads, 3);
	for (size_t i = 0; i < 4; i++)
		table_add(&table, rows[i]);
	CHECK_INT(table_write(&table, out), 0);
	table_release(&table);
	CHECK_STR(close_pipe(out), "\xe5\x90\x8d\xe5\x89\x8d    tab\\x09   n\n"
				   "\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd  a b       1\n"
				   "e\xcc\x81t\xc3\xa9       two    22\n"
				   "\xf0\x9f\x91\xa9 x    \xef\xbd\xb1         3\n"
				   "\xed\x95\x9c      \xe2\x82\xac         -\n");
}

static void test_only_names(void)
{
	struct outbuf *out = open_pipe();
	struct text_table table;
	table_init(&table, names, 3);
	CHECK_INT(table_write(&table, out), 0);
	table_release(&table);
	CHECK_STR(close_pipe(out), "name  n  ids\n");
}

static void test_extremes_and_hostile_text(void)
{
	const struct table_cell rows[][3] = {
		{cell_text("tab\there\n\x1b[31m"), cell_int(INT64_MIN), cell_text(NULL)},
		{cell_text("\xff\xc3\xa9\xc3"), cell_int(INT64_MAX), cell_text(NULL)},
		{cell_text("\xc2\x9b\xc2\xa9"), cell_int(0), cell_text(NULL)},
	};
	struct outbuf *out = open_pipe();
	struct text_table table;
	table_init(&table, names, 3);
	for (size_t i = 0; i < 3; i++)
		table_add(&table, rows[i]);
	CHECK_INT(table_write(&table, out), 0);
	table_release(&table);
	CHECK_STR(close_pipe(out), "name                                        n  ids\n"
				   "tab\\x09here\\x0a\\x1b[31m  -9223372036854775808    -\n"
				   "\\xff\xc3\xa9\\xc3                 9223372036854775807    -\n"
				   "\\xc2\\x9b\xc2\xa9                                   0    -\n");
}

static void test_json(void)
{
	const int32_t ids[] = {7, 8};
	const struct table_cell rows[][3] = {
		{cell_text("q\"b\\n\n\x01\xc3\xa9"), cell_int(INT64_MIN), cell_list(ids, 2)},
		{cell_text("\xff"), cell_text(NULL), cell_list(ids, 0)},
		{cell_text(""), cell_int(0), cell_text(NULL)},
	};
	struct outbuf *out = open_pipe();
	for (size_t i = 0; i < 3; i++)
		CHECK_INT(json_write_row(out, names, rows[i], 3), 0);
	CHECK_STR(close_pipe(out),
		"{\"name\":\"q\\\"b\\\\n\\n\\u0001\xc3\xa9\",\"n\":-9223372036854775808,\"ids\":[7,8]}\n"
		"{\"name\":{\"base64\":\"/w==\"},\"n\":null,\"ids\":[]}\n"
		"{\"name\":\"\",\"n\":0,\"ids\":null}\n");
}

static void test_prometheus(void)
{
	const struct prom_label labels[] = {{"a", "q\"b\\n\n\t"}, {"b", "\xff\xc3\xa9"}};
	struct outbuf *out = open_pipe();
	CHECK_INT(prom_write_head(out, "m", "gauge", "Some help."), 0);
	CHECK_INT(prom_write_sample(out, "m", labels, 2, -5), 0);
	CHECK_INT(prom_write_sample(out, "m", NULL, 0, 5), 0);
	CHECK_STR(close_pipe(out), "# HELP m Some help.\n# TYPE m gauge\n"
				   "m{a=\"q\\\"b\\\\n\\n\t\",b=\"\xef\xbf\xbd\xc3\xa9\"} -5\nm 5\n");
}

static void test_errors_of_the_output(void)
{
	struct outbuf out;
	struct text_table table;
	const struct table_cell row[] = {cell_text("x"), cell_int(1), cell_int(2)};
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC), r = 0;
	CHECK(fd >= 0);
	outbuf_init(&out, fd, "full");
	for (int i = 0; i < 100000 && !r; i++)
		r = json_write_row(&out, names, row, 3);
	CHECK(r < 0);
	table_init(&table, names, 3);
	CHECK(table_write(&table, &out) < 0);
	table_release(&table);
	CHECK(prom_write_sample(&out, "m", NULL, 0, 5) < 0);
	CHECK(outbuf_close(&out) < 0);
}

int main(void)
{
	TEST(test_columns);
	TEST(test_wide_characters);
	TEST(test_only_names);
	TEST(test_extremes_and_hostile_text);
	TEST(test_json);
	TEST(test_prometheus);
	TEST(test_errors_of_the_output);
	return check_done();
}
