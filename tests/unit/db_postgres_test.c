/* Unit tests of what PostgreSQL gets without a server: kinds of columns, cells, URLs.  See db_postgres.h. */
#include <errno.h>
#include <string.h>

#include "common/data/json.h"
#include "common/db/db_postgres_impl.h"
#include "tests/unit/check.h"

/* The bytes of CELL as hexadecimal digits, without its length. */
static const char *hex(const struct strbuf *cell)
{
	static char text[400];
	text[0] = '\0';
	for (size_t i = 4; i < cell->len && i < 190; i++)
		sprintf(text + 2 * (i - 4), "%02x", (unsigned char)cell->s[i]);
	return text;
}

static void numeric(const char *text, unsigned precision, unsigned scale, const char *want)
{
	struct strbuf out = STRBUF_INIT;
	const char *why = NULL;
	int r = postgres_numeric(text, strlen(text), precision, scale, &out, &why);
	CHECK_STR(r == 0 ? hex(&out) : why, want);
	CHECK_INT(r < 0, out.len == 0);
	strbuf_release(&out);
}

static void test_numeric(void)
{
	numeric("0", 0, 0, "0000000000000000");
	numeric("-0.00", 0, 0, "0000000000000000");
	numeric("1", 0, 0, "00010000000000000001");
	numeric("-1", 0, 0, "00010000400000000001");
	numeric("+12345.5", 0, 0, "0003000100000001000109291388");
	numeric("10000", 0, 0, "00010001000000000001");
	numeric("0.0001", 0, 0, "0001ffff000000040001");
	numeric("0.00001", 0, 0, "0001fffe0000000503e8");
	numeric("1e3", 0, 0, "000100000000000003e8");
	numeric("1.5E-1", 0, 0, "0001ffff0000000205dc");
	numeric("1.5", 5, 2, "000200000000000200011388");
}

static void test_numeric_refused(void)
{
	static const char no[] = "is not a number";
	numeric("", 0, 0, no);
	numeric("-", 0, 0, no);
	numeric(".", 0, 0, no);
	numeric("1.2.3", 0, 0, no);
	numeric("1e", 0, 0, no);
	numeric("1e+", 0, 0, no);
	numeric("1x", 0, 0, no);
	numeric("NaN", 0, 0, no);
	numeric("1.234", 5, 2, "has too many digits after the point");
	numeric("1.2300", 5, 2, "0002000000000002000108fc");
	numeric("1234.5", 5, 2, "has too many digits before the point");
	numeric("1e99999999999", 0, 0, "has too many digits");
	numeric("1e-99999999999", 0, 0, "has too many digits");
}

/* The cell of the JSON value TEXT in a column of the type with this OID; "-": null; "!": refused. */
static void cell(unsigned oid, int modifier, const char *text, const char *want)
{
	struct strbuf out = STRBUF_INIT;
	struct db_column c = {0};
	struct path whole = {0};
	const char *why = NULL;
	struct json *json;
	postgres_kind(oid, modifier, &c);
	CHECK_INT(json_new(&json), 0);
	json_add(json, &whole);
	CHECK_INT(json_read(json, text, strlen(text)), 0);
	int r = postgres_encode(&c, json_values(json), &out, &why);
	CHECK_STR(r == 0 ? hex(&out) : r == -ENODATA ? "-" : "!", want);
	if (r < 0 && r != -ENODATA)
		CHECK(why != NULL && out.len == 0);
	json_free(json);
	strbuf_release(&out);
}

