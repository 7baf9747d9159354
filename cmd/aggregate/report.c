/* What is said about records that could not be used: see report.h. */
#include "cmd/aggregate/report.h"

#include <errno.h>
#include <inttypes.h>

#include "common/base/alloc.h"

/* Records are named up to this many. */
#define MESSAGES 10

/* The record is wrong: a plain stream goes on without it; in a marked one its batch must not be acknowledged. */
static int reject(struct aggregate *a, uint64_t number, const char *where, const char *what, struct flow *flow)
{
	if (a->count.named++ < MESSAGES)
		warn("%s: record %" PRIu64 "%s: %s", records_input(a->records), number, where, what);
	flow_fail(flow, EXIT_DATA);
	return flow->input_marked ? EXIT_DATA : 0;
}

int report_unread(struct aggregate *a, int n, struct flow *flow)
{
	const struct records_error *e = records_error(a->records);
	struct strbuf where = STRBUF_INIT;

	if (n != -EBADMSG) {
		warn("%s: %s", records_input(a->records), n == -ENOENT ? e->what : diag_strerror(n));
		return diag_status(n == -ENOENT ? -EBADMSG : n);
	}
	a->count.read++;
	a->count.malformed++;
	strbuf_addf(&where, ", byte %zu", e->pos + 1);
	int r = reject(a, records_number(a->records), where.s, e->what, flow);
	strbuf_release(&where);
	return r;
}

int report_fault(struct aggregate *a, uint64_t number, struct flow *flow)
{
	struct strbuf where = STRBUF_INIT;
	int r = 0;

	if (!a->first_fault.metric) {
		a->first_fault.metric = xstrdup(a->query.faults.metric);
		a->first_fault.input = xstrdup(records_input(a->records));
		a->first_fault.record = number;
	}
	if (a->opts->strict) {
		strbuf_addf(&where, ", %s", a->query.faults.metric);
		r = reject(a, number, where.s, "this is no number", flow);
	}
	a->query.faults.metric = NULL;
	strbuf_release(&where);
	return r;
}

int report_untimed(struct aggregate *a, struct flow *flow)
{
	a->count.untimed++;
	return a->opts->strict ? reject(a, records_number(a->records), ", --time", "this is no time", flow) : 0;
}

int report_bad(struct aggregate *a, const char *what, struct flow *flow)
{
	a->count.malformed++;
	return reject(a, records_number(a->records), "", what, flow);
}

int report_full(struct aggregate *a, uint64_t number)
{
	warn("%s: record %" PRIu64 " is of one more group than %" PRIu64 " (--max-groups)", records_input(a->records),
		number, a->opts->max_groups);
	return EXIT_TEMP;
}

void aggregate_report(const struct aggregate *a)
{
	const struct counts *n = &a->count;

	if (n->named > MESSAGES)
		warn("%" PRIu64 " records could not be used; the first %d are named above", n->named, MESSAGES);
	if (a->query.faults.count && !a->opts->strict)
		warn("%" PRIu64 " values were no numbers and were left out; the first: %s: record %" PRIu64 ", %s",
			a->query.faults.count, a->first_fault.input, a->first_fault.record, a->first_fault.metric);
	if (a->set.other && a->set.overflowed)
		warn("%" PRIu64 " records of groups beyond --max-groups went to 'other'", a->set.overflowed);
	if (n->untimed && !a->opts->strict)
		warn("%" PRIu64 " records without a time that can be read were left out (--time)", n->untimed);
	if (n->future)
		warn("%" PRIu64 " records from the future were left out (--future)", n->future);
	if (n->late)
		warn("%" PRIu64 " records came after their windows had been closed (--lateness) and were %s", n->late,
			a->keeps_late                    ? "written as late ones"
			: a->opts->late && a->aside.open ? "kept aside"
							 : "left out");
	if (a->opts->stats)
		warn("records %" PRIu64 ", malformed %" PRIu64 ", values left out %" PRIu64
		     ", beyond --max-groups %" PRIu64 ", late %" PRIu64 ", without a time %" PRIu64
		     ", from the future %" PRIu64,
			n->read, n->malformed, a->query.faults.count, a->set.overflowed, n->late, n->untimed,
			n->future);
}
