/* Fields of TSV and CSV, one at a time: reading gives what was written. */
#include "common/data/columns.h"

#include <stdlib.h>

#include "common/data/columnsout.h"
#include "tests/unit/check.h"

static void test_field_end(void)
{
	static const struct {
		bool csv;
		const char *rec;
		size_t pos, end;
	} cases[] = {
		{true, "", 0, 0},
		{true, "ab", 0, 2},
		{true, "ab,c", 0, 2},
		{true, "ab,c", 3, 4},
		{true, ",", 0, 0},
		{true, ",", 1, 1},
		{true, "\"a,b\",c", 0, 5},
		{true, "\"a\"\",\"\"b\",c", 0, 9},
		{true, "a\",\"b", 0, 2},
		{true, "\"a\"x,c", 0, 4}, /* text that no reader would accept does no harm */
		{true, "\"a,b", 0, 4},
		{false, "a,b\tc", 0, 3},
		{false, "\"a\tb\"", 0, 2},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_INT(columns_field_end(cases[i].csv, cases[i].csv ? ',' : '\t', cases[i].rec, strlen(cases[i].rec),
				  cases[i].pos),
			cases[i].end);
}

static void test_text(void)
{
	static const struct {
		bool csv;
		const char *field, *text;
	} cases[] = {
		{true, "", ""},
		{true, "\"", "\""},
		{true, "\"\"", ""},
		{true, "\"a\"\"b\"", "a\"b"},
		{true, "a\"\"b", "a\"\"b"},
		{true, "a\\t", "a\\t"},
		{false, "a\\tb\\n\\r\\\\", "a\tb\n\r\\"},
		{false, "\\x\\", "\\x\\"},
		{false, "\"a\"", "\"a\""},
	};
	char text[16];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = columns_text(cases[i].csv, cases[i].field, strlen(cases[i].field), text);
		CHECK_MEM(text, len, cases[i].text, strlen(cases[i].text));
	}
}

/* Any bytes, in the middle of a record. */
static void test_round_trip(void)
{
	static const char bytes[] = "a\",;\t\n\r\\tn x\0";
	char s[12], rec[64], text[64];
	srand(7);
	for (int i = 0; i < 20000; i++) {
		bool csv = i & 1;
		char sep = !csv ? '\t' : i & 2 ? ';' : ',';
		size_t len = (size_t)rand() % sizeof s;
		for (size_t k = 0; k < len; k++)
			s[k] = bytes[(size_t)rand() % (sizeof bytes - 1)];
		char *end = columnsout_field(rec, csv, s, len, sep, '\n');
		size_t field = (size_t)(end - rec);
		CHECK(field <= COLUMNSOUT_MAX(len));
		*end++ = sep;
		*end++ = 'z';
		CHECK_INT(columns_field_end(csv, sep, rec, (size_t)(end - rec), 0), field);
		size_t n = columns_text(csv, rec, field, text);
		CHECK_MEM(text, n, s, len);
	}
}

/* How records are read and made. */
struct how {
	bool csv, all;
	char sep, delim;
	size_t wanted, most; /* columns; bytes */
};

/* A record of random bytes that end columns, records and lines, need escapes, or mean nothing; returns its length. */
static size_t random_record(const struct how *how, char *s)
{
	const char often[] = {how->sep, how->sep, how->sep, 'a', 'b', 'c', '0', '1', '9', '.', ' '};
	static const char rare[] = "\"\\\r\x1f\x7f\xc3\x80 \"\0\n\t,";
	size_t len = (size_t)rand() % how->most;
	int odd = rand() % 3 ? 0 : 1 + rand() % 40;

	for (size_t i = 0; i < len; i++)
		s[i] = odd && rand() % odd == 0 ? rare[(size_t)rand() % (sizeof rare - 1)]
						: often[(size_t)rand() % sizeof often];
	if (how->csv && len > 2 && rand() % 8 == 0)
		s[0] = s[len - 1] = '"';
	if (rand() % 4 == 0)
		s[len++] = '\r';
	s[len] = how->delim;
	return len + 1;
}

static bool is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] >= 0x80 || s[i] == '"' || s[i] == '\\')
			return false;
	return true;
}

