/*
 * The chain of batches that lake-put holds: from R, or from its last commit, up to the last B (DESIGN section 5).
 *
 * Each partition's batches follow each other without a gap; what the chain builds on must be what the log says when it
 * is committed, and that the log checks.
 */
#ifndef WEIR_LAKE_PUT_CHAIN_H
#define WEIR_LAKE_PUT_CHAIN_H

#include "common/stream/mark_offsets.h"
#include "common/lake/entry.h"

struct chain {
	char *group;            /* owned */
	struct position *items; /* `next` is where the chain ends */
	char **topics;          /* theirs, owned */
	bool *named;            /* one an item: a batch has named it since R */
	size_t count;
	bool changed; /* since the last commit a hop changed the number of records */
};

void chain_release(struct chain *chain);

/* R: begin anew with these partitions. */
void chain_resume(struct chain *chain, const struct mark_ranges *parts);

/* B: lengthen the chain by PARTS, N records on the last hop.  -ESTALE with the reason when PARTS do not follow. */
int chain_extend(struct chain *chain, const struct mark_ranges *parts, uint64_t n, struct strbuf *err) MUST_CHECK;

/*
 * The positions that a commit would move: those that differ from what the log has, and those that it does not have and
 * a batch has named.  When RECORDS are committed and none moves (a command has printed them for an empty batch), all
 * that the log has: they stay where they are, but a writer that does not own them any more is found out.  *ret is freed
 * by the caller and borrows from CHAIN; returns how many.
 */
size_t chain_moves(const struct chain *chain, bool records, struct position **ret);

/* They are committed. */
void chain_committed(struct chain *chain);

#endif
