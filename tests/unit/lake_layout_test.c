#include "common/lake/layout.h"

#include <errno.h>

#include "tests/unit/check.h"

static void test_layout(void)
{
	struct strbuf err = STRBUF_INIT, dir = STRBUF_INIT;
	struct layout layout;
	CHECK_INT(layout_init(&layout, "dt=%Y-%m-%d/hour=%H/", &err), 0);
	CHECK_INT(layout.count, 2);
	CHECK_INT(layout.finest->unit_s, 3600);
	struct timespec t = {1795392000 + 5 * 3600 + 59, 999};
	char **values = layout_values(&layout, &t, NULL);
	CHECK_INT(layout_dir(&layout, values, &dir), 0);
	CHECK_STR(dir.s, "dt=2026-11-23/hour=05/");
	layout_free_values(&layout, values);
	CHECK_INT(layout_unit(&layout, &t), (1795392000 + 5 * 3600) / 3600);
	t.tv_sec = -1;
	CHECK_INT(layout_unit(&layout, &t), -1);
	t.tv_sec = -3600;
	CHECK_INT(layout_unit(&layout, &t), -1);
	t.tv_sec = -3601;
	CHECK_INT(layout_unit(&layout, &t), -2);
	values = layout_constant(&layout, "a/b");
	strbuf_clear(&dir);
	CHECK_INT(layout_dir(&layout, values, &dir), 0);
	CHECK_STR(dir.s, "dt=a%2Fb/hour=a%2Fb/");
	layout_free_values(&layout, values);
	values = layout_constant(&layout, LAYOUT_NULL);
	CHECK(values[0] == NULL);
	strbuf_clear(&dir);
	CHECK_INT(layout_dir(&layout, values, &dir), 0);
	CHECK_STR(dir.s, "dt=" LAYOUT_NULL "/hour=" LAYOUT_NULL "/");
	layout_free_values(&layout, values);
	CHECK_STR(layout.text, "dt=%Y-%m-%d/hour=%H");
	layout_release(&layout);
	CHECK_INT(layout_init(&layout, "a=b/c=%%", &err), -EINVAL);
	layout_release(&layout);
	strbuf_release(&dir);
	strbuf_release(&err);
}

static void test_layouts_that_are_none(void)
{
	static const char *const bad[] = {"", "/", "%Y", "=%Y", "dt=", "dt=%F/", "a=%Y//b=%m", "a=%Y/A=%m", "a b=%Y",
		"a=%Q", "\xff=%Y", "a=\xff", "a={", "a={b}", "a={.b", "a={.b}c%", "a/b={.c}", "value={.a}", "a=b",
		"region"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct strbuf err = STRBUF_INIT;
		struct layout layout;
		int r = layout_init(&layout, bad[i], &err);
		if (strcmp(bad[i], "dt=%F/") == 0)
			CHECK_INT(r, 0);
		else
			CHECK_INT(r, -EINVAL);
		CHECK((r < 0) == (err.len > 0));
		layout_release(&layout);
		strbuf_release(&err);
	}
	struct strbuf err = STRBUF_INIT;
	struct layout none;
	CHECK_INT(layout_init(&none, NULL, &err), 0);
	CHECK_INT(none.count, 0);
	struct timespec t = {12345, 0};
	CHECK_INT(layout_unit(&none, &t), 0);
	layout_release(&none);
}

/* A layout of fields, with a value for each of them. */
struct by_fields {
	struct layout layout;
	struct value values[4];
	struct timespec time;
	struct strbuf key, why, dir;
};

static void by_fields_open(struct by_fields *f, const char *pattern)
{
	*f = (struct by_fields){.time = {1795392000, 0}};
	strbuf_init(&f->key);
	strbuf_init(&f->why);
	strbuf_init(&f->dir);
	CHECK_INT(layout_init(&f->layout, pattern, &f->why), 0);
	for (size_t i = 0; i < f->layout.nfields; i++)
		f->layout.fields[i].slot = (int)i;
}

static void by_fields_close(struct by_fields *f)
{
	layout_release(&f->layout);
	strbuf_release(&f->key);
	strbuf_release(&f->why);
	strbuf_release(&f->dir);
}

static struct value text_value(const char *s)
{
	return (struct value){.type = VALUE_STRING, .raw = s, .raw_len = strlen(s), .s = s, .len = strlen(s)};
}

/* Where the directory has LAYOUT_NULL the value is null, so that the log says so, too. */
static void check_nulls(const struct by_fields *f, char *const *values, const char *dir)
{
	struct strbuf null = STRBUF_INIT;
	for (size_t i = 0; i < f->layout.count; i++) {
		strbuf_clear(&null);
		strbuf_addf(&null, "%s=" LAYOUT_NULL "/", f->layout.columns[i]);
		CHECK_INT(!values[i], strstr(dir, null.s) != NULL);
	}
	strbuf_release(&null);
}

/* With these values, NULL for null, records go to the directory DIR. */
static void check_dir(struct by_fields *f, const char *a, const char *b, const char *dir)
{
	f->values[0] = a ? text_value(a) : (struct value){.type = VALUE_NULL};
	f->values[1] = b ? text_value(b) : (struct value){.type = VALUE_MISSING};
	CHECK_INT(layout_key(&f->layout, &f->time, f->values, &f->key, &f->why), 0);
	char **values = layout_values(&f->layout, &f->time, f->values);
	strbuf_clear(&f->dir);
	CHECK_INT(layout_dir(&f->layout, values, &f->dir), 0);
	CHECK_STR(f->dir.s, dir);
	check_nulls(f, values, dir);
	layout_free_values(&f->layout, values);
}

