/*
 * Records on their way to a large table of groups.
 *
 * A look-up among many groups misses the caches two or three times.  So records wait, a few at a time, until the memory
 * of all of them is on its way; then they are added in their order.  By 100,000 users, one by one, 54 % of the time was
 * in the look-up.
 */
#ifndef WEIR_AGGREGATE_QUEUE_H
#define WEIR_AGGREGATE_QUEUE_H

#include "cmd/aggregate/pane.h"

#define QUEUE_ROOM 32
/* Longer keys do not wait. */
#define QUEUE_KEY 48
/* Tables of fewer groups are in the second-level cache. */
#define QUEUE_GROUPS 4096

struct queued {
	struct groups_key key;
	uint64_t number;      /* of the record */
	struct accum_time at; /* when it was */
	char text[QUEUE_KEY]; /* of a key that is not in words */
};

struct queue {
	size_t width;      /* values of a record: one for each accumulator */
	struct pane *pane; /* of all that waits */
	size_t count;
	struct queued items[QUEUE_ROOM];
	struct value *values;
	const char *span, *span_end; /* texts in there stay until the queue is emptied */
};

/* Q begins zeroed. */
void queue_init(struct queue *q, const struct query *query);
void queue_release(struct queue *q);

/*
 * Let a record wait.  False: it can't, because its key is long or a value is not where it stays.  There must be room,
 * and what waits is of the same pane.
 */
bool queue_add(struct queue *q, const struct query *query, const struct groups_key *key, const struct value *values,
	uint64_t number) MUST_CHECK;

/* All that waits is about to be taken: their groups' memory is fetched. */
void queue_fetch(const struct queue *q);

/* The values of the I-th record that waits, for query_block_add_taken(). */
static inline const struct value *queue_values(const struct queue *q, size_t i)
{
	return q->values + i * q->width;
}

#endif
