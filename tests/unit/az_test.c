/* The parts of the store of a container in Azure that need no server: az.h, az_sign.h. */
#include "common/lake/az.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/az_sign.h"
#include "tests/unit/check.h"

/* "a key for tests that are run on 127.0.0.1 only, and nowhere else" */
#define KEY "YSBrZXkgZm9yIHRlc3RzIHRoYXQgYXJlIHJ1biBvbiAxMjcuMC4wLjEgb25seSwgYW5kIG5vd2hlcmUgZWxzZQ=="

static struct strbuf why = STRBUF_INIT;

static void test_sign(void)
{
	/* the example of "Authorize with Shared Key"; the signature is that of Python's hmac */
	static const char *const fields[] = {"x-ms-version:  2015-02-21 ", "X-Ms-Date: Fri, 26 Jun 2015 23:39:12 GMT"};
	const struct az_request request = {.method = "GET",
		.account = "myaccount",
		.path = "/mycontainer",
		.query = "restype=container&timeout=20&comp=metadata",
		.fields = fields,
		.nfields = 2};
	struct strbuf text = STRBUF_INIT;
	CHECK_INT(az_sign_text(&request, &text), 0);
	CHECK_STR(text.s,
		"GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\n"
		"x-ms-version:2015-02-21\n/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20");
	strbuf_clear(&text);
	CHECK_INT(az_sign(&request, KEY, &text), 0);
	CHECK_STR(text.s, "Authorization: SharedKey myaccount:cELuxq1ZDA5UhjYJjAkfiIBVxyP8GWvBRL8hn/hnk1k=\n");
	strbuf_release(&text);
}

/* Headers with a line of their own, a body, an encoded query, path style. */
static void test_sign_all(void)
{
	static const char *const fields[] = {"Content-MD5: MD5==", "Content-Type: text/plain", "If-None-Match: *",
		"Range: bytes=0-1", "x-ms-meta-b: 2", "x-ms-meta-a: 1", "Other: no"};
	const struct az_request request = {.method = "PUT",
		.account = "acc",
		.path = "/acc/c/a%20b",
		.query = "comp=block&blockid=MDA%3D",
		.fields = fields,
		.nfields = 7,
		.len = 11};
	struct strbuf text = STRBUF_INIT;
	CHECK_INT(az_sign_text(&request, &text), 0);
	CHECK_STR(text.s, "PUT\n\n\n11\nMD5==\ntext/plain\n\n\n\n*\n\nbytes=0-1\nx-ms-meta-a:1\nx-ms-meta-b:2\n"
			  "/acc/acc/c/a%20b\nblockid:MDA=\ncomp:block");
	strbuf_release(&text);
}

static void test_sign_refused(void)
{
	static const char *const bad[][3] = {{"x-ms-a: 1", "X-MS-A: 2", ""}, {"none", NULL, ""}, {": 1", NULL, ""},
		{"a: 1\n", NULL, ""}, {"a: 1", NULL, "a=1&a=2"}, {"a: 1", NULL, "a=%1"}, {"a: 1", NULL, "=1"}};
	struct strbuf text = STRBUF_INIT;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct az_request request = {.method = "GET",
			.account = "a",
			.path = "/",
			.query = bad[i][2],
			.fields = bad[i],
			.nfields = bad[i][1] ? 2 : 1};
		CHECK_INT(az_sign(&request, KEY, &text), -EINVAL);
	}
	const struct az_request good = {.method = "GET", .account = "a", .path = "/"};
	CHECK_INT(az_sign(&good, "", &text), -EINVAL);
	CHECK_INT(az_sign(&good, "abc", &text), -EINVAL);
	CHECK_INT(text.len, 0);
	strbuf_release(&text);
}

/* Check the place of URL with ENDPOINT, for the account "acc" in the environment. */
static void check_place(const char *url, const char *endpoint, const char *base, const char *root, const char *prefix)
{
	char account[] = "acc";
	const struct az_settings settings = {.account = account};
	struct az_place place;
	strbuf_clear(&why);
	CHECK_INT(az_place_init(&place, url, endpoint, &settings, &why), 0);
	CHECK_STR(place.base, base);
	CHECK_STR(place.root, root);
	CHECK_STR(place.prefix, prefix);
	CHECK_STR(place.container, "data");
	CHECK_STR(place.account, "acc");
	az_place_release(&place);
}

