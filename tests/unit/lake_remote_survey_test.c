/* common/lake/remote_survey: what of a listing is of the table. */
#include "common/lake/remote.h"

#include <string.h>

#include "tests/unit/check.h"

static const char *const *listed;

static int list(struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err)
{
	int r = 0;
	(void)remote;
	(void)err;
	CHECK_STR(dir, "");
	CHECK(deep);
	for (size_t i = 0; r == 0 && listed[i]; i++)
		r = each(arg, listed[i], false, 1, 1000);
	return r;
}

/* Of these PATHS, the survey has those of WANTED. */
static void survey(const char *const *paths, const char *wanted)
{
	static const struct remote_ops ops = {.list = list};
	struct remote remote = {.base = {.ops = &remote_operations}, .ops = &ops};
	struct strbuf err = STRBUF_INIT, all = STRBUF_INIT;
	struct survey found;
	listed = paths;
	CHECK_INT(store_survey(&remote.base, &found, &err), 0);
	for (size_t i = 0; i < found.count; i++)
		strbuf_addf(&all, "%s\n", found.items[i].path);
	CHECK_STR(all.s ? all.s : "", wanted);
	survey_release(&found);
	strbuf_release(&all);
	strbuf_release(&err);
}

static void test_tables_within(void)
{
	static const char *const paths[] = {"_delta_log/0.json", "a.parquet", "b/_delta_log/0.json",
		"b/_delta_log/1.checkpoint.parquet", "b/c/_weir_log/0.json", "b/c/d", "b/x.parquet", "b.parquet", "b-",
		"z/y", "z/_weir_log/0.json", "z/x/w", "zz", NULL};
	survey(paths, "a.parquet\nb-\nb.parquet\nzz\n");
}

/* A directory of tables, without a log. */
static void test_no_table(void)
{
	static const char *const paths[] = {"a/_delta_log/0.json", "a/x.parquet", "b/y.parquet", NULL};
	survey(paths, "a/x.parquet\nb/y.parquet\n");
}

static void test_hidden(void)
{
	static const char *const paths[] = {
		"_x/a", "_x=1/a", ".a", "a/.b/c", "a/_b/c", "a/_b=1/c", "a/_c", "a/_c=1", "d/", "e=_/f", NULL};
	survey(paths, "a/_b=1/c\ne=_/f\n");
}

int main(void)
{
	TEST(test_tables_within);
	TEST(test_no_table);
	TEST(test_hidden);
	return check_done();
}
