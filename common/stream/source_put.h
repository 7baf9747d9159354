/*
 * Puts records into the output of a source in pieces of any length; in a marked stream they are escaped.
 *
 * Layer: stream (uses output, scan).
 */
#ifndef WEIR_STREAM_SOURCE_PUT_H
#define WEIR_STREAM_SOURCE_PUT_H

#include "common/stream/output.h"

struct source_put {
	char delim;
	bool marked;
	bool plain;       /* a plain stream may begin with any byte */
	bool within;      /* the last byte was not the end of a record */
	uint64_t records; /* how many have ended */
};

/* Append the LEN bytes at S to O.  0; -EBADMSG: a plain stream would begin with ETB, and nothing was put. */
int source_put(struct source_put *p, struct output *o, const char *s, size_t len) MUST_CHECK;

#endif
