/*
 * Where reading of a partition begins: by the sinks, the group and --from, in this order of precedence.
 *
 * Layer: stream (uses where).  It asks no broker and prints nothing; the caller supplies all facts.
 *
 * A partition, or a topic that a regular expression matches, may have been created after the group began to read.  It
 * is read from its beginning, whatever --from says, because the user's "end" referred to an earlier time.
 */
#ifndef WEIR_STREAM_STARTS_H
#define WEIR_STREAM_STARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/stream/where.h"

#define START_NONE (-1)

/* What is known of a partition; offsets are START_NONE where there is none. */
struct start_facts {
	const struct where *from;
	int64_t lo, hi; /* its records have the offsets lo to hi - 1 */
	int64_t timed;  /* for a time in `from`: the first record at or after it; START_NONE: there is none */
	int64_t sink;   /* the position of the sinks */
	bool held;      /* a sink can hold a position of it, and has said so */
	int64_t stored; /* the position of the group */
	bool reset;     /* the group's position is ignored */
	bool later;     /* it came later (see above) */
};

enum start_by {
	START_BY_SINK,
	START_BY_GROUP,
	START_BY_FROM,
	START_BY_LATER, /* at its beginning, because it came later */
};

/*
 * Where to begin.  The offset may lie before `lo` or beyond `hi`, which the caller must check.  *ret is the reason.
 * START_NONE when `from` is the group's position and the group has none.
 */
int64_t start_of(const struct start_facts *f, enum start_by *ret);

/*
 * The offset that W means: `timed`, `stored`, or one between `lo` and `hi`; START_NONE for a stored position that does
 * not exist.
 */
int64_t start_place(const struct start_facts *f, const struct where *w);

/* What is known of a topic. */
struct topic_facts {
	int32_t recorded; /* how many partitions it had when the group began, by a table; -1: no table knows */
	int32_t at_start; /* how many it had when this program began; 0: it did not exist */
	bool matched;     /* it was not named itself: a regular expression matches it */
	bool elsewhere;   /* the group had positions when this program began, but of other topics only */
};

/* How many partitions the topic had when the group began to read; those with this number and higher ones came later. */
int32_t start_parts(const struct topic_facts *t);

#endif
