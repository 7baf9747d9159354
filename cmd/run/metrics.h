/*
 * Several texts of Prometheus as one: each metric's head once, and all of its samples after it, as the format wants.
 *
 * It has no side effects.  Histograms and summaries, whose samples have other names than their heads, are not known.
 */
#ifndef WEIR_RUN_METRICS_H
#define WEIR_RUN_METRICS_H

#include <stddef.h>

#include "common/base/strbuf.h"

enum { METRICS_MAX = 1 << 20 }; /* of a text, in bytes; longer ones are left out */

struct metric_family;
struct metrics {
	struct metric_family *items; /* owned, in the order in which they came */
	size_t count;
};

/*
 * Add TEXT, the metrics of a program: each sample gets LABELS (`program="x",number="1"`, or "") before its own.  Lines
 * that are neither comments nor samples are left out.
 */
void metrics_add(struct metrics *m, const char *text, const char *labels);

/* Append everything to OUT. */
void metrics_write(const struct metrics *m, struct strbuf *out);
void metrics_release(struct metrics *m);

#endif
