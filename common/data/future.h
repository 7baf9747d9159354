/*
 * Times of records that are ahead of this machine's clock.
 *
 * Layer: data (uses base).  The writer of a record also chooses its time.  A time in the year 2100 would close every
 * window and make dedupe forget every key, so a time that is too far ahead is not accepted.
 */
#ifndef WEIR_DATA_FUTURE_H
#define WEIR_DATA_FUTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/strbuf.h"

struct future {
	bool given;       /* the user has set it by an option */
	bool any;         /* every time is accepted */
	int64_t limit_ms; /* how far ahead a time may lie */
};

#define FUTURE_DEFAULT                        \
	{                                     \
		.limit_ms = INT64_C(86400000) \
	}

/* Parse DURATION or `any`; see struct opt's parse.  DEST is a struct future. */
int future_parse(const char *value, void *dest, struct strbuf *err) MUST_CHECK;

/* Whether the time MS is too far ahead of NOW_MS; both since the epoch. */
bool future_too_far(const struct future *f, int64_t ms, int64_t now_ms);

#define FUTURE_OPTION(to)                                                                                          \
	{                                                                                                          \
		.name = "max-ahead", .type = OPT_CALL, .dest = (to), .arg = "DURATION|any", .parse = future_parse, \
		.help = "how far ahead of this machine's clock a record may be, 1d by default"                     \
	}

#endif
