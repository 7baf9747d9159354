/* Windows in a zone: see window_clock.h. */
#include "common/stat/window_clock.h"

#include "common/data/zone.h"

#define HOUR_MS  INT64_C(3600000)
#define DAY_MS   (24 * HOUR_MS)
#define BLOCK_MS INT64_C(900000) /* as a rule clocks are changed at its multiples */

/* The greatest multiple of UNIT that is not above T, in units. */
static int64_t divide(int64_t t, int64_t unit)
{
	return t / unit - (t % unit < 0);
}

static int64_t offset_ms(struct zone *zone, int64_t t_ms)
{
	return zone_offset(zone, divide(t_ms, 1000)) * 1000;
}

/* By how much panes are moved while clocks are OFFSET ahead. */
static int64_t shift(const struct window_clock *c, int64_t offset)
{
	return offset - divide(offset, c->pane_ms) * c->pane_ms;
}

int window_clock_init(struct window_clock *c, const struct window *w)
{
	*c = (struct window_clock){.pane_ms = HOUR_MS % w->pane_ms == 0 ? w->pane_ms : 0};
	return zone_open(&c->zone, NULL, 0);
}

void window_clock_release(struct window_clock *c)
{
	zone_free(c->zone);
	*c = (struct window_clock){0};
}

/* What is to be added at T. */
static int64_t added(const struct window_clock *c, int64_t t_ms)
{
	int64_t offset = offset_ms(c->zone, t_ms);

	return c->pane_ms ? shift(c, offset) : offset;
}

/* If it was more, BEFORE, until a while before c->from: readings stand still until they come to the last one again. */
static void stand_still(struct window_clock *c, int64_t while_ms, int64_t before)
{
	int64_t low = divide(c->from - while_ms, 1000), high = divide(c->from, 1000);

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;
		if (added(c, middle * 1000) == before)
			low = middle;
		else
			high = middle;
	}
	c->least = high * 1000 + before - 1;
}

int64_t window_clock_find(struct window_clock *c, int64_t t_ms)
{
	int64_t while_ms = c->pane_ms ? c->pane_ms : DAY_MS + HOUR_MS; /* clocks may cross the date line */

	c->from = divide(t_ms, BLOCK_MS) * BLOCK_MS;
	c->to = c->from + BLOCK_MS;
	c->add = added(c, t_ms);
	if (added(c, c->from) != c->add || added(c, c->to - 1) != c->add) {
		c->from = t_ms;
		c->to = t_ms + 1;
	}
	c->least = INT64_MIN;
	int64_t before = added(c, c->from - while_ms);
	if (before > c->add)
		stand_still(c, while_ms, before);
	return t_ms + c->add > c->least ? t_ms + c->add : c->least;
}

int64_t window_clock_time(const struct window_clock *c, int64_t at_ms)
{
	if (!c->zone)
		return at_ms;
	if (!c->pane_ms)
		return divide(zone_utc(c->zone, at_ms * 1000, INT64_MIN), 1000);
	int64_t near_ms = at_ms - shift(c, offset_ms(c->zone, at_ms));
	return at_ms - shift(c, offset_ms(c->zone, near_ms));
}
