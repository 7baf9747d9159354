/*
 * Groups as bytes: for partial results and for states.
 *
 * A group consists of the version, flags, the two times of its window, its key, and (unless it is closed) the saved
 * state of each accumulator; equal groups have equal bytes.
 */
#ifndef WEIR_AGGREGATE_SAVED_H
#define WEIR_AGGREGATE_SAVED_H

#include "cmd/aggregate/query.h"

#define SAVED_VERSION 2

/* Append GROUP, with its block, to OUT. */
void saved_put(struct strbuf *out, const struct query *q, const struct key_group *group);

/*
 * Read the beginning of the bytes, up to the accumulators; GROUP's key is a slice of them, its block is untouched.
 * *RET_CHANGED: it has changed since its row was written.  0, -EPROTONOSUPPORT another version, or -EBADMSG.
 */
int saved_get(struct stat_in *in, const struct query *q, struct key_group *group, bool *ret_changed) MUST_CHECK;

/* Read the accumulators after that, up to the end, into the new BLOCK.  0 or -EBADMSG. */
int saved_get_block(struct stat_in *in, const struct query *q, void *block) MUST_CHECK;

/*
 * A text, without line feeds, that determines the form of the groups: the key and the accumulators.  Groups of queries
 * with the same text can be joined, whatever their metrics are called.
 */
void saved_query(struct strbuf *out, const struct query *q);

/* The first metric that cannot be joined, as it was written; NULL when all can be. */
const char *saved_not_joined(const struct query *q);

#endif
