/*
 * What is open: the groups of a batch, of windows, or of sessions, behind one interface.
 */
#ifndef WEIR_AGGREGATE_STORE_H
#define WEIR_AGGREGATE_STORE_H

#include "cmd/aggregate/emit.h"
#include "cmd/aggregate/sessions.h"
#include "cmd/aggregate/windows.h"

struct store {
	const struct window *window;
	struct pane_set *set;
	struct pane batch;        /* WINDOW_NONE */
	struct windows windows;   /* WINDOW_TUMBLING, WINDOW_SLIDING */
	struct sessions sessions; /* WINDOW_SESSION */
};

enum store_found { STORE_OK, STORE_LATE, STORE_FULL };

void store_init(struct store *s, const struct window *window, struct pane_set *set);
void store_release(struct store *s);

/* The block of KEY at T into *RET; LATE: its windows ended at or before AT_MS; FULL: it is one group too many. */
enum store_found store_block(
	struct store *s, const char *key, size_t len, int64_t t_ms, int64_t at_ms, void **ret) MUST_CHECK;

/* Whether something ended at or before AT_MS; only then the next one has anything to do. */
static inline bool store_due(const struct store *s, int64_t at_ms)
{
	return s->window->kind == WINDOW_SESSION ? sessions_due(&s->sessions, at_ms) : s->windows.next_ms <= at_ms;
}

/*
 * Write the rows of what ended at or before AT_MS, in the order of ends, and forget it.  LATE: they are what came late.
 * Returns as emit_end.
 */
int store_close(struct store *s, int64_t at_ms, bool late, struct emit *emit, struct flow *flow) MUST_CHECK;

/* Write the rows of all that is open; CHANGED: that have changed since the last call only.  Returns as emit_end. */
int store_peek(struct store *s, bool changed, struct emit *emit, struct flow *flow) MUST_CHECK;

/* Write the rows of the batch, which was of SECONDS (0: not known), and begin anew.  Returns as emit_end. */
int store_end_batch(struct store *s, double seconds, struct emit *emit, struct flow *flow) MUST_CHECK;

#endif
