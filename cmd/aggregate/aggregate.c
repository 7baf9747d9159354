/* A run of aggregate: records and batches.  See aggregate.h. */
#include "cmd/aggregate/aggregate.h"

#include <errno.h>

#include "cmd/aggregate/merge.h"
#include "cmd/aggregate/report.h"
#include "common/base/clock.h"

/* A record's windows are closed. */
static int add_late(struct aggregate *a, int64_t t_ms, const char *rec, size_t len, struct flow *flow)
{
	void *block;

	a->count.late++;
	if (a->keeps_late) {
		enum store_found found =
			store_block(&a->late, a->query.key.s, a->query.key.len, t_ms, WINDOW_NOT_BEGUN, &block);
		if (found != STORE_OK)
			return report_full(a, records_number(a->records));
		query_block_add(&a->query, block, records_values(a->records));
		return 0;
	}
	int r = aside_add(
		&a->aside, flow->input_marked, "late", records_input(a->records), records_number(a->records), rec, len);
	if (r == 0)
		return 0;
	warn("cannot write '%s': %s", a->aside.path, diag_strerror(r));
	return (int)diag_status(r);
}

/* Add a record to PANE: VALUES are those of the reader, or (TAKEN) one for each accumulator. */
static int add_to(struct aggregate *a, struct pane *pane, const struct groups_key *key, const struct value *values,
	bool taken, uint64_t number, struct flow *flow)
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
static int drain(struct aggregate *a, struct flow *flow)
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

/* Add a record, now or when others have gathered. */
static int add_or_wait(struct aggregate *a, struct pane *pane, const struct value *values, struct flow *flow)
{
	struct queue *q = &a->queue;
	uint64_t number = records_number(a->records);
	struct groups_key key;
	int r = 0;

	query_key_of(&a->query, &pane->groups, values, &key);
	if (q->keys.count && (q->keys.count == GROUPS_PREFETCH || pane != q->pane))
		r = drain(a, flow);
	if (r)
		return r;
	q->pane = pane;
	if (a->queues && pane->groups.count >= QUEUE_GROUPS && queue_add(q, &a->query, &key, values, number))
		return 0;
	r = q->keys.count ? drain(a, flow) : 0;
	return r ? r : add_to(a, pane, &key, values, false, number, flow);
}

/* The time of the record, and what it closes.  1, 0: the record is left out, or as a callback. */
static int take_time(struct aggregate *a, const struct value *values, int *ret, struct flow *flow)
{
	struct accum_time *now = &a->query.now;

	if (clock_read(&a->clock, values, now) < 0) {
		*ret = report_untimed(a, flow);
		return 0;
	}
	if (future_too_far(&a->opts->future, now->ms, clock_epoch_ms())) {
		a->count.future++;
		return 0;
	}
	if (!window_within(&a->window, now->ms)) {
		*ret = report_beyond(a, flow);
		return 0;
	}
	if (watermark_see(&a->watermark, now->ms) && store_due(&a->open, a->watermark.at_ms)) {
		*ret = drain(a, flow);
		if (!*ret)
			*ret = store_close(&a->open, a->watermark.at_ms, false, &a->emit, flow);
	}
	return *ret == 0;
}

static int add_to_session(
	struct aggregate *a, const struct value *values, int64_t t_ms, const char *rec, size_t len, struct flow *flow)
{
	uint64_t faults = faults_count(&a->query.faults), number = records_number(a->records);
	void *block;

	query_key(&a->query, values);
	enum store_found found =
		store_block(&a->open, a->query.key.s, a->query.key.len, t_ms, a->watermark.at_ms, &block);
	if (found == STORE_LATE)
		return add_late(a, t_ms, rec, len, flow);
	if (found == STORE_FULL)
		return report_full(a, number);
	query_block_add(&a->query, block, values);
	return faults_count(&a->query.faults) == faults ? 0 : report_fault(a, number, flow);
}

