/* lake-put as a sink of records: what is done with spans of them, and the commit at the end. */
#ifndef WEIR_LAKE_PUT_SINK_H
#define WEIR_LAKE_PUT_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/stream/filter.h"
#include "common/lake/writer.h"

struct log;
struct marked;
struct when;

struct sink {
	struct writer *writer;
	struct log *log;
	struct when *when;
	const char *bad_value; /* of --on-bad-time, or NULL */
	const char *id;        /* of --id, or NULL */

	const char *input; /* being read */
	uint64_t records;  /* of this input, or of this batch, before the current span */
	uint64_t total;    /* since the last commit, without RECORDS */
	uint64_t bytes;    /* since the last commit */
	uint64_t bad;      /* records that --on-bad-time was for */
	struct part *bad_part;
	struct strbuf kept; /* records without what was stripped, of one partition */
	bool committed, unknown;
	struct marked *marked; /* what is kept of a marked stream */
};

/* filter callbacks; SELF is a struct sink. */
int sink_span(void *self, const char *s, size_t len, struct flow *flow);
int sink_commit(void *self, struct flow *flow);

/* Say how many of RECORDS, which are committed, had no time that could be read; nothing when all had one. */
void sink_tell_bad(const struct sink *sink, uint64_t records);

void sink_release(struct sink *sink);

#endif
