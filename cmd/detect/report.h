/* What detect says about records that it can not judge, and its counts. */
#ifndef WEIR_DETECT_REPORT_H
#define WEIR_DETECT_REPORT_H

#include "cmd/detect/judge.h"
#include "common/data/records.h"

struct report {
	const struct records *records;
	uint64_t malformed, refused; /* records; refused: not judged, with --strict */
};

/*
 * What records_next returned below 0; a record that was not judged, with --strict.  Both print a message.
 * Returns 0 to go on (flow's status is raised), or the exit status to end with.
 */
int report_unread(struct report *r, int n, struct flow *flow);
int report_refused(struct report *r, enum reason reason, struct flow *flow);

/* At the end: what was left out, and with STATS all counts. */
void report_end(const struct report *r, const struct judge *j, bool stats);

#endif
