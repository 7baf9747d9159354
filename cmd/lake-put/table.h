/* The table that lake-put writes, as a sink: what it does at each step (common/stream/sink.h). */
#ifndef WEIR_LAKE_PUT_TABLE_H
#define WEIR_LAKE_PUT_TABLE_H

#include "common/lake/log.h"
#include "ingest.h"

struct table_sink {
	struct ingest ingest;
	struct log *log;          /* borrowed */
	const char *id;           /* of --id, or NULL */
	const char *stats;        /* of --stats, or NULL */
	bool also_group;          /* --also-group */
	struct lake_file **files; /* sealed, owned by the writer */
	size_t nfiles;
	uint64_t rejected; /* records, up to the last commit */
};

/* SELF is a struct table_sink. */
extern const struct sink_ops table_sink_ops;

#endif
