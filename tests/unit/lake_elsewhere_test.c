/* Unit tests of common/lake/elsewhere: files that a log names by absolute URIs. */
#include "common/lake/elsewhere.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static void test_which_are_absolute(void)
{
	CHECK(!elsewhere_is(NULL));
	CHECK(!elsewhere_is("part-1.parquet"));
	CHECK(!elsewhere_is("p=a%20b/part-1:2.parquet"));
	CHECK(!elsewhere_is(":x"));
	CHECK(elsewhere_is("/a/b"));
	CHECK(elsewhere_is("file:/a/b"));
	CHECK(elsewhere_is("s3a://bucket/b"));
}

static const struct store_options none;

/* URI is PATH in the store at URL; or there is the error R. */
static void check(struct elsewhere *e, const char *uri, int r, const char *url, const char *path)
{
	struct strbuf at = STRBUF_INIT, err = STRBUF_INIT;
	struct store *store = NULL;
	CHECK_INT(elsewhere_find(e, uri, &store, &at, &err), r);
	CHECK_INT(err.len > 0, r < 0);
	if (r == 0)
		CHECK_STR(err.len ? err.s : "", "");
	if (r == 0 && store) {
		CHECK_STR(store->url, url);
		CHECK_STR(at.s, path);
	}
	strbuf_release(&at);
	strbuf_release(&err);
}

static void open_table(struct elsewhere *e, const char *url)
{
	struct strbuf err = STRBUF_INIT;
	*e = (struct elsewhere){.options = &none};
	CHECK_INT(store_open(url, NULL, &none, &e->table, &err), 0);
	strbuf_release(&err);
}

static void close_table(struct elsewhere *e)
{
	elsewhere_release(e);
	store_close(e->table);
}

static void test_local(void)
{
	char dir[SCRATCH_SIZE], uri[SCRATCH_SIZE + 64];
	struct elsewhere e;
	CHECK(mkdtemp(scratch(dir, "elsewhere")) != NULL);
	open_table(&e, "/tmp");
	static const char *const before[] = {"", "file:", "file://", "file://localhost"};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		snprintf(uri, sizeof uri, "%s%s/p=a%%2520b/q=1/x%%3D.parquet", before[i], dir);
		check(&e, uri, 0, dir, "p=a%20b/q=1/x=.parquet");
	}
	CHECK(e.other[1].url == NULL); /* all are in one store */
	check(&e, "file:x/y", -EBADMSG, NULL, NULL);
	check(&e, "file:///", -EBADMSG, NULL, NULL);
	check(&e, "/x", -EBADMSG, NULL, NULL);
	check(&e, "/tmp/", -EBADMSG, NULL, NULL);
	check(&e, "/tmp/..", -EBADMSG, NULL, NULL);
	check(&e, "/tmp/p=1/../x", 0, "/tmp/p=1/..", "x"); /* which the system resolves */
	check(&e, "/tmp/%zz", -EBADMSG, NULL, NULL);
	check(&e, "file://localhost/tmp/x", 0, "/tmp", "x");
	check(&e, "file:////tmp/p=1/x", 0, "/tmp", "p=1/x");
	check(&e, "file://host/tmp/x", -ENOTSUP, NULL, NULL);
	check(&e, "file://localhostess/tmp/x", -ENOTSUP, NULL, NULL);
	check(&e, "file://tmp/x", -ENOTSUP, NULL, NULL);
	check(&e, "/tmp/a%00b/x", -EBADMSG, NULL, NULL);
	check(&e, "s3://bucket/x", -ENOTSUP, NULL, NULL);
	check(&e, "ftp://host/x", -ENOTSUP, NULL, NULL);
	e.options = NULL;
	check(&e, "/tmp/x", -ENOTSUP, NULL, NULL);
	close_table(&e);
	CHECK_INT(rmdir(dir), 0);
}

/* A log must not say to whom keys and tokens are sent. */
static void test_servers_of_azure(void)
{
	struct elsewhere e;
	setenv("AZURE_STORAGE_SAS_TOKEN", "sig=x", 1);
	open_table(&e, "abfss://con@account.dfs.core.windows.net/t");
	check(&e, "abfss://dat@account.dfs.core.windows.net/u/x", 0, "abfss://dat@account.dfs.core.windows.net/u", "x");
	check(&e, "https://account.blob.core.windows.net/con/u/x", 0, "https://account.blob.core.windows.net/con/u",
		"x");
	check(&e, "abfss://con@another.dfs.core.windows.net/u/x", -ENOTSUP, NULL, NULL);
	check(&e, "abfss://con@account.dfs.evil.example/u/x", -ENOTSUP, NULL, NULL);
	check(&e, "https://account.blob.evil.example/con/u/x", -ENOTSUP, NULL, NULL);
	check(&e, "http://account.blob.core.windows.net/con/u/x", -ENOTSUP, NULL, NULL);
	check(&e, "az:con/u/x", -EBADMSG, NULL, NULL);
	check(&e, "https:/account.blob.core.windows.net/con/x", -EBADMSG, NULL, NULL);
	close_table(&e);
	unsetenv("AZURE_STORAGE_SAS_TOKEN");
}

