#include "common/lake/aws_ini.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static struct aws_ini *parse(const char *text)
{
	struct strbuf err = STRBUF_INIT;
	struct aws_ini *ini = NULL;
	CHECK_INT(aws_ini_parse(text, strlen(text), &ini, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	return ini;
}

static void check_error(const char *text, size_t len, const char *want)
{
	struct strbuf err = STRBUF_INIT;
	struct aws_ini *ini = NULL;
	CHECK_INT(aws_ini_parse(text, len, &ini, &err), -EBADMSG);
	CHECK_STR(err.s, want);
	CHECK(!ini);
	strbuf_release(&err);
}

static void test_settings(void)
{
	struct aws_ini *ini =
		parse("# a comment\n; another\n\n"
		      "[default]\nKey = a = b # c ; d \nTAB\t=\tvalue\t\nempty =\n[ other ] # why\nregion = x");
	CHECK_STR(aws_ini_get(ini, "default", "key", NULL), "a = b # c ; d");
	CHECK_STR(aws_ini_get(ini, "default", "tab", NULL), "value");
	CHECK(!aws_ini_get(ini, "default", "empty", NULL));
	CHECK(!aws_ini_get(ini, "default", "region", NULL));
	CHECK(!aws_ini_get(ini, "default", "Key", NULL));
	CHECK_STR(aws_ini_get(ini, "other", "region", NULL), "x");
	CHECK(aws_ini_has(ini, "default") && aws_ini_has(ini, "other") && !aws_ini_has(ini, "none"));
	aws_ini_free(ini);
	CHECK(!aws_ini_get(NULL, "a", "b", NULL) && !aws_ini_has(NULL, "a"));
	aws_ini_free(NULL);
}

static void test_sections(void)
{
	struct aws_ini *ini =
		parse("[profile  one]\na=1\n[profile \"two words\"]\na=2\n[\tprofile 'th'\"ree\"\t]\na=3\n"
		      "[profile one]\nb=4\n[empty]\n");
	CHECK_STR(aws_ini_get(ini, "profile one", "a", NULL), "1");
	CHECK_STR(aws_ini_get(ini, "profile one", "b", NULL), "4");
	CHECK_STR(aws_ini_get(ini, "profile two words", "a", NULL), "2");
	CHECK_STR(aws_ini_get(ini, "profile three", "a", NULL), "3");
	CHECK(aws_ini_has(ini, "empty"));
	aws_ini_free(ini);
}

static void test_last_counts(void)
{
	struct aws_ini *ini = parse("[a]\nk=1\nk=2\n[b]\nk=3\n[a]\nk=\n");
	CHECK(!aws_ini_get(ini, "a", "k", NULL));
	CHECK_STR(aws_ini_get(ini, "b", "k", NULL), "3");
	aws_ini_free(ini);
	ini = parse("[a]\nk=1\n[b]\n[a]\nk=2\n");
	CHECK_STR(aws_ini_get(ini, "a", "k", NULL), "2");
	aws_ini_free(ini);
}

static void test_nested(void)
{
	struct aws_ini *ini = parse("[services x]\ns3 =\n  endpoint_url = http://s3\n  # comment\n\n  Other=1\n"
				    "sts = \n\tendpoint_url = http://sts\nafter = 2\n[default]\n  k = 1\n  l = 2\n");
	CHECK_STR(aws_ini_get(ini, "services x", "s3", "endpoint_url"), "http://s3");
	CHECK_STR(aws_ini_get(ini, "services x", "s3", "other"), "1");
	CHECK_STR(aws_ini_get(ini, "services x", "sts", "endpoint_url"), "http://sts");
	CHECK_STR(aws_ini_get(ini, "services x", "after", NULL), "2");
	CHECK(!aws_ini_get(ini, "services x", "s3", NULL) && !aws_ini_get(ini, "services x", "endpoint_url", NULL));
	CHECK(!aws_ini_get(ini, "services x", "after", "endpoint_url"));
	/* Settings with the same indentation are not nested. */
	CHECK_STR(aws_ini_get(ini, "default", "k", NULL), "1");
	CHECK_STR(aws_ini_get(ini, "default", "l", NULL), "2");
	aws_ini_free(ini);
	ini = parse("[a]\nn =\n  x = y\nk = one\n  two = 2\n\n  three\nl = x\n");
	CHECK_STR(aws_ini_get(ini, "a", "k", NULL), "one\ntwo = 2\nthree");
	CHECK_STR(aws_ini_get(ini, "a", "l", NULL), "x");
	aws_ini_free(ini);
}

static void test_line_ends(void)
{
	struct aws_ini *ini = parse("\xef\xbb\xbf[a]\r\nk = v\r\n\r\ns3=\r\n  x = y \r\n[b]\r\nk=w\r");
	CHECK_STR(aws_ini_get(ini, "a", "k", NULL), "v");
	CHECK_STR(aws_ini_get(ini, "a", "s3", "x"), "y");
	CHECK_STR(aws_ini_get(ini, "b", "k", NULL), "w");
	aws_ini_free(ini);
	aws_ini_free(parse(""));
	aws_ini_free(parse("\n\r\n"));
}

#define ERROR(text, want) check_error(text, strlen(text), want)

static void test_errors(void)
{
	ERROR("a = b", "line 1: there is no [section] before it");
	ERROR("[a]\nSECRET", "line 2: it is neither [section] nor 'name = value'");
	ERROR("[a]\n = SECRET", "line 2: it is neither [section] nor 'name = value'");
	ERROR("\n[a", "line 2: ']' is missing");
	ERROR("[]", "line 1: the section has no name");
	ERROR("[ \"\" ]", "line 1: the section has no name");
	ERROR("[a] b", "line 1: something follows ']'");
	ERROR("[a]\ns3 =\n  SECRET", "line 3: it is neither [section] nor 'name = value'");
	ERROR("  a", "line 1: there is no [section] before it");
	check_error("[a]\nk=\0", 8, "line 2: it has a NUL");
}

static void check_file(const char *path, int want, const char *message)
{
	struct strbuf err = STRBUF_INIT;
	struct aws_ini *ini = NULL;
	CHECK_INT(aws_ini_read(path, &ini, &err), want);
	CHECK_STR(err.s, message);
	aws_ini_free(ini);
	strbuf_release(&err);
}

static void write_file(const char *path, const char *text, size_t times)
{
	FILE *f = fopen(path, "w");
	for (size_t i = 0; f && i < times; i++)
		fputs(text, f);
	CHECK(f && fclose(f) == 0);
}

static void test_files(void)
{
	char dir[SCRATCH_SIZE];
	CHECK(mkdtemp(scratch(dir, "weir-ini")) && chdir(dir) == 0);
	check_file("none", -ENOENT, "cannot read 'none': No such file or directory");
	check_file("/dev/null", 0, "");
	check_file(".", -EBADMSG, "'.' is not a regular file");
	CHECK_INT(mkfifo("fifo", 0600), 0);
	check_file("fifo", -EBADMSG, "'fifo' is not a regular file");
	write_file("good", "[a]\nk = v\n", 1);
	check_file("good", 0, "");
	write_file("bad", "[a]\nv\n", 1);
	check_file("bad", -EBADMSG, "'bad', line 2: it is neither [section] nor 'name = value'");
	write_file("large", "# 16 characters\n", AWS_INI_MAX / 16);
	check_file("large", 0, "");
	write_file("large", "# 16 characters\n", AWS_INI_MAX / 16 + 1);
	check_file("large", -EBADMSG, "'large' is longer than 1 MiB");
	CHECK_INT(unlink("fifo") + unlink("good") + unlink("bad") + unlink("large") + chdir("/") + rmdir(dir), 0);
}

int main(void)
{
	TEST(test_settings);
	TEST(test_sections);
	TEST(test_last_counts);
	TEST(test_nested);
	TEST(test_line_ends);
	TEST(test_errors);
	TEST(test_files);
	return check_done();
}
