/* What consume says while all is well, on a terminal or with -v (inform() of common/base/diag.h). */
#ifndef WEIR_CONSUME_NOTES_H
#define WEIR_CONSUME_NOTES_H

#include "common/stream/session.h"
#include "broker.h"

/* It begins: what is read, for whom. */
void notes_start(const struct consume_options *opt, const struct session_policy *policy);

/* Reading goes on at the COUNT PARTS. */
void notes_assigned(const struct session_part *parts, size_t count);

/* The group has what was acknowledged, and so far behind it is, by what fetches have said of the ends last. */
void notes_committed(struct broker *b, const struct session *s);

/* It ends, all being well. */
void notes_done(const struct session *s);

#endif
