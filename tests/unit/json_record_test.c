#include "common/data/json_record.h"

#include <errno.h>
#include <stdlib.h>

#include "common/data/jsonout.h"
#include "tests/unit/check.h"

static int parse(struct json_record *r, const char *s)
{
	return json_record_parse(r, s, strlen(s));
}

#define CHECK_BYTES(b, text, n)                     \
	do {                                        \
		CHECK((b).s != NULL);               \
		CHECK_MEM((b).s, (b).len, text, n); \
	} while (0)

static void test_full(void)
{
	struct json_record r;

	CHECK_INT(json_record_init(&r), 0);
	CHECK_INT(parse(&r, "{\"topic\":\"t\",\"partition\":3,\"offset\":5,\"timestamp\":1700000000123,"
			    "\"timestamp_type\":\"CreateTime\",\"key\":\"k\\u0000\",\"headers\":[[\"h\",\"1\"],"
			    "[\"h\",null], [ \"\\n]\" , {\"base64\":\"//4=\"} ],[{\"base64\":\"/w==\"},\"\\t\"]],"
			    "\"value\":{\"base64\":\"/wA=\"}}"),
		0);
	CHECK_BYTES(r.topic, "t", 1);
	CHECK_INT(r.partition, 3);
	CHECK_INT(r.offset, 5);
	CHECK_INT(r.timestamp, 1700000000123);
	CHECK_BYTES(r.timestamp_type, "CreateTime", 10);
	CHECK_BYTES(r.key, "k\0", 2);
	CHECK_BYTES(r.value, "\xff\0", 2);
	CHECK_INT(r.header_count, 4);
	if (r.header_count == 4) {
		CHECK_BYTES(r.headers[0].name, "h", 1);
		CHECK_BYTES(r.headers[0].value, "1", 1);
		CHECK(r.headers[1].value.s == NULL);
		CHECK_BYTES(r.headers[2].name, "\n]", 2);
		CHECK_BYTES(r.headers[2].value, "\xff\xfe", 2);
		CHECK_BYTES(r.headers[3].name, "\xff", 1);
		CHECK_BYTES(r.headers[3].value, "\t", 1);
	}
	json_record_release(&r);
}

static void test_nulls(void)
{
	struct json_record r;

	CHECK_INT(json_record_init(&r), 0);
	CHECK_INT(parse(&r, " {\"value\":null, \"other\":[1,{}]} "), 0);
	CHECK(!r.topic.s && !r.key.s && !r.value.s && !r.timestamp_type.s && r.header_count == 0);
	CHECK_INT(r.partition, -1);
	CHECK_INT(r.offset, -1);
	CHECK_INT(r.timestamp, -1);
	CHECK_INT(parse(&r, "{\"value\":null,\"timestamp\":-86400000}"), 0);
	CHECK_INT(r.timestamp, -86400000);
	CHECK_INT(parse(&r, "{\"value\":null,\"timestamp\":-9223372036854775808}"), 0);
	CHECK_INT(r.timestamp, INT64_MIN);
	CHECK_INT(parse(&r, "{\"value\":null,\"timestamp\":-1}"), 0); /* Kafka's value for no timestamp */
	CHECK_INT(r.timestamp, -1);
	CHECK_INT(parse(&r, "{\"topic\":null,\"partition\":null,\"offset\":null,\"timestamp\":null,\"key\":null,"
			    "\"headers\":null,\"value\":\"\"}"),
		0);
	CHECK_BYTES(r.value, "", 0);
	CHECK_INT(r.partition, -1);
	CHECK_INT(parse(&r, "{\"key\":{\"base64\":\"\"},\"headers\":[ ],\"value\":\"\"}"), 0);
	CHECK_BYTES(r.key, "", 0);
	CHECK_INT(parse(&r, "{\"partition\":2147483647,\"offset\":9223372036854775807,\"value\":null}"), 0);
	CHECK_INT(r.partition, 2147483647);
	CHECK_INT(r.offset, 9223372036854775807);
	json_record_release(&r);
}

