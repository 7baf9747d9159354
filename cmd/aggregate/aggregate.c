/* A run of aggregate: see aggregate.h. */
#include "cmd/aggregate/aggregate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"

/* Records that can not be used are named up to this many, then only counted. */
#define MESSAGES 10

int aggregate_init(
	struct aggregate *a, const struct aggregate_opts *opts, char **operands, char **last, struct strbuf *err)
{
	*a = (struct aggregate){.opts = opts};
	query_init(&a->query);
	int n = 0, r = records_new(&a->records, &opts->records, &opts->filter, err);
	if (r == 0 && opts->group)
		r = fields_add(&a->query.keys, opts->group, a->records, err);
	if (r < 0 && err->len && opts->group && a->records)
		strbuf_addstr(err, " (-g)");
	if (r == 0)
		n = query_metrics(&a->query, operands, last, a->records, err);
	if (r < 0 || n <= 0)
		return r < 0 ? r : n;
	r = emit_init(&a->emit, &opts->emit, &a->query, false, opts->overflow == OVERFLOW_OTHER, err);
	if (r == 0)
		r = hash_seed_random(&a->seed);
	if (r == 0)
		groups_init(&a->groups, &a->seed, a->query.block_size, opts->max_groups);
	return r < 0 ? r : n;
}

static void release_groups(struct aggregate *a)
{
	for (uint32_t i = 0; i < a->groups.slots; i++)
		query_block_release(&a->query, groups_state(&a->groups, i));
	groups_release(&a->groups);
	if (a->other)
		query_block_release(&a->query, a->other);
	free(a->other);
	a->other = NULL;
}

void aggregate_release(struct aggregate *a)
{
	release_groups(a);
	emit_release(&a->emit);
	query_release(&a->query);
	records_free(a->records);
	free(a->first_fault.metric);
	free(a->first_fault.input);
}

/* The block of a key that is one too many; NULL after a message when there is none for it. */
static void *overflow(struct aggregate *a)
{
	if (a->opts->overflow == OVERFLOW_ERROR) {
		warn("%s: record %" PRIu64 " is of one more group than %" PRIu64 " (--max-groups)",
			records_input(a->records), records_number(a->records), a->opts->max_groups);
		return NULL;
	}
	a->count.overflowed++;
	if (!a->other) {
		a->other = xcalloc(1, a->query.block_size + 1);
		query_block_init(&a->query, a->other);
	}
	return a->other;
}

static void *find_block(struct aggregate *a, const char *key, size_t len)
{
	bool is_new;
	uint32_t slot = groups_get(&a->groups, key, len, &is_new);

	if (slot == GROUPS_NONE)
		return overflow(a);
	void *block = groups_state(&a->groups, slot);
	if (is_new)
		query_block_init(&a->query, block);
	return block;
}

/* The current record had values that a metric could not take. */
static int on_fault(struct aggregate *a, struct flow *flow)
{
	if (!a->first_fault.metric) {
		a->first_fault.metric = xstrdup(a->query.faults.metric);
		a->first_fault.input = xstrdup(records_input(a->records));
		a->first_fault.record = records_number(a->records);
	}
	if (!a->opts->strict)
		return 0;
	if (a->count.strict++ < MESSAGES)
		warn("%s: record %" PRIu64 ": %s: this is no number", records_input(a->records),
			records_number(a->records), a->query.faults.metric);
	flow_fail(flow, EXIT_DATA);
	return flow->input_marked ? EXIT_DATA : 0;
}

static int add_record(struct aggregate *a, struct flow *flow)
{
	const struct value *values = records_values(a->records);
	uint64_t faults = a->query.faults.count;

	a->count.read++;
	query_key(&a->query, values);
	void *block = find_block(a, a->query.key.s, a->query.key.len);
	if (!block)
		return EXIT_TEMP;
	query_block_add(&a->query, block, values);
	return a->query.faults.count == faults ? 0 : on_fault(a, flow);
}

/* records_next has returned N, below 0. */
static int on_unread(struct aggregate *a, int n, struct flow *flow)
{
	const struct records_error *e = records_error(a->records);

	if (n != -EBADMSG) {
		warn("%s: %s", records_input(a->records), n == -ENOENT ? e->what : diag_strerror(n));
		return diag_status(n == -ENOENT ? -EBADMSG : n);
	}
	a->count.read++;
	if (a->count.malformed++ < MESSAGES)
		warn("%s: record %" PRIu64 ", byte %zu: %s", records_input(a->records), records_number(a->records),
			e->pos + 1, e->what);
	flow_fail(flow, EXIT_DATA);
	return flow->input_marked ? EXIT_DATA : 0;
}

int aggregate_take(struct aggregate *a, struct flow *flow)
{
	const char *rec;
	size_t len;
	int n, r = 0;

	while (r == 0 && (n = records_next(a->records, &rec, &len)) != 0) {
		if (n < 0)
			r = on_unread(a, n, flow);
		else if (n == 1)
			r = add_record(a, flow);
	}
	return r;
}

void aggregate_see(struct aggregate *a, const struct mark *mark)
{
	if (mark->kind != MARK_BATCH)
		a->start_ms = mark->end_ms;
}

int aggregate_end_batch(struct aggregate *a, struct flow *flow)
{
	size_t len;

	if (!a->query.keys.count) /* one row also when there was no record */
		if (!find_block(a, "", 0))
			return EXIT_TEMP;
	double seconds = flow->mark ? (double)(flow->mark->end_ms - flow->mark->start_ms) / 1000 : 0;
	emit_begin(&a->emit, 0, 0, seconds);
	for (uint32_t i = 0; i < a->groups.slots; i++) {
		const char *key = groups_key(&a->groups, i, &len);
		emit_add(&a->emit, key, len, groups_state(&a->groups, i), false);
	}
	if (a->other)
		emit_add(&a->emit, "", 0, a->other, true);
	int r = emit_end(&a->emit, flow);
	release_groups(a);
	groups_init(&a->groups, &a->seed, a->query.block_size, a->opts->max_groups);
	return r;
}

void aggregate_report(const struct aggregate *a)
{
	if (a->count.malformed > MESSAGES)
		warn("%" PRIu64 " records could not be read; the first %d are named above", a->count.malformed,
			MESSAGES);
	if (a->query.faults.count && (!a->opts->strict || a->count.strict > MESSAGES))
		warn("%" PRIu64 " values were no numbers and were left out; the first: %s: record %" PRIu64 ", %s",
			a->query.faults.count, a->first_fault.input, a->first_fault.record, a->first_fault.metric);
	if (a->count.overflowed)
		warn("%" PRIu64 " records of groups beyond --max-groups went to 'other'", a->count.overflowed);
	if (a->opts->stats)
		warn("records %" PRIu64 ", malformed %" PRIu64 ", values left out %" PRIu64
		     ", beyond --max-groups %" PRIu64,
			a->count.read, a->count.malformed, a->query.faults.count, a->count.overflowed);
}
