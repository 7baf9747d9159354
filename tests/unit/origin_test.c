/* Unit tests of origin_of_record() of common/stream/origin.h. */
#include "common/stream/origin.h"

#include "tests/unit/check.h"

static void check_origin(const char *rec, const char *topic, int64_t partition, int64_t offset)
{
	struct origin at;
	bool found = origin_of_record(rec, strlen(rec), &at);
	CHECK_INT(found, topic != NULL);
	if (!found || !topic)
		return;
	CHECK_STR(at.topic, topic);
	CHECK_INT(at.partition, partition);
	CHECK_INT(at.from, offset);
	CHECK_INT(at.to, offset + 1);
}

static void test_format_json(void)
{
	check_origin("{\"topic\":\"t\",\"partition\":2,\"offset\":7,\"value\":{\"offset\":1}}", "t", 2, 7);
	check_origin("{\"a\":[{\"}\":1}],\"offset\":7,\"topic\":\"t\",\"partition\":0}", "t", 0, 7);
	check_origin("{\"topic\":\"t\",\"partition\":2}", NULL, 0, 0);
	check_origin("{\"topic\":7,\"partition\":2,\"offset\":1}", NULL, 0, 0);
	check_origin("[1]", NULL, 0, 0);
	check_origin("{", NULL, 0, 0);
}

/* Members of the value itself do not count. */
static void test_envelope(void)
{
	check_origin("{\"_topic\":\"t\",\"_partition\":2,\"_offset\":7,\"topic\":\"x\",\"partition\":1,\"offset\":1}",
		"t", 2, 7);
	check_origin("{\"_topic\":\"t\",\"_partition\":2,\"offset\":7}", NULL, 0, 0);
	check_origin("{\"topic\":\"t\",\"partition\":2,\"offset\":7,\"_offset\":8,\"_topic\":\"x\"}", "t", 2, 7);
}

int main(void)
{
	TEST(test_format_json);
	TEST(test_envelope);
	return check_done();
}
