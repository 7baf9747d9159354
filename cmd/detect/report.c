/* What detect says: see report.h. */
#include "cmd/detect/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

/* Records that can not be used are named up to this many, then only counted. */
#define MESSAGES 10

/* A plain stream goes on without the record; in a marked one its batch must not be acknowledged. */
static int reject(struct report *r, const char *where, const char *what, struct flow *flow)
{
	if (r->malformed + r->refused <= MESSAGES)
		warn("%s: record %" PRIu64 "%s: %s", records_input(r->records), records_number(r->records), where,
			what);
	records_refuse(r->records, flow);
	flow_fail(flow, EXIT_DATA);
	return flow->input_marked ? EXIT_DATA : 0;
}

int report_unread(struct report *r, int n, struct flow *flow)
{
	const struct records_error *e = records_error(r->records);
	char where[64];

	if (n == -EBADMSG) {
		r->malformed++;
		snprintf(where, sizeof where, ", byte %zu", e->pos + 1);
		return reject(r, where, e->what, flow);
	}
	warn("%s: %s", records_input(r->records), n == -ENOENT ? e->what : diag_strerror(n));
	return diag_status(n == -ENOENT ? -EBADMSG : n);
}

int report_refused(struct report *r, enum reason reason, struct flow *flow)
{
	r->refused++;
	return reject(r, "", judge_reason(reason), flow);
}

void report_end(const struct report *r, const struct judge *j, bool stats)
{
	uint64_t bad = r->malformed + r->refused;

	if (bad > MESSAGES)
		warn("%" PRIu64 " records could not be used; the first %d are named above", bad, MESSAGES);
	for (int i = JUDGED + 1; i < REASONS; i++)
		if (j->reasons[i])
			warn("%" PRIu64 " %s not judged: %s", j->reasons[i],
				diag_plural(j->reasons[i], "record was", "records were"), judge_reason((enum reason)i));
	if (j->evicted)
		warn("%" PRIu64 " %s forgotten because there were too many (--max-keys)", j->evicted,
			diag_plural(j->evicted, "key was", "keys were"));
	if (!stats)
		return;
	uint64_t records = r->malformed;
	for (int i = 0; i < REASONS; i++)
		records += j->reasons[i];
	warn("%" PRIu64 " %s, %" PRIu64 " unusual, %" PRIu64 " of them within the cooldown, %" PRIu64
	     " malformed; %zu %s, %" PRIu64 " %s idle",
		records, diag_plural(records, "record", "records"), j->unusual, j->suppressed, r->malformed,
		j->groups.count, diag_plural(j->groups.count, "key", "keys"), j->idle,
		diag_plural(j->idle, "was", "were"));
}
