/*
 * Tumbling and sliding windows: the panes that are open, and which windows have closed.
 */
#ifndef WEIR_AGGREGATE_WINDOWS_H
#define WEIR_AGGREGATE_WINDOWS_H

#include "cmd/aggregate/pane.h"
#include "common/stat/window.h"

struct windows {
	const struct window *window;
	struct pane_set *set;
	struct pane **panes; /* by start */
	size_t count, room;
	size_t last;       /* the one that was used last */
	int64_t closed_ms; /* the end of the last window that was closed; WINDOW_NOT_BEGUN: none was */
	int64_t next_ms;   /* the end of the next one, INT64_MAX: none is open */
	struct pane merged;
};

void windows_init(struct windows *w, const struct window *window, struct pane_set *set);
void windows_release(struct windows *w);

/* The pane of T, made when there is none; NULL: all its windows have ended at or before AT_MS, the watermark. */
struct pane *windows_pane(struct windows *w, int64_t t_ms, int64_t at_ms);

/*
 * Take the next window that has ended at or before AT_MS: its groups, valid until the next call, or NULL when there is
 * none; then panes that no open window needs are gone.  *ret_end is its end.
 */
struct pane *windows_close(struct windows *w, int64_t at_ms, int64_t *ret_end);

/* The groups of the open window that ends at END_MS, valid until the next call. */
struct pane *windows_look(struct windows *w, int64_t end_ms);

#endif
