/*
 * What a session has to say, in words.
 */
#ifndef WEIR_CONSUME_WORDS_H
#define WEIR_CONSUME_WORDS_H

#include "options.h"
#include "common/stream/session.h"

struct message_facts {
	const struct consume_options *opt;
	size_t sinks;           /* that have said hello */
	const char *detail;     /* of REASON_DISAGREE: what they say */
	const char *table_ours; /* of REASON_OTHER_TABLE: that of the sinks, or NULL */
	const char *refusal;    /* of a commit */
};

/* Append the message of a TELL or FAIL. */
void words_add(struct strbuf *out, const struct message_facts *w, const struct session_action *a);

/* Append what S waits for, "" when it waits for nobody's answer; *ret_limit_ms is how long. */
const char *words_wait(const struct session *s, int64_t *ret_limit_ms);

#endif
