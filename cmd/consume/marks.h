/*
 * What marks say (weir-stream(7)): a session's summary as text.
 */
#ifndef WEIR_CONSUME_MARKS_H
#define WEIR_CONSUME_MARKS_H

#include "common/stream/mark.h"
#include "common/stream/session.h"

/* Goes into S. */
struct mark_start {
	const char *group, *socket;
	char *const *topics; /* ends with NULL */
};

/*
 * Append the mark M to OUT, with its delimiter.  HOP has what all marks of the run share, and is kept between calls:
 * when the last one was written.
 */
void marks_write(struct strbuf *out, struct mark *hop, const struct session_mark *m, const struct mark_start *start,
	int64_t now_epoch_ms, char delim);

#endif
