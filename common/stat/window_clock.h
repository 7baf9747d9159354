/*
 * Windows of days and hours in a zone: times as its clocks show them.
 *
 * Layer: stat (uses window; zone of data).  A reading is what clocks show, in milliseconds as if it were UTC; windows
 * (window.h) are then computed of readings, so that a day begins at midnight there and has 23 or 25 hours when clocks
 * are changed.  Readings never go back: when clocks are put back, they stand still just before the change until clocks
 * have come to it again, so that windows stay in one piece; what clocks skip when they are put forward is in no window.
 *
 * Panes that divide an hour keep their length whatever clocks do, and are only moved so that they begin at full hours
 * there (half past, in UTC, for Asia/Kolkata).
 */
#ifndef WEIR_STAT_WINDOW_CLOCK_H
#define WEIR_STAT_WINDOW_CLOCK_H

#include "common/stat/window.h"

struct zone;

/* A zeroed one is that of UTC: readings are times. */
struct window_clock {
	struct zone *zone;
	int64_t pane_ms; /* 0: it does not divide an hour */
	/* From `from` to before `to` readings are times + `add`, but at least `least`. */
	int64_t from, to, add, least;
};

/* The clock of the zone of the process (time_zone_set()) for the windows W.  0, or -errno of zone_open(). */
int window_clock_init(struct window_clock *c, const struct window *w) MUST_CHECK;
void window_clock_release(struct window_clock *c);

/* The reading at T, which is not within C's `from` and `to`. */
int64_t window_clock_find(struct window_clock *c, int64_t t_ms);

/* The reading at T; WINDOW_NOT_BEGUN and INT64_MAX are passed on. */
static inline int64_t window_clock_at(struct window_clock *c, int64_t t_ms)
{
	if (!c->zone || t_ms == WINDOW_NOT_BEGUN || t_ms == INT64_MAX)
		return t_ms;
	if (t_ms < c->from || t_ms >= c->to)
		return window_clock_find(c, t_ms);
	return t_ms + c->add > c->least ? t_ms + c->add : c->least;
}

/* The first time with the reading AT, or with a later one if clocks skip it. */
int64_t window_clock_time(const struct window_clock *c, int64_t at_ms);

#endif
