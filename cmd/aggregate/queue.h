/*
 * Records queued for a large table of groups: a few are queued while the memory that their look-ups will touch is
 * prefetched (common/data/groups_prefetch.h), then they are added in their order.  With 100,000 keys and without the
 * queue, 54 % of the time went into look-ups.
 */
#ifndef WEIR_AGGREGATE_QUEUE_H
#define WEIR_AGGREGATE_QUEUE_H

#include "cmd/aggregate/pane.h"
#include "common/data/groups_prefetch.h"

/* Tables with fewer groups fit into the second-level cache. */
#define QUEUE_GROUPS 4096

struct queued {
	uint64_t number;      /* of the record */
	struct accum_time at; /* the time of the record */
};

struct queue {
	size_t width;      /* values of a record: one for each accumulator */
	struct pane *pane; /* of all queued records */
	struct groups_prefetch keys;
	struct queued items[GROUPS_PREFETCH];
	struct value *values;
	const char *span, *span_end; /* texts in the span stay valid until the queue is emptied */
};

/* A zeroed queue may be released, too. */
void queue_init(struct queue *q, const struct query *query);
void queue_release(struct queue *q);

/*
 * Queue a record.  False: it cannot be queued, because a value would not stay valid.  There must be room, and the
 * queued records must belong to the same pane.
 */
bool queue_add(struct queue *q, const struct query *query, const struct groups_key *key, const struct value *values,
	uint64_t number) MUST_CHECK;

/* The values of the I-th queued record, for query_block_add_taken(). */
static inline const struct value *queue_values(const struct queue *q, size_t i)
{
	return q->values + i * q->width;
}

#endif
