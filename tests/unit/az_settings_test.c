/* The settings of an account in Azure from the environment, and its tokens: az_settings.h, az_token.h. */
#include "common/lake/az_settings.h"

#include <errno.h>
#include <string.h>

#include "common/lake/az_token.h"
#include "common/lake/secret.h"
#include "tests/unit/check.h"

/* "a key for tests that are run on 127.0.0.1 only, and nowhere else" */
#define KEY "YSBrZXkgZm9yIHRlc3RzIHRoYXQgYXJlIHJ1biBvbiAxMjcuMC4wLjEgb25seSwgYW5kIG5vd2hlcmUgZWxzZQ=="

static struct strbuf why = STRBUF_INIT;

/* Check the settings in TEXT; "-": none. */
static void check_settings(
	const char *text, const char *account, const char *key, const char *sas, const char *endpoint)
{
	struct az_settings s;
	strbuf_clear(&why);
	CHECK_INT(az_connection_string(text, &s, &why), 0);
	CHECK_STR(s.account ? s.account : "-", account);
	CHECK_STR(s.key ? s.key : "-", key);
	CHECK_STR(s.sas ? s.sas : "-", sas);
	CHECK_STR(s.endpoint ? s.endpoint : "-", endpoint);
	az_settings_release(&s);
}

static void test_connection_strings(void)
{
	check_settings("DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=" KEY
		       ";EndpointSuffix=core.windows.net",
		"acc", KEY, "-", "https://acc.blob.core.windows.net");
	check_settings("accountname=acc; ;", "acc", "-", "-", "https://acc.blob.core.windows.net");
	check_settings(
		"DefaultEndpointsProtocol=http;AccountName=acc;EndpointSuffix=x", "acc", "-", "-", "http://acc.blob.x");
	check_settings("BlobEndpoint=http://h:1/acc;SharedAccessSignature=?sv=1&sig=a%3D;QueueEndpoint=http://h", "-",
		"-", "sv=1&sig=a%3D", "http://h:1/acc");
	check_settings("AccountName=;AccountKey=", "-", "-", "-", "-");
	check_settings("", "-", "-", "-", "-");
	check_settings("UseDevelopmentStorage=true", "devstoreaccount1",
		"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==", "-",
		"http://127.0.0.1:10000/devstoreaccount1");
}

static void test_bad_connection_strings(void)
{
	static const char *const bad[][2] = {{"AccountName", "NAME=VALUE"}, {"=s3cret", "NAME=VALUE"},
		{"AccountName=acc;s3cret", "NAME=VALUE"}, {"AccountKey=" KEY ";AccountKey=s3cret", "AccountKey twice"},
		{"AccountKey=s3cret", "not base64"}, {"SharedAccessSignature=sig=s3 cret", "cannot be in a query"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct az_settings s;
		strbuf_clear(&why);
		CHECK_INT(az_connection_string(bad[i][0], &s, &why), -EINVAL);
		CHECK(why.len && strstr(why.s, bad[i][1]) && !strstr(why.s, "s3") && !strstr(why.s, KEY));
		CHECK(!s.account && !s.key && !s.sas && !s.endpoint);
	}
}

static void test_tokens(void)
{
	static const struct {
		const char *given, *token;
		int64_t expires_ms;
	} good[] = {{"eyJ.a-b_c.~+/==\r\n", "eyJ.a-b_c.~+/==", -1}, {"{\"access_token\":\"t\"}", "t", -1},
		{"{\"accessToken\":\"t\",\"expiresOn\":\"2026\",\"expires_on\":2000}", "t", 2000000},
		{"{\"access_token\":\"t\",\"expires_in\":\"60\"}", "t", 61000},
		{"{\"access_token\":\"t\",\"expires_on\":\"2\"}", "t", 2000}};
	static const char *const bad[] = {"", "two words", "{}", "{\"access_token\":7}", "{\"access_token\":\"a\\nb\"}",
		"{\"access_token\":\"t\",\"expires_on\":\"1\"}", "=", "a=b", "{\"access_token\":\"t\"", "\x01"};
	char *text;
	int64_t end;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		CHECK_INT(az_token_read(good[i].given, strlen(good[i].given), 1000, &text, &end, &why), 0);
		CHECK_STR(text, good[i].token);
		CHECK_INT(end, good[i].expires_ms);
		secret_free(text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		strbuf_clear(&why);
		CHECK_INT(az_token_read(bad[i], strlen(bad[i]), 1000, &text, &end, &why), -EACCES);
		CHECK(why.len);
	}
}

int main(void)
{
	TEST(test_connection_strings);
	TEST(test_bad_connection_strings);
	TEST(test_tokens);
	strbuf_release(&why);
	return check_done();
}