/* The values of A and B, which have read the record at S, and what A says of it. */
static void check_same(const struct columns *a, const struct columns *b, const char *s)
{
	CHECK_INT(a->len, b->len);
	CHECK_INT(a->count, b->count);
	CHECK_INT(a->pos, b->pos);
	for (size_t i = 0; i < b->columns; i++) {
		const struct value *v = &a->values[i], *w = &b->values[i];
		CHECK_INT(v->type, w->type);
		CHECK_MEM(v->raw, v->raw_len, w->raw, w->raw_len);
		CHECK_MEM(v->s, v->len, w->s, w->len);
		if (a->plain && v->type == VALUE_TEXT)
			CHECK(v->s >= s && v->s + v->len <= s + a->len && is_plain(v->s, v->len));
	}
}

/* Where the record at FROM, or a later one, ends in the LEN bytes at S: behind a delimiter. */
static size_t random_end(const struct how *how, const char *s, size_t from, size_t len)
{
	do {
		const char *end = memchr(s + from, how->delim, len - from);
		from = (size_t)(end - s) + 1;
	} while (from < len && rand() % 4 == 0);
	return from;
}

/*
 * Read the record at AT as one line (A) and field by field (B).  Not all that the LEN bytes at S have is there at
 * first, and nothing behind it may be read.  Returns where the next record begins; LEN: a quote is open at the end.
 */
static size_t check_record(
	const struct how *how, struct columns *a, struct columns *b, const char *s, size_t at, size_t len)
{
	for (size_t end = at, next = at; end < len;) {
		end = random_end(how, s, end, len);
		char *copy = malloc(end - at);
		memcpy(copy, s + at, end - at);
		int x = columns_read(a, copy, end - at), y = columns_read(b, copy, end - at);
		CHECK_INT(x, y);
		if (x == 1) {
			check_same(a, b, copy);
			next = at + a->len + 1;
		} else if (x < 0) {
			CHECK_INT(a->pos, b->pos);
			a->pos = b->pos = 0;
			next = at + (size_t)((char *)memchr(copy, how->delim, end - at) - copy) + 1;
		}
		free(copy);
		if (x)
			return next;
	}
	return len;
}

static void check_lines(const struct how *how)
{
	enum { RECORDS = 200 };
	struct columns a, b;
	char *s = malloc(RECORDS * (how->most + 2));
	size_t len = 0;
	int plain = 0;

	columns_init(&a, how->csv, how->sep, how->delim);
	columns_init(&b, how->csv, how->sep, how->delim);
	a.whole = a.counts = b.counts = true;
	a.all = b.all = how->all;
	for (size_t i = 0; i < how->wanted; i++)
		CHECK_INT(columns_add(&a, i), columns_add(&b, i));
	for (int i = 0; i < RECORDS; i++)
		len += random_record(how, s + len);
	for (size_t at = 0; at < len; plain += a.plain)
		at = check_record(how, &a, &b, s, at, len);
	CHECK(plain > 0);
	free(s);
	columns_release(&a);
	columns_release(&b);
}

/* Lines as they are read at once, and field by field; both sides of the longest line that is read at once. */
static void test_lines(void)
{
	static const size_t most[] = {1, 12, 40, 300, 4200};
	static const char seps[] = ",;| \t\\\x01\x7e";
	srand(11);
	for (int i = 0; i < 16; i++)
		for (size_t j = 0; j < 5; j++)
			for (size_t k = 0; k < (i & 1 ? sizeof seps - 1 : 1); k++)
				check_lines(&(struct how){.csv = i & 1,
					.all = i & 2,
					.sep = i & 1 ? seps[k] : '\t',
					.delim = i & 8 ? '\0' : '\n',
					.wanted = i & 4 ? 3 : 30,
					.most = most[j]});
}

/* Columns are where they were asked for, not where they are in the record. */
static void test_scattered(void)
{
	struct columns c;

	columns_init(&c, true, ',', '\n');
	c.whole = c.counts = true;
	CHECK_INT(columns_add(&c, 0), 0);
	CHECK_INT(columns_add(&c, 2), 1);
	CHECK_INT(columns_add(&c, 1), 2);
	CHECK_INT(columns_read(&c, "a,b,c\n", 6), 1);
	CHECK_MEM(c.values[1].s, c.values[1].len, "c", 1);
	CHECK_MEM(c.values[2].s, c.values[2].len, "b", 1);
	columns_release(&c);
}

int main(void)
{
	TEST(test_lines);
	TEST(test_scattered);
	TEST(test_field_end);
	TEST(test_text);
	TEST(test_round_trip);
	return check_done();
}
