#include "common/lake/aws_keys.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "tests/unit/check.h"

#define T0 1795917600000 /* 2026-11-29T02:00:00Z */

static void check_keys(
	const struct aws_keys *got, const char *id, const char *secret, const char *token, int64_t expires)
{
	CHECK_STR(got->id, id);
	CHECK_STR(got->secret, secret);
	if (token)
		CHECK_STR(got->token, token);
	else
		CHECK(!got->token);
	CHECK_INT(got->expires_ms, expires);
}

static void test_set(void)
{
	struct aws_keys keys = {0};
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(aws_keys_set(&keys, "AKID", "se cret", "t/+=", &err), 0);
	check_keys(&keys, "AKID", "se cret", "t/+=", AWS_NEVER);
	aws_keys_release(&keys);
	CHECK(!keys.id && !keys.secret && !keys.token);
	CHECK_INT(aws_keys_set(&keys, "AKID", "s\xc3\xa9", NULL, &err), 0);
	aws_keys_release(&keys);
	aws_keys_release(&keys);

	static const char *const bad[][4] = {{"", "s", NULL, "the access key's id is empty"},
		{"a b", "s", NULL, "the access key's id has a blank"},
		{"a\n", "s", NULL, "the access key's id has a control character"},
		{" a", "s", NULL, "the access key's id begins or ends with a blank"},
		{"\xc3\xa9", "s", NULL, "the access key's id has a character beyond ASCII"},
		{"a", "", NULL, "the secret access key is empty"},
		{"a", "s ", NULL, "the secret access key begins or ends with a blank"},
		{"a", "s\r", NULL, "the secret access key has a control character"},
		{"a", "s", "", "the session token is empty"},
		{"a", "s", "t\nu", "the session token has a control character"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		strbuf_clear(&err);
		CHECK_INT(aws_keys_set(&keys, bad[i][0], bad[i][1], bad[i][2], &err), -EBADMSG);
		CHECK_STR(err.s, bad[i][3]);
		CHECK(!keys.id && !keys.secret);
	}
	strbuf_release(&err);
}

static void good_json(const char *text, bool versioned, const char *token, int64_t expires)
{
	struct aws_keys keys = {0};
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(aws_keys_json(text, strlen(text), versioned, &keys, &err), 0);
	CHECK_STR(err.s, "");
	check_keys(&keys, "AKID", "se/cret", token, expires);
	aws_keys_release(&keys);
	strbuf_release(&err);
}

static void test_json(void)
{
	good_json("{\"Version\": 1, \"AccessKeyId\": \"AKID\", \"SecretAccessKey\": \"se\\/cret\"}\n", true, NULL,
		AWS_NEVER);
	good_json("{\"Version\":1,\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"se/cret\",\"SessionToken\":\"tok\","
		  "\"Expiration\":\"2026-11-29T02:00:00Z\",\"AccountId\":\"1\"}",
		true, "tok", T0);
	good_json("{\"Version\":1,\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"se/cret\",\"SessionToken\":null,"
		  "\"Expiration\":\"2026-11-29T03:30:00.5+01:30\"}",
		true, NULL, T0 + 500);
	good_json(
		"{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"se/cret\","
		"\"Token\":\"tok\",\"Expiration\":\"2026-11-29T02:00:00Z\"}",
		false, "tok", T0);
	good_json("{\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"se/cret\"}", false, NULL, AWS_NEVER);
}

static void bad_json(const char *text, bool versioned, int want, const char *message)
{
	struct aws_keys keys = {0};
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(aws_keys_json(text, strlen(text), versioned, &keys, &err), want);
	CHECK_STR(err.s, message);
	CHECK(!keys.id && !keys.secret && !keys.token);
	strbuf_release(&err);
}

#define REST "\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"SECRET\""

static void test_bad_json(void)
{
	bad_json("", true, -EBADMSG, "it is not a JSON object");
	bad_json("SECRET", true, -EBADMSG, "it is not a JSON object");
	bad_json("[1]", true, -EBADMSG, "it is not a JSON object");
	bad_json("{\"Version\":1," REST, true, -EBADMSG, "it is not a JSON object");
	bad_json("{\"Version\":1,\"AccessKeyId\":\"a\"," REST "}", true, -EBADMSG, "it is not a JSON object");
	bad_json("{\"Version\":1," REST ",\"SessionToken\":\"\\u0000\"}", true, -EBADMSG, "it is not a JSON object");
	bad_json("{" REST "}", true, -EBADMSG, "Version is missing");
	bad_json("{\"Version\":2," REST "}", true, -EBADMSG, "its Version is not 1");
	bad_json("{\"Version\":\"1\"," REST "}", true, -EBADMSG, "its Version is not 1");
	bad_json("{\"Version\":1,\"SecretAccessKey\":\"SECRET\"}", true, -EBADMSG, "AccessKeyId is missing");
	bad_json("{\"Version\":1,\"AccessKeyId\":1,\"SecretAccessKey\":\"SECRET\"}", true, -EBADMSG,
		"AccessKeyId is not a string");
	bad_json("{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":null}", true, -EBADMSG,
		"SecretAccessKey is not a string");
	bad_json("{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"\"}", true, -EBADMSG,
		"the secret access key is empty");
	bad_json("{\"Version\":1," REST ",\"SessionToken\":[]}", true, -EBADMSG, "SessionToken is not a string");
	bad_json("{\"Version\":1," REST ",\"Expiration\":1795917600}", true, -EBADMSG, "Expiration is not a string");
	bad_json("{\"Version\":1," REST ",\"Expiration\":\"SECRET\"}", true, -EBADMSG, "Expiration is not a time");
	bad_json("{" REST ",\"Token\":1}", false, -EBADMSG, "Token is not a string");
	bad_json("{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"EC2 cannot\\nassume the role\"}", false,
		-EACCES, "it says AssumeRoleUnauthorizedAccess: EC2 cannot\\x0aassume the role");
	bad_json("{\"Code\":\"Failed\"}", false, -EACCES, "it says Failed");
}

