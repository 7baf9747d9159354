/* Advances event time: see advance.h. */
#include "cmd/aggregate/advance.h"

#include "cmd/aggregate/add.h"
#include "cmd/aggregate/report.h"
#include "common/base/clock.h"

#define DAY_MS  (INT64_C(86400) * 1000)
#define HELD_MS (INT64_C(3600) * 1000) /* of event time; windows that are held open for longer are reported */

/*
 * The clock is read only when its last value does not suffice, because reading it took a sixth of the time spent on
 * windows.
 */
static bool is_ahead(struct aggregate *a, int64_t t_ms)
{
	if (!future_too_far(&a->opts->future, t_ms, a->now_ms))
		return false;
	a->now_ms = clock_epoch_ms();
	return future_too_far(&a->opts->future, t_ms, a->now_ms);
}

/*
 * Without --lateness no window is closed; report that, because a user may be waiting for the rows of an endless input.
 */
static void stay_open(struct aggregate *a, int64_t t_ms, const struct flow *flow)
{
	if (a->told_input >= flow->inputs || !store_due(&a->open, window_clock_at(&a->wall, t_ms)))
		return;
	a->told_input = report_open(flow->input) ? UINT64_MAX : flow->inputs;
}

/* Whether windows are closed at the end of a batch, by the mark, which tells how far the partitions are. */
static bool waits_for_mark(const struct aggregate *a, const struct flow *flow)
{
	return flow->input_marked && a->opts->watermark == WATERMARK_SOURCE;
}

/* Close windows after the watermark has moved. */
static int close_windows(struct aggregate *a, struct flow *flow)
{
	int64_t at_ms = window_clock_at(&a->wall, a->watermark.at_ms);

	if (!store_due(&a->open, at_ms))
		return 0;
	int r = add_waiting(a, flow);
	return r ? r : store_close(&a->open, at_ms, false, &a->emit, flow);
}

/* Whether all windows of T are within the years 1 to 9999, wherever clocks are a day ahead or behind at most. */
static bool is_within(const struct aggregate *a, int64_t t_ms)
{
	if (!a->wall.zone)
		return window_within(&a->window, t_ms);
	return window_within(&a->window, t_ms - DAY_MS) && window_within(&a->window, t_ms + DAY_MS);
}

int advance_by_record(struct aggregate *a, const struct value *values, int *ret, struct flow *flow)
{
	struct accum_time *now = &a->query.now;

	if (clock_read(&a->clock, values, now) < 0) {
		*ret = report_untimed(a, flow);
		return 0;
	}
	if (is_ahead(a, now->ms)) {
		*ret = report_future(a, flow);
		return 0;
	}
	if (!is_within(a, now->ms)) {
		*ret = report_beyond(a, flow);
		return 0;
	}
	bool latest = watermark_advance(&a->watermark, now->ms);
	if (a->opts->lateness_ms < 0)
		stay_open(a, now->ms, flow);
	else if (latest && !waits_for_mark(a, flow) && watermark_move(&a->watermark, INT64_MAX))
		*ret = close_windows(a, flow);
	return *ret == 0;
}

/* Report if a partition that has records left holds windows open. */
static void look_for_held(struct aggregate *a, const struct mark *mark, uint64_t source_ms)
{
	int64_t newest_ms = a->watermark.max_ms;

	if (a->told_held || newest_ms == WINDOW_NOT_BEGUN)
		return;
	a->told_held = store_due(&a->open, window_clock_at(&a->wall, newest_ms - a->opts->lateness_ms - HELD_MS));
	if (a->told_held)
		report_held(mark, (int64_t)source_ms);
}

int advance_by_mark(struct aggregate *a, struct flow *flow)
{
	uint64_t source_ms;

	if (!flow->mark || flow->mark->kind != MARK_BATCH || !waits_for_mark(a, flow))
		return 0;
	bool limited = mark_number(flow->mark, "wm", &source_ms) && source_ms <= WINDOW_TIME_MAX;
	int r = 0;

	if (watermark_move(&a->watermark, limited ? (int64_t)source_ms : INT64_MAX))
		r = close_windows(a, flow);
	if (!r && limited)
		look_for_held(a, flow->mark, source_ms);
	return r;
}
