/*
 * Says where a refused record came from: the partitions and offsets of its batch, and the command that
 * shows them.
 *
 * Layer: stream (uses base, mark, flow).  Prints: part of the filter driver.  Records do not carry their offsets, but
 * the mark of their batch has the ranges that were read; a record as `consume --format json` writes it names its own.
 */
#ifndef WEIR_STREAM_POISON_H
#define WEIR_STREAM_POISON_H

#include "common/stream/flow.h"
#include "common/stream/mark.h"

/*
 * Print the beginning of FLOW's refused record, if it is known, and the range from which the batch that MARK ends was
 * read.  MARK is NULL when the batch's mark has not come.
 */
void poison_report(const struct flow *flow, const struct mark *mark);

#endif
