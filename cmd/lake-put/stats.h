/* lake-put --stats: counters and times for monitoring, as Prometheus text, in a file that is replaced whole. */
#ifndef WEIR_LAKE_PUT_STATS_H
#define WEIR_LAKE_PUT_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/io/http.h"
#include "common/stream/sink_core.h"

/* One of several tables (many.h). */
struct stats_table {
	const char *name;
	uint64_t records, bytes; /* committed since the start */
};

/* All of it borrowed. */
struct put_stats {
	const struct sink_figures *figures;
	const struct http_counters *requests; /* to remote stores; NULL: there is none */
	const struct position *positions;     /* committed (`was`); negative ones are left out */
	size_t npositions;
	const struct stats_table *tables;
	size_t ntables; /* 0: there is one, and FIGURES are its */
};

/*
 * Write STATS to the file PATH, replacing it as a whole (common/io/file.h).  0 or -errno with the reason in ERR.
 */
int stats_write(const char *path, const struct put_stats *stats, struct strbuf *err) MUST_CHECK;

/* stats_prom.c: the text itself, into the descriptor FD. */
int stats_print(int fd, const struct put_stats *stats) MUST_CHECK;

#endif
