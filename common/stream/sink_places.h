/*
 * Where the records of a commit came from, for messages about one of them after its batch is gone.
 *
 * Layer: stream.  Records are numbered from 0 in the order in which they are noted.  Those that follow each other in
 * one input or batch take one entry together, so that a commit without rejected records needs one for each of its
 * batches.
 */
#ifndef WEIR_STREAM_SINK_PLACES_H
#define WEIR_STREAM_SINK_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "common/stream/sink_ops.h"

struct sink_places_run {
	uint64_t first; /* the number of its first record */
	struct sink_place place;
};

struct sink_places { /* zeroed at first */
	struct sink_places_run *all;
	size_t count;
};

/* Record NR, the next one, is the one that PLACE counts last.  The input's name is borrowed until the release. */
void sink_places_add(struct sink_places *p, uint64_t nr, const struct sink_place *place);

/* Where record NR came from; zeros when none was noted. */
struct sink_place sink_places_find(const struct sink_places *p, uint64_t nr);

/* Forget all; P is as at first. */
void sink_places_release(struct sink_places *p);

#endif
