/* Unit tests of common/kafka/envelope.h. */
#include "common/kafka/envelope.h"

#include <stdlib.h>

#include <jansson.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"

/* R as JSON, in a buffer of exactly the announced size; the caller releases it. */
static void write(const struct record *r, struct strbuf *out)
{
	struct strbuf prefix = STRBUF_INIT;
	envelope_prefix(&prefix, r->topic, r->partition);
	size_t size = envelope_size(prefix.len, r);
	char *buf = xmalloc(size), *end = envelope_write(buf, prefix.s, prefix.len, r);
	CHECK((size_t)(end - buf) <= size);
	strbuf_clear(out);
	strbuf_add(out, buf, (size_t)(end - buf));
	json_t *json = json_loadb(buf, (size_t)(end - buf), JSON_ALLOW_NUL, NULL);
	CHECK(json);
	json_decref(json);
	free(buf);
	strbuf_release(&prefix);
}

static void test_plain(void)
{
	static const struct record_header headers[] = {{"a", "1", 1, 1}, {"a", NULL, 1, 0}, {"\xff", "", 1, 0}};
	struct strbuf out = STRBUF_INIT;
	struct record r = {.topic = "t",
		.partition = 3,
		.offset = 5,
		.timestamp = 17,
		.timestamp_type = RECORD_TIME_APPEND,
		.key = "k",
		.key_len = 1,
		.value = "say \"\\\n\t\x01\0\xc3\xa9",
		.value_len = 12,
		.headers = headers,
		.header_count = 3};
	write(&r, &out);
	CHECK_STR(out.s, "{\"topic\":\"t\",\"partition\":3,\"offset\":5,\"timestamp\":17,\"timestamp_type\":\"append\","
			 "\"key\":\"k\",\"headers\":[[\"a\",\"1\"],[\"a\",null],[{\"base64\":\"/w==\"},\"\"]],"
			 "\"value\":\"say \\\"\\\\\\n\\t\\u0001\\u0000\xc3\xa9\"}");
	strbuf_release(&out);
}

static void test_absent_and_binary(void)
{
	struct strbuf out = STRBUF_INIT;
	struct record r = {.topic = "t", .offset = INT64_MAX, .timestamp = -1, .key = "", .key_len = 0};
	write(&r, &out);
	CHECK_STR(out.s, "{\"topic\":\"t\",\"partition\":0,\"offset\":9223372036854775807,\"timestamp\":null,"
			 "\"timestamp_type\":null,\"key\":\"\",\"headers\":[],\"value\":null}");
	r.value = "\xed\xa0\x80"; /* a surrogate */
	r.value_len = 3;
	r.timestamp = INT64_MIN;
	r.timestamp_type = RECORD_TIME_CREATE;
	write(&r, &out);
	CHECK_STR(out.s, "{\"topic\":\"t\",\"partition\":0,\"offset\":9223372036854775807,"
			 "\"timestamp\":-9223372036854775808,\"timestamp_type\":\"create\",\"key\":\"\",\"headers\":[],"
			 "\"value\":{\"base64\":\"7aCA\"}}");
	strbuf_release(&out);
}

static void test_forms(void)
{
	struct strbuf out = STRBUF_INIT;
	struct record r = {.topic = "t",
		.key = "[ ]",
		.key_len = 3,
		.key_form = RECORD_JSON,
		.value = "\xff",
		.value_len = 1,
		.value_form = RECORD_BASE64};
	write(&r, &out);
	CHECK_STR(out.s, "{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"timestamp\":null,\"timestamp_type\":null,"
			 "\"key\":[],\"headers\":[],\"value\":\"/w==\"}");
	r.key = r.value = NULL;
	r.key_len = r.value_len = 0;
	write(&r, &out);
	CHECK_STR(out.s, "{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"timestamp\":null,\"timestamp_type\":null,"
			 "\"key\":null,\"headers\":[],\"value\":null}");
	strbuf_release(&out);
}

/* The announced size is right for values of every kind and size, including large ones, which are measured exactly. */
static void test_sizes(void)
{
	static const char fill[] = {'x', '\n', 1, '"', (char)0xff, 0};
	static const size_t sizes[] = {0, 1, 7, 8, 9, 1000, 65535, 65536, 65537, 1 << 20};
	struct strbuf out = STRBUF_INIT;
	for (size_t k = 0; k < sizeof fill; k++)
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			char *value = xmalloc(sizes[i] + 1);
			memset(value, fill[k], sizes[i]);
			struct record r = {
				.topic = "t", .value = value, .value_len = sizes[i], .key = value, .key_len = sizes[i]};
			write(&r, &out);
			free(value);
		}
	strbuf_release(&out);
}

int main(void)
{
	TEST(test_plain);
	TEST(test_absent_and_binary);
	TEST(test_forms);
	TEST(test_sizes);
	return check_done();
}
