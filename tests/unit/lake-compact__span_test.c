/* Unit tests of lake-compact's span: until when a partition lasts. */
#include "cmd/lake-compact/span.h"
#include "common/data/time.h"
#include "tests/unit/check.h"

static void init(struct layout *layout, const char *text)
{
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(partition_by_is(text) ? layout_init_by(layout, text, &err) : layout_init(layout, text, &err), 0);
	strbuf_release(&err);
}

/* The end of the partition by TEXT with these values, as RFC 3339; "none" when it is not known. */
static const char *end_of(const char *text, char *first, char *second)
{
	static char buf[TIME_RFC3339_SIZE];
	struct layout layout;
	char *values[] = {first, second};
	struct timespec t = {0};
	int64_t s;
	init(&layout, text);
	bool known = span_end(&layout, values, &s);
	layout_release(&layout);
	t.tv_sec = (time_t)s;
	return known && time_write_rfc3339(&t, buf) ? buf : "none";
}

static void test_patterns(void)
{
	char day[] = "2026-11-30", hour[] = "23", year[] = "2024", month[] = "02", eu[] = "eu";
	CHECK_STR(end_of("dt=%F", day, NULL), "2026-12-01T00:00:00Z");
	CHECK_STR(end_of("dt=%Y-%m-%d", day, NULL), "2026-12-01T00:00:00Z");
	CHECK_STR(end_of("dt=%F/hour=%H", day, hour), "2026-12-01T00:00:00Z");
	CHECK_STR(end_of("hour=%H/dt=%F", hour, day), "2026-12-01T00:00:00Z");
	CHECK_STR(end_of("y=%Y/m=%m", year, month), "2024-03-01T00:00:00Z");
	CHECK_STR(end_of("y=%Y", year, NULL), "2025-01-01T00:00:00Z");
	CHECK_STR(end_of("region={.region}/dt=%F", eu, day), "2026-12-01T00:00:00Z");
}

/* Nothing is guessed: files of such partitions are judged by their own age. */
static void test_patterns_that_do_not_say(void)
{
	char day[] = "2026-11-30", bad[] = "2026-02-31", other[] = "unknown", hour[] = "07", longer[] = "2026-11-30x";
	CHECK_STR(end_of("dt=%F", other, NULL), "none");
	CHECK_STR(end_of("dt=%F", bad, NULL), "none");
	CHECK_STR(end_of("dt=%F", longer, NULL), "none");
	CHECK_STR(end_of("dt=%F", NULL, NULL), "none");
	CHECK_STR(end_of("hour=%H", hour, NULL), "none"); /* of each day */
	CHECK_STR(end_of("d={.day}", day, NULL), "none");
	CHECK_STR(end_of("d={.day}-%d", day, NULL), "none");
}

static void test_lists(void)
{
	char year[] = "2026", month[] = "2026-12", day[] = "2028-02-28", hour[] = "2026-12-31-23", eu[] = "eu";
	CHECK_STR(end_of("year(ts)", year, NULL), "2027-01-01T00:00:00Z");
	CHECK_STR(end_of("month(ts)", month, NULL), "2027-01-01T00:00:00Z");
	CHECK_STR(end_of("day(ts)", day, NULL), "2028-02-29T00:00:00Z");
	CHECK_STR(end_of("hour(ts)", hour, NULL), "2027-01-01T00:00:00Z");
	CHECK_STR(end_of("region, day(ts)", eu, day), "2028-02-29T00:00:00Z");
	CHECK_STR(end_of("year(a), month(b)", year, month), "2027-01-01T00:00:00Z");
	CHECK_STR(end_of("region", eu, NULL), "none");
	CHECK_STR(end_of("day(ts)", eu, NULL), "none");
	CHECK_STR(end_of("day(ts)", hour, NULL), "none");
	CHECK_STR(end_of("month(ts)", day, NULL), "none");
	CHECK_STR(end_of("day(ts)", NULL, NULL), "none");
}

int main(void)
{
	TEST(test_patterns);
	TEST(test_patterns_that_do_not_say);
	TEST(test_lists);
	return check_done();
}
