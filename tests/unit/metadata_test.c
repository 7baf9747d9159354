/* Unit tests of common/kafka/metadata.h. */
#include "common/kafka/metadata.h"

#include <stdlib.h>

#include <jansson.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"

/* R, in a buffer of exactly the announced size, is EXPECTED, which is JSON. */
static void check_written(const struct record *r, const char *expected)
{
	struct strbuf prefix = STRBUF_INIT, out = STRBUF_INIT;
	CHECK(!metadata_refuses(r));
	metadata_prefix(&prefix, r->topic, r->partition);
	size_t size = metadata_size(prefix.len, r);
	char *buf = xmalloc(size), *end = metadata_write(buf, prefix.s, prefix.len, r);
	CHECK((size_t)(end - buf) <= size);
	strbuf_add(&out, buf, (size_t)(end - buf));
	if (expected)
		CHECK_STR(out.s, expected);
	json_t *json = json_loadb(out.s, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	CHECK(json);
	for (int i = 0; i < METADATA_NAMES; i++)
		CHECK(json_object_get(json, metadata_names[i]));
	json_decref(json);
	free(buf);
	strbuf_release(&prefix);
	strbuf_release(&out);
}

static struct record record(const char *value)
{
	return (struct record){.topic = "t",
		.partition = 3,
		.offset = 5,
		.timestamp = 1700000000250,
		.timestamp_type = RECORD_TIME_CREATE,
		.value = value,
		.value_len = value ? strlen(value) : 0,
		.value_form = RECORD_JSON};
}

static void test_members(void)
{
	static const struct record_header headers[] = {{"a", "1\n", 1, 2}, {"a", NULL, 1, 0}};
	struct record r = record("{ \"x\" : \" \" }");
	r.key = "k\"";
	r.key_len = 2;
	r.headers = headers;
	r.header_count = 2;
	check_written(&r,
		"{\"_topic\":\"t\",\"_partition\":3,\"_offset\":5,\"_timestamp\":\"2023-11-14T22:13:20.250Z\","
		"\"_key\":\"k\\\"\",\"_headers\":[{\"name\":\"a\",\"value\":\"1\\n\"},"
		"{\"name\":\"a\",\"value\":null}],\"x\":\" \"}");
	r.key_form = RECORD_BASE64;
	r.header_count = 0;
	check_written(&r,
		"{\"_topic\":\"t\",\"_partition\":3,\"_offset\":5,\"_timestamp\":\"2023-11-14T22:13:20.250Z\","
		"\"_key\":\"ayI=\",\"_headers\":[],\"x\":\" \"}");
	r.key = "{\n}";
	r.key_len = 3;
	r.key_form = RECORD_JSON;
	check_written(&r,
		"{\"_topic\":\"t\",\"_partition\":3,\"_offset\":5,\"_timestamp\":\"2023-11-14T22:13:20.250Z\","
		"\"_key\":{},\"_headers\":[],\"x\":\" \"}");
}

/* Text that is already compact is copied. */
static void test_copied(void)
{
	struct record r = record("{\"x\":1}");
	r.value_form = RECORD_COPY;
	check_written(&r,
		"{\"_topic\":\"t\",\"_partition\":3,\"_offset\":5,\"_timestamp\":\"2023-11-14T22:13:20.250Z\","
		"\"_key\":null,\"_headers\":[],\"x\":1}");
}

static void test_nothing_of_its_own(void)
{
	static const char *const values[] = {NULL, "{}", "{ \n }"};
	for (size_t i = 0; i < 3; i++) {
		struct record r = record(values[i]);
		r.timestamp_type = RECORD_TIME_NONE;
		r.offset = INT64_MAX;
		check_written(&r, "{\"_topic\":\"t\",\"_partition\":3,\"_offset\":9223372036854775807,"
				  "\"_timestamp\":null,\"_key\":null,\"_headers\":[]}");
	}
}

static void test_times(void)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {{0, "\"1970-01-01T00:00:00Z\""}, {-1, "\"1969-12-31T23:59:59.999Z\""},
		{253402300799999, "\"9999-12-31T23:59:59.999Z\""}, {253402300800000, "null"}, {INT64_MIN, "null"},
		{INT64_MAX, "null"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record r = record(NULL);
		struct strbuf want = STRBUF_INIT;
		r.timestamp = rows[i].ms;
		strbuf_addf(&want,
			"{\"_topic\":\"t\",\"_partition\":3,\"_offset\":5,\"_timestamp\":%s,\"_key\":null,\"_headers\":"
			"[]}",
			rows[i].text);
		check_written(&r, want.s);
		strbuf_release(&want);
	}
}

static void test_refused(void)
{
	static const struct record_header bad[] = {{"a", "\xff", 1, 1}, {"\xff", NULL, 1, 0}};
	struct record r = record("{}");
	r.key = "\xff";
	r.key_len = 1;
	CHECK(strstr(metadata_refuses(&r), "--key base64"));
	r.key_form = RECORD_BASE64;
	CHECK(!metadata_refuses(&r));
	r.header_count = 1;
	for (size_t i = 0; i < 2; i++) {
		r.headers = &bad[i];
		CHECK(strstr(metadata_refuses(&r), "a header is not UTF-8"));
	}
}

/* The announced size is right for parts of all sizes, and for bytes that become longer. */
static void test_sizes(void)
{
	static const size_t sizes[] = {0, 1, 63, 64, 65, 1000, 65536, 65537, 1 << 20};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char *text = xmalloc(sizes[i] + 8);
		memset(text, 1, sizes[i]);
		struct record_header headers[] = {{text, text, sizes[i], sizes[i]}};
		struct record r = record("{}");
		r.key = text;
		r.key_len = sizes[i];
		r.headers = headers;
		r.header_count = 1;
		check_written(&r, NULL);
		r.key_form = RECORD_BASE64;
		check_written(&r, NULL);
		free(text);
	}
}

int main(void)
{
	TEST(test_members);
	TEST(test_copied);
	TEST(test_nothing_of_its_own);
	TEST(test_times);
	TEST(test_refused);
	TEST(test_sizes);
	return check_done();
}
