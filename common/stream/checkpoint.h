/*
 * State that survives a crash: what a program knows after each batch, kept in a directory (doc/design.md, 7).
 *
 * Layer: stream (uses base, mark, mark_offsets, checkpoint_dir).  Part of the filter driver: it prints messages and
 * returns exit statuses as filter.h says.  A program with state has CHECKPOINT_OPTIONS in its table, calls
 * checkpoint_open() before filter_run(), and its callback `state` (struct filter) consists of
 *
 *     return checkpoint_step(&x->checkpoint, when, mark);
 *
 * The program supplies the bytes (struct checkpoint_ops).  This module decides when they are written and which are
 * loaded:
 *
 * - Before a B is passed on, the state is saved under the positions of that mark and their cuts (cut.h), so for every
 * commit of a sink there is exactly one state.  For a batch that moves no position (because nothing was read), no state
 * is saved and the program's `batch` is not called (filter_ops.h).  **The program must neither change its state nor
 * write records then**, or a restart could not distinguish the two states.  At F, or in `end`, it must not change the
 * state or write out what it holds, either: the next run continues from there.
 * - At the first R the state with its positions and cuts is loaded.  When the directory is empty and no sink has a
 *   position, the program begins with an empty state and saves that.  Otherwise, when the directory has no such state,
 *   the exit status is 78, or with --reset-state the program begins with an empty state.  A later R must name the
 *   positions of the current state, otherwise the exit status is 75 (another run has committed meanwhile).  It must
 * also name its partitions, otherwise the exit status is 78 (state does not move between members of a group); it may
 * add partitions of which no sink has a position. The state is also saved at an R that moves a position itself (because
 * it adds a partition, or skips records that the topic has lost).
 * - States for which no restart can ask any more, by `done` in the marks, are removed.  Where sinks store no positions
 *   (`ack`, the last program of a pipeline) those of CHECKPOINT_SPARE more batches are kept, because the group's
 *   offsets lag behind.
 * - A plain stream loads the newest state before its first record and saves its own when all inputs were read and
 *   everything was written out: after a failure or a signal the records before it must be read again.  The states of
 *   plain and of marked streams cannot replace each other.
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
	  .help = "keep state in directory DIR; 'none' forgets it at a restart" },                     \
	{ .name = "reset-state", .dest = &(k)->fresh,                                                        \
	  .help = "begin with empty state if DIR has none for the positions of the start" }
/* clang-format on */

/* What a program's state looks like. */
struct checkpoint_ops {
	unsigned version; /* version of the bytes' format; states of another one are refused */
	bool deltas;      /* whether save() can also write only the changes since the last state */
	/* Write the state, or what has changed since the save before, with checkpoint_put(). */
	void (*save)(void *self, bool full, struct checkpoint_out *out);
	/*
	 * Load what save() wrote: a FULL state replaces everything, a delta is added.  0, or -errno with the reason in
	 * ERR, which ends the program.  The checksum was verified, so only a bug can make the bytes bad.
	 */
	int (*load)(void *self, bool full, const char *data, size_t len, struct strbuf *err);
};

struct checkpoint {
	const struct checkpoint_ops *form;
	void *self;
	bool on, fresh;
	struct checkpoint_dir dir;
	bool resumed;          /* the first R was seen, or the plain stream has begun */
	struct mark_ranges at; /* the positions of the state, once the run was resumed */
	uint64_t spare;        /* how many acknowledged batches keep their states */
	bool full;             /* the next state must be a full one */
};

/*
 * Open OPTS' directory, unless it is "none" or NULL.  QUERY is a text without line feeds that names everything on which
 * the state depends (rules, keys, windows): equal texts must mean that states are interchangeable, and states with
 * another text are refused.  K must be zeroed; K, the strings of OPTS, FORM and SELF must live until
 * checkpoint_release().  Returns 0, or after a message EXIT_TEMP (another process uses it, or a failure that may pass)
 * or EXIT_CONFIG.
 */
int checkpoint_open(struct checkpoint *k, const struct checkpoint_opts *opts, const struct checkpoint_ops *form,
	void *self, const char *query) MUST_CHECK;
void checkpoint_release(struct checkpoint *k);

/* The callback `state` of struct filter.  0 or an exit status after a message. */
int checkpoint_step(struct checkpoint *k, enum filter_moment when, const struct mark *mark) MUST_CHECK;

#endif
