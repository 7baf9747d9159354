/* What filter says about records that it can not use, and its counts. */
#ifndef WEIR_FILTER_REPORT_H
#define WEIR_FILTER_REPORT_H

#include <stdint.h>

#include "common/data/records.h"

struct report {
	const struct records *records;
	const struct expr *expr;
	uint64_t read, matched, malformed, undecided; /* records */
};

/*
 * What records_next returned below 0; the expression has come upon a fault and is strict; a field can not be written.
 * All print a message.  Returns 0 to go on (flow's status is raised), or the exit status to end with.
 */
int report_unread(struct report *p, int n, struct flow *flow);
int report_fault(struct report *p, struct flow *flow);
int report_field(struct report *p, struct flow *flow);

/* At the end: how many were not named one by one, and with STATS all counts. */
void report_end(const struct report *p, bool stats);

#endif
