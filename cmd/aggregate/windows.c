/* Tumbling and sliding windows: see windows.h. */
#include "cmd/aggregate/windows.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void windows_init(struct windows *w, const struct window *window, struct pane_set *set)
{
	*w = (struct windows){.window = window, .set = set, .closed_ms = WINDOW_NOT_BEGUN, .next_ms = INT64_MAX};
}

/* Forget the first COUNT panes. */
static void drop(struct windows *w, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		pane_release(w->panes[i]);
		free(w->panes[i]);
	}
	w->count -= count;
	if (count && w->count)
		memmove((void *)w->panes, (const void *)(w->panes + count), w->count * sizeof *w->panes);
	w->last = 0;
}

void windows_release(struct windows *w)
{
	pane_release(&w->merged);
	if (w->panes)
		drop(w, w->count);
	free((void *)w->panes);
	w->panes = NULL;
}

static void find_next(struct windows *w)
{
	w->next_ms = w->count ? window_next_end(w->window, w->panes[0]->start_ms, w->closed_ms) : INT64_MAX;
}

/* The place of the pane that starts at START, or where it belongs. */
static size_t find_place(const struct windows *w, int64_t start_ms)
{
	size_t low = 0, high = w->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (w->panes[middle]->start_ms < start_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void insert(struct windows *w, size_t at, int64_t start_ms)
{
	if (w->count == w->room) {
		w->room = w->room ? 2 * w->room : 16;
		w->panes = xreallocarray((void *)w->panes, w->room, sizeof *w->panes);
	}
	memmove((void *)(w->panes + at + 1), (const void *)(w->panes + at), (w->count - at) * sizeof *w->panes);
	w->panes[at] = xcalloc(1, sizeof **w->panes);
	pane_init(w->panes[at], w->set, start_ms);
	w->count++;
	find_next(w);
}

/* The watermark stands at AT_MS: nothing can come any more to the windows before it, whether or not there was a record.
 */
static void pass_by(struct windows *w, int64_t at_ms)
{
	int64_t closed_ms = at_ms == WINDOW_NOT_BEGUN ? at_ms : window_closed_end(w->window, at_ms);

	if (closed_ms > w->closed_ms)
		w->closed_ms = closed_ms;
}

struct pane *windows_pane(struct windows *w, int64_t t_ms, int64_t at_ms)
{
	/* Nearly always the pane of the record before. */
	if (w->last < w->count) {
		struct pane *last = w->panes[w->last];
		if (t_ms >= last->start_ms && t_ms - last->start_ms < w->window->pane_ms)
			return last;
	}
	int64_t start_ms = window_pane(w->window, t_ms);
	size_t at = find_place(w, start_ms);
	if (at == w->count || w->panes[at]->start_ms != start_ms) {
		if (window_last_end(w->window, start_ms) <= at_ms)
			return NULL;
		pass_by(w, at_ms);
		insert(w, at, start_ms);
	}
	w->last = at;
	return w->panes[at];
}

struct pane *windows_look(struct windows *w, int64_t end_ms)
{
	const struct window *window = w->window;
	size_t at = find_place(w, end_ms - window->size_ms);

	if (window->pane_ms == window->size_ms)
		return at < w->count && w->panes[at]->start_ms < end_ms ? w->panes[at] : NULL;
	pane_release(&w->merged);
	pane_init(&w->merged, w->set, end_ms - window->size_ms);
	uint64_t limit = w->set->max_groups; /* a window has no more groups than its panes, which are counted */
	w->set->max_groups = 0;
	for (; at < w->count && w->panes[at]->start_ms < end_ms; at++)
		if (!pane_merge(&w->merged, w->panes[at]))
			break;
	w->set->max_groups = limit;
	return &w->merged;
}

/* Panes whose windows are all closed are not needed any more. */
static void drop_closed(struct windows *w)
{
	size_t n = 0;

	while (n < w->count && window_last_end(w->window, w->panes[n]->start_ms) <= w->closed_ms)
		n++;
	drop(w, n);
}

struct pane *windows_close(struct windows *w, int64_t at_ms, int64_t *ret_end)
{
	drop_closed(w);
	find_next(w);
	if (!w->count || w->next_ms > at_ms) {
		pass_by(w, at_ms);
		pane_release(&w->merged);
		return NULL;
	}
	*ret_end = w->closed_ms = w->next_ms;
	return windows_look(w, *ret_end);
}