static void test_fields(void)
{
	struct by_fields f;
	by_fields_open(&f, "region={.region}/dt=%F-{$2}");
	CHECK_INT(f.layout.nfields, 2);
	CHECK_STR(f.layout.fields[0].name, ".region");
	CHECK_STR(f.layout.fields[1].name, "$2");
	CHECK_INT(f.layout.fields[1].field->column, 2);
	check_dir(&f, "eu", "x", "region=eu/dt=2026-11-23-x/");
	check_dir(&f, "a b/c=d%", ".", "region=a%20b%2Fc%3Dd%25/dt=2026-11-23-./");
	check_dir(&f, "..", "\n", "region=../dt=2026-11-23-%0A/");
	check_dir(&f,
		"gr\xc3\xb6\xc3\x9f"
		"e",
		"x",
		"region=gr\xc3\xb6\xc3\x9f"
		"e/dt=2026-11-23-x/");
	check_dir(&f, NULL, "x", "region=" LAYOUT_NULL "/dt=2026-11-23-x/");
	check_dir(&f, "", NULL, "region=" LAYOUT_NULL "/dt=" LAYOUT_NULL "/");
	check_dir(&f, LAYOUT_NULL, "x", "region=" LAYOUT_NULL "/dt=2026-11-23-x/");
	by_fields_close(&f);
	by_fields_open(&f, "a={.\"x/y}\"}/b={{%Y");
	check_dir(&f, "1", NULL, "a=1/b=%7B2026/");
	by_fields_close(&f);
}

static const char *key_of(struct by_fields *f, const char *a, const char *b)
{
	static char keys[2][64];
	static int turn;
	f->values[0] = a ? text_value(a) : (struct value){.type = VALUE_NULL};
	f->values[1] = b ? text_value(b) : (struct value){.type = VALUE_NULL};
	CHECK_INT(layout_key(&f->layout, &f->time, f->values, &f->key, &f->why), 0);
	turn = !turn;
	snprintf(keys[turn], sizeof keys[turn], "%s", f->key.s);
	return keys[turn];
}

static void test_keys(void)
{
	struct by_fields f;
	by_fields_open(&f, "a={.a}/b={.b}/c=%F");
	CHECK_STR(key_of(&f, "x", "y"), key_of(&f, "x", "y"));
	CHECK(strcmp(key_of(&f, "x", "yz"), key_of(&f, "xy", "z")) != 0);
	CHECK(strcmp(key_of(&f, "x 1:y", "z"), key_of(&f, "x", "y 1:z")) != 0);
	CHECK(strcmp(key_of(&f, NULL, "x"), key_of(&f, "x", NULL)) != 0);
	CHECK_STR(key_of(&f, "", "x"), key_of(&f, NULL, "x"));
	const char *before = key_of(&f, "x", "y");
	f.time.tv_sec += 86400;
	CHECK(strcmp(before, key_of(&f, "x", "y")) != 0);
	by_fields_close(&f);
	by_fields_open(&f, "a={.a}/b={.b}");
	before = key_of(&f, "x", "y");
	f.time.tv_sec += 86400;
	CHECK_STR(before, key_of(&f, "x", "y"));
	by_fields_close(&f);
}

static void test_no_names(void)
{
	struct by_fields f;
	char name[301];
	memset(name, 'n', 300);
	name[300] = '\0';
	by_fields_open(&f, "a={.a}");
	f.values[0] =
		(struct value){.type = VALUE_OBJECT, .raw = "{\"b\":1}", .raw_len = 7, .s = "{\"b\":1}", .len = 7};
	CHECK_INT(layout_key(&f.layout, &f.time, f.values, &f.key, &f.why), -EINVAL);
	CHECK_STR(f.why.s, "field .a, which a partition is named by: {\"b\":1} is an object");
	f.values[0] = text_value(name);
	char **values = layout_values(&f.layout, &f.time, f.values);
	CHECK_INT(layout_dir(&f.layout, values, &f.dir), -ENAMETOOLONG);
	strbuf_clear(&f.why);
	layout_too_long(f.dir.s, &f.why);
	CHECK(strstr(f.why.s, "has a name that is too long: a directory of 302 bytes, of which 255 are possible"));
	layout_free_values(&f.layout, values);
	by_fields_close(&f);
}

static void test_list(void)
{
	struct strbuf err = STRBUF_INIT, dir = STRBUF_INIT;
	struct layout layout;
	CHECK_INT(layout_init_by(&layout, "day( ts ),`odd name`", &err), 0);
	CHECK_STR(layout.text, "day(ts), \"odd name\"");
	CHECK_INT(layout.count, 2);
	CHECK(!layout.finest && !layout.nfields);
	CHECK_INT(layout_dir(&layout, (char *[]){(char[]){"2026-11-23"}, NULL}, &dir), 0);
	CHECK_STR(dir.s, "ts_day=2026-11-23/odd%20name=" LAYOUT_NULL "/");
	layout_release(&layout);
	CHECK_INT(layout_init_by(&layout, "days(ts)", &err), -EINVAL);
	CHECK(err.len);
	layout_release(&layout);
	strbuf_release(&err);
	strbuf_release(&dir);
}

int main(void)
{
	TEST(test_layout);
	TEST(test_layouts_that_are_none);
	TEST(test_fields);
	TEST(test_keys);
	TEST(test_no_names);
	TEST(test_list);
	return check_done();
}
