/* common/io/http_url: which parts of a URL are shown. */
#include "common/io/http_parts.h"
#include "tests/unit/check.h"

static void shown(const char *url, const char *expected)
{
	struct strbuf out = STRBUF_INIT;
	http_public_url(url, &out);
	CHECK_STR(out.s, expected);
	strbuf_release(&out);
}

static void test_user(void)
{
	shown("http://user:PASSWORD@host:1/a@b?c@d", "http://host:1/a@b?c@d");
	shown("https://a@b:c@[::1]/", "https://[::1]/");
	shown("http://h?x=http://user:PASSWORD@h", "http://h?x=http://user:PASSWORD@h"); /* that is its value */
	shown("http://h/a\nb\33", "http://h/a\\x0ab\\x1b");
	shown("", "");
	shown("user:p@h/x", "h/x");
}

static void test_parameters(void)
{
	shown("http://h/x?sig=S&X-Amz-Credential=S&a=1", "http://h/x?sig=***&X-Amz-Credential=***&a=1");
	shown("http://h/?DELEGATION=S&userPassword=S&KeyId=S", "http://h/?DELEGATION=***&userPassword=***&KeyId=***");
	shown("http://h/?client_secret=S;access_token=S#S", "http://h/?client_secret=***;access_token=***");
	shown("http://h/?s%69g=S&%zz=S",
		"http://h/?s%69g=***&%zz=***"); /* a value that cannot be decoded is not shown, either */
	shown("http://h/?sig&sig=", "http://h/?sig&sig=***");
	shown("http://h/sig=seen?list-type=2&prefix=a%2Fb", "http://h/sig=seen?list-type=2&prefix=a%2Fb");
	shown("http://h/?", "http://h/?");
	shown("http://h/?max-keys=2&continuation-token=a&keys=S", "http://h/?max-keys=2&continuation-token=a&keys=***");
	shown("http://h/?max%2Dkeys=2&x-max-keys=S&continuation-token2=S",
		"http://h/?max%2Dkeys=2&x-max-keys=***&continuation-token2=***");
}

static void test_origin(void)
{
	struct strbuf out = STRBUF_INIT;
	http_origin("https://user:PASSWORD@host:1/a?b=c", &out);
	CHECK_STR(out.s, "https://host:1");
	strbuf_release(&out);
}

int main(void)
{
	TEST(test_user);
	TEST(test_parameters);
	TEST(test_origin);
	return check_done();
}
