#include "common/lake/aws_profile.h"

#include <errno.h>

#include "tests/unit/aws_files.h"

static struct aws_profile *read_profile(void)
{
	struct strbuf err = STRBUF_INIT;
	struct aws_profile *p = NULL;
	CHECK_INT(aws_profile_read(&p, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	return p;
}

static void check_error(int want, const char *part)
{
	struct strbuf err = STRBUF_INIT;
	struct aws_profile *p = NULL;
	CHECK_INT(aws_profile_read(&p, &err), want);
	if (!strstr(err.s, part))
		CHECK_STR(err.s, part);
	CHECK(!strstr(err.s, "SECRET"));
	strbuf_release(&err);
}

static void check_endpoint(const char *service, const char *want)
{
	struct aws_profile *p = read_profile();
	struct strbuf err = STRBUF_INIT;
	const char *url = "untouched";
	CHECK_INT(aws_profile_endpoint(p, service, &url, &err), 0);
	if (want)
		CHECK_STR(url, want);
	else
		CHECK(!url);
	strbuf_release(&err);
	aws_profile_free(p);
}

static void test_no_files(void)
{
	struct aws_profile *p = read_profile();
	struct strbuf out = STRBUF_INIT, want = STRBUF_INIT;
	CHECK_STR(aws_profile_name(p), "default");
	CHECK(!aws_profile_get(p, "region") && !aws_profile_region(p) && !aws_profile_ca_file(p));
	aws_profile_describe(p, AWS_CREDENTIALS, &out);
	strbuf_addf(&want, "'%s/.aws/credentials' (No such file or directory)", aws_home);
	CHECK_STR(out.s, want.s);
	aws_profile_free(p);
	strbuf_release(&out);
	strbuf_release(&want);

	unsetenv("HOME");
	p = read_profile();
	aws_profile_describe(p, AWS_CONFIG, &out);
	CHECK_STR(out.s, "~/.aws/config (HOME is not set)");
	aws_profile_free(p);
	strbuf_release(&out);
	setenv("HOME", aws_home, 1);
}

/* [profile x] in config, [x] in credentials; [default] in both; the credentials file comes first. */
static void test_sections(void)
{
	aws_file(".aws/config",
		"[default]\nregion = of-default\nonly = config\n[profile x]\nregion = of-x\n[x]\na = no\n"
		"[profile default]\nregion = better\n");
	aws_file(".aws/credentials", "[x]\nonly = credentials\n[default]\nonly = credentials\n[profile x]\nb = no\n");
	struct aws_profile *p = read_profile();
	CHECK_STR(aws_profile_region(p), "better");
	CHECK_STR(aws_profile_get(p, "only"), "credentials");
	CHECK(!aws_profile_in(p, AWS_CONFIG, "only")); /* [profile default] stands for [default] */
	aws_profile_free(p);
	setenv("AWS_PROFILE", "x", 1);
	p = read_profile();
	CHECK_STR(aws_profile_name(p), "x");
	CHECK_STR(aws_profile_region(p), "of-x");
	CHECK_STR(aws_profile_in(p, AWS_CREDENTIALS, "only"), "credentials");
	CHECK(!aws_profile_get(p, "a") && !aws_profile_get(p, "b"));
	struct strbuf out = STRBUF_INIT, want = STRBUF_INIT;
	aws_profile_describe(p, AWS_CONFIG, &out);
	strbuf_addf(&want, "'%s/.aws/config' (no keys in the profile 'x')", aws_home);
	CHECK_STR(out.s, want.s);
	strbuf_release(&out);
	strbuf_release(&want);
	aws_profile_free(p);
	aws_file(".aws/config", "[y]\nregion = of-y\n");
	setenv("AWS_PROFILE", "y", 1);
	check_error(-EINVAL, "AWS_PROFILE names 'y', and there is no such profile: '");
	setenv("AWS_PROFILE", "none", 1);
	check_error(-EINVAL, "AWS_PROFILE names 'none', and there is no such profile: '");
	setenv("AWS_PROFILE", "default", 1);
	aws_profile_free(read_profile());
	unsetenv("AWS_PROFILE");
}

static void test_variables(void)
{
	aws_file(".aws/config", "[default]\nregion = r\nca_bundle = c\n");
	setenv("AWS_DEFAULT_REGION", "d", 1);
	setenv("AWS_REGION", "", 1); /* counts as not set */
	struct aws_profile *p = read_profile();
	CHECK_STR(aws_profile_region(p), "d");
	CHECK_STR(aws_profile_ca_file(p), "c");
	setenv("AWS_REGION", "e", 1);
	setenv("AWS_CA_BUNDLE", "b", 1);
	CHECK_STR(aws_profile_region(p), "e");
	CHECK_STR(aws_profile_ca_file(p), "b");
	aws_profile_free(p);
	unsetenv("AWS_REGION");
	unsetenv("AWS_DEFAULT_REGION");
	unsetenv("AWS_CA_BUNDLE");
}

/* Other paths, also below ~; /dev/null means that there is no file. */
static void test_paths(void)
{
	aws_file("other", "[default]\nregion = other\n");
	aws_file(".aws/config", "[default]\nregion = standard\n");
	setenv("AWS_CONFIG_FILE", "~/other", 1);
	struct aws_profile *p = read_profile();
	CHECK_STR(aws_profile_region(p), "other");
	aws_profile_free(p);
	setenv("AWS_CONFIG_FILE", "/dev/null", 1);
	setenv("AWS_SHARED_CREDENTIALS_FILE", "other", 1);
	p = read_profile();
	CHECK_STR(aws_profile_region(p), "other");
	CHECK_STR(aws_profile_path(p, AWS_CREDENTIALS), "other");
	aws_profile_free(p);
	setenv("AWS_CONFIG_FILE", "nowhere", 1);
	aws_profile_free(read_profile());
	setenv("AWS_CONFIG_FILE", ".", 1);
	check_error(-EBADMSG, "'.' is not a regular file");
	aws_file("other", "[default]\nSECRET\n");
	unsetenv("AWS_CONFIG_FILE");
	check_error(-EBADMSG, "'other', line 2: it is neither [section] nor 'name = value'");
	unsetenv("AWS_SHARED_CREDENTIALS_FILE");
	CHECK_INT(unlink("other"), 0);
}

/* A home that this user may not read, as for a service that root has started. */
static void test_forbidden(void)
{
	bool root = geteuid() == 0;
	aws_file(".aws/config", "[default]\nregion = r\n");
	CHECK_INT(root ? seteuid(65534) : chmod(".aws", 0), 0);
	struct aws_profile *p = read_profile();
	CHECK(!aws_profile_region(p));
	aws_profile_free(p);
	setenv("AWS_CONFIG_FILE", ".aws/config", 1);
	check_error(-EACCES, "cannot read '.aws/config': Permission denied");
	unsetenv("AWS_CONFIG_FILE");
	CHECK_INT(root ? seteuid(0) : chmod(".aws", 0700), 0);
	CHECK_INT(unlink(".aws/config"), 0);
}

static void test_endpoints(void)
{
	unlink(".aws/credentials");
	aws_file(".aws/config", "[default]\nservices = mine\nendpoint_url = http://all\n[services mine]\ns3 =\n"
				"  endpoint_url = http://s3\n");
	check_endpoint("s3", "http://s3");
	check_endpoint("sts", "http://all");
	setenv("AWS_ENDPOINT_URL", "http://env", 1);
	check_endpoint("s3", "http://env");
	setenv("AWS_ENDPOINT_URL_S3", "http://env-s3", 1);
	check_endpoint("s3", "http://env-s3");
	check_endpoint("sts", "http://env");
	setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True", 1);
	check_endpoint("s3", NULL);
	unsetenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
	unsetenv("AWS_ENDPOINT_URL");
	unsetenv("AWS_ENDPOINT_URL_S3");
	aws_file(".aws/config", "[default]\nignore_configured_endpoint_urls = true\nendpoint_url = http://all\n");
	check_endpoint("s3", NULL);

	aws_file(".aws/config", "[default]\nservices = none\n");
	struct aws_profile *p = read_profile();
	struct strbuf err = STRBUF_INIT;
	const char *url;
	CHECK_INT(aws_profile_endpoint(p, "s3", &url, &err), -EINVAL);
	CHECK(strstr(err.s, "has no section [services none], which the profile 'default' names"));
	strbuf_release(&err);
	aws_profile_free(p);
}

int main(void)
{
	aws_files_begin();
	TEST(test_no_files);
	TEST(test_sections);
	TEST(test_variables);
	TEST(test_paths);
	TEST(test_forbidden);
	TEST(test_endpoints);
	aws_files_end();
	return check_done();
}
