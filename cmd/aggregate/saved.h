/*
 * Groups as bytes: for partial results and for states.
 *
 * One group is: the version, flags, the two times of its window, its key, and what each accumulator saves; equal
 * groups have equal bytes.
 */
#ifndef WEIR_AGGREGATE_SAVED_H
#define WEIR_AGGREGATE_SAVED_H

#include "cmd/aggregate/query.h"

#define SAVED_VERSION 2

struct saved {
	bool other;   /* it is what is beyond --max-groups */
	bool changed; /* since its row was written (--emit update) */
	int64_t start_ms, end_ms;
	const char *key; /* when read: a slice of the bytes */
	size_t key_len;
};

/* Append the group with BLOCK to OUT. */
void saved_put(struct strbuf *out, const struct query *q, const struct saved *saved, const void *block);

/* Read the front of the bytes, up to the accumulators.  0, -EPROTONOSUPPORT another version, or -EBADMSG. */
int saved_get(struct stat_in *in, struct saved *ret) MUST_CHECK;

/* Read the accumulators behind that, all of it, into the new BLOCK.  0 or -EBADMSG. */
int saved_get_block(struct stat_in *in, const struct query *q, void *block) MUST_CHECK;

/*
 * What shapes the groups: the key and the accumulators, as text without line feeds.  Whoever has the same text can join
 * them, whatever the metrics are called.
 */
void saved_query(struct strbuf *out, const struct query *q);

/* The first metric that can not be joined, as it was written; NULL: all can. */
const char *saved_not_joined(const struct query *q);

#endif
