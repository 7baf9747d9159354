/*
 * The inside of the record filter, shared by record_filter.c (the stream), record_filter_refuse.c (bad records) and
 * record_filter_watch.c (fields that no record has).
 *
 * Layer: data.
 */
#ifndef WEIR_DATA_RECORD_FILTER_IMPL_H
#define WEIR_DATA_RECORD_FILTER_IMPL_H

#include "common/data/record_filter.h"

/* Handle what records_next() has returned below 0: 0 to go on, or an exit status after a message. */
int record_filter_unread(struct record_filter *rf, int n, struct flow *flow) MUST_CHECK;

/* The batch of MARK has ended (NULL: the plain stream): write the records that were put aside.  0 or a status. */
int record_filter_end_aside(struct record_filter *rf, const struct mark *mark) MUST_CHECK;

/* VALUES are those of a record: stop watching fields that it has. */
void record_filter_note_fields(struct record_filter *rf, const struct value *values);

/* Report which fields no record had. */
void record_filter_report_unseen(const struct record_filter *rf);

#endif
