/*
 * What lake-put answers to Q: where its log is with the partitions that are asked for (DESIGN section 4).
 */
#ifndef WEIR_LAKE_PUT_ANSWER_H
#define WEIR_LAKE_PUT_ANSWER_H

#include "common/stream/mark_offsets.h"
#include "sink.h"

/* Answer the Q of BATCH, which names ASKED, from the head that SINK's log has read.  0 or -errno. */
int answer_query(struct sink *sink, uint64_t batch, const struct mark_ranges *asked) MUST_CHECK;

#endif
