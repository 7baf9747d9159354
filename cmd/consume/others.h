/*
 * A member of a group that was given no partitions, with --to: other members read them.
 *
 * Its part is done when the group has committed everything up to the ends.  Until then it stays: what others give up,
 * or leave behind when they die, comes to it.  When the group gets no further for as long as a dead member is taken for
 * a living one, somebody lives and does nothing.
 */
#ifndef WEIR_CONSUME_OTHERS_H
#define WEIR_CONSUME_OTHERS_H

#include "common/stream/session.h"

struct others {
	struct session_part *all; /* the partitions of all topics as the program began; owned */
	size_t count;
	int64_t empty_since; /* we have nothing since then; 0: not so */
	int64_t next_look;
	int64_t sum, moved; /* how far the others are, and when that has changed */
};

enum others_step {
	OTHERS_WAIT,
	OTHERS_LOOK,  /* find out how far the group is with all partitions, then others_judge() */
	OTHERS_DONE,  /* they have committed everything up to --to */
	OTHERS_STUCK, /* they have got no further for too long: *ret_behind has not reached its end */
};

/* We have been given nothing (EMPTY), or something. */
void others_note(struct others *o, bool empty, int64_t now_ms);

enum others_step others_next(struct others *o, int64_t now_ms);

/* The look-up is done. */
enum others_step others_judge(
	struct others *o, struct session *s, int64_t session_ms, int64_t now_ms, const struct cursor **ret_behind);

#endif
