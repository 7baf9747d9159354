/*
 * The chain of batches that a sink holds: from R, or from its last commit, up to the last B (doc/design.md, 5).
 *
 * Layer: stream (uses base, mark_offsets).  Each partition's batches follow each other without a gap.  The positions on
 * which the chain builds must still be the table's when it is committed; the table checks that.
 */
#ifndef WEIR_STREAM_CHAIN_H
#define WEIR_STREAM_CHAIN_H

#include "common/stream/mark_offsets.h"

/* A partition of a topic, and how a commit moves its position. */
struct position {
	const char *group, *topic;
	int32_t partition;
	int64_t was;    /* expected: the next offset that the table has before the commit, -1 for none */
	int64_t next;   /* the next offset that it has afterwards */
	struct cut cut; /* of `next` */
	bool has_last;
	int64_t last_ms; /* timestamp and CRC-32 of the last record */
	uint32_t last_crc;
	int64_t last_offset;
	int64_t lost_from; /* offsets [lost_from,lost_to) were skipped, because the topic had lost them */
	int64_t lost_to;   /* 0: none were */
	int64_t from;      /* of a marked stream: the offset at which reading began */
	uint64_t records;  /* and how many records were read from there to `next` */
	bool has_parts;    /* the stream says how many partitions the topic had when the group began: */
	int32_t parts;
};

struct chain {
	char *group;            /* owned */
	struct position *items; /* `next` is where the chain ends */
	char **topics;          /* the topics of the items, owned */
	bool *named;            /* per item: a batch has named it since R */
	size_t count;
	bool changed; /* on some hop, the number of records has changed since the last commit */
};

void chain_release(struct chain *chain);

/* R: start a new chain with these partitions. */
void chain_resume(struct chain *chain, const struct mark_ranges *parts);

/* B: lengthen the chain by PARTS, N records on the last hop.  -ESTALE with the reason when PARTS do not follow. */
int chain_extend(struct chain *chain, const struct mark_ranges *parts, uint64_t n, struct strbuf *err) MUST_CHECK;

/*
 * The positions on which a commit builds, in *ret: first those that it moves (they differ from the table's, or the
 * table lacks them and a batch has named them), then *ret_stay others that the table has.  A commit leaves the others
 * where they are, but they must still be the table's, too: with a program with state in the pipeline, rows depend on
 * everything that the run has read.  When RECORDS are to be committed and no position moves (because a command has
 * printed records for an empty batch), the others count as moved, so that a writer that no longer owns them is
 * detected.  *ret is freed by the caller and borrows from CHAIN.  Returns how many are moved.
 */
size_t chain_moves(const struct chain *chain, bool records, struct position **ret, size_t *ret_stay);

/* The moves are committed: the chain builds on them from now on. */
void chain_committed(struct chain *chain);

#endif
