/*
 * A member of a group that was given no partitions, with --to: other members read them.
 *
 * With --to it has finished when the group has committed everything up to the ends.  Until then it stays, because
 * partitions that others give up, or leave behind when they die, are assigned to it.  If the group's positions do not
 * move for as long as Kafka needs to notice a dead member, a live member is stuck.
 */
#ifndef WEIR_CONSUME_OTHERS_H
#define WEIR_CONSUME_OTHERS_H

#include "common/stream/session.h"

struct others {
	struct session_part *all; /* the partitions of all topics when the program began; owned */
	size_t count;
	int64_t empty_since; /* since when we have no partitions; 0: we have some */
	int64_t next_look;
	int64_t sum, moved; /* the sum of the others' positions, and when it last changed */
};

enum others_step {
	OTHERS_WAIT,
	OTHERS_LOOK,  /* look up the group's positions of all partitions, then call others_decide() */
	OTHERS_DONE,  /* they have committed everything up to --to */
	OTHERS_STUCK, /* no position has moved for too long: *ret_behind has not reached its end */
};

/* There is an assignment; EMPTY: without partitions. */
void others_note(struct others *o, bool empty, int64_t now_ms);

enum others_step others_next(struct others *o, int64_t now_ms);

/* Judge the progress of the group, after the look-up. */
enum others_step others_decide(
	struct others *o, struct session *s, int64_t session_ms, int64_t now_ms, const struct cursor **ret_behind);

#endif
