/*
 * The partitions that a source reads, and how far: the table behind a session.
 *
 * Layer: stream (uses base/alloc, cut; no file, no clock, no library of a source).  A topic is a name, a partition a
 * number, an offset a number: only the source knows more about them.
 *
 * A partition has three positions: `next` is after the last record that was put into the output; `acked` is after the
 * last one that is safe (acknowledged by all sinks; on a plain stream: written to standard output); `committed` is what
 * the group has.  next >= acked, and both only grow while the partition stays assigned.
 */
#ifndef WEIR_STREAM_CURSORS_H
#define WEIR_STREAM_CURSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/stream/cut.h"

#define OFFSET_NONE  (-1)
#define OFFSET_NEVER INT64_MAX
#define TIME_NONE    (-1) /* a record without a timestamp */
#define TIME_UNKNOWN (-2) /* no record is known */

/* Identifies a record, so that another one at the same offset, after its topic was recreated, is recognised. */
struct identity {
	bool known;
	int64_t offset, ms; /* ms: its timestamp, -1 when it has none */
	uint32_t crc;       /* CRC-32 of its key followed by its value */
};

struct topic {
	char *name;       /* owned */
	int32_t at_start; /* how many partitions it had when the program began; 0: it did not exist */
	int32_t known;    /* the highest partition that there is a cursor for, plus one */
	int32_t recorded; /* how many it had when the group began to read it, as the sinks know it; -1: no sink knows */
	/* how many it had then, as the session has decided; partitions with this number or a higher one came later */
	int32_t parts;
	bool stored;  /* the group had a position of it when the program began */
	bool matched; /* the user did not name it; a regular expression matches it */
};

struct cursor {
	struct topic *topic;
	int32_t partition;
	void *user; /* the source's own, borrowed */

	bool assigned;
	unsigned epoch; /* the assignment that began to read it */
	int64_t next, acked;
	int64_t committed; /* `next`, `acked`, `committed`; OFFSET_NONE: not known */
	int64_t end;       /* the first offset that is not read any more; OFFSET_NEVER */
	bool end_known;    /* `end` holds for later assignments, too */
	bool ended;        /* `next` has reached `end` */
	int64_t reached;   /* after the last record of this run, over all assignments; OFFSET_NONE */
	int64_t tail;      /* the tail: from this offset on nothing can be read for now; OFFSET_NONE: not known */

	/* What the last look-up found. */
	int64_t lo, hi;               /* its records have the offsets lo to hi - 1 */
	int64_t from_timed, to_timed; /* the offset for the time in --from, --to; OFFSET_NONE: no record is that late */
	int64_t stored;               /* the group's position; OFFSET_NONE */

	/* What the sinks answered to the last Q. */
	bool held;        /* a sink can hold a position of it */
	int64_t expected; /* the position that they hold; OFFSET_NONE */
	struct cut cut;   /* the cut of `held`; once R is written, of `from` */

	bool in_batch;    /* the open batch lists it: */
	int64_t from;     /* it begins there */
	uint64_t records; /* and has this many records of it */

	/*
	 * The greatest timestamp of all records that were read and of the record before the start.  TIME_NONE: none of
	 * them has a timestamp; TIME_UNKNOWN: no record is known.
	 */
	int64_t max_ms;
	struct identity last; /* of the last record that was read */
	/*
	 * what is known of the record before the start, or before `next`; that record is read again and compared with
	 * it
	 */
	struct identity before;

	/* For checking whether the topic was recreated: see recreated.h. */
	struct identity anchor; /* the last record that had been read at the last check */
	int64_t anchor_max_ms;  /* max_ms at that check */
	int64_t checked;        /* an answer that was found harmless, or OFFSET_NONE */
};

struct cursors {
	struct cursor **items; /* by topic, then partition */
	size_t count;
	size_t assigned, open; /* how many are assigned, and how many of these have not ended */
	unsigned epoch;        /* of the current assignment */
	struct topic **topics; /* owned */
	size_t topic_count;
	bool stored; /* the group had a position of any topic when the program began */
};

void cursors_release(struct cursors *t);

/* The topic NAME, created if it does not exist; its address stays valid until the release. */
struct topic *cursors_topic(struct cursors *t, const char *name);

/* The cursor of a partition, created if it does not exist; its address stays valid until the release. */
struct cursor *cursors_get(struct cursors *t, const char *topic, int32_t partition);

/* From now on C is read from START, in the current epoch. */
void cursors_assign(struct cursors *t, struct cursor *c, int64_t start);

/*
 * C moves on to offset NEXT, and may have reached its end.  If C was revoked while its record was being written, it no
 * longer counts as open.
 */
void cursors_advance(struct cursors *t, struct cursor *c, int64_t next);

/*
 * Nothing of C can be read now from OFFSET on (with transactions: from the last stable offset on).  C moves on to
 * OFFSET, because only offsets without records lie before it, and OFFSET is its tail until a record comes.
 */
void cursors_at_tail(struct cursors *t, struct cursor *c, int64_t offset);

/* Whether C may have records that were not read yet. */
static inline bool cursor_has_more(const struct cursor *c)
{
	return c->next != c->tail;
}

/* Start a new epoch: assigned partitions go on from `next`, and records fetched before are void. */
void cursors_renew(struct cursors *t);

/* Nothing is assigned any more; a new epoch begins. */
void cursors_drop_all(struct cursors *t);

/* What to do with a record at OFFSET that was fetched in EPOCH. */
enum verdict {
	RECORD_TAKE,
	RECORD_SKIP,    /* ignore it: it belongs to an assignment that is over, before `next`, or beyond the end */
	RECORD_COMPARE, /* it is the record before the start: compare it with `before` */
};
enum verdict cursors_accept(struct cursors *t, struct cursor *c, int64_t offset, unsigned epoch);

#endif
