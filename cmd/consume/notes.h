/* What consume reports in normal operation, on a terminal or with -v (inform() of common/base/diag.h). */
#ifndef WEIR_CONSUME_NOTES_H
#define WEIR_CONSUME_NOTES_H

#include "common/stream/session.h"
#include "broker.h"

/* At the beginning: report what is read, and for which group. */
void notes_start(const struct consume_options *opt, const struct session_policy *policy);

/* Report where reading of the COUNT PARTS goes on. */
void notes_assigned(const struct session_part *parts, size_t count);

/*
 * Report that everything acknowledged is committed to the group, and how far the group is behind the ends that the last
 * fetches have reported.
 */
void notes_committed(struct broker *b, const struct session *s);

/* Report at the end, if the run was successful. */
void notes_done(const struct session *s);

#endif
