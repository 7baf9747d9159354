/* A run of aggregate: records and batches.  See aggregate.h. */
#include "cmd/aggregate/aggregate.h"

#include <errno.h>

#include "cmd/aggregate/merge.h"
#include "cmd/aggregate/report.h"
#include "common/base/clock.h"

/* A record's windows are closed. */
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

/* Add a record to PANE: VALUES are those of the reader, or (TAKEN) one for each accumulator. */
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

/* Add what waits. */
static int drain(void *self, struct flow *flow)
{
	struct aggregate *a = self;
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

/* Let a record wait for others, if it can; else what waits is added, and *RET says how that went. */
static bool waits(struct aggregate *a, struct pane *pane, const struct groups_key *key, const struct value *values,
	uint64_t number, int *ret, struct flow *flow)
{
	struct queue *q = &a->queue;
	bool large = a->queues && pane->groups.count >= QUEUE_GROUPS;

	if (!large || q->keys.count == GROUPS_PREFETCH || pane != q->pane)
		*ret = drain(a, flow);
	q->pane = pane;
	if (*ret || (large && queue_add(q, &a->query, key, values, number)))
		return true;
	*ret = drain(a, flow);
	return *ret;
}

/* Add a record, now or when others have gathered. */
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

/* The clock is asked only when what it said last is not enough: it was a sixth of all that windows take. */
static bool is_ahead(struct aggregate *a, int64_t t_ms)
{
	if (!future_too_far(&a->opts->future, t_ms, a->now_ms))
		return false;
	a->now_ms = clock_epoch_ms();
	return future_too_far(&a->opts->future, t_ms, a->now_ms);
}

/* Without --lateness nothing is closed; somebody may wait for rows of an input that has no end. */
static void stay_open(struct aggregate *a, int64_t t_ms, const struct flow *flow)
{
	if (a->told_input >= flow->inputs || !store_due(&a->open, t_ms))
		return;
	a->told_input = report_open(flow->input) ? UINT64_MAX : flow->inputs;
}

/* The time of the record, and what it closes.  1, 0: the record is left out, or as a callback. */
static int take_time(struct aggregate *a, const struct value *values, int *ret, struct flow *flow)
{
	struct accum_time *now = &a->query.now;

	if (clock_read(&a->clock, values, now) < 0) {
		*ret = report_untimed(a, flow);
		return 0;
	}
	if (is_ahead(a, now->ms)) {
		*ret = report_future(a, flow);
		return 0;
	}
	if (!window_within(&a->window, now->ms)) {
		*ret = report_beyond(a, flow);
		return 0;
	}
	if (a->opts->lateness_ms < 0) {
		stay_open(a, now->ms, flow);
	} else if (watermark_see(&a->watermark, now->ms) && store_due(&a->open, a->watermark.at_ms)) {
		*ret = drain(a, flow);
		if (!*ret)
			*ret = store_close(&a->open, a->watermark.at_ms, false, &a->emit, flow);
	}
	return *ret == 0;
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

static int add_record(
	void *self, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow)
{
	struct aggregate *a = self;
	int r = 0;

	(void)rec, (void)len, (void)stays; /* the queue asks of each value whether it stays */
	if (a->trial && !query_fits(&a->query, a->trial, values))
		return report_unfit(a, flow);
	a->new_records = true;
	if (a->window.kind && !take_time(a, values, &r, flow))
		return r;
	int64_t t_ms = a->query.now.ms;
	if (!store_has_panes(&a->open))
		return add_to_session(a, values, t_ms, flow);
	struct pane *pane = store_pane(&a->open, t_ms, a->watermark.at_ms);
	if (pane)
		return add_or_wait(a, pane, values, flow);
	query_key(&a->query, values);
	return add_late(a, values, t_ms, flow);
}

static int join_record(
	void *self, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow)
{
	(void)rec, (void)len, (void)stays;
	return merge_record(self, values, flow);
}

static int check_batches(const struct aggregate *a, bool marked)
{
	if (marked || !a->opts->batch_time)
		return 0;
	return opt_usage_error(
		&aggregate_spec, "--batch-time is of marked streams (consume --batch): a plain one has no batches");
}

static int begin_span(void *self, const char *s, size_t len, struct flow *flow)
{
	struct aggregate *a = self;
	int r = check_batches(a, flow->input_marked);

	if (r)
		return r;
	a->queue.span = s;
	a->queue.span_end = s + len;
	return 0;
}

/* A batch without windows. */
static int write_batch(struct aggregate *a, struct flow *flow)
{
	void *block;
	int r = check_batches(a, flow->mark);

	if (r)
		return r;
	/* one row also when there was no record, but not when nothing could be opened */
	bool nothing = !flow->mark && !record_filter_read(&a->rf) && flow->status;
	if (!a->query.keys.count && !nothing)
		if (store_block(&a->open, "", 0, 0, 0, &block) != STORE_OK)
			return report_full(a, records_number(a->rf.records));
	double seconds = flow->mark ? (double)(flow->mark->end_ms - flow->mark->start_ms) / 1000 : 0;
	a->emit.batch_ms[0] = flow->mark ? flow->mark->start_ms : 0;
	a->emit.batch_ms[1] = flow->mark ? flow->mark->end_ms : 0;
	r = store_end_batch(&a->open, seconds, &a->emit, flow);
	return r ? r : emit_flush(&a->emit, flow);
}

/* What came late goes out with the batch. */
static int write_late(struct aggregate *a, struct flow *flow)
{
	if (!a->keeps_late)
		return 0;
	int r = store_close(&a->late, INT64_MAX, true, &a->emit, flow);
	store_release(&a->late);
	store_init(&a->late, &a->window, &a->set, false);
	return r;
}

/* The source's clock: with it, time goes on also when no record comes. */
static int tick(struct aggregate *a, struct flow *flow)
{
	uint64_t source_ms;

	if (!flow->mark || !mark_number(flow->mark, "wm", &source_ms) || source_ms > WINDOW_TIME_MAX)
		return 0;
	if (!watermark_tick(&a->watermark, (int64_t)source_ms) || !store_due(&a->open, a->watermark.at_ms))
		return 0;
	return store_close(&a->open, a->watermark.at_ms, false, &a->emit, flow);
}

static int end_batch(void *self, struct flow *flow)
{
	struct aggregate *a = self;

	if (!a->window.kind)
		return write_batch(a, flow);
	int r = tick(a, flow);
	/* At the end of everything the rows are final, and come from end_all(). */
	bool last = !flow->mark && !a->rf.checkpoint.on;
	if (!r && a->opts->when != WHEN_FINAL && a->new_records && !last)
		r = store_peek(&a->open, a->opts->when == WHEN_UPDATE, &a->emit, flow);
	a->new_records = false;
	if (!r)
		r = write_late(a, flow);
	return r || last ? r : emit_flush(&a->emit, flow);
}

/* With a state, the next run goes on with what is open. */
static int end_all(void *self, struct flow *flow)
{
	struct aggregate *a = self;

	if (!a->window.kind || a->rf.checkpoint.on)
		return 0;
	int r = store_close(&a->open, INT64_MAX, false, &a->emit, flow);
	return r ? r : emit_flush(&a->emit, flow);
}

static int join_batch(void *self, struct flow *flow)
{
	return merge_batch(self, flow);
}

const struct record_filter_ops aggregate_ops = {
	.spec = &aggregate_spec,
	.stream = {.batch = end_batch, .end = end_all},
	.span = begin_span,
	.record = add_record,
	.settle = drain,
};

const struct record_filter_ops aggregate_merge_ops = {
	.spec = &aggregate_spec,
	.stream = {.batch = join_batch},
	.record = join_record,
};
