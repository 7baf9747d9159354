#include "common/stat/window.h"

#include <errno.h>

#include "tests/unit/check.h"

static struct window make(const char *text)
{
	struct strbuf err = STRBUF_INIT;
	struct window w = {.kind = WINDOW_NONE};

	CHECK_INT(window_parse(&w, text, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	return w;
}

static void test_parse(void)
{
	struct window w = make("tumbling 1m");

	CHECK_INT(w.kind, WINDOW_TUMBLING);
	CHECK_INT(w.size_ms, 60000);
	CHECK_INT(w.step_ms, 60000);
	CHECK_INT(w.pane_ms, 60000);
	w = make(" sliding  5m,90s ");
	CHECK_INT(w.kind, WINDOW_SLIDING);
	CHECK_INT(w.size_ms, 300000);
	CHECK_INT(w.step_ms, 90000);
	CHECK_INT(w.pane_ms, 30000);
	w = make("session 1h30m");
	CHECK_INT(w.kind, WINDOW_SESSION);
	CHECK_INT(w.size_ms, 5400000);
}

static void test_is(void)
{
	struct window none = {.kind = WINDOW_NONE}, w = make("sliding 10s 4s");

	CHECK(window_is(&none, 0, 0) && !window_is(&none, 0, 1) && !window_is(&none, 1, 1));
	CHECK(window_is(&w, 0, 10000) && window_is(&w, -8000, 2000));
	CHECK(!window_is(&w, 0, 9999) && !window_is(&w, 1000, 11000) && !window_is(&w, 10000, 0));
	CHECK(!window_is(&w, INT64_MIN, INT64_MIN + 10000) && !window_is(&w, 0, INT64_MAX));
	w = make("session 10s");
	CHECK(window_is(&w, 1, 10001) && window_is(&w, 1, 99999) && !window_is(&w, 1, 10000));
	CHECK(window_is(&w, WINDOW_TIME_MIN, WINDOW_TIME_MAX));
	CHECK(!window_is(&w, WINDOW_TIME_MIN - 1, 0) && !window_is(&w, 0, WINDOW_TIME_MAX + 1));
}

static void test_parse_bad(void)
{
	static const char *const bad[] = {"", " ", "1m", "tumbling", "tumbling 0", "tumbling -1s", "tumbling 5",
		"tumbling 1m 1m", "sliding 1m", "sliding 1m 2m", "sliding 100001ms 1ms", "sliding 365d 1s",
		"sliding 5m 1m 1m", "session", "session x", "hopping 1m 1m", "tumbling 999999999d", "Tumbling 1m",
		"tumbling 1m 2m 3m 4m 5m"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct strbuf err = STRBUF_INIT;
		struct window w;
		CHECK_INT(window_parse(&w, bad[i], &err), -EINVAL);
		CHECK(strstr(err.s, "windows are 'tumbling SIZE', "));
		CHECK(!strstr(err.s, "?;")); /* one sentence ends before the next begins */
		strbuf_release(&err);
	}
}

static void test_tumbling(void)
{
	struct window w = make("tumbling 10s");

	CHECK_INT(window_pane(&w, 0), 0);
	CHECK_INT(window_pane(&w, 9999), 0);
	CHECK_INT(window_pane(&w, 10000), 10000);
	CHECK_INT(window_pane(&w, -1), -10000);
	CHECK_INT(window_pane(&w, -10000), -10000);
	CHECK_INT(window_pane(&w, -10001), -20000);
	CHECK_INT(window_first_end(&w, 10000), 20000);
	CHECK_INT(window_last_end(&w, 10000), 20000);
	CHECK_INT(window_next_end(&w, 10000, WINDOW_NOT_BEGUN), 20000);
	CHECK_INT(window_next_end(&w, 10000, 10000), 20000);
}

/* Compared with the definition: the windows [k * step, k * step + size) that hold the whole pane. */
static void check_pane(const struct window *w, int64_t pane)
{
	int64_t first = 0, last = 0;
	bool any = false;

	for (int64_t k = -100; k < 100; k++) {
		int64_t start = k * w->step_ms, end = start + w->size_ms;
		if (pane < start || pane + w->pane_ms > end)
			continue;
		if (!any)
			first = end;
		last = end;
		any = true;
	}
	CHECK(any);
	CHECK_INT(window_first_end(w, pane), first);
	CHECK_INT(window_last_end(w, pane), last);
	CHECK_INT(window_closed_end(w, first), first);
	CHECK_INT(window_closed_end(w, first + w->step_ms - 1), first);
	CHECK_INT(window_closed_end(w, first - 1), first - w->step_ms);
	int64_t closed = WINDOW_NOT_BEGUN;
	for (int64_t end = first; end <= last; end += w->step_ms) {
		CHECK_INT(window_next_end(w, pane, closed), end);
		closed = end;
	}
}

static void test_sliding(void)
{
	static const char *const texts[] = {
		"sliding 10ms 1ms", "sliding 10ms 3ms", "sliding 10ms 4ms", "sliding 12ms 6ms", "sliding 7ms 7ms"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct window w = make(texts[i]);
		for (int64_t t = -50; t < 50; t++)
			check_pane(&w, window_pane(&w, t));
	}
}

/* A record comes, and the watermark follows it. */
static bool see(struct watermark *w, int64_t t_ms)
{
	return watermark_advance(w, t_ms) && watermark_move(w, INT64_MAX);
}

static void test_watermark(void)
{
	struct watermark w;

	watermark_init(&w, 100);
	CHECK_INT(w.at_ms, WINDOW_NOT_BEGUN);
	CHECK(!watermark_move(&w, INT64_MAX)); /* nothing was seen yet */
	CHECK(!watermark_move(&w, 5000));
	CHECK_INT(w.at_ms, WINDOW_NOT_BEGUN);
	CHECK(see(&w, -500));
	CHECK_INT(w.at_ms, -600);
	CHECK(see(&w, 1000));
	CHECK_INT(w.at_ms, 900);
	CHECK(!see(&w, 1000));
	CHECK(!see(&w, 10));
	CHECK_INT(w.at_ms, 900);
	CHECK_INT(w.max_ms, 1000);
}

static void test_limit(void)
{
	struct watermark w;

	watermark_init(&w, 100);
	CHECK(watermark_advance(&w, 1000));
	CHECK(!watermark_advance(&w, 1000));
	CHECK(watermark_move(&w, 500));
	CHECK_INT(w.at_ms, 400);
	CHECK(!watermark_move(&w, 500));
	CHECK(!watermark_move(&w, 300)); /* never back */
	CHECK_INT(w.at_ms, 400);
	CHECK(watermark_move(&w, 2000)); /* nor beyond what was seen */
	CHECK_INT(w.at_ms, 900);
	CHECK(watermark_advance(&w, 1500));
	CHECK_INT(w.at_ms, 900);
	CHECK(watermark_move(&w, INT64_MAX));
	CHECK_INT(w.at_ms, 1400);
}

/* Weeks from Mondays: -3, 4, 11 days of the epoch; other windows stay where they are. */
static void test_mondays(void)
{
	const int64_t day = 86400000;
	struct window w = {0};
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(window_parse(&w, "tumbling 7d", &err), 0);
	CHECK_INT(window_pane(&w, 0), 0);
	window_from_mondays(&w);
	CHECK_INT(window_pane(&w, 0), -3 * day);
	CHECK_INT(window_pane(&w, 4 * day - 1), -3 * day);
	CHECK_INT(window_pane(&w, 4 * day), 4 * day);
	CHECK_INT(window_pane(&w, -3 * day - 1), -10 * day);
	CHECK_INT(window_last_end(&w, -3 * day), 4 * day);
	CHECK_INT(window_closed_end(&w, 4 * day), 4 * day);
	CHECK_INT(window_closed_end(&w, 4 * day - 1), -3 * day);
	CHECK(window_is(&w, 4 * day, 11 * day) && !window_is(&w, 0, 7 * day));
	CHECK_INT(window_parse(&w, "sliding 10d 7d", &err), 0);
	window_from_mondays(&w);
	CHECK_INT(window_first_end(&w, 4 * day), 7 * day);
	CHECK_INT(window_last_end(&w, 4 * day), 14 * day);
	CHECK_INT(window_parse(&w, "sliding 7d 1d", &err), 0);
	window_from_mondays(&w);
	CHECK_INT(window_pane(&w, day), day);
	CHECK_INT(w.origin_ms, 0);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_mondays);
	TEST(test_parse);
	TEST(test_is);
	TEST(test_parse_bad);
	TEST(test_tumbling);
	TEST(test_sliding);
	TEST(test_watermark);
	TEST(test_limit);
	return check_done();
}
