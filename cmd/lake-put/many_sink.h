/*
 * Many tables as one sink: what it does at each step (common/stream/sink.h).
 *
 * Each table commits for itself, one after the other, its rows with the positions of its topic (share.h); the batches
 * are acknowledged when all have.  What a crash leaves committed in one table and not in another is found by the next
 * question: each topic goes on where its own table is.
 */
#ifndef WEIR_LAKE_PUT_MANY_SINK_H
#define WEIR_LAKE_PUT_MANY_SINK_H

#include "many_rows.h"

struct many_sink {
	struct many many;
	struct many_rows rows;
	const char *stats; /* of --stats, or NULL */
};

/* SELF is a struct many_sink. */
extern const struct sink_ops many_sink_ops;

#endif
