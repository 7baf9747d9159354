/*
 * A place in a partition as users write it: start, end, stored, N, +N, -N, @TIME.
 *
 * Layer: stream (libc only).  data/where_parse.h reads it.
 */
#ifndef WEIR_STREAM_WHERE_H
#define WEIR_STREAM_WHERE_H

#include <stdint.h>

enum where_kind {
	WHERE_START,  /* the first record that the partition still has */
	WHERE_END,    /* after its last record */
	WHERE_STORED, /* the committed position of the group */
	WHERE_OFFSET, /* N: the offset n */
	WHERE_AFTER,  /* +N: n records after the start */
	WHERE_BEFORE, /* -N: n records before the end */
	WHERE_TIME,   /* @TIME: the first record whose timestamp is n ms or later */
};

struct where {
	enum where_kind kind;
	int64_t n; /* 0 or more; for WHERE_TIME milliseconds since the epoch */
};

/*
 * The offset that W means in a partition whose records have the offsets LO to HI - 1; `-N` never lies before LO.
 * Not for WHERE_STORED and WHERE_TIME, which need the broker.
 */
int64_t where_offset(const struct where *w, int64_t lo, int64_t hi);

#endif
