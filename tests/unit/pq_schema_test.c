/* Unit tests of the schema of a Parquet file: file_schema. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/data/schema_text.h"
#include "common/io/file.h"
#include "common/parquet/file_schema.h"
#include "common/parquet/writer.h"
#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static int keep(void *self, const void *data, size_t len, struct strbuf *err)
{
	(void)err;
	strbuf_add(self, data, len);
	return 0;
}

/* A file with one null or empty row and the columns TEXT. */
static void write_file(const char *text, struct strbuf *ret)
{
	const struct pq_codec_spec spec = {PQ_SNAPPY, 0};
	struct pq_settings settings = {0};
	struct strbuf err = STRBUF_INIT;
	struct schema s;
	struct pq_columns *c;
	const struct pq_result *result;
	CHECK_INT(schema_parse_text(&s, text, strlen(text), &err), 0);
	CHECK_INT(pq_codec_new(&spec, &settings.codec, &err), 0);
	CHECK_INT(pq_columns_new(&s, &settings, &c, &err), 0);
	struct pq_writer *w = pq_writer_new(c, keep, ret);
	CHECK_INT(pq_writer_finish(w, NULL, 0, &result, &err), 0);
	CHECK_STR(err.s, "");
	pq_writer_free(w);
	pq_columns_free(c);
	pq_codec_free(settings.codec);
	schema_release(&s);
	strbuf_release(&err);
}

/* The columns TEXT are the same when weir reads what it wrote, from memory and from a file. */
static void test_own(void)
{
	static const char text[] =
		"b boolean, t tinyint, h smallint, i int not null, l bigint, f float, d double, m decimal(12,2), "
		"big decimal(38,0), s string, x binary, day date, ts timestamp, n timestamp_ntz, \"odd, name\" string, "
		"tags array<string not null>, geo struct<lat double not null, deep array<struct<x int>>>, "
		"counts map<string,bigint not null>, m2 map<int,array<date>> not null";
	char path[SCRATCH_SIZE];
	struct strbuf bytes = STRBUF_INIT, err = STRBUF_INIT, out = STRBUF_INIT, option = STRBUF_INIT;
	struct pq_file *file;
	struct schema s;
	write_file(text, &bytes);
	CHECK_INT(pq_file_open(bytes.s, bytes.len, &file, &err), 0);
	CHECK_INT(pq_file_schema(file, &s, &err), 0);
	schema_print(&s, &out);
	CHECK_STR(out.s, text);
	CHECK_INT(s.root.children[0].id, 1);
	schema_release(&s);
	pq_file_free(file);
	int fd = mkstemp(scratch(path, "pq-schema"));
	CHECK_INT(file_write(fd, bytes.s, bytes.len), 0);
	CHECK_INT(pq_schema_load(path, &s, &err), 1);
	strbuf_clear(&out);
	schema_print(&s, &out);
	CHECK_STR(out.s, text);
	strbuf_addf(&option, "@%s", path);
	CHECK_INT(pq_schema_option(option.s, &s, &err), 0); /* which first releases it */
	schema_release(&s);
	/* truncated to each length: never mistaken for a whole one */
	for (size_t len = bytes.len; len-- > 4;) {
		strbuf_clear(&err);
		CHECK_INT(ftruncate(fd, (off_t)len), 0);
		CHECK_INT(pq_schema_load(path, &s, &err), len < 12 ? 0 : -EBADMSG);
		CHECK(len < 12 || err.len > 0);
	}
	close(fd);
	unlink(path);
	strbuf_release(&bytes);
	strbuf_release(&err);
	strbuf_release(&out);
	strbuf_release(&option);
}

#define NAME(n)   \
	(char[])  \
	{         \
		n \
	}
#define GROUP(n, rep, kind, kids)                                                                                      \
	{                                                                                                              \
		.name = NAME(n), .physical = -1, .repetition = rep, .converted = kind, .logical = -1, .children = kids \
	}
#define LEAF(n, type, rep, kind)                                                                        \
	{                                                                                               \
		.name = NAME(n), .physical = type, .repetition = rep, .converted = kind, .logical = -1, \
		.precision = 5, .scale = 2                                                              \
	}
enum { REQUIRED, OPTIONAL, REPEATED };
enum { NONE = -1, UTF8 = 0, MAP = 1, LIST = 3, DECIMAL = 5 };

/* The schema of a file with these COUNT ELEMENTS, or what is wrong. */
static void check(struct pq_element *elements, size_t count, const char *want)
{
	const struct pq_file file = {.elements = elements, .count = count};
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct schema s;
	int r = pq_file_schema(&file, &s, &err);
	if (r == 0) {
		schema_print(&s, &out);
		schema_release(&s);
	}
	CHECK_INT(r, err.len ? -EINVAL : 0);
	CHECK_STR(err.len ? err.s : out.s, want);
	strbuf_release(&err);
	strbuf_release(&out);
}
#define CHECK_FILE(want, ...)                                              \
	do {                                                               \
		struct pq_element elements[] = {__VA_ARGS__};              \
		check(elements, sizeof elements / sizeof *elements, want); \
	} while (0)

