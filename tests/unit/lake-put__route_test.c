/* Unit tests of which table a record goes into: cmd/lake-put/route. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/lake-put/route.h"
#include "tests/unit/check.h"

/* Read TABLE: BEFORE, the field TEXT (NULL: none) and AFTER, in the directory DIR. */
static void parse(const char *table, const char *before, const char *text, const char *after, const char *dir)
{
	struct strbuf err = STRBUF_INIT, got = STRBUF_INIT;
	struct route route;
	CHECK_INT(route_parse(table, &route, &err), 0);
	CHECK_STR(err.len ? err.s : "", "");
	CHECK_INT(route.many, text != NULL);
	CHECK_STR(route.before, before);
	if (text) {
		CHECK_STR(route.text, text);
		CHECK_STR(route.after, after);
		route_directory(&route, &got);
		CHECK_STR(got.s, dir);
	}
	route_release(&route);
	strbuf_release(&got);
	strbuf_release(&err);
}

static void test_parse(void)
{
	parse("lake", "lake", NULL, NULL, NULL);
	parse("", "", NULL, NULL, NULL);
	parse("lake/{{x}", "lake/{x}", NULL, NULL, NULL);
	parse("lake/{.topic}", "lake/", ".topic", "", "lake");
	parse("/lake/{.topic}", "/lake/", ".topic", "", "/lake");
	parse("/{.topic}", "/", ".topic", "", "/");
	parse("//{.topic}", "//", ".topic", "", "//");
	parse("{.topic}", "", ".topic", "", ".");
	parse("x_{.topic}.v1/raw", "x_", ".topic", ".v1/raw", ".");
	parse("lake/a_{.meta.topic}_b", "lake/a_", ".meta.topic", "_b", "lake");
	parse("lake/{.[\"a}b\"]}", "lake/", ".[\"a}b\"]", "", "lake");
	parse("lake/{$2}", "lake/", "$2", "", "lake");
	parse("s3://bucket/{.topic}", "s3://bucket/", ".topic", "", "s3://bucket");
	parse("s3://bucket/a/{.topic}/b", "s3://bucket/a/", ".topic", "/b", "s3://bucket/a");
	parse("abfss://c@a.dfs.core.windows.net/x{.topic}", "abfss://c@a.dfs.core.windows.net/x", ".topic", "",
		"abfss://c@a.dfs.core.windows.net");
}

static void refuse(const char *table, const char *why)
{
	struct strbuf err = STRBUF_INIT;
	struct route route;
	CHECK_INT(route_parse(table, &route, &err), -EINVAL);
	CHECK(err.len && strstr(err.s, why));
	if (!err.len || !strstr(err.s, why))
		fprintf(stderr, "%s: '%s' has no '%s'\n", table, err.s ? err.s : "", why);
	route_release(&route);
	strbuf_release(&err);
}

static void test_refused(void)
{
	refuse("lake/{", "a field was expected");
	refuse("lake/{topic}", "a field was expected");
	refuse("lake/{.topic", "'}' was expected");
	refuse("lake/{.}", "the whole record");
	refuse("lake/{.topic}/{.user}", "more than one field");
	refuse("s3://{.topic}", "stands before the path");
	refuse("s3://b{.topic}/x", "stands before the path");
	refuse("s3://{.topic}/x", "stands before the path");
}

/* The name NAME in TABLE: its URL, or NULL because of WHY. */
static void name(const char *table, const char *text, const char *url, const char *why)
{
	struct strbuf err = STRBUF_INIT, got = STRBUF_INIT;
	struct route route;
	CHECK_INT(route_parse(table, &route, &err), 0);
	CHECK_INT(route_check(&route, text, strlen(text), &err), url ? 0 : -EINVAL);
	if (url) {
		route_url(&route, text, &got);
		CHECK_STR(got.s, url);
	} else {
		CHECK(why && err.len && strstr(err.s, why));
	}
	route_release(&route);
	strbuf_release(&got);
	strbuf_release(&err);
}

static void test_names(void)
{
	char most[ROUTE_NAME_MAX + 2];
	memset(most, 'x', sizeof most);
	most[ROUTE_NAME_MAX + 1] = '\0';
	name("lake/{.t}", "clicks", "lake/clicks", NULL);
	name("lake/{.t}/raw", "a.b_c-D9", "lake/a.b_c-D9/raw", NULL);
	name("lake/x{.t}", ".", "lake/x.", NULL);
	name("lake/x{.t}", "..", "lake/x..", NULL);
	name("lake/x{.t}", "_weir_log", "lake/x_weir_log", NULL);
	name("lake/{.t}", "a..", "lake/a..", NULL);
	name("lake/{.t}", ".", NULL, "hidden");
	name("lake/{.t}", "..", NULL, "hidden");
	name("lake/{.t}", "_weir_log", NULL, "hidden");
	name("lake/{.t}", "__consumer_offsets", NULL, "hidden");
	name("lake/_{.t}", "a", NULL, "hidden");
	name("lake/{.t}", "", NULL, "too short");
	name("lake/x{.t}", "", NULL, "too short");
	name("lake/{.t}", most, NULL, "too long");
	most[ROUTE_NAME_MAX] = '\0';
	name("lake/1234567{.t}", most, NULL, "too long");
	name("lake/{.t}", "a/b", NULL, "letters, digits");
	name("lake/{.t}", "a b", NULL, "letters, digits");
	name("lake/{.t}", "a\n", NULL, "letters, digits");
	name("lake/{.t}", "é", NULL, "letters, digits");
	name("lake/{.t}", "%2e", NULL, "letters, digits");
}

/* A NUL does not end a name. */
static void test_nul(void)
{
	struct strbuf err = STRBUF_INIT;
	struct route route;
	CHECK_INT(route_parse("lake/{.t}", &route, &err), 0);
	CHECK_INT(route_check(&route, "a\0b", 3, &err), -EINVAL);
	route_release(&route);
	strbuf_release(&err);
}

static void match(const char *table, const char *entry, const char *want)
{
	struct strbuf err = STRBUF_INIT;
	struct route route;
	char *got = NULL;
	CHECK_INT(route_parse(table, &route, &err), 0);
	CHECK_INT(route_match(&route, entry, &got), want != NULL);
	if (want && got)
		CHECK_STR(got, want);
	free(got);
	route_release(&route);
	strbuf_release(&err);
}

static void test_match(void)
{
	match("lake/{.t}", "clicks", "clicks");
	match("lake/{.t}", "_weir_log", NULL);
	match("lake/{.t}", ".writers", NULL);
	match("lake/{.t}", "", NULL);
	match("lake/a_{.t}_b/c", "a_x_b", "x");
	match("lake/a_{.t}_b/c", "a__b", NULL);
	match("lake/a_{.t}_b/c", "a_b", NULL);
	match("lake/a_{.t}_b/c", "a_x_c", NULL);
	match("lake/a_{.t}_b/c", "b_x_b", NULL);
	match("lake/{.t}", "a b", NULL);
}

int main(void)
{
	TEST(test_parse);
	TEST(test_refused);
	TEST(test_names);
	TEST(test_nul);
	TEST(test_match);
	return check_done();
}