/* jansson uses its own allocator again. */
static void test_allocator(void)
{
	json_malloc_t before_malloc, after_malloc;
	json_free_t before_free, after_free;
	json_get_alloc_funcs(&before_malloc, &before_free);
	good_json("{\"Version\":1,\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"se/cret\"}", true, NULL, AWS_NEVER);
	json_get_alloc_funcs(&after_malloc, &after_free);
	CHECK(before_malloc == after_malloc && before_free == after_free);
}

#define XML(rest)                                                                                 \
	"<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">" \
	"<AssumeRoleWithWebIdentityResult><AssumedRoleUser><Arn>a</Arn></AssumedRoleUser>" rest   \
	"</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
#define KEYS  "<AccessKeyId>AKID</AccessKeyId><SecretAccessKey>se/cret</SecretAccessKey><SessionToken>tok</SessionToken>"
#define UNTIL "<Expiration>2026-11-29T02:00:00Z</Expiration>"

static void check_xml(const char *text, int want, const char *message)
{
	struct aws_keys keys = {0};
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(aws_keys_xml(text, strlen(text), &keys, &err), want);
	CHECK_STR(err.s, message);
	if (want == 0)
		check_keys(&keys, "AKID", "se/cret", "tok", T0);
	else
		CHECK(!keys.id);
	aws_keys_release(&keys);
	strbuf_release(&err);
}

static void test_xml(void)
{
	check_xml(XML("<Credentials>" KEYS UNTIL "</Credentials>"), 0, "");
	check_xml(XML("<Credentials>" UNTIL KEYS "</Credentials>"), 0, "");
	check_xml(XML("<Credentials>" KEYS "</Credentials>"), -EBADMSG, "Expiration is missing");
	check_xml(XML("<Credentials>" KEYS "<Expiration>soon</Expiration></Credentials>"), -EBADMSG,
		"Expiration is not a time");
	check_xml(XML("<Credentials>" KEYS KEYS UNTIL "</Credentials>"), -EBADMSG, "it has two keys");
	check_xml(XML("<Other>" KEYS UNTIL "</Other>"), -EBADMSG, "AccessKeyId is missing");
	check_xml("<a>" KEYS UNTIL "</a>", -EBADMSG, "AccessKeyId is missing");
	check_xml("<a>", -EBADMSG, "line 1: no element found");
}

static void check_xml_error(const char *text, const char *code, const char *message)
{
	char *got_code, *got_text;
	aws_error_xml(text, strlen(text), &got_code, &got_text);
	CHECK_STR(got_code, code);
	CHECK_STR(got_text, message);
	free(got_code);
	free(got_text);
}

static void test_xml_error(void)
{
	check_xml_error("<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>ExpiredTokenException</Code>"
			"<Message>Token expired</Message></Error><RequestId>1</RequestId></ErrorResponse>",
		"ExpiredTokenException", "Token expired");
	check_xml_error("<ErrorResponse><Error><Code>A</Code></Error></ErrorResponse>", "A", "");
	check_xml_error("<ErrorResponse><Error><Code>A</Code>", "", "");
	check_xml_error("Bad Gateway", "", "");
	check_xml_error("", "", "");
}

int main(void)
{
	TEST(test_allocator); /* before another call changes it */
	TEST(test_set);
	TEST(test_json);
	TEST(test_bad_json);
	TEST(test_xml);
	TEST(test_xml_error);
	return check_done();
}
