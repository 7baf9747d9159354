#include "common/lake/aws_sign.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"

#define EMPTY    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define MAY_2013 1369353600000 /* 2013-05-24T00:00:00Z */
#define FEB_2026 1772323198000 /* 2026-02-28T23:59:58Z */

static const struct aws_key documented = {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL};

/* Check that signing REQUEST with KEY gives SIGNATURE in Authorization. */
static void check_signature(
	const struct aws_request *request, const struct aws_key *key, int64_t now_ms, const char *signature)
{
	struct strbuf got = STRBUF_INIT;
	CHECK_INT(aws_sign(request, key, now_ms, &got), 0);
	const char *found = strstr(got.s, ",Signature=");
	char *line = found ? xstrndup(found + 11, strcspn(found + 11, "\n")) : NULL;
	CHECK_STR(line, signature);
	free(line);
	strbuf_release(&got);
}

/* "Examples: signature calculations in AWS Signature Version 4" of the Amazon S3 API reference. */
static void test_documented(void)
{
	struct aws_request rq = {.host = "examplebucket.s3.amazonaws.com", .region = "us-east-1", .service = "s3"};
	const char *range = "Range: bytes=0-9";
	const char *put[] = {"x-amz-storage-class: REDUCED_REDUNDANCY", "Date: Fri, 24 May 2013 00:00:00 GMT"};
	const char *body = "Welcome to Amazon S3.";
	char hash[AWS_HASH_LEN + 1];

	rq.method = "GET";
	rq.path = "/test.txt";
	rq.hash = EMPTY;
	rq.fields = &range;
	rq.nfields = 1;
	check_signature(&rq, &documented, MAY_2013, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");

	rq.method = "PUT";
	rq.path = "/test%24file.text";
	CHECK_INT(aws_hash(body, strlen(body), hash), 0);
	CHECK_STR(hash, "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
	rq.hash = hash;
	rq.fields = put;
	rq.nfields = 2;
	check_signature(&rq, &documented, MAY_2013, "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");

	rq.method = "GET";
	rq.path = "/";
	rq.query = "lifecycle";
	rq.hash = EMPTY;
	rq.nfields = 0;
	check_signature(&rq, &documented, MAY_2013, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
	rq.query = "prefix=J&max-keys=2";
	check_signature(&rq, &documented, MAY_2013, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

/* The results of botocore 1.44.8 (S3SigV4Auth) for unusual paths, queries, headers and a session token. */
static void test_as_botocore(void)
{
	const struct aws_key plain = {"AKID", "se/cr+et", NULL};
	const char *put[] = {"If-None-Match: *", "content-type:  text/plain;   charset=utf-8 ", "X-Amz-Meta-Z: a\tb",
		"x-amz-meta-z-a: 1"};
	const char *owner = "x-amz-expected-bucket-owner: 123";
	struct strbuf token = STRBUF_INIT;
	char hash[AWS_HASH_LEN + 1];

	struct aws_request get = {.method = "GET",
		.host = "play.example:9000",
		.path = "/bucket/a%20b%2Bc%3D%25.gz",
		.hash = EMPTY,
		.region = "us-east-1",
		.service = "s3"};
	check_signature(&get, &plain, FEB_2026, "bd081c2ac21297767e8ab12f2c77ff4872022e00c4eae617a24c7d9af910cdc8");
	get.host = "b.s3.eu-central-1.amazonaws.com";
	get.region = "eu-central-1";
	get.path = "/";
	/* A name comes before longer names that begin with it, although '=' comes after '-' and digits. */
	get.query = "prefix=a%2F&list-type=2&delimiter=%2F&prefix=&a-b=1&a=2&a=10&continuation-token=x%3D%3D";
	check_signature(&get, &plain, FEB_2026, "0093758794f4b0286aa1d647823970b0945f2e9e8d207a4ae5dacab42f109886");

	for (unsigned i = 0; i < 40; i++)
		strbuf_addstr(&token, "TOKEN/+==");
	CHECK_INT(aws_hash("body\n", 5, hash), 0);
	struct aws_request rq = {.method = "PUT",
		.host = "h:1",
		.path = "/b/dt%3D2026-11-22/%E3%81%82%C3%A9//..%2A/./x",
		.fields = put,
		.nfields = 4,
		.hash = hash,
		.region = "us-west-2",
		.service = "s3"};
	check_signature(&rq, &(struct aws_key){"AKID", "se/cr+et", token.s}, FEB_2026,
		"00558aa1aa6dbb48be454a3aefc52c14fb60b17fc5941bc5414debb20ad5f309");
	strbuf_release(&token);

	rq = (struct aws_request){.method = "DELETE",
		.host = "h",
		.path = "/b/~-._",
		.query = "uploadId=A~b",
		.fields = &owner,
		.nfields = 1,
		.hash = EMPTY,
		.region = "x",
		.service = "s3"};
	check_signature(&rq, &(struct aws_key){"AKID", "se/cr+et", "t"}, FEB_2026,
		"ba1f44499aac981218968eeaa5d1cc79a8de983dbb2f7cf50ff6de55e1d73b20");
}

/* The same with a body, for a query without a value. */
static void test_body_as_botocore(void)
{
	const struct aws_key plain = {"AKID", "se/cr+et", NULL};
	const char *post[] = {"x-amz-server-side-encryption: aws:kms", "x-amz-tagging: a=b&c=d"};
	char hash[AWS_HASH_LEN + 1], thousand[1000];
	memset(thousand, 'x', sizeof thousand);
	CHECK_INT(aws_hash(thousand, sizeof thousand, hash), 0);
	struct aws_request rq = {.method = "POST",
		.host = "h",
		.path = "/b/k",
		.query = "uploads",
		.fields = post,
		.nfields = 2,
		.hash = hash,
		.region = "us-east-1",
		.service = "s3"};
	check_signature(&rq, &plain, FEB_2026, "eb920bbfd52422b1ab5dca26902e738933337be2607be537b78e66ed7174abe5");
}

static void test_headers(void)
{
	struct strbuf got = STRBUF_INIT;
	const struct aws_key key = {"AKID", "secret", "a+b/c="};
	struct aws_request rq = {"GET", "h", "/", NULL, NULL, 0, EMPTY, "r", "s3"};
	strbuf_addstr(&got, "Before: 1\n");
	CHECK_INT(aws_sign(&rq, &key, 0, &got), 0);
	const char *want = "Before: 1\nx-amz-date: 19700101T000000Z\nx-amz-content-sha256: " EMPTY "\n"
			   "x-amz-security-token: a+b/c=\n"
			   "Authorization: AWS4-HMAC-SHA256 Credential=AKID/19700101/r/s3/aws4_request,"
			   "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,Signature=";
	CHECK_INT(strncmp(got.s, want, strlen(want)), 0);
	CHECK_INT(got.len, strlen(want) + AWS_HASH_LEN + 1);
	CHECK(!strstr(got.s, "secret\n") && got.s[got.len - 1] == '\n');
	strbuf_release(&got);
	/* An empty query is the same as none. */
	struct strbuf again = STRBUF_INIT;
	CHECK_INT(aws_sign(&rq, &key, 0, &got), 0);
	rq.query = "";
	CHECK_INT(aws_sign(&rq, &key, 0, &again), 0);
	CHECK_STR(again.s, got.s);
	strbuf_release(&got);
	strbuf_release(&again);
}

static int result(const struct aws_request *rq, const struct aws_key *key, int64_t now_ms)
{
	struct strbuf got = STRBUF_INIT;
	int r = aws_sign(rq, key, now_ms, &got);
	CHECK(r == 0 || !got.len);
	strbuf_release(&got);
	return r;
}

static void test_refused_urls(void)
{
	static const char *const paths[] = {"", "a", "/a b", "/a+b", "/a=b", "/a%2", "/a%", "/%2f", "/%2F", "/%41",
		"/%zz", "/a?b", "/a#b", "/a\n", "/\xc3\xa9", "/%00", "/a%7Eb", "/a\\b", "/*"};
	static const char *const queries[] = {"=", "&", "a&", "&a", "a&&b", "=b", "a=b=c", "a=b c", "a=b+c", "a=/",
		"a=%2f", "a%3=", "a=%", "a=\n", "a\xff", "a=%41", "?a", "a=%00"};
	struct aws_request rq = {"GET", "h", "/", NULL, NULL, 0, EMPTY, "r", "s3"};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		rq.path = paths[i];
		if (result(&rq, &documented, 0) != -EINVAL) {
			printf("# path '%s'\n", paths[i]);
			CHECK(false);
		}
	}
	rq.path = "/";
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		rq.query = queries[i];
		if (result(&rq, &documented, 0) != -EINVAL) {
			printf("# query '%s'\n", queries[i]);
			CHECK(false);
		}
	}
}

static void test_refused_headers(void)
{
	static const char *const fields[] = {"", "a", ": b", " a: b", "a b: c", "a: b\nc: d", "a: b\r", "a: \x01",
		"Host: h", "X-Amz-Date: x", "x-amz-content-sha256: x", "x-\xc3\xa9: x"};
	struct aws_request rq = {"GET", "h", "/", NULL, NULL, 1, EMPTY, "r", "s3"};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		rq.fields = &fields[i];
		if (result(&rq, &documented, 0) != -EINVAL) {
			printf("# header '%s'\n", fields[i]);
			CHECK(false);
		}
	}
	const char *twice[] = {"X-a: 1", "x-A: 2"};
	rq.fields = twice;
	CHECK_INT(result(&rq, &documented, 0), 0);
	rq.nfields = 2;
	CHECK_INT(result(&rq, &documented, 0), -EINVAL);
}

static void test_refused_words(void)
{
	const struct aws_request rq = {"GET", "h", "/", NULL, NULL, 0, EMPTY, "r", "s3"};
	static const char *const words[] = {"", "a b", "a\nb", "a\r", "\x7f", "\xc3\xa9"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct aws_request bad = rq;
		bad.host = words[i];
		CHECK_INT(result(&bad, &documented, 0), -EINVAL);
		bad = rq;
		bad.region = words[i];
		CHECK_INT(result(&bad, &documented, 0), -EINVAL);
		bad = rq;
		bad.method = words[i];
		CHECK_INT(result(&bad, &documented, 0), -EINVAL);
		CHECK_INT(result(&rq, &(struct aws_key){words[i], "s", NULL}, 0), -EINVAL);
		CHECK_INT(result(&rq, &(struct aws_key){"i", "s", words[i]}, 0), -EINVAL);
	}
	CHECK_INT(result(&rq, &(struct aws_key){"i", "", NULL}, 0), -EINVAL);
	CHECK_INT(result(&rq, &documented, -1), -EINVAL);
	CHECK_INT(result(&rq, &documented, INT64_MAX), -EINVAL);
	CHECK_INT(result(&rq, &documented, 253402300799999), 0);
	CHECK_INT(result(&rq, &documented, 253402300800000), -EINVAL);
}

int main(void)
{
	TEST(test_documented);
	TEST(test_as_botocore);
	TEST(test_body_as_botocore);
	TEST(test_headers);
	TEST(test_refused_urls);
	TEST(test_refused_headers);
	TEST(test_refused_words);
	return check_done();
}
