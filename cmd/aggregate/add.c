/* Adds records to the open groups: see add.h. */
#include "cmd/aggregate/add.h"

#include "cmd/aggregate/report.h"

/* The record is late: all its windows are closed. */
static int add_late(struct aggregate *a, const struct value *values, int64_t t_ms, struct flow *flow)
{
	void *block;

	a->count.late++;
	if (a->keeps_late) {
		enum store_found found =
			store_block(&a->late, a->query.key.s, a->query.key.len, t_ms, WINDOW_NOT_BEGUN, &block);
		if (found != STORE_OK)
			return report_full(a, records_number(a->rf.records));
		query_block_add(&a->query, block, values);
		return 0;
	}
	return record_filter_put_aside(&a->rf, "late", flow);
}

/* Add a record to PANE: VALUES are those of the reader or, with TAKEN, one for each accumulator. */
static inline int add_to(struct aggregate *a, struct pane *pane, const struct groups_key *key,
	const struct value *values, bool taken, uint64_t number, struct flow *flow)
{
	uint64_t faults = faults_count(&a->query.faults);
	void *block = pane_block_of(pane, key);

	if (!block)
		return report_full(a, number);
	if (taken)
		query_block_add_taken(&a->query, block, values);
	else
		query_block_add(&a->query, block, values);
	return faults_count(&a->query.faults) == faults ? 0 : report_fault(a, number, flow);
}

int add_waiting(struct aggregate *a, struct flow *flow)
{
	struct accum_time now = a->query.now;
	struct queue *q = &a->queue;
	int r = 0;

	if (q->keys.count)
		groups_prefetch_slots(&q->keys, &q->pane->groups);
	for (size_t i = 0; i < q->keys.count && !r; i++) {
		struct groups_key key = groups_prefetch_key(&q->keys, i);
		a->query.now = q->items[i].at;
		r = add_to(a, q->pane, &key, queue_values(q, i), true, q->items[i].number, flow);
	}
	groups_prefetch_clear(&q->keys);
	a->query.now = now;
	return r;
}

/* Queue a record if possible.  Otherwise add the queued records, and set *RET to the result of that. */
static bool waits(struct aggregate *a, struct pane *pane, const struct groups_key *key, const struct value *values,
	uint64_t number, int *ret, struct flow *flow)
{
	struct queue *q = &a->queue;
	bool large = a->queues && pane->groups.count >= QUEUE_GROUPS;

	if (!large || q->keys.count == GROUPS_PREFETCH || pane != q->pane)
		*ret = add_waiting(a, flow);
	q->pane = pane;
	if (*ret || (large && queue_add(q, &a->query, key, values, number)))
		return true;
	*ret = add_waiting(a, flow);
	return *ret;
}

/* Add a record, now or when enough others are queued. */
static int add_or_wait(struct aggregate *a, struct pane *pane, const struct value *values, struct flow *flow)
{
	uint64_t number = records_number(a->rf.records);
	struct groups_key key;
	int r = 0;

	query_key_of(&a->query, &pane->groups, values, &key);
	if ((a->queue.keys.count || pane->groups.count >= QUEUE_GROUPS) &&
		waits(a, pane, &key, values, number, &r, flow))
		return r;
	return add_to(a, pane, &key, values, false, number, flow);
}

static int add_to_session(struct aggregate *a, const struct value *values, int64_t t_ms, struct flow *flow)
{
	uint64_t faults = faults_count(&a->query.faults), number = records_number(a->rf.records);
	void *block;

	query_key(&a->query, values);
	enum store_found found =
		store_block(&a->open, a->query.key.s, a->query.key.len, t_ms, a->watermark.at_ms, &block);
	if (found == STORE_LATE)
		return add_late(a, values, t_ms, flow);
	if (found == STORE_FULL)
		return report_full(a, number);
	query_block_add(&a->query, block, values);
	return faults_count(&a->query.faults) == faults ? 0 : report_fault(a, number, flow);
}

/* Compute the expressions of the key. */
static int compute_key(struct aggregate *a, const struct value *values, struct flow *flow)
{
	uint64_t faults = faults_count(&a->query.faults);

	query_compute_key(&a->query, values);
	return faults_count(&a->query.faults) == faults ? 0 : report_fault(a, records_number(a->rf.records), flow);
}

int add_one(struct aggregate *a, const struct value *values, int64_t t_ms, struct flow *flow)
{
	int r = a->query.keys.computes ? compute_key(a, values, flow) : 0;

	if (r)
		return r;
	if (!store_has_panes(&a->open))
		return add_to_session(a, values, t_ms, flow);
	t_ms = window_clock_at(&a->wall, t_ms);
	struct pane *pane = store_pane(&a->open, t_ms, window_clock_at(&a->wall, a->watermark.at_ms));
	if (pane)
		return add_or_wait(a, pane, values, flow);
	query_key(&a->query, values);
	return add_late(a, values, t_ms, flow);
}