static void test_bad(void)
{
	static const struct {
		const char *s;
		size_t pos;
	} bad[] = {{"", 0}, {"5", 0}, {" []", 1}, {"{}", 2}, {"{\"vlaue\":1}", 11}, {"{\"value\":1}", 9},
		{"{\"value\":true}", 9}, {"{\"value\":[]}", 9}, {"{\"value\":{}}", 9},
		{"{\"value\":{\"base64\":null}}", 9}, {"{\"value\":{\"base64\":\"Zg=\"}}", 23},
		{"{\"value\":{\"base64\":\"Z*==\"}}", 21}, {"{\"value\":\"\\ud800\"}", 9},
		{"{\"key\":\"\\udc00\",\"value\":null}", 7}, {"{\"value\":\"a\tb\"}", 11},
		{"{\"value\":null,\"partition\":\"1\"}", 26}, {"{\"value\":null,\"partition\":1.0}", 26},
		{"{\"value\":null,\"partition\":-2}", 26}, {"{\"value\":null,\"partition\":2147483648}", 26},
		{"{\"value\":null,\"offset\":9223372036854775808}", 23}, {"{\"value\":null,\"timestamp\":[]}", 26},
		{"{\"value\":null,\"timestamp\":-9223372036854775809}", 26}, {"{\"value\":null,\"offset\":-2}", 23},
		{"{\"value\":null,\"headers\":{}}", 24}, {"{\"value\":null,\"headers\":[1]}", 25},
		{"{\"value\":null,\"headers\":[[]]}", 25}, {"{\"value\":null,\"headers\":[[\"a\"]]}", 25},
		{"{\"value\":null,\"headers\":[[\"a\",\"b\",\"c\"]]}", 25},
		{"{\"value\":null,\"headers\":[[null,\"b\"]]}", 26}, {"{\"value\":null,\"headers\":[[\"a\",1]]}", 30},
		{"{\"value\":null,\"headers\":[[\"a\",\"b\"], 7 ]}", 36},
		{"{\"value\":null,\"headers\":[{\"0\":\"a\",\"1\":\"b\"}]}", 25},
		{"{\"value\":null,\"headers\":[[\"\\ud800\",\"b\"]]}", 26},
		{"{\"value\":null,\"headers\":[[\"a\",\"b\"],]}", 35},
		{"{\"value\":null,\"headers\":[[\"a\",{\"base64\":\"?\"}]]}", 41}, {"{\"value\":null}x", 14}};
	struct json_record r;

	CHECK_INT(json_record_init(&r), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		size_t len = strlen(bad[i].s);
		char *exact = malloc(len ? len : 1);
		memcpy(exact, bad[i].s, len);
		int ret = json_record_parse(&r, exact, len);
		CHECK_INT(ret, -EBADMSG);
		if (r.error.pos != bad[i].pos)
			printf("# %s: byte %zu: %s\n", bad[i].s, r.error.pos, r.error.what);
		CHECK_INT(r.error.pos, bad[i].pos);
		free(exact);
	}
	json_record_release(&r);
}

/* Whatever bytes a record has, they are unchanged after writing with jsonout and reading again. */
static void test_round_trip(void)
{
	struct json_record r;
	unsigned seed = 7;

	CHECK_INT(json_record_init(&r), 0);
	for (int round = 0; round < 3000; round++) {
		char parts[4][40], out[4096], *p = out;
		size_t lens[4];
		for (int i = 0; i < 4; i++) {
			seed = seed * 1103515245 + 12345;
			lens[i] = seed >> 16 & 31;
			for (size_t k = 0; k < lens[i]; k++) {
				seed = seed * 1103515245 + 12345;
				parts[i][k] = (char)(seed >> 16 & (round % 2 ? 0xff : 0x7f));
			}
		}
		p = stpcpy(p, "{\"key\":");
		p = jsonout_bytes(p, parts[0], lens[0]);
		p = stpcpy(p, ",\"headers\":[[");
		p = jsonout_bytes(p, parts[1], lens[1]);
		*p++ = ',';
		p = jsonout_bytes(p, parts[2], lens[2]);
		p = stpcpy(p, "]],\"value\":");
		p = jsonout_bytes(p, parts[3], lens[3]);
		*p++ = '}';
		CHECK_INT(json_record_parse(&r, out, (size_t)(p - out)), 0);
		CHECK_BYTES(r.key, parts[0], lens[0]);
		CHECK_BYTES(r.headers[0].name, parts[1], lens[1]);
		CHECK_BYTES(r.headers[0].value, parts[2], lens[2]);
		CHECK_BYTES(r.value, parts[3], lens[3]);
	}
	json_record_release(&r);
}

int main(void)
{
	TEST(test_full);
	TEST(test_nulls);
	TEST(test_bad);
	TEST(test_round_trip);
	return check_done();
}
