/*
 * Messages about records that could not be used, in addition to those of the record filter about malformed ones.
 *
 * With --strict such records are refused here; otherwise they are counted (aggregate_report).  Functions return like
 * callbacks of filter.h: 0 to go on without the record, or an exit status.
 */
#ifndef WEIR_AGGREGATE_REPORT_H
#define WEIR_AGGREGATE_REPORT_H

#include "cmd/aggregate/aggregate.h"

/* A metric could not use the value of record NUMBER. */
int report_fault(struct aggregate *a, uint64_t number, struct flow *flow);

/* The record has no time; or its window is not within the years 1 to 9999. */
int report_untimed(struct aggregate *a, struct flow *flow);
int report_beyond(struct aggregate *a, struct flow *flow);

/* The record's time is too far ahead. */
int report_future(struct aggregate *a, struct flow *flow);

/* With --strict: query_fits() has found that the record cannot be used. */
int report_unfit(struct aggregate *a, struct flow *flow);

/* The record cannot be used for the reason WHAT. */
int report_bad(struct aggregate *a, const char *what, struct flow *flow);

/*
 * With --lateness a window would have been closed: report that, unless INPUT (as flow->input) is a regular file, which
 * has an end.  Returns whether it was reported.
 */
bool report_open(const char *input);

/*
 * Report that windows are open because the partition that MARK names has records left; the newest timestamp of the
 * records read is SOURCE_MS (0: none has one).
 */
void report_held(const struct mark *mark, int64_t source_ms);

/* There would be one group too many. */
int report_full(struct aggregate *a, uint64_t number);

#endif
