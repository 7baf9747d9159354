/*
 * Waits of a source that last too long: what to say about them, and when.
 *
 * Layer: stream (uses base/patience, source, source_words).  Nothing is printed here; each text is for one message.
 */
#ifndef WEIR_STREAM_SOURCE_WATCH_H
#define WEIR_STREAM_SOURCE_WATCH_H

#include "common/base/patience.h"
#include "common/stream/source.h"
#include "common/stream/source_words.h"

struct source_watch {           /* zeroed at first */
	struct patience answer; /* of sinks */
	enum session_state state;
};

/* An answer of the sinks is missing for a second: append what S waits for to TEXT; once in each wait. */
void source_watch_answer(struct source_watch *w, const struct session *s, int64_t now_ms, struct strbuf *text);

/* No sink has seen a mark for as long as --stall-warning says: append that to TEXT, once for each batch. */
void source_watch_stall(struct source *s, const struct source_options *opt, int64_t now_ms, struct strbuf *text);

#endif
