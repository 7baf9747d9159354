/*
 * Windows of event time: the windows to which a time belongs, and how far event time has come.
 *
 * Layer: stat (uses base).  Times are milliseconds since 1970-01-01T00:00:00Z, of any sign, within WINDOW_TIME_MAX.
 * Windows are half-open, [start, end), and their starts are multiples of the step from the epoch (or, of weeks
 * in a zone, from a Monday), never of when something was started.  A tumbling window is a sliding one whose step is its
 * size.  Sliding windows are made of panes (J. Li et al., "No pane, no gain", SIGMOD Record 34(1), 2005): disjoint
 * windows of the greatest common divisor of size and step, so that a record is added once however many windows it is
 * in.  A session is a run of times of one key, each less than the gap after the one before; it ends one gap after the
 * last of them.
 *
 * The watermark says that no record before it is expected any more: it follows the greatest time seen at a fixed
 * distance, the lateness, and never goes back.  A window is closed when its end is at or before the watermark.  When
 * the watermark is moved after each record, both depend only on the records before, in their order, and not on how a
 * stream was divided into batches.  A source of several partitions reports the time of the slowest one; the watermark
 * is then moved at those reports, and not beyond that time.
 */
#ifndef WEIR_STAT_WINDOW_H
#define WEIR_STAT_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/strbuf.h"

#define WINDOW_TIME_MIN  INT64_C(-62135596800000) /* the beginning of year 1 */
#define WINDOW_TIME_MAX  INT64_C(253402300799999) /* the end of 9999 */
#define WINDOW_LONGEST   INT64_C(315360000000000) /* of sizes, steps and gaps: 10,000 years */
#define WINDOW_OVERLAP   100000 /* windows that a record may be in, so that a step which is too short has an answer */
#define WINDOW_NOT_BEGUN INT64_MIN /* the watermark before the first record */

enum window_kind { WINDOW_NONE, WINDOW_TUMBLING, WINDOW_SLIDING, WINDOW_SESSION };

struct window {
	enum window_kind kind;
	int64_t size_ms; /* of a session: the gap */
	int64_t step_ms;
	int64_t pane_ms;   /* divides size and step */
	int64_t origin_ms; /* windows begin at multiples of the step from here; within a step of the epoch */
};

/*
 * Read `tumbling 1m`, `sliding 5m 1m` (size, step) or `session 30m` (gap); durations as num_duration().  A step may be
 * as long as the size at most.  -EINVAL with the reason in ERR.
 */
int window_parse(struct window *w, const char *text, struct strbuf *err) MUST_CHECK;

/* If windows begin every week, or every few weeks, they begin on Mondays from now on, as weeks of ISO 8601 do. */
void window_from_mondays(struct window *w);

/* Append a line for each kind, for --help. */
void window_help(struct strbuf *out);

/* Whether all windows of T begin and end within the years 1 to 9999. */
bool window_within(const struct window *w, int64_t t_ms) MUST_CHECK;

/* Whether [START_MS, END_MS) can be a window.  If there are no windows, both must be 0. */
bool window_is(const struct window *w, int64_t start_ms, int64_t end_ms) MUST_CHECK;

/* The start of the pane that T is in. */
int64_t window_pane(const struct window *w, int64_t t_ms);

/* The end of the first and of the last window that the pane starting at PANE_MS is part of. */
int64_t window_first_end(const struct window *w, int64_t pane_ms);
int64_t window_last_end(const struct window *w, int64_t pane_ms);

/* The end of the last window that is closed when the watermark is at AT_MS. */
int64_t window_closed_end(const struct window *w, int64_t at_ms);

/*
 * The end of the first window of the pane that is later than the one that ended at CLOSED_MS (WINDOW_NOT_BEGUN: none
 * has ended).  Only for a pane of which a window is open.
 */
int64_t window_next_end(const struct window *w, int64_t pane_ms, int64_t closed_ms);

struct watermark {
	int64_t lateness_ms;
	int64_t max_ms; /* the greatest time seen, or WINDOW_NOT_BEGUN */
	int64_t at_ms;  /* the watermark, or WINDOW_NOT_BEGUN */
};

void watermark_init(struct watermark *w, int64_t lateness_ms);

/* Note a record of time T.  Returns whether it is the latest so far; only then can watermark_move() have an effect. */
static inline bool watermark_advance(struct watermark *w, int64_t t_ms)
{
	if (t_ms <= w->max_ms)
		return false;
	w->max_ms = t_ms;
	return true;
}

/*
 * Move the watermark to the greatest time seen minus the lateness, or to LIMIT_MS (INT64_MAX: no limit) minus the
 * lateness if that is less.  Returns whether it has moved.
 */
static inline bool watermark_move(struct watermark *w, int64_t limit_ms)
{
	int64_t to_ms = w->max_ms < limit_ms ? w->max_ms : limit_ms;
	if (w->max_ms == WINDOW_NOT_BEGUN || to_ms - w->lateness_ms <= w->at_ms)
		return false;
	w->at_ms = to_ms - w->lateness_ms;
	return true;
}

#endif
