/* db-put --stats: counters for monitoring, as Prometheus text, in a file that is replaced whole. */
#ifndef WEIR_DB_PUT_STATS_H
#define WEIR_DB_PUT_STATS_H

#include "put.h"

/* What PUT has counted beside FIGURES, and where the partitions of CHAIN are, into the file PATH.  0 or -errno, ERR. */
int stats_write(const char *path, const struct db_sink *put, const struct sink_figures *figures,
	const struct chain *chain, struct strbuf *err) MUST_CHECK;

#endif
