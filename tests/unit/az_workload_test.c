/* Wrong variables of a workload identity: az_workload.h.  For the requests see tests/cli/lake-azure.bats. */
#include "common/lake/az_workload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

static void set(const char *name, const char *value)
{
	CHECK_INT(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

/* With these variables no request is possible: expect RESULT, and a message with WORDS. */
static void refused(const char *tenant, const char *host, const char *file, int result, const char *words)
{
	struct http_config config = {0};
	struct strbuf got = STRBUF_INIT, why = STRBUF_INIT;
	set("AZURE_TENANT_ID", tenant);
	set("AZURE_AUTHORITY_HOST", host);
	set("AZURE_FEDERATED_TOKEN_FILE", file);
	CHECK(az_workload_is_set());
	CHECK_INT(az_workload_ask(&config, &got, &why), result);
	CHECK_INT(got.len, 0);
	CHECK(strstr(why.s, words));
	strbuf_release(&got);
	strbuf_release(&why);
}

static void test_refused(void)
{
	set("AZURE_CLIENT_ID", "me");
	refused(NULL, NULL, "/none", -EINVAL, "AZURE_TENANT_ID");
	refused("t", "http://login.example", "/none", -EINVAL, "https://");
	refused("t", "login.example", "/none", -EINVAL, "https://");
	refused("t", NULL, "/none", -EACCES, "/none");
	refused("t", NULL, "/dev/null", -EBADMSG, "is empty");
	refused("t", NULL, "/", -EBADMSG, "not a regular file");
	set("AZURE_CLIENT_ID", NULL);
	refused("t", NULL, "/none", -EINVAL, "AZURE_CLIENT_ID");
	set("AZURE_FEDERATED_TOKEN_FILE", NULL);
	CHECK(!az_workload_is_set());
}

int main(void)
{
	TEST(test_refused);
	return check_done();
}
