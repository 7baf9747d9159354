/* A run of aggregate: records and batches.  See aggregate.h. */
#include "cmd/aggregate/add.h"
#include "cmd/aggregate/advance.h"
#include "cmd/aggregate/aggregate.h"
#include "cmd/aggregate/merge.h"
#include "cmd/aggregate/report.h"
#include "common/base/clock.h"

static int add_record(
	void *self, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow)
{
	struct aggregate *a = self;
	int r = 0;

	(void)rec, (void)len, (void)stays; /* the queue checks itself which values stay valid */
	if (a->trial && !query_fits(&a->query, a->trial, values))
		return report_unfit(a, flow);
	a->new_records = true;
	if (a->window.kind && !advance_by_record(a, values, &r, flow))
		return r;
	return add_one(a, values, a->query.now.ms, flow);
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
		&aggregate_spec, "--batch-time is for marked streams (consume --batch): a plain one has no batches");
}

static int begin_span(void *self, const char *s, size_t len, struct flow *flow)
{
	struct aggregate *a = self;
	int r = check_batches(a, flow->input_marked);

	if (r)
		return r;
	if (!flow->input_marked && a->clock.when.kind == WHEN_NOW)
		a->clock.now_ms = clock_epoch_ms();
	a->queue.span = s;
	a->queue.span_end = s + len;
	return 0;
}

/* The records of a batch follow the mark of the one before, whose end is their `now`. */
static void see(void *self, const struct mark *mark)
{
	((struct aggregate *)self)->clock.now_ms = mark->end_ms;
}

/* A batch without windows. */
static int write_batch(struct aggregate *a, struct flow *flow)
{
	void *block;
	int r = check_batches(a, flow->mark);

	if (r)
		return r;
	/* one row even if there was no record, but not when no input could be opened */
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

/* Write the late records' rows with the batch. */
static int write_late(struct aggregate *a, struct flow *flow)
{
	if (!a->keeps_late)
		return 0;
	int r = store_close(&a->late, INT64_MAX, true, &a->emit, flow);
	store_release(&a->late);
	store_init(&a->late, &a->window, &a->set, false);
	return r;
}

static int end_batch(void *self, struct flow *flow)
{
	struct aggregate *a = self;

	if (!a->window.kind)
		return write_batch(a, flow);
	int r = advance_by_mark(a, flow);
	/* At the end of the stream the rows are final, and written by end_all(). */
	bool last = !flow->mark && !a->rf.checkpoint.on;
	if (!r && a->opts->when != WHEN_FINAL && a->new_records && !last)
		r = store_peek(&a->open, a->opts->when == WHEN_UPDATE, &a->emit, flow);
	a->new_records = false;
	if (!r)
		r = write_late(a, flow);
	return r || last ? r : emit_flush(&a->emit, flow);
}

/* With a state, the next run continues the open groups. */
static int end_all(void *self, struct flow *flow)
{
	struct aggregate *a = self;

	if (!a->window.kind || a->rf.checkpoint.on)
		return 0;
	int r = store_close(&a->open, INT64_MAX, false, &a->emit, flow);
	return r ? r : emit_flush(&a->emit, flow);
}

static int flush_pending(void *self, struct flow *flow)
{
	return add_waiting(self, flow);
}

static int join_batch(void *self, struct flow *flow)
{
	return merge_batch(self, flow);
}

const struct record_filter_ops aggregate_ops = {
	.spec = &aggregate_spec,
	.stream = {.batch = end_batch, .end = end_all, .see = see},
	.span = begin_span,
	.record = add_record,
	.flush_pending = flush_pending,
};

const struct record_filter_ops aggregate_merge_ops = {
	.spec = &aggregate_spec,
	.stream = {.batch = join_batch},
	.record = join_record,
};