static void test_cells(void)
{
	cell(16, -1, "true", "01");
	cell(21, -1, "-2", "fffe");
	cell(21, -1, "40000", "!");
	cell(23, -1, "7", "00000007");
	cell(20, -1, "7", "0000000000000007");
	cell(20, -1, "null", "-");
	cell(20, -1, "\"7\"", "!");
	cell(700, -1, "1.5", "3fc00000");
	cell(701, -1, "1.5", "3ff8000000000000");
	cell(25, -1, "\"ab\"", "6162");
	cell(1043, 4 + 2, "\"abc\"", "!");
	cell(1043, 4 + 3, "\"abc\"", "616263");
	cell(17, -1, "\"AQID\"", "010203");
	cell(1082, -1, "\"2000-01-02\"", "00000001");
	cell(1082, -1, "\"1999-12-31\"", "ffffffff");
	cell(1184, -1, "\"2000-01-01T01:00:00.000001+01:00\"", "0000000000000001");
	cell(1114, -1, "\"2000-01-01T00:00:00\"", "0000000000000000");
	cell(1114, -1, "\"2000-01-01T00:00:00Z\"", "!");
	cell(114, -1, "{\"a\":1}", "7b2261223a317d");
	cell(3802, -1, "[1]", "015b315d");
	cell(3802, -1, "null", "-");
	cell(1700, -1, "1", "00010000000000000001");
	cell(1700, 4 + (3 << 16 | 1), "100", "!");
	cell(1700, -1, "\"1\"", "!");
	cell(2950, -1, "\"00112233-4455-6677-8899-AABBCCDDEEFF\"", "00112233445566778899aabbccddeeff");
	cell(2950, -1, "\"0011\"", "!");
	cell(2950, -1, "\"00112233-4455-6677-8899-aabbccddeefff\"", "!");
	cell(869, -1, "\"10.0.0.1\"", "31302e302e302e31");
}

static void test_kinds(void)
{
	struct db_column c = {0};
	postgres_kind(1700, 4 + (12 << 16 | 3), &c);
	CHECK_INT(c.kind, DB_DECIMAL);
	CHECK_INT(c.precision, 12);
	CHECK_INT(c.scale, 3);
	postgres_kind(1700, 4 + (500 << 16 | 3), &c);
	CHECK_INT(c.kind, DB_ANY);
	postgres_kind(99999, -1, &c);
	CHECK_INT(c.kind, DB_ANY);
}

static void test_names(void)
{
	struct strbuf out = STRBUF_INIT;
	postgres_quote("a", &out);
	strbuf_addch(&out, ' ');
	postgres_quote("s.b \"c", &out);
	CHECK_STR(out.s, "\"a\" \"s\".\"b \"\"c\"");
	strbuf_release(&out);
}

static void copied(const char *context, const char *table, uint64_t want)
{
	CHECK(postgres_copy_row(context, table) == want);
}

static void test_rows_in_messages(void)
{
	copied("COPY t, line 5", "t", 4);
	copied("COPY t, line 5, column x: \"a\"", "t", 4);
	copied("COPY t, line 1, line 5, column x", "t, line 1", 4);
	copied("COPY t, line 1, line 5, column x", "t", 0); /* which is called so, and has a strange column */
	copied("COPY u, line 5", "t", UINT64_MAX);
	copied("COPY t, line 0", "t", UINT64_MAX);
	copied("COPY t, line ", "t", UINT64_MAX);
	copied("COPY t", "t", UINT64_MAX);
	copied("COPY t, Zeile 5", "t", UINT64_MAX);
	copied("SQL statement \"x\"\nCOPY t, line 5", "t", UINT64_MAX);
	copied("", "", UINT64_MAX);
}

static void test_urls(void)
{
	static const char *const refused[] = {"postgresql://u:p@h/d", "postgres:password=x",
		"postgresql://h/d?password=x", "postgresql://h/d?sslpassword=x", "postgresql://h/d?nonsense=1",
		"postgresql:a b", NULL};
	const struct db_options options = {.timeout_ms = 100};
	struct strbuf err = STRBUF_INIT;
	struct db *db = NULL;
	for (size_t i = 0; refused[i]; i++) {
		CHECK_INT(db_open(refused[i], &options, &db, &err), -EINVAL);
		CHECK(!db && err.len > 0);
		strbuf_clear(&err);
	}
	CHECK_INT(db_open("postgresql://127.0.0.1:1/x", &options, &db, &err), -EAGAIN);
	CHECK(strncmp(err.s, "PostgreSQL: ", 12) == 0);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_numeric);
	TEST(test_numeric_refused);
	TEST(test_cells);
	TEST(test_kinds);
	TEST(test_names);
	TEST(test_rows_in_messages);
	TEST(test_urls);
	return check_done();
}
