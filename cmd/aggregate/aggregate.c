/* A run of aggregate: records and batches.  See aggregate.h. */
#include "cmd/aggregate/aggregate.h"

#include <errno.h>

#include "cmd/aggregate/merge.h"
#include "cmd/aggregate/report.h"
#include "common/base/clock.h"
#include "common/data/time.h"

/* Floor of microseconds to milliseconds. */
static int64_t ms_of_us(int64_t us)
{
	return us / 1000 - (us % 1000 < 0);
}

static int read_time(struct aggregate *a, const struct value *values, int64_t *ret_ms)
{
	const struct clock_field *c = &a->clock;
	const struct value *v = c->expr ? expr_value(c->expr, values) : &values[c->slot];
	struct timespec t;

	if (v->type == VALUE_TIME) {
		*ret_ms = ms_of_us(v->i);
		return 0;
	}
	int r = value_time(v, &t);
	if (r == 0)
		*ret_ms = time_ms(&t);
	return r;
}

/* A record's windows are closed. */
static int add_late(struct aggregate *a, int64_t t_ms, const char *rec, size_t len, struct flow *flow)
{
	void *block;

	a->count.late++;
	if (a->keeps_late) {
		enum store_found found =
			store_block(&a->late, a->query.key.s, a->query.key.len, t_ms, WINDOW_NOT_BEGUN, &block);
		if (found != STORE_OK)
			return report_full(a);
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

/* The time of the record into *RET_MS, and what it closes.  1, 0: the record is left out, or as a callback. */
static int take_time(struct aggregate *a, const struct value *values, int64_t *ret_ms, int *ret, struct flow *flow)
{
	if (read_time(a, values, ret_ms) < 0) {
		*ret = report_untimed(a, flow);
		return 0;
	}
	if (a->opts->future_ms && *ret_ms > clock_epoch_ms() + a->opts->future_ms) {
		a->count.future++;
		return 0;
	}
	if (watermark_see(&a->watermark, *ret_ms) && store_due(&a->open, a->watermark.at_ms))
		*ret = store_close(&a->open, a->watermark.at_ms, false, &a->emit, flow);
	return *ret == 0;
}

static int add_record(struct aggregate *a, const char *rec, size_t len, struct flow *flow)
{
	const struct value *values = records_values(a->records);
	uint64_t faults = a->query.faults.count;
	int64_t t_ms = 0;
	void *block;
	int r = 0;

	a->count.read++;
	a->new_records = true;
	if (a->window.kind && !take_time(a, values, &t_ms, &r, flow))
		return r;
	query_key(&a->query, values);
	uint64_t other = a->set.overflowed;
	enum store_found found =
		store_block(&a->open, a->query.key.s, a->query.key.len, t_ms, a->watermark.at_ms, &block);
	if (found == STORE_LATE)
		return add_late(a, t_ms, rec, len, flow);
	if (found == STORE_FULL)
		return report_full(a);
	a->count.overflowed += a->set.overflowed - other;
	query_block_add(&a->query, block, values);
	return a->query.faults.count == faults ? 0 : report_fault(a, flow);
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
	return r;
}

/* A batch without windows. */
static int write_batch(struct aggregate *a, struct flow *flow)
{
	void *block;

	if (!a->query.keys.count) /* one row also when there was no record */
		if (store_block(&a->open, "", 0, 0, 0, &block) != STORE_OK)
			return report_full(a);
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
		store_init(&a->late, &a->window, &a->set);
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
	uint64_t clock_ms;

	if (!flow->mark || !mark_number(flow->mark, "wm", &clock_ms) || clock_ms > WINDOW_TIME_MAX)
		return 0;
	if (!watermark_tick(&a->watermark, (int64_t)clock_ms) || !store_due(&a->open, a->watermark.at_ms))
		return 0;
	return store_close(&a->open, a->watermark.at_ms, false, &a->emit, flow);
}

int aggregate_batch(struct aggregate *a, struct flow *flow)
{
	if (a->opts->merge)
		return merge_batch(a, flow);
	if (!a->window.kind)
		return write_batch(a, flow);
	int r = tick(a, flow);
	/* At the end of everything the rows are final, and come from aggregate_end. */
	bool last = !flow->mark && !a->keeper.on;
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
	if (!a->window.kind || a->keeper.on || a->opts->merge)
		return 0;
	int r = store_close(&a->open, INT64_MAX, false, &a->emit, flow);
	return r ? r : emit_flush(&a->emit, flow);
}

int aggregate_state(struct aggregate *a, enum filter_moment when, const struct mark *mark)
{
	if (when == FILTER_RESUME && a->window.kind && !a->opts->merge && !a->opts->keeper.dir) {
		warn("windows of a marked stream need --state DIR, or they are lost with the program; "
		     "'--state none' allows that");
		return EXIT_USAGE;
	}
	return keeper_step(&a->keeper, when, mark);
}
