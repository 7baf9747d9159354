/*
 * The record filter's inside, shared by record_filter.c (the stream) and record_filter_refuse.c (what can not be used).
 *
 * Layer: data.
 */
#ifndef WEIR_DATA_RECORD_FILTER_IMPL_H
#define WEIR_DATA_RECORD_FILTER_IMPL_H

#include "common/data/record_filter.h"

/* What records_next() has returned below 0: 0 to go on, or an exit status after a message. */
int record_filter_unread(struct record_filter *rf, int n, struct flow *flow) MUST_CHECK;

/* Are more records rejected than may be?  0, or an exit status after a message.  WHOLE: as rejects_too_many(). */
int record_filter_check_rejects(const struct record_filter *rf, bool whole) MUST_CHECK;

/* E is what a function of aside.h has returned: 0, or an exit status after a message, which comes once. */
int record_filter_aside_status(struct record_filter *rf, int e) MUST_CHECK;

#endif
