#include "common/data/path.h"

#include <errno.h>

#include "tests/unit/check.h"

/* The steps of S, each as /name or #index. */
static void check_path(const char *s, const char *expected)
{
	struct path p;
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;

	CHECK_INT(path_init(&p, s, &err), 0);
	CHECK_STR(err.s, "");
	for (size_t i = 0; i < p.count; i++) {
		if (p.steps[i].name) {
			strbuf_addch(&out, '/');
			strbuf_add(&out, p.steps[i].name, p.steps[i].len);
		} else {
			strbuf_addf(&out, "#%u", p.steps[i].index);
		}
	}
	CHECK_STR(out.s, expected);
	path_release(&p);
	strbuf_release(&err);
	strbuf_release(&out);
}

static void test_good(void)
{
	check_path(".", "");
	check_path(".user", "/user");
	check_path(".geo.city", "/geo/city");
	check_path("._a1.B_2", "/_a1/B_2");
	check_path(".@timestamp", "/@timestamp");
	check_path(".$oid", "/$oid");
	check_path(".gr\xc3\xb6\xc3\x9f"
		   "e",
		"/gr\xc3\xb6\xc3\x9f"
		"e");
	check_path(".items[0]", "/items#0");
	check_path(".items.[0].x", "/items#0/x");
	check_path(".[3][4]", "#3#4");
	check_path(".[2147483647]", "#2147483647");
	check_path(".[\"a name\"]", "/a name");
	check_path(".\"a-b\".\"c.d\"", "/a-b/c.d");
	check_path(".a[\"b\"]", "/a/b");
	check_path(".\"\"", "/");
	check_path(".\"a\\\"b\\\\c\\u00e4\\n\"", "/a\"b\\c\xc3\xa4\n");
	check_path(".\"]\"", "/]");
}

static void test_nul_in_name(void)
{
	struct path p;
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(path_init(&p, ".\"a\\u0000b\"", &err), 0);
	CHECK_INT(p.count, 1);
	CHECK_MEM(p.steps[0].name, p.steps[0].len, "a\0b", 3);
	path_release(&p);
	strbuf_release(&err);
}

static void test_bad(void)
{
	static const struct {
		const char *s;
		size_t pos;
	} bad[] = {{"", 0}, {"user", 0}, {"$1", 0}, {" .a", 0}, {"..", 1}, {".a.", 3}, {".a..b", 3}, {".1", 1},
		{".-a", 1}, {".a-b", 2}, {".a b", 2}, {".a[", 3}, {".a[]", 3}, {".a[x]", 3}, {".a[-1]", 3}, {".a[1", 4},
		{".a[1:2]", 4}, {".a[2147483648]", 12}, {".a[99999999999999999999]", 12}, {".\"a", 3}, {".\"a\\\"", 5},
		{".\"a\\", 4}, {".[\"a\"", 5}, {".[\"a\"x]", 5}, {".\"\\x\"", 2}, {".\"a\\u12\"", 3},
		{".\"\\ud800\"", 2}, {".\"a\"b", 4}, {".a\xff", 2}, {".\"a\xff\"", 3}, {".a]", 2}, {".a\"b\"", 2}};
	struct path p;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct strbuf err = STRBUF_INIT;
		char where[32];
		CHECK_INT(path_init(&p, bad[i].s, &err), -EINVAL);
		snprintf(where, sizeof(where), "character %zu: ", bad[i].pos + 1);
		CHECK(strstr(err.s, where) != NULL);
		if (!strstr(err.s, where))
			printf("# %s: %s\n", bad[i].s, err.s);
		strbuf_release(&err);
	}
}

static void test_depth(void)
{
	struct strbuf s = STRBUF_INIT, err = STRBUF_INIT;
	struct path p;

	for (int i = 0; i < PATH_MAX_STEPS; i++)
		strbuf_addstr(&s, ".a");
	CHECK_INT(path_init(&p, s.s, &err), 0);
	CHECK_INT(p.count, PATH_MAX_STEPS);
	path_release(&p);
	strbuf_addstr(&s, "[0]");
	CHECK_INT(path_init(&p, s.s, &err), -EINVAL);
	strbuf_release(&s);
	strbuf_release(&err);
}

static void test_scan(void)
{
	struct strbuf err = STRBUF_INIT;
	struct path p;
	size_t used;

	CHECK_INT(path_scan(&p, ".a.b == 1", 9, &used, &err), 0);
	CHECK_INT(used, 4);
	path_release(&p);
	CHECK_INT(path_scan(&p, ".a[0]-1", 7, &used, &err), 0);
	CHECK_INT(used, 5);
	path_release(&p);
	CHECK_INT(path_scan(&p, ". | x", 5, &used, &err), 0);
	CHECK_INT(used, 1);
	CHECK_INT(p.count, 0);
	path_release(&p);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_good);
	TEST(test_nul_in_name);
	TEST(test_bad);
	TEST(test_depth);
	TEST(test_scan);
	return check_done();
}
