/* Tickets of Kerberos when there is none: hdfs_ticket.h.  For tests with a KDC see tests/cli/lake-kerberos.bats. */
#include "common/lake/hdfs_ticket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

/* An answer with STATUS and the header FIELD, as http_field() finds it. */
static bool wanted(int status, const char *field)
{
	struct http_answer answer = {.status = status};
	strbuf_init(&answer.body);
	strbuf_init(&answer.fields);
	strbuf_add(&answer.fields, field, strlen(field) + 1);
	bool r = hdfs_ticket_wanted(&answer);
	strbuf_release(&answer.fields);
	return r;
}

static void test_wanted(void)
{
	CHECK(wanted(401, "WWW-Authenticate: Negotiate"));
	CHECK(wanted(401, "www-authenticate: negotiate"));
	CHECK(!wanted(401, "WWW-Authenticate: Basic realm=\"Negotiate\""));
	CHECK(!wanted(401, "Date: Negotiate"));
	CHECK(!wanted(200, "WWW-Authenticate: Negotiate oYGF"));
	CHECK(!wanted(403, "WWW-Authenticate: Negotiate"));
}

/* Without a cache there is no ticket, and the message names the service and the place that was searched. */
static void test_none(void)
{
	static const char *const urls[][2] = {{"http://nn.example:14000/webhdfs/v1/a?op=OPEN", "for 'nn.example': "},
		{"https://[::1]:9871/x", "for '::1': "}, {"http://nn", "for 'nn': "}};
	CHECK_INT(setenv("KRB5CCNAME", "FILE:/nonexistent/tickets", 1), 0);
	CHECK_INT(setenv("KRB5_CONFIG", "/dev/null", 1), 0);
	CHECK_INT(unsetenv("KRB5_CLIENT_KTNAME"), 0);
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct strbuf fields = STRBUF_INIT, why = STRBUF_INIT;
		CHECK_INT(hdfs_ticket_add(urls[i][0], &fields, &why), -EACCES);
		CHECK_INT(fields.len, 0);
		CHECK(strstr(why.s, urls[i][1]) && strstr(why.s, "/nonexistent/tickets") && strstr(why.s, "kinit"));
		CHECK(!strchr(why.s, '\n'));
		strbuf_release(&fields);
		strbuf_release(&why);
	}
}

int main(void)
{
	TEST(test_wanted);
	TEST(test_none);
	return check_done();
}