/* The shapes of lists and maps that other writers use. */
static void test_foreign(void)
{
	CHECK_FILE("a array<int not null> not null", GROUP("r", 0, NONE, 1), LEAF("a", PQ_INT32, REPEATED, NONE));
	CHECK_FILE("a array<string not null>", GROUP("r", 0, NONE, 1), GROUP("a", OPTIONAL, LIST, 1),
		LEAF("array", PQ_BYTE_ARRAY, REPEATED, UTF8));
	CHECK_FILE("a array<struct<x int not null> not null>", GROUP("r", 0, NONE, 1), GROUP("a", OPTIONAL, LIST, 1),
		GROUP("a_tuple", REPEATED, NONE, 1), LEAF("x", PQ_INT32, REQUIRED, NONE));
	CHECK_FILE("a array<struct<x int, y int> not null>", GROUP("r", 0, NONE, 1), GROUP("a", OPTIONAL, LIST, 1),
		GROUP("bag", REPEATED, NONE, 2), LEAF("x", PQ_INT32, OPTIONAL, NONE),
		LEAF("y", PQ_INT32, OPTIONAL, NONE));
	CHECK_FILE("a array<int>", GROUP("r", 0, NONE, 1), GROUP("a", OPTIONAL, LIST, 1),
		GROUP("bag", REPEATED, NONE, 1), LEAF("array_element", PQ_INT32, OPTIONAL, NONE));
	CHECK_FILE("a map<string,decimal(5,2)>", GROUP("r", 0, NONE, 1), GROUP("a", OPTIONAL, MAP, 1),
		GROUP("map", REPEATED, NONE, 2), LEAF("key", PQ_BYTE_ARRAY, REQUIRED, UTF8),
		LEAF("value", PQ_INT32, OPTIONAL, DECIMAL));
	CHECK_FILE("a array<string not null>", GROUP("r", 0, NONE, 1), GROUP("a", OPTIONAL, MAP, 1),
		GROUP("map", REPEATED, NONE, 1), LEAF("key", PQ_BYTE_ARRAY, REQUIRED, UTF8)); /* a set */
	CHECK_FILE("u8 smallint, u64 decimal(20,0), raw binary, old timestamp", GROUP("r", 0, NONE, 4),
		LEAF("u8", PQ_INT32, OPTIONAL, 11), LEAF("u64", PQ_INT64, OPTIONAL, 14),
		LEAF("raw", PQ_BYTE_ARRAY, OPTIONAL, NONE), LEAF("old", PQ_INT96, OPTIONAL, NONE));
	CHECK_FILE("g struct<t string>, odd double", GROUP("r", 0, NONE, 2), GROUP("g", OPTIONAL, NONE, 1),
		LEAF("t", PQ_INT32, OPTIONAL, 7), LEAF("odd", PQ_DOUBLE, OPTIONAL, UTF8));
	struct pq_element wide = LEAF("a", PQ_INT64, OPTIONAL, NONE), root = GROUP("r", 0, NONE, 1);
	wide.logical = PQ_LOGICAL_INTEGER; /* without a ConvertedType */
	wide.bits = 64;
	wide.is_unsigned = true;
	CHECK_FILE("a decimal(20,0)", root, wide);
	wide.bits = 24; /* there is no such size */
	wide.is_unsigned = false;
	CHECK_FILE("a bigint", root, wide);
}

static void test_refused(void)
{
	CHECK_FILE("it has no columns", GROUP("r", 0, NONE, 0));
	CHECK_FILE("column a is a list without a repeated element", GROUP("r", 0, NONE, 1),
		GROUP("a", OPTIONAL, LIST, 1), LEAF("x", PQ_INT32, OPTIONAL, NONE));
	CHECK_FILE("column a is a map without keys and values", GROUP("r", 0, NONE, 1), GROUP("a", OPTIONAL, MAP, 1),
		LEAF("map", PQ_BYTE_ARRAY, REPEATED, UTF8));
	struct pq_element wide = LEAF("a", PQ_FIXED, OPTIONAL, DECIMAL), root = GROUP("r", 0, NONE, 1);
	wide.precision = 39;
	CHECK_FILE("column a is a decimal that is too large, or has no precision", root, wide);
	struct pq_element a = LEAF("a", PQ_INT32, OPTIONAL, NONE), b = LEAF("A", PQ_INT32, OPTIONAL, NONE);
	root.children = 2;
	struct pq_element both[] = {root, a, b};
	struct strbuf err = STRBUF_INIT;
	struct schema s;
	const struct pq_file file = {.elements = both, .count = 3};
	CHECK_INT(pq_file_schema(&file, &s, &err), -EINVAL);
	CHECK(strstr(err.s, "differ only in case"));
	strbuf_clear(&err);
	CHECK_INT(pq_schema_load("/nowhere/at/all", &s, &err), -ENOENT);
	CHECK_INT(pq_schema_load("/dev/null", &s, &err), 0);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_own);
	TEST(test_foreign);
	TEST(test_refused);
	return check_done();
}
