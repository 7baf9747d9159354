/*
 * The chain of batches that a sink holds: from R, or from its last commit, up to the last B (doc/design.md, 5).
 *
 * Layer: stream (uses base, mark_offsets).  Each partition's batches follow each other without a gap; what the chain
 * builds on must be what the table says when it is committed, and that the table checks.
 */
#ifndef WEIR_STREAM_CHAIN_H
#define WEIR_STREAM_CHAIN_H

#include "common/stream/mark_offsets.h"

/* A partition of a topic as a commit moves it. */
struct position {
	const char *group, *topic;
	int32_t partition;
	int64_t was;  /* what the table must say: the next offset, -1 for none */
	int64_t next; /* what it says afterwards */
	bool has_last;
	int64_t last_ms; /* timestamp and CRC-32 of the last record */
	uint32_t last_crc;
	int64_t last_offset;
	int64_t lost_from; /* offsets [lost_from,lost_to) were stepped over, because the topic had lost them */
	int64_t lost_to;   /* 0: none were */
	int64_t from;      /* of a marked stream: where reading began */
	uint64_t records;  /* and how many records were read from there to `next` */
	bool has_parts;    /* the stream says how many partitions the topic had when the group began: */
	int32_t parts;
};

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
 * The positions that a commit would move: those that differ from what the table has, and those that it does not have
 * and a batch has named.  When RECORDS are committed and none moves (a command has printed them for an empty batch),
 * all that the table has: they stay where they are, but a writer that does not own them any more is found out.  *ret is
 * freed by the caller and borrows from CHAIN; returns how many.
 */
size_t chain_moves(const struct chain *chain, bool records, struct position **ret);

/* They are committed. */
void chain_committed(struct chain *chain);

#endif
