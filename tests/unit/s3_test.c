/* What the S3 store decides without a server: s3.h. */
#include "common/lake/s3.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

static struct strbuf why = STRBUF_INIT;

/* Check where URL is, given ENDPOINT, REGION and STYLE: the base, the host, and the path of KEY. */
static void check_place(const char *url, const char *endpoint, const char *region, const char *style, const char *base,
	const char *host, const char *key, const char *path)
{
	struct s3_place place;
	struct strbuf is = STRBUF_INIT;
	CHECK_INT(s3_place_init(&place, url, endpoint, region, style, &why), 0);
	CHECK_STR(place.base, base);
	CHECK_STR(place.host, host);
	s3_place_path(&place, key, &is);
	CHECK_STR(is.s, path);
	strbuf_release(&is);
	s3_place_release(&place);
}

static void test_place(void)
{
	check_place("s3://events/a", NULL, "eu-west-1", NULL, "https://s3.eu-west-1.amazonaws.com",
		"events.s3.eu-west-1.amazonaws.com", "a/x", "/a/x");
	check_place("s3://events/a", NULL, NULL, NULL, "https://s3.us-east-1.amazonaws.com",
		"events.s3.us-east-1.amazonaws.com", NULL, "/");
	check_place("s3://events", NULL, "cn-north-1", NULL, "https://s3.cn-north-1.amazonaws.com.cn",
		"events.s3.cn-north-1.amazonaws.com.cn", "x", "/x");
	check_place("s3://my.events/a", NULL, "eu-west-1", NULL, "https://s3.eu-west-1.amazonaws.com",
		"s3.eu-west-1.amazonaws.com", "a b", "/my.events/a%20b"); /* no certificate covers two labels */
	check_place("s3://events/a", "http://127.0.0.1:9000/", NULL, NULL, "http://127.0.0.1:9000", "127.0.0.1:9000",
		"dt=1/x", "/events/dt%3D1/x");
	check_place("s3://events/a", "http://127.0.0.1:9000", NULL, NULL, "http://127.0.0.1:9000", "127.0.0.1:9000",
		NULL, "/events");
	check_place("s3://events/a", "http://s3.localhost:80", NULL, "host", "http://s3.localhost:80",
		"events.s3.localhost", "x", "/x");
	check_place("s3://events/a", "https://S3.Example:443", NULL, "path", "https://S3.Example:443", "s3.example",
		"x", "/events/x");
	check_place("s3://events/a", "https://h:444", NULL, NULL, "https://h:444", "h:444", "x", "/events/x");
}

static void test_prefix(void)
{
	static const char *const urls[][3] = {{"s3://bucket", "bucket", ""}, {"s3://bucket/", "bucket", ""},
		{"s3://bucket/a/b//", "bucket", "a/b/"}, {"s3://bucket/a", "bucket", "a/"}};
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct s3_place place;
		CHECK_INT(s3_place_init(&place, urls[i][0], NULL, NULL, NULL, &why), 0);
		CHECK_STR(place.bucket, urls[i][1]);
		CHECK_STR(place.prefix, urls[i][2]);
		s3_place_release(&place);
	}
}

static void test_bad_places(void)
{
	static const char *const bad[][3] = {{"s3://", NULL, "bucket"}, {"s3:///a", NULL, "bucket"},
		{"s3://ab/x", NULL, "bucket"}, {"s3://a b/x", NULL, "bucket"}, {"s3://user@bucket/x", NULL, "bucket"},
		{"s3://a..b/x", NULL, "bucket"}, {"s3://bucket/../x", NULL, "'..'"},
		{"s3://bucket/a//b", NULL, "empty parts"}, {"s3://bucket/x", "127.0.0.1:9000", "http://HOST:PORT"},
		{"s3://bucket/x", "ftp://h", "http://HOST:PORT"}, {"s3://bucket/x", "http://", "http://HOST:PORT"},
		{"s3://bucket/x", "http://h/path", "http://HOST:PORT"},
		{"s3://bucket/x", "http://h?x=1", "http://HOST:PORT"},
		{"s3://bucket/x", "https://storage.googleapis.com", "Google"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct s3_place place;
		strbuf_clear(&why);
		CHECK_INT(s3_place_init(&place, bad[i][0], bad[i][1], NULL, NULL, &why), -EINVAL);
		CHECK(strstr(why.s, bad[i][2]));
		s3_place_release(&place);
	}
}

/* A bucket in a region other than expected: AWS then has another host, other servers do not. */
static void test_move(void)
{
	struct s3_place place;
	CHECK_INT(s3_place_init(&place, "s3://events", NULL, NULL, NULL, &why), 0);
	s3_place_move(&place, "eu-west-3");
	CHECK_STR(place.host, "events.s3.eu-west-3.amazonaws.com");
	CHECK_STR(place.region, "eu-west-3");
	s3_place_release(&place);
	CHECK_INT(s3_place_init(&place, "s3://events", "http://h:1", NULL, NULL, &why), 0);
	s3_place_move(&place, "eu-west-3");
	CHECK_STR(place.host, "h:1");
	CHECK_STR(place.region, "eu-west-3");
	s3_place_release(&place);
}

/* 10,000 parts of the smallest sizes hold the largest object, and none is larger than S3 accepts. */
static void test_part_sizes(void)
{
	uint64_t sum = 0, last = 0;
	for (size_t i = 0; i < 10000; i++) {
		uint64_t size = s3_part_size(i);
		CHECK(size >= UINT64_C(5) << 20 && size <= UINT64_C(5) << 30 && size >= last);
		sum += last = size;
	}
	CHECK(sum >= UINT64_C(5) << 40);
}

static void test_stage_names(void)
{
	static const char uuid[] = "00000000-0000-4000-8000-000000000001";
	static const char *const names[][2] = {{"_weir_stage/", "-0"}, {"_weir_stage/", "-123"}, {"_weir_stage/", "-"},
		{"_weir_stage/", ""}, {"_weir_stage/", "-1x"}, {"_weir_stage/x", "-1"}, {"_weir_log/", "-1"},
		{"a/_weir_stage/", "-1"}, {"_weir_stage/", "-1/2"}, {"_weir_stage/../", "-1"}, {"", ""}};
	char name[100];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(name, sizeof name, "%s%s%s", names[i][0], uuid, names[i][1]);
		CHECK_INT(remote_is_stage(name), i < 2);
	}
	CHECK(!remote_is_stage(""));
}

