/*
 * The messages of a session.
 */
#ifndef WEIR_CONSUME_WORDS_H
#define WEIR_CONSUME_WORDS_H

#include "options.h"
#include "common/stream/session.h"

struct message_facts {
	const struct consume_options *opt;
	size_t sinks;           /* sinks that have said hello */
	const char *detail;     /* for REASON_DISAGREE: the sinks' answers */
	const char *table_ours; /* for REASON_OTHER_TABLE: the table of the sinks, or NULL */
	const char *refusal;    /* of a commit */
};

/* Append the message for an ACTION_TELL or ACTION_FAIL. */
void words_add(struct strbuf *out, const struct message_facts *w, const struct session_action *a);

#endif
