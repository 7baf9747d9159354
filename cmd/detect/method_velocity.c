/*
 * velocity WHAT WINDOW LIMIT: more than LIMIT records, a larger sum, or more different values within WINDOW.
 *
 * count and sum are kept in panes of a 64th of WINDOW, aligned to the epoch.  The pane of the newest record and the 64
 * panes before it are counted, so the period is WINDOW and up to a 64th more, never less.  distinct is exact: the
 * latest time of each value is kept and, when there are more than ROOM values, only the latest ones, which are enough
 * to know whether there are more than LIMIT.  A record before the window that ends with the key's newest record is
 * late.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/detect/method_impl.h"
#include "common/base/alloc.h"

#define PANES        64
#define MAX_DISTINCT 1000 /* the highest LIMIT of distinct, because the values of a key are searched one by one */

enum { WHAT, WINDOW, LIMIT };
enum { COUNT, SUM, DISTINCT };

struct item {
	int64_t at; /* the number of the pane; for a value, its latest time in ms */
	union {
		double sum;
		uint64_t id;
	};
};

struct velocity {
	struct item *items; /* owned; panes by time, values in any order */
	uint32_t count, cap;
	bool begun;
	int64_t newest; /* ms */
};

static int check(const struct method_rule *rule, struct strbuf *err)
{
	if (rule->metric != DISTINCT || rule->num[LIMIT] <= MAX_DISTINCT)
		return 0;
	strbuf_addf(err, "limit is above %d, the most for distinct", MAX_DISTINCT);
	return -EINVAL;
}

static int64_t pane_ms(const struct method_rule *rule)
{
	return ((int64_t)rule->num[WINDOW] + PANES - 1) / PANES;
}

static int64_t pane_of(const struct method_rule *rule, int64_t ms)
{
	int64_t width = pane_ms(rule), pane = ms / width;

	return pane - (ms % width < 0);
}

/* Items at this time or before are outside of the window. */
static int64_t horizon(const struct method_rule *rule, const struct velocity *v)
{
	int64_t width = pane_ms(rule), window = (int64_t)rule->num[WINDOW];

	if (rule->metric == DISTINCT)
		return v->newest - window;
	return pane_of(rule, v->newest) - (window + width - 1) / width - 1;
}

/* Make room for one more item before item I; the others move up. */
static struct item *insert(struct velocity *v, uint32_t i)
{
	if (v->count == v->cap) {
		v->cap = v->cap ? v->cap * 2 : 4;
		v->items = xreallocarray(v->items, v->cap, sizeof *v->items);
	}
	memmove(&v->items[i + 1], &v->items[i], (v->count - i) * sizeof *v->items);
	v->count++;
	return &v->items[i];
}

/* Drop the items that have left the window. */
static void expire(struct velocity *v, int64_t limit)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < v->count; i++)
		if (v->items[i].at > limit)
			v->items[kept++] = v->items[i];
	v->count = kept;
}

static double add_to_panes(const struct method_rule *rule, struct velocity *v, const struct method_sample *sample)
{
	int64_t pane = pane_of(rule, sample->ms);
	uint32_t i = v->count;
	double sum = 0;

	while (i && v->items[i - 1].at > pane)
		i--;
	if (!i || v->items[i - 1].at != pane)
		*insert(v, i++) = (struct item){.at = pane, .sum = 0};
	v->items[i - 1].sum += rule->metric == COUNT ? 1 : sample->x;
	for (i = 0; i < v->count; i++)
		sum += v->items[i].sum;
	return sum;
}

static double add_to_values(const struct method_rule *rule, struct velocity *v, const struct method_sample *sample)
{
	uint32_t room = 2 * (uint32_t)rule->num[LIMIT] + 16, oldest = 0, i;

	for (i = 0; i < v->count && v->items[i].id != sample->id; i++)
		if (v->items[i].at < v->items[oldest].at)
			oldest = i;
	if (i < v->count) {
		if (v->items[i].at < sample->ms)
			v->items[i].at = sample->ms;
	} else if (v->count < room) {
		*insert(v, v->count) = (struct item){.at = sample->ms, .id = sample->id};
	} else if (v->items[oldest].at < sample->ms) {
		v->items[oldest] = (struct item){.at = sample->ms, .id = sample->id};
	}
	return v->count;
}

static struct method_verdict judge(const struct method_rule *rule, void *state, const struct method_sample *sample)
{
	struct velocity *v = state;
	double score;

	if (!v->begun || sample->ms > v->newest) {
		v->begun = true;
		v->newest = sample->ms;
		expire(v, horizon(rule, v));
	}
	int64_t at = rule->metric == DISTINCT ? sample->ms : pane_of(rule, sample->ms);
	if (at <= horizon(rule, v))
		return (struct method_verdict){.score = NAN, .late = true};
	score = rule->metric == DISTINCT ? add_to_values(rule, v, sample) : add_to_panes(rule, v, sample);
	return (struct method_verdict){.score = score};
}

static void release(void *state)
{
	free(((struct velocity *)state)->items);
}

static void save(const struct method_rule *rule, const void *state, struct strbuf *out)
{
	const struct velocity *v = state;

	stat_put_i64(out, v->newest);
	stat_put_u64(out, v->count);
	for (uint32_t i = 0; i < v->count; i++) {
		stat_put_i64(out, v->items[i].at);
		if (rule->metric == DISTINCT)
			stat_put_u64(out, v->items[i].id);
		else
			stat_put_double(out, v->items[i].sum);
	}
}

/* A state is saved only once it has begun, after its first record. */
static int load(const struct method_rule *rule, void *state, struct stat_in *in)
{
	struct velocity v = {.begun = true};
	uint64_t count;
	int e = method_get_ms(in, &v.newest);

	if (e == 0)
		e = stat_get_u64(in, &count);
	for (uint64_t i = 0; e == 0 && i < count; i++) {
		struct item item = {0};
		e = stat_get_i64(in, &item.at);
		if (e == 0)
			e = rule->metric == DISTINCT ? stat_get_u64(in, &item.id) : stat_get_double(in, &item.sum);
		if (e == 0)
			*insert(&v, v.count) = item;
	}
	if (e < 0)
		free(v.items);
	else
		*(struct velocity *)state = v;
	return e;
}

/* WINDOW is at most a thousand years, so that pane numbers of all times are exact. */
const struct method method_velocity = {
	.name = "velocity",
	.help = "more than limit within window: count, sum(.f), distinct(.f)",
	.limit = LIMIT,
	.time = true,
	.remembers = true,
	.params = {{"what", PARAM_METRIC, true, 0, 0, 0}, {"window", PARAM_DURATION, true, 0, 1, 3e13},
		{"limit", PARAM_NUMBER, true, 0, 0, __DBL_MAX__}},
	.size = sizeof(struct velocity),
	.check = check,
	.judge = judge,
	.release = release,
	.save = save,
	.load = load,
};
