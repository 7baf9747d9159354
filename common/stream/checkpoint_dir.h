/*
 * A directory of states: the files `state-NNNNNNNN` of one program with one set of options, and a lock.
 *
 * Layer: stream (uses base, checkpoint_file).  Each file begins with a full state, deltas follow.  A run of the
 * program writes files of its own, with higher numbers; a file appears by rename(2) when it is whole and synced.
 * Other files in the directory are left alone.  The lock is a flock(2) on the directory: two programs cannot share
 * one.
 */
#ifndef WEIR_STREAM_CHECKPOINT_DIR_H
#define WEIR_STREAM_CHECKPOINT_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/stream/checkpoint_file.h"

struct checkpoint_file {
	uint64_t number;
	struct checkpoint_frame *frames; /* the frames that existed at the start; the first one is a full state */
	size_t count;
	/* the batch with which the positions of its first frame are committed; UINT64_MAX: not written by this run */
	uint64_t batch;
};

struct checkpoint_dir {
	char *path;
	int fd;
	char *identity;
	struct checkpoint_file *files; /* by number */
	size_t count;
	uint64_t next; /* number of the next new file */

	/* The file that is being appended to; out_fd -1: none. */
	int out_fd;
	uint64_t out_end, out_full, out_deltas; /* its size, the bytes of the full state, and the bytes of all deltas */
	size_t out_frames;
};

/*
 * Open (or make, 0700) the directory PATH for the states with IDENTITY, a line of text, and read what is there.
 *
 * Returns 0; -EBUSY another process has it; -ESTALE it holds states of another identity; or -errno, all with the reason
 * in ERR.  Damaged frames are skipped, and NOTES gets a line (ending in LF) for each file that has some.  S must be
 * released in any case.
 */
int checkpoint_dir_open(struct checkpoint_dir *s, const char *path, const char *identity, struct strbuf *notes,
	struct strbuf *err) MUST_CHECK;
void checkpoint_dir_release(struct checkpoint_dir *s);

/* Whether the directory holds no file of states, not even an unreadable one. */
bool checkpoint_dir_empty(const struct checkpoint_dir *s);

/* Whether the directory holds a readable state of a marked stream. */
bool checkpoint_dir_is_marked(const struct checkpoint_dir *s);

/*
 * Open the file with NUMBER for reading; never blocks, even if a FIFO has taken its place.
 * Returns its descriptor, which the caller closes, or, with the reason in ERR, -EINVAL when it is not a regular file,
 * or -errno.
 */
int checkpoint_dir_open_file(const struct checkpoint_dir *s, uint64_t number, struct strbuf *err) MUST_CHECK;

/*
 * Whether a state at the positions STATE (of a B, or of an R after ranges_resume()) is the one for START (of an R).  It
 * is when each of its partitions is in START and fits.  If a sink holds a position of the partition, the state must
 * have the same position with the same cut (`was`).  If sinks can hold one but do not yet, the state must have seen
 * nothing of the partition.  If no sink can hold one, the position alone (`start`) decides.  Partitions of START that
 * the state does not have must have no `was`: no table has anything of them.
 */
bool checkpoint_is_at(const struct mark_ranges *state, const struct mark_ranges *start) MUST_CHECK;

/*
 * Load the newest state for START; with START NULL, the newest of a plain stream.
 *
 * LOAD gets it frame by frame, the full state first; a negative result of LOAD ends the loading, with the reason in
 * ERR.  Damaged states are skipped, and NOTES says so.  Returns 1, 0 when there is no state, -EIO when LOAD has failed,
 * or -errno.
 */
int checkpoint_dir_load(struct checkpoint_dir *s, const struct mark_ranges *start,
	int (*load)(void *arg, bool full, const char *data, size_t len, struct strbuf *err), void *arg,
	struct strbuf *notes, struct strbuf *err) MUST_CHECK;

/* Append the positions at which START (of an R) begins, and those of the newest state of a marked stream. */
void checkpoint_dir_compare(const struct checkpoint_dir *s, const struct mark_ranges *start, struct strbuf *out);

/* Drop the list of the files that were found in the directory (not the files), once the run has its state. */
void checkpoint_dir_drop_index(struct checkpoint_dir *s);

/* Whether a delta suffices for the next state: this run has a file to append it to, and the file is not too long. */
bool checkpoint_dir_takes_delta(const struct checkpoint_dir *s);

/*
 * Write a state, in three steps: begin, checkpoint_put() the data, end.  The MARK's text (NULL: a plain stream) names
 * it.  The state is durable when checkpoint_dir_save_end() has returned 0.  After a failure, -errno, the directory is
 * unchanged, and the next state must be a full one.
 */
int checkpoint_dir_save_begin(struct checkpoint_dir *s, enum checkpoint_form form, const struct mark *mark,
	struct checkpoint_out *out) MUST_CHECK;
int checkpoint_dir_save_end(struct checkpoint_dir *s, struct checkpoint_out *out) MUST_CHECK;

/*
 * Batch DONE is committed: find this run's newest full state whose positions are committed by now, and remove the files
 * of all states before it, because no restart can need them.  0 or -errno.
 */
int checkpoint_dir_prune(struct checkpoint_dir *s, uint64_t done) MUST_CHECK;

/* Remove the files of all states but the newest.  0 or -errno. */
int checkpoint_dir_keep_newest(struct checkpoint_dir *s) MUST_CHECK;

#endif