static int add_record(struct aggregate *a, const char *rec, size_t len, struct flow *flow)
{
	const struct value *values = records_values(a->records);
	int r = 0;

	a->count.read++;
	a->new_records = true;
	if (a->window.kind && !take_time(a, values, &r, flow))
		return r;
	int64_t t_ms = a->query.now.ms;
	if (!store_has_panes(&a->open))
		return add_to_session(a, values, t_ms, rec, len, flow);
	struct pane *pane = store_pane(&a->open, t_ms, a->watermark.at_ms);
	if (pane)
		return add_or_wait(a, pane, values, flow);
	query_key(&a->query, values);
	return add_late(a, t_ms, rec, len, flow);
}

int aggregate_take(struct aggregate *a, struct flow *flow)
{
	const char *rec;
	size_t len;
	int n, r = 0;

	while (r == 0 && (n = records_next(a->records, &rec, &len)) != 0) {
		if (n < 0)
			r = report_unread(a, n, flow);
		else if (n == 1)
			r = a->opts->merge ? merge_record(a, flow) : add_record(a, rec, len, flow);
	}
	return r ? r : drain(a, flow);
}

int aggregate_take_span(struct aggregate *a, const char *s, size_t len, struct flow *flow)
{
	a->queue.span = s;
	a->queue.span_end = s + len;
	records_span(a->records, s, len, flow);
	return aggregate_take(a, flow);
}

/* A batch without windows. */
static int write_batch(struct aggregate *a, struct flow *flow)
{
	void *block;

	/* one row also when there was no record, but not when nothing could be opened */
	bool nothing = !flow->mark && !a->count.read && flow->status;
	if (!a->query.keys.count && !nothing)
		if (store_block(&a->open, "", 0, 0, 0, &block) != STORE_OK)
			return report_full(a, records_number(a->records));
	double seconds = flow->mark ? (double)(flow->mark->end_ms - flow->mark->start_ms) / 1000 : 0;
	int r = store_end_batch(&a->open, seconds, &a->emit, flow);
	return r ? r : emit_flush(&a->emit, flow);
}

/* What came late goes out with the batch. */
static int write_late(struct aggregate *a, struct flow *flow)
{
	if (a->keeps_late) {
		int r = store_close(&a->late, INT64_MAX, true, &a->emit, flow);
		store_release(&a->late);
		store_init(&a->late, &a->window, &a->set, false);
		return r;
	}
	int e = aside_batch(&a->aside, flow->mark);
	if (e == 0)
		return 0;
	warn("cannot write '%s': %s", a->aside.path, diag_strerror(e));
	return (int)diag_status(e);
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

int aggregate_batch(struct aggregate *a, struct flow *flow)
{
	a->queue.span = a->queue.span_end = NULL;
	if (a->opts->merge)
		return merge_batch(a, flow);
	if (!a->window.kind)
		return write_batch(a, flow);
	int r = tick(a, flow);
	/* At the end of everything the rows are final, and come from aggregate_end. */
	bool last = !flow->mark && !a->checkpoint.on;
	if (!r && a->opts->when != WHEN_FINAL && a->new_records && !last)
		r = store_peek(&a->open, a->opts->when == WHEN_UPDATE, &a->emit, flow);
	a->new_records = false;
	if (!r)
		r = write_late(a, flow);
	return r || last ? r : emit_flush(&a->emit, flow);
}

/* With a state, the next run goes on with what is open. */
int aggregate_end(struct aggregate *a, struct flow *flow)
{
	if (!a->window.kind || a->checkpoint.on || a->opts->merge)
		return 0;
	int r = store_close(&a->open, INT64_MAX, false, &a->emit, flow);
	return r ? r : emit_flush(&a->emit, flow);
}

int aggregate_state(struct aggregate *a, enum filter_moment when, const struct mark *mark)
{
	if (when == FILTER_RESUME && a->window.kind && !a->opts->merge && !a->opts->checkpoint.dir) {
		warn("windows of a marked stream need --state DIR, or they are lost with the program; "
		     "'--state none' allows that");
		return EXIT_USAGE;
	}
	return checkpoint_step(&a->checkpoint, when, mark);
}
