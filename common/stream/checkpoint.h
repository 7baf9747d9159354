/*
 * State that survives a crash: what a program knows after each batch, kept in a directory (doc/design.md, 7).
 *
 * Layer: stream (uses base, mark, mark_offsets, checkpoint_dir).  Part of the filter driver: it prints messages and
 * returns exit statuses as filter.h says.  A program with state has CHECKPOINT_OPTIONS in its table, calls
 * checkpoint_open() before filter_run(), and has the callback `state` of struct filter do nothing but
 *
 *     return checkpoint_step(&x->checkpoint, when, mark);
 *
 * It supplies the bytes (struct checkpoint_ops); when they are written and which are loaded is decided here:
 *
 * - Before a B goes on, the state is saved under the positions of that mark, so whatever a sink commits, its state is
 *   there.  A batch that moves no position (nothing was read) saves nothing, and the program is not told of it
 *   (`batch` in filter_ops.h): **it must neither change its state nor write records then**, or a restart could not tell
 *   the two states apart.  Nor may F (or `end`) change it or write out what it holds: the next run goes on from there.
 * - At the first R the state of its positions is loaded.  There is none in an empty directory: if no sink holds a
 *   position the program begins empty, and saves that; else, and if no state in the directory is for these positions,
 *   the answer is 78, or with --reset-state a begin with empty state.  A later R must name the positions that the state
 * is at; it may add partitions of which no sink holds a position: state does not move between members of a group.
 * - `done` says which states no restart can ask for any more.  Where sinks hold no positions (`ack`, the last program
 *   of a pipeline) those of CHECKPOINT_SPARE batches more are kept, because the group's offsets lag behind.
 * - A plain stream loads the newest state before its first record and saves its own when all inputs were read and
 *   everything was written out: what came before a failure or a signal comes again.  The two kinds of state do not mix.
 */
#ifndef WEIR_STREAM_CHECKPOINT_H
#define WEIR_STREAM_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/opt.h"
#include "common/stream/filter.h"
#include "common/stream/checkpoint_dir.h"

#define CHECKPOINT_SPARE 4

struct checkpoint_opts {
	const char *dir; /* NULL or "none": no state is kept */
	bool fresh;
};
/* clang-format off */
#define CHECKPOINT_OPTIONS(k)                                                                                  \
	{ .name = "state", .type = OPT_STRING, .dest = &(k)->dir, .arg = "DIR",                            \
	  .help = "keep state in the directory DIR; 'none': forget it at a restart" },                     \
	{ .name = "reset-state", .dest = &(k)->fresh,                                                        \
	  .help = "begin with empty state if DIR has none for where the run starts" }
/* clang-format on */

/* What a program's state looks like. */
struct checkpoint_ops {
	unsigned version; /* of the bytes: another one is refused */
	bool deltas;      /* save() can also write only what has changed since the last state */
	/* Write the state, or what has changed since the save before, with checkpoint_put(). */
	void (*save)(void *self, bool full, struct checkpoint_out *out);
	/*
	 * Take what save() wrote: FULL replaces everything, else it is what has changed.  0, or -errno with the
	 * reason in ERR, which ends the program.  The bytes were checked, so that only a bug can make them bad.
	 */
	int (*load)(void *self, bool full, const char *data, size_t len, struct strbuf *err);
};

struct checkpoint {
	const struct checkpoint_ops *form;
	void *self;
	bool on, fresh;
	struct checkpoint_dir dir;
	bool resumed;          /* the first R was seen, or the plain stream has begun */
	struct mark_ranges at; /* where the state is, once resumed */
	uint64_t begun, spare; /* the batch of the first R; how many done batches are kept */
	bool full;             /* the next state must be a full one */
};

/*
 * Open OPTS' directory, unless it is "none" or NULL.  QUERY is text, without line feeds, that says what shapes the
 * state (rules, keys, windows: two queries that are the same must mean the same); states of another one are refused.
 * K must be zeroed; it and OPTS' strings live until checkpoint_release(), FORM and SELF too.
 * Returns 0, or after a message EXIT_TEMP (another process uses it, or a failure that may pass) or EXIT_CONFIG.
 */
int checkpoint_open(struct checkpoint *k, const struct checkpoint_opts *opts, const struct checkpoint_ops *form,
	void *self, const char *query) MUST_CHECK;
void checkpoint_release(struct checkpoint *k);

/* The callback `state` of struct filter.  0 or an exit status after a message. */
int checkpoint_step(struct checkpoint *k, enum filter_moment when, const struct mark *mark) MUST_CHECK;

#endif
