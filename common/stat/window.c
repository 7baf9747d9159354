/* Windows of event time: see window.h. */
#include "common/stat/window.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/num.h"
#include "common/base/opt.h"

#define DAY_MS    INT64_C(86400000)
#define WEEK_MS   (7 * DAY_MS)
#define MONDAY_MS (-3 * DAY_MS) /* 1969-12-29 */

static const struct {
	const char *name;
	int durations;
	const char *form, *help; /* for --help */
} kinds[] = {
	[WINDOW_TUMBLING] = {"tumbling", 1, "tumbling SIZE", "one after the other, such as 'tumbling 1m'"},
	[WINDOW_SLIDING] = {"sliding", 2, "sliding SIZE STEP", "one begins every STEP, such as 'sliding 5m 1m'"},
	[WINDOW_SESSION] = {"session", 1, "session GAP", "ends when a key has had no record for GAP"},
};

static int refuse(struct strbuf *err, const char *what)
{
	const char *stop = what[strlen(what) - 1] == '?' ? "" : ";";
	strbuf_addf(err, "%s%s windows are '%s', '%s' or '%s', as in 'sliding 5m 1m'", what, stop,
		kinds[WINDOW_TUMBLING].form, kinds[WINDOW_SLIDING].form, kinds[WINDOW_SESSION].form);
	return -EINVAL;
}

/* Names of windows in other languages, and their names here. */
static const struct hint hints[] = {
	{"tumble", "did you mean 'tumbling SIZE'?"},
	{"fixed", "did you mean 'tumbling SIZE'?"},
	{"hop", "did you mean 'sliding SIZE STEP'?"},
	{"hopping", "did you mean 'sliding SIZE STEP'?"},
	{"slide", "did you mean 'sliding SIZE STEP'?"},
	{"sessions", "did you mean 'session GAP'?"},
	{0},
};

static int no_such_window(const char *word, struct strbuf *err)
{
	const char *hint = hint_find(hints, word);
	struct strbuf what = STRBUF_INIT;
	int64_t ms;

	strbuf_addf(&what, "there are no windows '%s'", word);
	if (hint)
		strbuf_addf(&what, "; %s", hint);
	else if (num_duration(word, &ms) == 0)
		strbuf_addf(&what, "; did you mean 'tumbling %s'?", word);
	int r = refuse(err, what.s);
	strbuf_release(&what);
	return r;
}

static int64_t divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* Split TEXT, which is modified, at its blanks into up to 4 words.  Returns how many there are. */
static int split(char *text, char *words[4])
{
	char *rest = NULL;
	int n = 0;

	for (char *word = strtok_r(text, " \t,", &rest); word && n < 4; word = strtok_r(NULL, " \t,", &rest))
		words[n++] = word;
	return n;
}

int window_parse(struct window *w, const char *text, struct strbuf *err)
{
	struct strbuf copy = STRBUF_INIT;
	char *words[4];
	int64_t ms[2] = {0, 0};
	int kind = WINDOW_TUMBLING, r = 0;

	strbuf_addstr(&copy, text);
	int n = split(copy.s, words);
	while (n && kind <= WINDOW_SESSION && strcmp(words[0], kinds[kind].name) != 0)
		kind++;
	if (!n || kind > WINDOW_SESSION)
		r = no_such_window(n ? words[0] : "", err);
	else if (n - 1 != kinds[kind].durations)
		r = refuse(err, n - 1 < kinds[kind].durations ? "a duration is missing" : "too many durations");
	for (int i = 1; r == 0 && i < n; i++)
		if (num_duration(words[i], &ms[i - 1]) < 0 || ms[i - 1] < 1 || ms[i - 1] > WINDOW_LONGEST)
			r = refuse(err, "a duration is a number with ms, s, m, h or d, from 1ms to 3650000d");
	strbuf_release(&copy);
	if (r == 0 && ms[1] > ms[0])
		r = refuse(err, "a step longer than the size would leave records out");
	else if (r == 0 && ms[1] && ms[0] / ms[1] > WINDOW_OVERLAP)
		r = refuse(err, "a record would be in more than 100000 windows");
	if (r < 0)
		return r;
	*w = (struct window){.kind = (enum window_kind)kind, .size_ms = ms[0], .step_ms = ms[1] ? ms[1] : ms[0]};
	w->pane_ms = divisor(w->size_ms, w->step_ms);
	return 0;
}

void window_from_mondays(struct window *w)
{
	if ((w->kind == WINDOW_TUMBLING || w->kind == WINDOW_SLIDING) && w->step_ms % WEEK_MS == 0)
		w->origin_ms = MONDAY_MS;
}

void window_help(struct strbuf *out)
{
	strbuf_addstr(out, "Windows:\n");
	for (int kind = WINDOW_TUMBLING; kind <= WINDOW_SESSION; kind++)
		opt_line(out, kinds[kind].form, kinds[kind].help);
}

/* The greatest multiple of UNIT from the origin that is not above T. */
static int64_t floor_to(const struct window *w, int64_t t, int64_t unit)
{
	int64_t rest = (t - w->origin_ms) % unit;

	return t - rest - (rest < 0 ? unit : 0);
}

int64_t window_pane(const struct window *w, int64_t t_ms)
{
	return floor_to(w, t_ms, w->pane_ms);
}

int64_t window_first_end(const struct window *w, int64_t pane_ms)
{
	return floor_to(w, pane_ms - w->size_ms, w->step_ms) + w->step_ms + w->size_ms;
}

int64_t window_last_end(const struct window *w, int64_t pane_ms)
{
	return floor_to(w, pane_ms, w->step_ms) + w->size_ms;
}

int64_t window_closed_end(const struct window *w, int64_t at_ms)
{
	return floor_to(w, at_ms - w->size_ms, w->step_ms) + w->size_ms;
}

int64_t window_next_end(const struct window *w, int64_t pane_ms, int64_t closed_ms)
{
	int64_t first = window_first_end(w, pane_ms);

	return closed_ms >= first ? closed_ms + w->step_ms : first;
}

bool window_within(const struct window *w, int64_t t_ms)
{
	if (t_ms - w->size_ms >= WINDOW_TIME_MIN && t_ms + w->size_ms <= WINDOW_TIME_MAX)
		return true; /* nearly always */
	if (w->kind == WINDOW_SESSION)
		return t_ms >= WINDOW_TIME_MIN && t_ms + w->size_ms <= WINDOW_TIME_MAX;
	int64_t pane_ms = window_pane(w, t_ms);
	return window_first_end(w, pane_ms) - w->size_ms >= WINDOW_TIME_MIN &&
	       window_last_end(w, pane_ms) <= WINDOW_TIME_MAX;
}

bool window_is(const struct window *w, int64_t start_ms, int64_t end_ms)
{
	if (start_ms < WINDOW_TIME_MIN || end_ms < start_ms || end_ms > WINDOW_TIME_MAX)
		return false;
	if (w->kind == WINDOW_NONE)
		return start_ms == 0 && end_ms == 0;
	if (w->kind == WINDOW_SESSION)
		return end_ms - start_ms >= w->size_ms;
	return end_ms - start_ms == w->size_ms && (start_ms - w->origin_ms) % w->step_ms == 0;
}

void watermark_init(struct watermark *w, int64_t lateness_ms)
{
	*w = (struct watermark){.lateness_ms = lateness_ms, .max_ms = WINDOW_NOT_BEGUN, .at_ms = WINDOW_NOT_BEGUN};
}
