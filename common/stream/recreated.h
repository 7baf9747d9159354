/*
 * Detects that a topic was deleted, created again and filled beyond our position: its new records must not be skipped
 * silently.  The position alone does not show that, so records that were read earlier are looked up again.
 *
 * Layer: stream (uses cursors).  Now and then the source is asked for the first record that is later than all that had
 * been read at the previous check.  If the topic is the same, it lies after those records; if not, it may lie before
 * them.  Only in that case is the last of those records fetched again and compared.  The comparison decides, because
 * timestamps may go back, and control records have timestamps, too.  This module sends no requests: the shell asks for
 * the time that recreated_asks() returns.
 */
#ifndef WEIR_STREAM_RECREATED_H
#define WEIR_STREAM_RECREATED_H

#include "common/stream/cursors.h"

/* Whether there is something to look up for C; *ret_ms is the time whose first record is asked for. */
bool recreated_asks(const struct cursor *c, int64_t *ret_ms);

/*
 * ANSWER is the offset of the first record of that time (OFFSET_NONE: there is none).  Returns true when the record in
 * C's `before` must be fetched again and compared.
 */
bool recreated_decide(struct cursor *c, int64_t answer);

/*
 * Remember what was read so far for the next check.  With FIRST, do so only for cursors for which nothing is remembered
 * yet, so that a topic that is recreated before its first check is detected, too.
 */
void recreated_remember(struct cursors *t, bool first);

#endif
