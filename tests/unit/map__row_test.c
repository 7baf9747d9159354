/* cmd/map: members and their names, beside a straightforward search; columns as JSON in one pass, and in two. */
#include "cmd/map/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

/* Names that share bits and ends; those of two letters are the same twice. */
static const char *const names[] = {"", "a", "b", "ab", "ba", "aab", "aba", "abb", "xxa", "host", "status", "bytes",
	"method", "path", "protocol", "referer", "agent", "ident", "user", "time", "a.b", "a.c", "e5", "f0", "q"};
#define NAMES (sizeof names / sizeof *names)

/* So many that an index is made of them. */
static char many[150][8];

static const char *pick_name(void)
{
	return *many[0] && rand() % 3 ? many[rand() % 150] : names[(size_t)rand() % NAMES];
}

/* The last member called NAME that is not gone, as it should be found. */
static struct row_member *last_called(struct row *row, const char *name)
{
	for (size_t i = row->count; i-- > 0;)
		if (!row->m[i].gone && row->m[i].name && row->m[i].name_len == strlen(name) &&
			memcmp(row->m[i].name, name, strlen(name)) == 0)
			return &row->m[i];
	return NULL;
}

static void change(struct row *row)
{
	const char *name = pick_name();
	struct row_member *there = last_called(row, name),
			  *m = row->count ? &row->m[(size_t)rand() % row->count] : NULL;
	size_t count = row->count;

	CHECK(row_find_name(row, name, strlen(name)) == there);
	switch (rand() % 5) {
	case 0:
		if (m && !m->gone)
			row_remove(row, m);
		break;
	case 1:
		if (m && !m->gone)
			row_rename(row, m, name, strlen(name));
		break;
	case 2:
		if (m && !m->gone && m->name)
			row_only(row, m);
		break;
	default:
		m = row_add_name(row, name, strlen(name));
		CHECK(there ? m == there : m == &row->m[count] && row->count == count + 1);
		CHECK_MEM(m->name, m->name_len, name, strlen(name));
		row_set(row, m, &(struct value){.type = VALUE_INT, .i = 1});
	}
}

/* ROUNDS times CHANGES changes of the record TEXT, and every other time the same again, as explode does. */
static void change_names(const char *text, int rounds, int changes)
{
	struct row row = {.json = true}, state;
	struct row_member *saved = malloc(300 * sizeof *saved);

	for (int i = 0; i < rounds; i++) {
		CHECK(row_load_json(&row, text, strlen(text)));
		CHECK(row.count < 300);
		for (int k = 0; k < changes / 2; k++)
			CHECK(row_find_name(&row, names[1], 1) == last_called(&row, names[1]));
		state = row;
		memcpy(saved, row.m, row.count * sizeof *saved);
		for (int k = 0; k < changes; k++)
			change(&row);
		if (i & 1) {
			struct arena texts = row.texts;
			row_restore(&row, &state, saved);
			row.texts = texts;
			for (int k = 0; k < changes; k++)
				change(&row);
		}
	}
	row_release(&row);
	free(saved);
}

static void test_names(void)
{
	srand(3);
	change_names("{\"a\":1,\"host\":2,\"a\":3,\"\\u0062\":4}", 2000, 20);
}

static void test_many_names(void)
{
	struct strbuf text = STRBUF_INIT;

	srand(4);
	strbuf_addstr(&text, "{\"a\":0");
	for (int i = 0; i < 150; i++) {
		snprintf(many[i], sizeof many[i], "m%d", i);
		strbuf_addf(&text, ",\"m%d\":%d", rand() % 150, i);
	}
	strbuf_addstr(&text, "}");
	change_names(text.s, 100, 300);
	strbuf_release(&text);
}

/* The names `,"c0":` and so on, of 1 to 40 bytes, each with ROW_NAME_PADDING bytes behind it. */
static void make_names(struct value *ret, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = 5 + (size_t)rand() % 40;
		char *text = malloc(len + ROW_NAME_PADDING);
		memset(text, 'n', len + ROW_NAME_PADDING);
		memcpy(text, ",\"", 2);
		memcpy(text + len - 2, "\":", 2);
		ret[i] = (struct value){.type = VALUE_TEXT, .raw = text, .raw_len = len};
	}
}

static void check_plain(bool infer)
{
	static const char bytes[] = "abz 0123456789.-e";
	static const char *const cells[] = {"", "1", "-2.50", "true", "false", "2026-11-30T10:00:00Z", "0"};
	struct value v[12], heads[12];
	struct strbuf one = STRBUF_INIT, two = STRBUF_INIT;
	size_t count = 1 + (size_t)rand() % 12, len = 0, starts[13];
	struct row row = {.infer = infer, .columns = count};
	char rec[1024];

	make_names(heads, count);
	for (size_t i = 0; i < count; i++) {
		starts[i] = len;
		row.names_len += heads[i].raw_len;
		if (rand() % 2)
			len = (size_t)(stpcpy(rec + len, cells[(size_t)rand() % (sizeof cells / sizeof *cells)]) - rec);
		else
			for (int n = rand() % 50; n; n--)
				rec[len++] = bytes[(size_t)rand() % (sizeof bytes - 1)];
		rec[len++] = ',';
	}
	starts[count] = len--;
	char *s = malloc(len + 1); /* nothing behind it may be read */
	memcpy(s, rec, len);
	for (size_t i = 0; i < count; i++)
		v[i] = (struct value){.type = VALUE_TEXT, .s = s + starts[i], .len = starts[i + 1] - starts[i] - 1};
	CHECK(row_write_plain(&row, v, count, heads, &one));
	CHECK(row_write_values(&row, v, count, heads, &two));
	CHECK_STR(one.s, two.s);
	strbuf_release(&one);
	strbuf_release(&two);
	free(s);
	for (size_t i = 0; i < count; i++)
		free((void *)(uintptr_t)heads[i].raw);
}

static void test_plain(void)
{
	srand(5);
	for (int i = 0; i < 5000; i++)
		check_plain(i & 1);
}

/* A record with another number of columns than the header, or names that are not known. */
static void test_not_plain(void)
{
	const struct value v[2] = {{.type = VALUE_TEXT, .s = "1", .len = 1}, {.type = VALUE_TEXT, .s = "", .len = 0}};
	struct value head;
	struct row row = {.columns = 2};
	struct strbuf out = STRBUF_INIT;

	make_names(&head, 1);
	CHECK(!row_write_plain(&row, v, 1, &head, &out));
	CHECK(!row_write_values(&row, v, 1, &head, &out));
	row.columns = 0;
	CHECK(!row_write_plain(&row, v, 1, NULL, &out));
	CHECK_INT(out.len, 0);
	row.infer = true;
	CHECK(row_write_values(&row, v, 1, NULL, &out));
	CHECK_STR(out.s, "{\"1\":1}");
	strbuf_release(&out);
	free((void *)(uintptr_t)head.raw);
}

int main(void)
{
	TEST(test_names);
	TEST(test_many_names);
	TEST(test_plain);
	TEST(test_not_plain);
	return check_done();
}