static void test_place(void)
{
	static const char base[] = "https://acc.blob.core.windows.net";
	check_place("az://data", NULL, base, "", "");
	check_place("az://data/a/b//", NULL, base, "", "a/b/");
	check_place("abfss://data@acc.dfs.core.windows.net/a", NULL, base, "", "a/");
	check_place(
		"abfss://data@acc.dfs.core.chinacloudapi.cn", NULL, "https://acc.blob.core.chinacloudapi.cn", "", "");
	check_place("https://acc.blob.core.windows.net/data/a", NULL, base, "", "a/");
	check_place("https://acc.dfs.core.windows.net/data/", NULL, base, "", "");
	check_place("http://acc.blob.localhost:1/data", NULL, "http://acc.blob.localhost:1", "", "");
	check_place("az://data/a", "http://127.0.0.1:1/acc/", "http://127.0.0.1:1", "/acc", "a/");
	check_place("az://data/a", "https://acc.blob.localhost:1", "https://acc.blob.localhost:1", "", "a/");
	check_place("abfss://data@other.dfs.core.windows.net/a", "http://h/acc", "http://h", "/acc", "a/");
	check_place("https://other.blob.core.windows.net/data/a", "http://h/acc", "http://h", "/acc", "a/");
}

static void test_bad_places(void)
{
	static const char *const bad[][3] = {{"az://", NULL, "container"}, {"az://ab/x", NULL, "container"},
		{"az://Data/x", NULL, "container"}, {"az://a--b/x", NULL, "container"},
		{"az://-ab/x", NULL, "container"}, {"az://data/../x", NULL, "'..'"},
		{"az://data/a//b", NULL, "empty parts"}, {"az://data/a\\b", NULL, "'\\'"},
		{"az://data/x", NULL, "AZURE_STORAGE_ACCOUNT"}, {"abfss://data/x", NULL, "abfss://CONTAINER@"},
		{"abfss://data@host/x", NULL, "'host'"}, {"abfss://data@a.dfs.core.windows.net/x", NULL, "the like"},
		{"https://example.org/data/x", NULL, "--endpoint"},
		{"https://acc.blob./data?sig=s3cret", NULL, "no query"},
		{"az://data/x", "127.0.0.1:1/acc", "http://HOST"}, {"az://data/x", "http://127.0.0.1:1", "http://HOST"},
		{"az://data/x", "http://h/a/b", "http://HOST"}, {"az://data/x", "http://h/acc?x", "http://HOST"},
		{"az://data/x", "http://u@h/acc", "http://HOST"}, {"az://data/x", "ftp://h/acc", "http://HOST"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct az_place place;
		strbuf_clear(&why);
		CHECK_INT(az_place_init(&place, bad[i][0], bad[i][1], &(struct az_settings){0}, &why), -EINVAL);
		CHECK(why.len && strstr(why.s, bad[i][2]));
		CHECK(why.len && !strstr(why.s, "s3cret"));
		az_place_release(&place);
	}
}

/* A key belongs to one account; with a signature for another account, the server's message would not show the cause. */
static void test_other_account(void)
{
	char account[] = "acc", key[] = KEY;
	struct az_settings settings = {.account = account, .key = key};
	struct az_place place;
	strbuf_clear(&why);
	CHECK_INT(az_place_init(&place, "abfss://data@other.dfs.core.windows.net/a", NULL, &settings, &why), -EINVAL);
	CHECK(strstr(why.s, "'acc'") && strstr(why.s, "'other'") && !strstr(why.s, KEY));
	settings.key = NULL;
	CHECK_INT(az_place_init(&place, "abfss://data@other.dfs.core.windows.net/a", NULL, &settings, &why), 0);
	az_place_release(&place);
}

static void test_blocks(void)
{
	struct strbuf list = STRBUF_INIT;
	uint64_t sum = 0, last = 0;
	az_block_list(2, &list);
	CHECK_STR(list.s, "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><Latest>MDAwMDAwMDAwMDAw</Latest>"
			  "<Latest>MDAwMDAwMDAwMDAx</Latest></BlockList>");
	strbuf_release(&list);
	/* 50,000 blocks hold more than a few TiB, and none is larger than Azure allows */
	for (size_t i = 0; i < 50000; i++) {
		uint64_t size = az_part_size(i);
		CHECK(size <= UINT64_C(4000) << 20 && size >= last);
		sum += last = size;
	}
	CHECK(sum >= UINT64_C(20) << 40);
}

static int note(void *arg, const char *path, bool is_dir, uint64_t size, int64_t modified_ms)
{
	strbuf_addf(arg, "%s %d %d %lld\n", path, is_dir, (int)size, (long long)modified_ms);
	return 0;
}

static void test_listing(void)
{
	static const char page[] =
		"\xef\xbb\xbf<?xml version=\"1.0\"?><EnumerationResults><Prefix>p/</Prefix><Blobs>"
		"<Blob><Name>p/a&amp;b</Name><Properties><Last-Modified>Thu, 01 Jan 1970 00:01:00 GMT</Last-Modified>"
		"<Content-Length>7</Content-Length></Properties><Metadata><weirstage>x</weirstage></Metadata></Blob>"
		"<BlobPrefix><Name>p/dir/</Name></BlobPrefix>"
		"<Blob><Name>p/dir</Name><Metadata><hdi_isfolder>true</hdi_isfolder></Metadata></Blob>"
		"<Blob><Name>p/dir2</Name><Properties><ResourceType>directory</ResourceType></Properties></Blob>"
		"<Blob><Name>p/</Name></Blob><Blob><Name>other</Name></Blob><Blob><Name>p/c</Name></Blob>"
		"</Blobs><NextMarker>2!more</NextMarker></EnumerationResults>";
	static const char *const bad[] = {"<a/>", "<EnumerationResults><Blobs>", "",
		"<EnumerationResults><Blobs><Blob><Name>p/a</Name><Properties><Content-Length>x</Content-Length>"
		"</Properties></Blob></Blobs></EnumerationResults>"};
	struct strbuf seen = STRBUF_INIT, marker = STRBUF_INIT;
	CHECK_INT(az_list_read(page, strlen(page), "p/", note, &seen, &marker, &why), 0);
	CHECK_STR(seen.s, "a&b 0 7 60000\ndir 1 0 0\nc 0 0 0\n");
	CHECK_STR(marker.s, "2!more");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK_INT(az_list_read(bad[i], strlen(bad[i]), "p/", note, &seen, &marker, &why), -EBADMSG);
	strbuf_release(&seen);
	strbuf_release(&marker);
}

static void test_errors(void)
{
	struct http_answer answer = {.status = 409, .body = STRBUF_INIT, .fields = STRBUF_INIT};
	struct az_error error;
	strbuf_addstr(&answer.body, "\xef\xbb\xbf<Error><Code>PendingCopyOperation</Code><Message>a copy &lt;x&gt;\n"
				    "RequestId:1</Message></Error>");
	az_error_read(&answer, &error);
	CHECK_STR(error.code, "PendingCopyOperation");
	CHECK_STR(error.text.s, "a copy <x>");
	az_error_release(&error);
	CHECK_INT(az_classify(&answer), HTTP_AGAIN);
	answer.status = 400;
	CHECK_INT(az_classify(&answer), HTTP_FINAL);
	strbuf_clear(&answer.body);
	strbuf_addstr(&answer.body, "<Error><Code>Md5Mismatch</Code></Error>");
	CHECK_INT(az_classify(&answer), HTTP_AGAIN);
	answer.status = 409;
	CHECK_INT(az_classify(&answer), HTTP_FINAL);
	answer.status = 401;
	CHECK_INT(az_classify(&answer), HTTP_REFRESH);
	strbuf_release(&answer.body);
}

int main(void)
{
	TEST(test_sign);
	TEST(test_sign_all);
	TEST(test_sign_refused);
	TEST(test_place);
	TEST(test_bad_places);
	TEST(test_other_account);
	TEST(test_blocks);
	TEST(test_listing);
	TEST(test_errors);
	strbuf_release(&why);
	return check_done();
}
