/* Readings of clocks for windows, beside zones that change them forward, back, at midnight and by half hours. */
#include "common/stat/window_clock.h"

#include <stdlib.h>

#include "common/data/time.h"
#include "tests/unit/check.h"

#define HOUR INT64_C(3600000)

static struct window_clock make(const char *zone, int64_t pane_ms)
{
	struct window w = {.kind = WINDOW_TUMBLING, .size_ms = pane_ms, .step_ms = pane_ms, .pane_ms = pane_ms};
	struct window_clock c;

	CHECK_INT(time_zone_set(zone), 0);
	CHECK_INT(window_clock_init(&c, &w), 0);
	return c;
}

static int64_t at_ms(const char *text)
{
	struct timespec t = {0};

	CHECK_INT(time_parse_rfc3339(text, strlen(text), &t), 0);
	return time_ms(&t);
}

/* The window of T in ZONE begins at START and ends at END. */
static void check(const char *zone, int64_t pane_ms, const char *t, const char *start, const char *end)
{
	struct window_clock c = make(zone, pane_ms);
	struct window w = {.kind = WINDOW_TUMBLING, .size_ms = pane_ms, .step_ms = pane_ms, .pane_ms = pane_ms};
	int64_t pane = window_pane(&w, window_clock_at(&c, at_ms(t)));

	CHECK_INT(window_clock_time(&c, pane), at_ms(start));
	CHECK_INT(window_clock_time(&c, pane + pane_ms), at_ms(end));
	window_clock_release(&c);
}

static void test_days(void)
{
	const int64_t day = 24 * HOUR;

	check("Europe/Berlin", day, "2026-01-15T22:59:59Z", "2026-01-14T23:00:00Z", "2026-01-15T23:00:00Z");
	check("Europe/Berlin", day, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
	check("Europe/Berlin", day, "2026-10-25T22:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
	/* midnight does not exist; it comes twice; clocks go back to the evening before */
	check("Asia/Beirut", day, "2026-03-28T22:00:00Z", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z");
	check("America/Havana", day, "2026-11-01T05:30:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z");
	check("America/Sao_Paulo", day, "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z");
	/* a day that was skipped */
	check("Pacific/Apia", day, "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z");
	check("+05:30", day, "2026-03-29T18:29:59Z", "2026-03-28T18:30:00Z", "2026-03-29T18:30:00Z");
}

static void test_hours(void)
{
	/* hours keep their length, also the one that comes twice */
	check("Europe/Berlin", HOUR, "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z");
	check("Europe/Berlin", HOUR, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z");
	check("Asia/Kolkata", HOUR, "2026-10-25T01:10:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
	check("Asia/Kathmandu", HOUR / 2, "2026-10-25T01:10:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z");
	/* 0 to 6 has 7 hours, and 5 */
	check("Europe/Berlin", 6 * HOUR, "2026-10-25T04:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T05:00:00Z");
	check("Europe/Berlin", 6 * HOUR, "2026-10-25T05:00:00Z", "2026-10-25T05:00:00Z", "2026-10-25T11:00:00Z");
	check("Europe/Berlin", 6 * HOUR, "2026-03-29T03:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T04:00:00Z");
}

/* Readings never go back, and the first time with a reading has it, or a later one where clocks skip it. */
static void test_order(const char *zone, int64_t pane_ms, const char *from, int64_t step_ms)
{
	struct window_clock c = make(zone, pane_ms), other = make(zone, pane_ms);
	int64_t last = INT64_MIN, t = at_ms(from);

	for (int i = 0; i < 5000; i++, t += step_ms) {
		int64_t at = window_clock_at(&c, t), back = window_clock_time(&c, at);
		if (at < last)
			printf("# %s %lld: %lld after %lld\n", zone, (long long)t, (long long)at, (long long)last);
		CHECK(at >= last);
		CHECK(back <= t && window_clock_at(&other, back) >= at);
		last = at;
	}
	window_clock_release(&c);
	window_clock_release(&other);
}

static void test_orders(void)
{
	static const char *const zones[] = {"Europe/Berlin", "America/Havana", "Australia/Lord_Howe",
		"America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Asia/Beirut", "UTC", "-03:30"};

	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		test_order(zones[i], 24 * HOUR, "2026-01-01T00:00:00Z", 7 * HOUR / 4 + 123457);
		test_order(zones[i], 24 * HOUR, "2011-10-20T00:00:00Z", 29 * 60007);
		test_order(zones[i], HOUR, "2026-01-01T00:00:00Z", 7 * HOUR / 4 + 123457);
		test_order(zones[i], 5 * HOUR, "2026-10-20T00:00:00Z", 60000);
	}
	test_order("Europe/Berlin", 24 * HOUR, "1893-03-31T00:00:00Z", 60001);
}

static void test_ends(void)
{
	struct window_clock none = {0}, c = make("Europe/Berlin", 24 * HOUR);

	CHECK_INT(window_clock_at(&none, 5), 5);
	CHECK_INT(window_clock_time(&none, 5), 5);
	CHECK_INT(window_clock_at(&c, WINDOW_NOT_BEGUN), WINDOW_NOT_BEGUN);
	CHECK_INT(window_clock_at(&c, INT64_MAX), INT64_MAX);
	window_clock_release(&c);
}

int main(void)
{
	TEST(test_days);
	TEST(test_hours);
	TEST(test_orders);
	TEST(test_ends);
	return check_done();
}
