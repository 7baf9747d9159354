/*
 * Messages of a session that are the same in all sources: about sinks, and about what is waited for.
 *
 * Layer: stream (uses session, source_opt).  Only source_words_fail() prints.
 */
#ifndef WEIR_STREAM_SOURCE_WORDS_H
#define WEIR_STREAM_SOURCE_WORDS_H

#include "common/stream/session.h"
#include "common/stream/source_opt.h"

/*
 * Append the message for A, an ACTION_TELL or ACTION_FAIL about the sinks.  SINKS of them have said hello; DETAIL, what
 * they have answered, is for REASON_DISAGREE and all reasons that this file does not know.
 */
void source_words_add(struct strbuf *out, const struct source_options *opt, size_t sinks, const char *detail,
	const struct session_action *a);

/*
 * A run ends by the first failure: unless *STATUS is set already, print its message, if it has one, and set *STATUS to
 * CODE.
 */
void source_words_fail(int *status, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* What S waits for, as text; "" when it waits for no answer.  *ret_limit_ms is the limit of the wait. */
const char *source_words_wait(const struct session *s, int64_t *ret_limit_ms);

#endif
