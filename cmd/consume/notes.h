/* What consume reports in normal operation, on a terminal or with -v (inform() of common/base/diag.h). */
#ifndef WEIR_CONSUME_NOTES_H
#define WEIR_CONSUME_NOTES_H

#include "common/stream/session.h"
#include "broker.h"

/* At the beginning: what is read, and for which group. */
void notes_start(const struct consume_options *opt, const struct session_policy *policy);

/* Reading goes on at the COUNT PARTS. */
void notes_assigned(const struct session_part *parts, size_t count);

/* The group has what was acknowledged, and is so far behind the ends that the last fetches reported. */
void notes_committed(struct broker *b, const struct session *s);

/* At the end, when all is well. */
void notes_done(const struct session *s);

#endif
