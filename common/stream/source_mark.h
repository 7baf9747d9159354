/*
 * Writes marks (weir-stream(7)) from a session's description of them.
 *
 * Layer: stream (uses mark, mark_offsets, session).
 */
#ifndef WEIR_STREAM_SOURCE_MARK_H
#define WEIR_STREAM_SOURCE_MARK_H

#include "common/stream/mark.h"
#include "common/stream/session.h"

/* What the S mark contains, and each R. */
struct source_start {
	const char *group, *socket;
	char *const *topics; /* ends with NULL */
	const char *cluster; /* the id of the Kafka cluster; NULL: none */
	const char *member;  /* for R: the membership for which a sink commits offsets in the group; NULL: none does */
};

/*
 * Append the mark M to OUT, with its delimiter.  HOP has what all marks of the run share, and is kept between calls:
 * when the last one was written.
 */
void source_mark_write(struct strbuf *out, struct mark *hop, const struct session_mark *m,
	const struct source_start *start, int64_t now_epoch_ms, char delim);

#endif
