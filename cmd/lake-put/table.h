/* The table that lake-put writes, as a sink: the callbacks of common/stream/sink.h. */
#ifndef WEIR_LAKE_PUT_TABLE_H
#define WEIR_LAKE_PUT_TABLE_H

#include "table_ops.h"

struct table_sink {
	const struct table_ops *ops;
	void *rows; /* the object of these operations; borrowed, like all pointers here */
	struct log *log;
	struct rejects *rejects;
	const char *id;       /* of --id, or NULL */
	const char *stats;    /* of --stats, or NULL */
	bool also_group;      /* --also-group */
	struct commit sealed; /* the files of the next commit, and their positions */
	uint64_t rejected;    /* records up to the last commit */
};

/* All that is committed is acknowledged: do what can wait. */
void table_sink_rest(const struct table_sink *sink);

/* The callback `span`, for a sink above this one. */
int table_sink_span(struct table_sink *sink, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err) MUST_CHECK;

/* SELF is a struct table_sink. */
extern const struct sink_ops table_sink_ops;

#endif
