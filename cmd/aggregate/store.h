/*
 * The open groups: those of a batch, of windows, or of sessions, behind one interface.
 */
#ifndef WEIR_AGGREGATE_STORE_H
#define WEIR_AGGREGATE_STORE_H

#include "cmd/aggregate/emit.h"
#include "cmd/aggregate/sessions.h"
#include "cmd/aggregate/windows.h"
#include "common/stat/window.h"

struct pane_store {
	const struct store_kind *kind; /* NULL: nothing to release */
	const struct window *window;
	struct pane_set *set;
	int64_t closed_ms; /* the end of the last closed window; WINDOW_NOT_BEGUN: none was closed */
	int64_t next_ms;   /* when the next window may end; INT64_MAX: never */
	struct pane *last; /* the last result of store_pane(); NULL: it may no longer exist */
	uint64_t pane_ms;  /* length of a pane */
	union {
		struct pane batch; /* or the groups that are joined */
		struct windows windows;
		struct sessions sessions;
	};
};

enum store_found { STORE_OK, STORE_LATE, STORE_FULL };

/* How groups are kept.  The functions are those of the same names below. */
struct store_kind {
	void (*init)(struct pane_store *s);
	void (*release)(struct pane_store *s);
	struct pane *(*pane)(struct pane_store *s, int64_t t_ms, int64_t at_ms); /* NULL: groups do not lie in panes */
	enum store_found (*block)(
		struct pane_store *s, const char *key, size_t len, int64_t t_ms, int64_t at_ms, void **ret);
	int (*close)(struct pane_store *s, int64_t at_ms, struct emit *emit, struct flow *flow);
	int (*peek)(struct pane_store *s, struct emit *emit, struct flow *flow);
	void (*each)(
		const struct pane_store *s, void (*on_group)(void *self, const struct key_group *group), void *self);
	void *(*put)(struct pane_store *s, const struct key_group *group);
	/* NULL: nothing is remembered of closed groups. */
	void (*each_closed)(
		const struct pane_store *s, void (*on_group)(void *self, const struct key_group *group), void *self);
	void (*put_closed)(struct pane_store *s, const struct key_group *group);
};

/* The kinds: for a batch (store.c), for partial results, windows and sessions (in files of these names). */
extern const struct store_kind store_batch, store_joined, store_windows, store_sessions;

/* JOINS: the store is for partial results only. */
void store_init(struct pane_store *s, const struct window *window, struct pane_set *set, bool joins);
void store_release(struct pane_store *s);

/* Whether groups lie in panes.  If not, there is only store_block(). */
static inline bool store_has_panes(const struct pane_store *s)
{
	return s->kind->pane;
}

/* The pane of records of T; NULL: all its windows ended at or before AT_MS, the watermark. */
static inline struct pane *store_pane(struct pane_store *s, int64_t t_ms, int64_t at_ms)
{
	/* Nearly always it is that of the previous record. */
	if (s->last && (uint64_t)t_ms - (uint64_t)s->last->start_ms < s->pane_ms)
		return s->last;
	return s->kind->pane(s, t_ms, at_ms);
}

/*
 * Put the block of KEY at T into *RET.  LATE: its windows ended at or before AT_MS; FULL: there would be one group too
 * many.
 */
enum store_found store_block(
	struct pane_store *s, const char *key, size_t len, int64_t t_ms, int64_t at_ms, void **ret) MUST_CHECK;

/* Whether something may have ended at or before AT_MS; only then store_close() has anything to do. */
static inline bool store_due(const struct pane_store *s, int64_t at_ms)
{
	return s->next_ms <= at_ms;
}

/*
 * Write the rows of the groups that ended at or before AT_MS, in the order of their ends, and remove them.  LATE: they
 * are of late records.  Returns like emit_end.
 */
int store_close(struct pane_store *s, int64_t at_ms, bool late, struct emit *emit, struct flow *flow) MUST_CHECK;

/*
 * Write the rows of all open groups; with CHANGED, only of those that have changed since the last call.  Returns like
 * emit_end.
 */
int store_peek(struct pane_store *s, bool changed, struct emit *emit, struct flow *flow) MUST_CHECK;

/* Write the rows of the batch, which lasted SECONDS (0: not known), and begin again.  Returns like emit_end. */
int store_end_batch(struct pane_store *s, double seconds, struct emit *emit, struct flow *flow) MUST_CHECK;

/* Call ON_GROUP with SELF for each group that is kept; with windows these are the groups of panes. */
static inline void store_each(
	const struct pane_store *s, void (*on_group)(void *self, const struct key_group *group), void *self)
{
	s->kind->each(s, on_group, self);
}

/*
 * The block to which GROUP belongs (its own block is ignored): an existing or a new one.  NULL: there would be one
 * group too many.  GROUP comes from store_each() or, where partial results are joined, from a window.
 */
static inline void *store_put(struct pane_store *s, const struct key_group *group)
{
	return s->kind->put(s, group);
}

/* The same for the ends of closed groups, which states keep, too. */
static inline void store_each_closed(
	const struct pane_store *s, void (*on_group)(void *self, const struct key_group *group), void *self)
{
	if (s->kind->each_closed)
		s->kind->each_closed(s, on_group, self);
}

/* 0; or -EBADMSG when this store does not remember closed groups. */
int store_put_closed(struct pane_store *s, const struct key_group *group) MUST_CHECK;

#endif
