/*
 * The query: the key, the metrics, and the block of accumulators that each group has for them.
 */
#ifndef WEIR_AGGREGATE_QUERY_H
#define WEIR_AGGREGATE_QUERY_H

#include "cmd/aggregate/metric.h"
#include "common/data/fields.h"
#include "common/data/groups.h"
#include "common/data/keys.h"
#include "common/data/name_index.h"

/* A group of a batch, of a window or of a session. */
struct key_group {
	bool other;               /* it combines the groups beyond --max-groups, and has no key */
	bool closed;              /* only the end of its key's last session, end_ms, is kept: it has no block */
	int64_t start_ms, end_ms; /* of its window */
	const char *key;          /* borrowed */
	size_t key_len;
	void *block;
};

struct query {
	struct fields keys;
	struct accum_value **values; /* owned, without repetitions */
	size_t value_count;
	struct accum *accums;
	size_t accum_count;
	struct name_index value_index, accum_index; /* of what makes them the same */
	struct metric *metrics;
	size_t metric_count;
	size_t block_size; /* bytes of state of a group */
	bool has_init;     /* for some accumulators a zeroed state is not empty */
	bool tracks;       /* blocks note whether they have changed: the uint64_t at changed_at */
	size_t changed_at;
	struct faults faults;
	struct accum_time now; /* of the current record */
	struct strbuf key;     /* of the current record */
	struct strbuf scratch; /* of accumulators */
};

void query_init(struct query *q);
void query_release(struct query *q);

/*
 * Parse the metrics at the front of OPERANDS, up to LAST (operands after a `--` are files whatever they look like), and
 * ask R for their fields.  Returns how many there were, or -EINVAL with the reason in ERR.
 */
int query_metrics(struct query *q, char **operands, char **last, struct records *r, struct strbuf *err) MUST_CHECK;

/*
 * Part of query_metrics() (query_accums.c): find the accumulator of M, or add it, and set m->accum.  -EINVAL with the
 * reason in ERR.  Metrics of one kind of accumulator with the same arguments and value share it.
 */
int query_accum(struct query *q, struct metric *m, struct records *r, struct strbuf *err) MUST_CHECK;

/* Add the key's and the metrics' columns to ROW.  -EINVAL with the reason in ERR. */
int query_key_columns(struct query *q, struct result_row *row, struct strbuf *err) MUST_CHECK;
int query_metric_columns(struct query *q, struct result_row *row, struct strbuf *err) MUST_CHECK;

/* Make BLOCK, which is zeroed, an empty block; free what it owns; add a record's values; join a later block to it. */
void query_block_init(const struct query *q, void *block);
void query_block_release(const struct query *q, void *block);
void query_block_add(struct query *q, void *block, const struct value *values);
/* The same, with a value for each accumulator in their order. */
void query_block_add_taken(struct query *q, void *block, const struct value *values);
/*
 * Whether all metrics can use these values.  This is tried on a separate group in the memory of BLOCK; if not,
 * q->faults has the reason.
 */
bool query_fits(struct query *q, void *block, const struct value *values) MUST_CHECK;
void query_block_merge(const struct query *q, void *into, const void *from);

/* From now on blocks note changes; call it before the first block. */
void query_track(struct query *q);

/* Whether BLOCK has changed since its row was written; only for a query that tracks changes. */
static inline uint64_t *query_block_changed(const struct query *q, void *block)
{
	return (uint64_t *)(void *)((char *)block + q->changed_at);
}

/* Put the metrics of BLOCK into their columns. */
void query_block_put(const struct query *q, void *block, struct result_row *row);

/* Put KEY's values into the columns from AT on. */
void query_put_key(const struct query *q, const char *key, size_t len, struct result_row *row, size_t at);

/* Compute the expressions of the key, before the functions below; what cannot be computed is a fault, and null. */
void query_compute_key(struct query *q, const struct value *values);

/* The key of a record's values: q->key. */
static inline void query_key(struct query *q, const struct value *values)
{
	strbuf_clear(&q->key);
	for (size_t i = 0; i < q->keys.count; i++)
		key_add(&q->key, fields_value(&q->keys.all[i], values));
}

/* The same for a look-up in G; a long key is in q->key. */
static inline void query_key_of(
	struct query *q, const struct groups *g, const struct value *values, struct groups_key *ret)
{
	uint64_t words[2];
	size_t len = q->keys.count == 1 ? key_words(fields_value(&q->keys.all[0], values), words) : 0;

	if (len) {
		*ret = groups_key_of_words(g, words[0], words[1], len);
		return;
	}
	query_key(q, values);
	*ret = groups_key_of(g, q->key.s, q->key.len);
}

#endif
