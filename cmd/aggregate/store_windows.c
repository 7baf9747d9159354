/* Tumbling and sliding windows: the open panes, and which windows have closed.  See store.h. */
#include "cmd/aggregate/store.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

static void init(struct pane_store *s)
{
	s->windows = (struct windows){0};
	s->pane_ms = (uint64_t)s->window->pane_ms;
}

/* Move the panes to the beginning of their memory. */
static void move_up(struct windows *w)
{
	if (w->count)
		memmove((void *)w->all, (const void *)w->panes, w->count * sizeof *w->panes);
	w->panes = w->all;
	w->before = 0;
}

/*
 * Remove the first COUNT panes.  They are moved only when half of the memory is unused: with 60,000 windows that were
 * closed one by one, moving each time took a tenth of the CPU time.
 */
static void drop(struct pane_store *s, size_t count)
{
	struct windows *w = &s->windows;

	for (size_t i = 0; i < count; i++) {
		pane_release(w->panes[i]);
		free(w->panes[i]);
	}
	w->count -= count;
	w->panes += count;
	w->before += count;
	if (w->before > w->count)
		move_up(w);
	s->last = count ? NULL : s->last;
}

static void release(struct pane_store *s)
{
	struct windows *w = &s->windows;

	pane_release(&w->merged);
	if (w->all)
		drop(s, w->count);
	free((void *)w->all);
}

static void find_next(struct pane_store *s)
{
	struct windows *w = &s->windows;

	s->next_ms = w->count ? window_next_end(s->window, w->panes[0]->start_ms, s->closed_ms) : INT64_MAX;
}

/* The index of the pane that starts at START, or where it belongs. */
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

static void insert(struct pane_store *s, size_t at, int64_t start_ms)
{
	struct windows *w = &s->windows;

	if (w->before + w->count == w->room) {
		if (w->before)
			move_up(w);
		w->room = w->room ? 2 * w->room : 16;
		w->panes = w->all = xreallocarray((void *)w->all, w->room, sizeof *w->all);
	}
	memmove((void *)(w->panes + at + 1), (const void *)(w->panes + at), (w->count - at) * sizeof *w->panes);
	w->panes[at] = xcalloc(1, sizeof **w->panes);
	pane_init(w->panes[at], s->set, start_ms, start_ms + s->window->pane_ms);
	w->count++;
	find_next(s);
}

/* The watermark is at AT_MS: windows that end before it are closed, even those without records. */
static void pass_by(struct pane_store *s, int64_t at_ms)
{
	int64_t closed_ms = at_ms == WINDOW_NOT_BEGUN ? at_ms : window_closed_end(s->window, at_ms);

	if (closed_ms > s->closed_ms)
		s->closed_ms = closed_ms;
}

static struct pane *find_pane(struct pane_store *s, int64_t t_ms, int64_t at_ms)
{
	struct windows *w = &s->windows;
	int64_t start_ms = window_pane(s->window, t_ms);
	size_t at = find_place(w, start_ms);

	if (at == w->count || w->panes[at]->start_ms != start_ms) {
		if (window_last_end(s->window, start_ms) <= at_ms)
			return NULL;
		pass_by(s, at_ms);
		insert(s, at, start_ms);
	}
	s->last = w->panes[at];
	return s->last;
}

/* The groups of the open window that ends at END_MS, valid until the next call. */
static struct pane *look(struct pane_store *s, int64_t end_ms)
{
	struct windows *w = &s->windows;
	size_t at = find_place(w, end_ms - s->window->size_ms);

	if (s->window->pane_ms == s->window->size_ms)
		return at < w->count && w->panes[at]->start_ms < end_ms ? w->panes[at] : NULL;
	pane_release(&w->merged);
	pane_init(&w->merged, s->set, end_ms - s->window->size_ms, end_ms);
	uint64_t limit = s->set->max_groups; /* the groups of panes are counted, and a window cannot have more */
	s->set->max_groups = 0;
	for (; at < w->count && w->panes[at]->start_ms < end_ms; at++)
		if (!pane_merge(&w->merged, w->panes[at]))
			break;
	s->set->max_groups = limit;
	return &w->merged;
}

/* Panes whose windows are all closed are no longer needed. */
static void drop_closed(struct pane_store *s)
{
	struct windows *w = &s->windows;
	size_t n = 0;

	while (n < w->count && window_last_end(s->window, w->panes[n]->start_ms) <= s->closed_ms)
		n++;
	drop(s, n);
	find_next(s);
}

static int write_window(struct pane_store *s, int64_t end_ms, struct emit *emit, struct flow *flow)
{
	struct pane *pane = look(s, end_ms);

	if (!pane)
		return 0;
	pane_each(pane, emit_add, emit);
	return emit_end(emit, flow);
}

static int close_windows(struct pane_store *s, int64_t at_ms, struct emit *emit, struct flow *flow)
{
	struct windows *w = &s->windows;
	int r = 0;

	for (drop_closed(s); !r && w->count && s->next_ms <= at_ms; drop_closed(s)) {
		s->closed_ms = s->next_ms;
		r = write_window(s, s->next_ms, emit, flow);
	}
	if (!r)
		pass_by(s, at_ms);
	pane_release(&w->merged);
	return r;
}

static int peek(struct pane_store *s, struct emit *emit, struct flow *flow)
{
	const struct windows *w = &s->windows;
	int r = 0;

	if (!w->count)
		return 0;
	int64_t last_ms = window_last_end(s->window, w->panes[w->count - 1]->start_ms);
	for (int64_t end_ms = s->next_ms; end_ms <= last_ms && !r; end_ms += s->window->step_ms)
		r = write_window(s, end_ms, emit, flow);
	return r;
}

static void each(const struct pane_store *s, void (*on_group)(void *self, const struct key_group *group), void *self)
{
	for (size_t i = 0; i < s->windows.count; i++)
		pane_each(s->windows.panes[i], on_group, self);
}

static void *put(struct pane_store *s, const struct key_group *group)
{
	struct pane *pane = find_pane(s, group->start_ms, WINDOW_NOT_BEGUN);

	return group->other ? pane_other(pane) : pane_block(pane, group->key, group->key_len);
}

const struct store_kind store_windows = {
	.init = init,
	.release = release,
	.pane = find_pane,
	.close = close_windows,
	.peek = peek,
	.each = each,
	.put = put,
};
