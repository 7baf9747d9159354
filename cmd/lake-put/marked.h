/*
 * lake-put on a marked stream: batches gather until a commit is due; a commit moves files and positions together; what
 * is committed and published is acknowledged (DESIGN sections 4 and 5).
 */
#ifndef WEIR_LAKE_PUT_MARKED_H
#define WEIR_LAKE_PUT_MARKED_H

#include "chain.h"
#include "common/stream/ack.h"
#include "sink.h"
#include "stats.h"

struct marked_options {
	int64_t every_ms;        /* --commit-every */
	uint64_t bytes, records; /* --commit-bytes, --commit-records */
	const char *stats;       /* --stats, or NULL */
};

struct marked {
	const struct marked_options *opt;
	struct ack ack;
	struct chain chain;
	uint64_t batch;    /* the last one that is complete */
	bool in_hand;      /* there are batches that are not committed */
	int64_t began_ms;  /* when the oldest batch in hand began */
	int64_t oldest_ms; /* timestamp of the oldest record in hand, -1: none */
	struct stats stats;
};

/* filter callback for marks; SELF is a struct sink. */
int marked_take(void *self, const struct mark *mark, struct flow *flow);

/* The number of the batch that is being read; 0 on a plain stream. */
uint64_t marked_batch(const struct marked *marked);

void marked_release(struct marked *marked);

#endif
