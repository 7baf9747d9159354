/* Which records the settings of a topic do not allow. */
#include <string.h>

#include "cmd/produce/sender.h"

#include "tests/unit/check.h"

enum { NOW = 1000000 };

/* A topic about which nothing is known but its number of partitions. */
static struct sender any(void)
{
	return (struct sender){
		.partitions = 3, .config = {.before_ms = UINT64_MAX, .after_ms = UINT64_MAX, .own_time = true}};
}

static const struct record plain = {.value = "v", .value_len = 1, .partition = RD_KAFKA_PARTITION_UA};

static void test_nothing_is_known(void)
{
	struct sender s = any();
	struct record r = plain;
	CHECK(!sender_refuses(&s, &r, NOW));
	r.timestamp = 1;
	CHECK(!sender_refuses(&s, &r, NOW));
	r.timestamp = INT64_MAX;
	CHECK(!sender_refuses(&s, &r, NOW));
	s.config = (struct topic_config){0}; /* they were never asked for */
	CHECK(!sender_refuses(&s, &r, NOW));
}

static void test_partitions(void)
{
	struct sender s = any();
	struct record r = plain;
	r.partition = 2;
	CHECK(!sender_refuses(&s, &r, NOW));
	r.partition = 3;
	CHECK_STR(sender_refuses(&s, &r, NOW), "the topic has no such partition");
}

static void test_keys_and_sizes(void)
{
	struct sender s = any();
	struct record r = plain;
	s.config.compacted = true;
	CHECK(sender_refuses(&s, &r, NOW));
	r.key = "";
	CHECK(!sender_refuses(&s, &r, NOW));
	s.config.max_bytes = 70;
	CHECK(!sender_refuses(&s, &r, NOW));
	s.config.max_bytes = 68; /* 61 of the batch, 1 its length, 3 + 1 + 2 + 1 of the record */
	CHECK(sender_refuses(&s, &r, NOW));
	s.compresses = true;
	CHECK(!sender_refuses(&s, &r, NOW));
}

static void test_times(void)
{
	static const struct {
		int64_t time;
		bool refused;
	} cases[] = {{NOW, false}, {NOW - 500, false}, {NOW - 501, true}, {NOW + 20, false}, {NOW + 21, true},
		{INT64_MAX, true}, {-5, true}, {INT64_MIN, true}, {0, false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sender s = any();
		struct record r = plain;
		s.config.before_ms = 500;
		s.config.after_ms = 20;
		r.timestamp = cases[i].time;
		CHECK_INT(sender_refuses(&s, &r, NOW) != NULL, cases[i].refused);
		s.config.own_time = false;
		CHECK(!sender_refuses(&s, &r, NOW));
	}
}

int main(void)
{
	TEST(test_nothing_is_known);
	TEST(test_partitions);
	TEST(test_keys_and_sizes);
	TEST(test_times);
	return check_done();
}
