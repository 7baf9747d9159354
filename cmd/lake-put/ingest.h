/* Puts records into the files of a commit, each into the partition of its time. */
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
	const char *bad_value; /* the partition of --on-bad-time, or NULL */
	uint64_t bad;          /* number of records for which it was used */
	struct part *bad_part; /* of this commit */
	struct strbuf kept;    /* records of one partition from which --drop-time has cut the time */
};

/* Handle the records of a span, like the callback `span` of struct sink_ops. */
int ingest_span(struct ingest *in, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err) MUST_CHECK;

/* All handled records are committed: begin the files of the next commit. */
void ingest_next(struct ingest *in);

/* Report how many of RECORDS, which are committed, had no readable time; nothing when all had one. */
void ingest_report_bad(const struct ingest *in, uint64_t records);

void ingest_release(struct ingest *in);

#endif
