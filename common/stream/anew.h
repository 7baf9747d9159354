/*
 * A plain stream whose topic is deleted, made anew and filled beyond the position: its new records must not be passed
 * over.  Nothing at that position tells, so records that were read before are looked for again.
 *
 * Layer: stream (uses cursors).  Now and then the source is asked for the first record that is younger than all that
 * had been read at the look before.  In the same log it lies behind those; in a new one it does not.  Only then the
 * last of those records is fetched again and compared, which decides: timestamps may go back, and control records
 * have them as well.  Nothing here asks: the shell does, with what anew_asks() says.
 */
#ifndef WEIR_STREAM_ANEW_H
#define WEIR_STREAM_ANEW_H

#include "common/stream/cursors.h"

/* Whether there is something to ask about C; *ret_ms is the time whose first record is asked for. */
bool anew_asks(const struct cursor *c, int64_t *ret_ms);

/*
 * The first record of that time lies at ANSWER (OFFSET_NONE: there is none).  True: `before` of C is what is to be
 * fetched again and compared.
 */
bool anew_judge(struct cursor *c, int64_t answer);

/*
 * What was read so far is what the next look asks about; with FIRST only where nothing was read before: that need not
 * wait for a look, before which the topic may be made anew.
 */
void anew_remember(struct cursors *t, bool first);

#endif
