/*
 * Shows meter's figures: as lines for people, as JSON, or as a file of Prometheus' text format.  A separate thread
 * reports at every interval, even while reading or writing waits.
 */
#ifndef WEIR_CMD_METER_REPORT_H
#define WEIR_CMD_METER_REPORT_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "cmd/meter/stats.h"
#include "common/base/strbuf.h"

enum report_format { REPORT_LINE, REPORT_JSON, REPORT_PROMETHEUS };

struct meter_report {
	struct stats *stats;
	const char *name; /* name in the pipeline; "" none */
	enum report_format format;
	const char *path;    /* NULL: standard error */
	int64_t interval_ms; /* 0: at the end only */
	int fd;
	bool terminal; /* one line, which is overwritten */
	bool started;
	int err; /* the first failure of writing, negative errno */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t end;
	bool ended;
};

/* Open the output and start to report; the fields up to interval_ms are set.  0 or -errno. */
int report_start(struct meter_report *r) MUST_CHECK;

/* Report the totals and close.  0, or the first -errno of writing. */
int report_end(struct meter_report *r) MUST_CHECK;

/* Append F in the format of R. */
void report_write(const struct meter_report *r, const struct figures *f, struct strbuf *out);

#endif
