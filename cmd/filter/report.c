/* What filter says about records: see report.h. */
#include "cmd/filter/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

/* Records that can not be used are named up to this many, then only counted. */
#define MESSAGES 10

/* A plain stream goes on without the record; in a marked one its batch must not be acknowledged. */
static int reject(struct report *p, const char *where, const char *what, struct flow *flow)
{
	uint64_t bad = p->malformed + p->undecided;

	if (bad <= MESSAGES)
		warn("%s: record %" PRIu64 ", %s: %s", records_input(p->records), records_number(p->records), where,
			what);
	records_refuse(p->records, flow);
	flow_fail(flow, EXIT_DATA);
	return flow->input_marked ? EXIT_DATA : 0;
}

int report_unread(struct report *p, int n, struct flow *flow)
{
	const struct records_error *e = records_error(p->records);
	char where[64];

	if (n == -EBADMSG) {
		p->read++;
		p->malformed++;
		snprintf(where, sizeof where, "byte %zu", e->pos + 1);
		return reject(p, where, e->what, flow);
	}
	warn("%s: %s", records_input(p->records), n == -ENOENT ? e->what : diag_strerror(n));
	return diag_status(n == -ENOENT ? -EBADMSG : n);
}

int report_fault(struct report *p, struct flow *flow)
{
	const struct expr_fault *fault = expr_fault(p->expr);
	char where[64];

	p->undecided++;
	snprintf(where, sizeof where, "expression, character %zu", fault->pos + 1);
	return reject(p, where, fault->what, flow);
}

int report_field(struct report *p, struct flow *flow)
{
	p->undecided++;
	return reject(p, "--fields", "a field holds what ends a record, which this format can not have here", flow);
}

void report_end(const struct report *p, bool stats)
{
	const struct expr_fault *fault = expr_fault(p->expr);
	uint64_t bad = p->malformed + p->undecided;

	if (bad > MESSAGES)
		warn("%" PRIu64 " records could not be used; the first %d are named above", bad, MESSAGES);
	if (fault->given_up)
		warn("for %" PRIu64 " %s a regular expression took too many steps: neither =~ nor !~ holds for %s",
			fault->given_up, diag_plural(fault->given_up, "string", "strings"),
			diag_plural(fault->given_up, "it", "them"));
	if (!stats)
		return;
	warn("%" PRIu64 " %s, %" PRIu64 " matched, %" PRIu64 " malformed, %" PRIu64 " undecided, %" PRIu64 " %s%s%s",
		p->read, diag_plural(p->read, "record", "records"), p->matched, p->malformed, p->undecided,
		fault->count, diag_plural(fault->count, "fault", "faults"), fault->what ? ", the last: " : "",
		fault->what ? fault->what : "");
}
