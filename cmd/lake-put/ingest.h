/* Records into the files of a commit, each into the partition of its time. */
#ifndef WEIR_LAKE_PUT_INGEST_H
#define WEIR_LAKE_PUT_INGEST_H

#include <stdint.h>

#include "common/data/rejects.h"
#include "common/lake/writer.h"
#include "common/stream/sink.h"

struct times;

struct ingest {
	struct writer *writer;
	struct times *times;
	struct rejects *rejects;
	const char *bad_value; /* of --on-bad-time, or NULL */
	uint64_t bad;          /* records that it was for */
	struct part *bad_part; /* of this commit */
	struct strbuf kept;    /* records without what was stripped, of one partition */
};

/* Take the records of a span, as struct sink_ops says of `span`. */
int ingest_span(struct ingest *in, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err) MUST_CHECK;

/* What was taken is committed: the files of the next commit begin. */
void ingest_next(struct ingest *in);

/* Say how many of RECORDS, which are committed, had no time that could be read; nothing when all had one. */
void ingest_tell_bad(const struct ingest *in, uint64_t records);

void ingest_release(struct ingest *in);

#endif