static void test_complete_body(void)
{
	char first[] = "\"a\"", second[] = "<&>", *etags[] = {first, second};
	struct strbuf body = STRBUF_INIT;
	s3_complete_body(etags, 2, &body);
	CHECK_STR(body.s,
		"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"a\"</ETag></Part>"
		"<Part><PartNumber>2</PartNumber><ETag>&lt;&amp;&gt;</ETag></Part></CompleteMultipartUpload>");
	strbuf_release(&body);
}

static enum http_verdict verdict(int status, const char *code, bool late)
{
	struct http_answer answer = {.status = status, .body = STRBUF_INIT, .fields = STRBUF_INIT};
	if (code)
		strbuf_addf(&answer.body, "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>m</Message></Error>",
			code);
	enum http_verdict v = late ? s3_classify_late(&answer) : s3_classify(&answer);
	strbuf_release(&answer.body);
	return v;
}

static void test_verdicts(void)
{
	CHECK_INT(verdict(200, NULL, false), HTTP_FINAL);
	CHECK_INT(verdict(404, "NoSuchKey", false), HTTP_FINAL);
	CHECK_INT(verdict(412, "PreconditionFailed", false), HTTP_FINAL);
	CHECK_INT(verdict(409, "ConditionalRequestConflict", false), HTTP_AGAIN);
	CHECK_INT(verdict(409, "BucketAlreadyExists", false), HTTP_FINAL);
	CHECK_INT(verdict(400, "RequestTimeout", false), HTTP_AGAIN);
	CHECK_INT(verdict(400, "ExpiredToken", false), HTTP_REFRESH);
	CHECK_INT(verdict(403, "AccessDenied", false), HTTP_REFRESH);
	CHECK_INT(verdict(403, NULL, false), HTTP_REFRESH);
	CHECK_INT(verdict(403, "RequestTimeTooSkewed", false), HTTP_FINAL);
	CHECK_INT(verdict(503, "SlowDown", false), HTTP_AGAIN);
	CHECK_INT(verdict(500, NULL, false), HTTP_AGAIN);
	CHECK_INT(verdict(429, NULL, false), HTTP_AGAIN);
	CHECK_INT(verdict(200, "InternalError", true), HTTP_AGAIN);
	CHECK_INT(verdict(200, "InternalError", false), HTTP_FINAL);
	CHECK_INT(verdict(200, NULL, true), HTTP_FINAL);
	CHECK_INT(verdict(404, "NoSuchUpload", true), HTTP_FINAL);
}

static void test_errors(void)
{
	struct http_answer answer = {.status = 403, .body = STRBUF_INIT, .fields = STRBUF_INIT};
	struct s3_error error;
	strbuf_addstr(&answer.body, "<Error><Code>RequestTimeTooSkewed</Code><Message>too &lt;far&gt;</Message>"
				    "<RequestTime>A</RequestTime><ServerTime>B</ServerTime><Region>r</Region></Error>");
	s3_error_read(&answer, &error);
	CHECK_STR(error.code, "RequestTimeTooSkewed");
	CHECK_STR(error.text.s, "too <far>");
	CHECK_STR(error.request_time, "A");
	CHECK_STR(error.server_time, "B");
	CHECK_STR(error.region, "r");
	s3_error_release(&error);
	strbuf_setlen(&answer.body, 60); /* truncated: what arrived is used */
	s3_error_read(&answer, &error);
	CHECK_STR(error.code, "RequestTimeTooSkewed");
	s3_error_release(&error);
	strbuf_clear(&answer.body);
	strbuf_addstr(&answer.body, "<html>go away</html>");
	s3_error_read(&answer, &error);
	CHECK_STR(error.code, "");
	CHECK_STR(error.text.s, "");
	s3_error_release(&error);
	strbuf_release(&answer.body);
}

int main(void)
{
	TEST(test_place);
	TEST(test_prefix);
	TEST(test_bad_places);
	TEST(test_move);
	TEST(test_part_sizes);
	TEST(test_stage_names);
	TEST(test_complete_body);
	TEST(test_verdicts);
	TEST(test_errors);
	strbuf_release(&why);
	return check_done();
}
