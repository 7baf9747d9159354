/* lake-put --stats: counters and times for monitoring, as Prometheus text, in a file that is replaced whole. */
#ifndef WEIR_LAKE_PUT_STATS_H
#define WEIR_LAKE_PUT_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/io/http.h"
#include "common/stream/sink_core.h"

/*
 * Write FIGURES, the REQUESTS to a remote store (or NULL) and the committed POSITIONS (`was`; negative ones are left
 * out) to the file PATH, replacing it as a whole (common/io/file.h).  0 or -errno with the reason in ERR.
 */
int stats_write(const char *path, const struct sink_figures *figures, const struct http_counters *requests,
	const struct position *positions, size_t count, struct strbuf *err) MUST_CHECK;

/* stats_prom.c: the text itself, into the descriptor FD.  LABELS has three strings a position: group, topic, partition.
 */
int stats_print(int fd, const struct sink_figures *figures, const struct http_counters *requests,
	const char *const *labels, const int64_t *positions, size_t count) MUST_CHECK;

#endif
