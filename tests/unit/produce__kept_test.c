/* Records that wait for their transaction: they come back as they were, from memory and from a file. */
#include "cmd/produce/kept.h"

#include <string.h>

#include "common/stream/sink.h"
#include "tests/unit/check.h"

static const struct record_header headers[] = {
	{.name = "a", .name_len = 1, .value = "1", .value_len = 1},
	{.name = "", .name_len = 0, .value = "", .value_len = 0},
	{.name = "none", .name_len = 4},
};

static void add_all(struct kept_records *k, uint64_t count)
{
	struct sink_place place = {.input = "standard input", .batch = 1};
	for (uint64_t i = 0; i < count; i++) {
		struct record r = {.value = "value\0x", .value_len = 7, .partition = -1};
		if (i % 3 == 1)
			r = (struct record){.key = "key",
				.key_len = 3,
				.partition = 7,
				.timestamp = -5,
				.headers = headers,
				.header_count = 3};
		if (i % 3 == 2)
			r = (struct record){.key = "", .value = "", .partition = -1};
		place.record++;
		CHECK_INT(kept_add(k, &r, i % 2 ? r.value : "line", i % 2 ? r.value_len : 4, &place), 0);
	}
}

static void check_all(struct kept_records *k, uint64_t count)
{
	struct record r;
	uint64_t n = 0;
	CHECK_INT(kept_begin(k), 0);
	for (; kept_next(k, &r); n++) {
		if (n % 3 == 0) {
			CHECK(!r.key);
			CHECK_INT(r.value_len, 7);
			CHECK(memcmp(r.value, "value\0x", 7) == 0);
			CHECK_INT(r.header_count, 0);
		} else if (n % 3 == 1) {
			CHECK_INT(r.key_len, 3);
			CHECK(memcmp(r.key, "key", 3) == 0);
			CHECK(!r.value);
			CHECK_INT(r.partition, 7);
			CHECK_INT(r.timestamp, -5);
			CHECK_INT(r.header_count, 3);
			CHECK(r.headers[0].name_len == 1 && r.headers[0].value[0] == '1');
			CHECK(r.headers[1].name_len == 0 && r.headers[1].value && !r.headers[1].value_len);
			CHECK(r.headers[2].name_len == 4 && !r.headers[2].value);
		} else {
			CHECK(r.key && !r.key_len && r.value && !r.value_len);
		}
	}
	CHECK_INT(n, count);
}

static void test_in_memory_and_twice(void)
{
	struct kept_records k = {.memory = 1 << 20};
	check_all(&k, 0);
	add_all(&k, 9);
	check_all(&k, 9);
	check_all(&k, 9); /* a commit may be tried again */
	CHECK(!k.spool.on_disk);
	kept_clear(&k);
	add_all(&k, 3);
	check_all(&k, 3);
	kept_clear(&k);
}

static void test_in_a_file(void)
{
	struct kept_records k = {.memory = 1000};
	add_all(&k, 3000);
	CHECK(k.spool.on_disk);
	check_all(&k, 3000);
	kept_clear(&k);
	kept_clear(&k);
}

static void place_is(const struct kept_records *k, uint64_t nr, const char *want)
{
	struct strbuf text = STRBUF_INIT;
	const struct sink_place place = sink_places_find(&k->places, nr);
	if (place.batch)
		sink_place_add(&text, &place);
	CHECK_STR(text.s, want);
	strbuf_release(&text);
}

static void test_places(void)
{
	struct kept_records k = {.memory = 1000};
	const struct record r = {.value = "v", .value_len = 1};
	place_is(&k, 0, "");
	CHECK_INT(kept_add(&k, &r, NULL, 0, &(struct sink_place){.batch = 3, .record = 1}), 0);
	CHECK_INT(kept_add(&k, &r, NULL, 0, &(struct sink_place){.batch = 3, .record = 2}), 0);
	CHECK_INT(kept_add(&k, &r, NULL, 0, &(struct sink_place){.batch = 3, .record = 4}), 0); /* 3 was rejected */
	CHECK_INT(kept_add(&k, &r, NULL, 0, &(struct sink_place){.batch = 4, .record = 1}), 0);
	CHECK_INT(k.places.count, 3);
	place_is(&k, 0, "batch 3, record 1");
	place_is(&k, 1, "batch 3, record 2");
	place_is(&k, 2, "batch 3, record 4");
	place_is(&k, 3, "batch 4, record 1");
	kept_clear(&k);
}

/* The next record is NR, was made of LINE, and has VALUE. */
static void next_is(struct kept_records *k, uint64_t nr, const char *line, const char *value)
{
	struct record r;
	CHECK(kept_next(k, &r));
	CHECK_INT(k->nr, nr);
	CHECK(line ? k->line_len == strlen(line) && memcmp(k->line, line, k->line_len) == 0 : !k->line);
	CHECK(r.value_len == strlen(value) && memcmp(r.value, value, r.value_len) == 0);
}

/* Records that are refused are left out, and what they were made of is kept in their place. */
static void test_left_out(void)
{
	struct kept_records k = {.memory = 40, .topic = "dead", .lines = true};
	struct sink_place place = {.batch = 1};
	struct record r;
	static const char *const values[] = {"a", "b", "c", "d"};
	for (size_t i = 0; i < 4; i++) {
		r = (struct record){.value = values[i], .value_len = 1};
		place.record++;
		CHECK_INT(kept_add(&k, &r, i % 2 ? "line" : r.value, i % 2 ? 4 : 1, &place), 0);
	}
	CHECK_INT(kept_begin(&k), 0);
	next_is(&k, 0, "a", "a");
	next_is(&k, 1, "line", "b");
	CHECK(numset_add(&k.left_out, 1));
	r = (struct record){.topic = "dead", .value = "line", .value_len = 4};
	place.record = 2;
	CHECK_INT(kept_add(&k, &r, NULL, 0, &place), 0);
	CHECK_INT(kept_begin(&k), 0);
	next_is(&k, 0, "a", "a");
	next_is(&k, 2, "c", "c");
	next_is(&k, 3, "line", "d");
	next_is(&k, 4, NULL, "line");
	CHECK(!kept_next(&k, &r));
	place_is(&k, 3, "batch 1, record 4");
	place_is(&k, 4, "batch 1, record 2");
	CHECK_INT(kept_nth(&k, 1), 0);
	CHECK_INT(kept_nth(&k, 2), 2);
	CHECK_INT(kept_nth(&k, 4), 4);
	kept_clear(&k);
	CHECK(k.lines && !k.left_out.count);
}

int main(void)
{
	TEST(test_left_out);
	TEST(test_in_memory_and_twice);
	TEST(test_in_a_file);
	TEST(test_places);
	return check_done();
}