static void test_servers_of_hdfs(void)
{
	struct elsewhere e;
	open_table(&e, "swebhdfs://one:9871,[::1]:50,Two/t");
	static const char own[] = "swebhdfs://one:9871,[::1]:50,Two/u";
	check(&e, "hdfs://one:8020/u/x", 0, own, "x");
	check(&e, "hdfs://two/u/p=1/x%20y", 0, own, "p=1/x y");
	check(&e, "webhdfs://[::1]:8020/u/x", 0, own, "x");
	check(&e, "hdfs:///u/x", 0, own, "x");
	check(&e, "hdfs:/u/x", 0, own, "x");
	check(&e, "hdfs://evil:8020/u/x", -ENOTSUP, NULL, NULL);
	check(&e, "hdfs://on/u/x", -ENOTSUP, NULL, NULL);
	check(&e, "hdfs://[::2]/u/x", -ENOTSUP, NULL, NULL);
	check(&e, "hdfs:u/x", -EBADMSG, NULL, NULL);
	close_table(&e);
}

static void test_servers_of_s3(void)
{
	struct elsewhere e;
	setenv("AWS_REGION", "eu-central-1", 1);
	open_table(&e, "s3://bucket/t");
	check(&e, "s3a://other/u/x", 0, "s3://other/u", "x");
	check(&e, "s3:other/u/x", -EBADMSG, NULL, NULL);
	check(&e, "https://account.blob.core.windows.net/con/x", -ENOTSUP, NULL, NULL);
	close_table(&e);
}

static void test_files(void)
{
	struct strbuf err = STRBUF_INIT;
	struct elsewhere e;
	struct snapshot_file file;
	struct store *store = NULL;
	open_table(&e, "/tmp");
	json_t *add = json_loads("{\"path\":\"/usr/p=1/x%20y\",\"size\":5,\"partitionValues\":{\"p\":\"1\"}}", 0, NULL);
	CHECK_INT(elsewhere_file(&e, add, &file, &store, &err), 0);
	CHECK_STR(file.path, "p=1/x y");
	CHECK_STR(store->url, "/usr");
	CHECK_INT(file.size, 5);
	CHECK(file.values == json_object_get(add, "partitionValues"));
	free(file.path);
	json_object_set_new(add, "path", json_string("p=1/x%20y"));
	CHECK_INT(elsewhere_file(&e, add, &file, &store, &err), 0);
	CHECK(store == e.table);
	free(file.path);
	json_object_set_new(add, "path", json_string("/usr/x"));
	json_object_del(add, "size");
	CHECK_INT(elsewhere_file(&e, add, &file, &store, &err), -EBADMSG);
	json_decref(add);
	close_table(&e);
	strbuf_release(&err);
}

static void test_names_that_are_spared(void)
{
	json_t *names = json_object();
	elsewhere_spare(names, "file:/t/p=1/a%20b.parquet");
	elsewhere_spare(names, "file:/t/c%zz.parquet");
	CHECK(elsewhere_spares(names, "p=1/a b.parquet"));
	CHECK(elsewhere_spares(names, "a%20b.parquet"));
	CHECK(elsewhere_spares(names, "x/c%zz.parquet"));
	CHECK(!elsewhere_spares(names, "p=1/b.parquet"));
	json_decref(names);
}

static void test_the_one_not_used_for_longest_is_closed(void)
{
	static const char *const dirs[] = {"/tmp/x", "/usr/x", "/etc/x", "/var/x", "/tmp/y", "/opt/x"};
	struct elsewhere e;
	open_table(&e, "/");
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		char url[8];
		snprintf(url, sizeof url, "%.4s", dirs[i]);
		check(&e, dirs[i], 0, url, dirs[i] + 5);
	}
	bool tmp = false, usr = false;
	for (size_t i = 0; i < ELSEWHERE_STORES; i++) {
		tmp |= strcmp(e.other[i].url, "/tmp") == 0;
		usr |= strcmp(e.other[i].url, "/usr") == 0;
	}
	CHECK(tmp && !usr);
	close_table(&e);
}

int main(void)
{
	TEST(test_which_are_absolute);
	TEST(test_local);
	TEST(test_servers_of_azure);
	TEST(test_servers_of_hdfs);
	TEST(test_servers_of_s3);
	TEST(test_files);
	TEST(test_names_that_are_spared);
	TEST(test_the_one_not_used_for_longest_is_closed);
	return check_done();
}
