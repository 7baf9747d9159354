/* Records through the rules: those that keep them are passed on, the others go aside, and all are counted. */
#ifndef WEIR_CMD_CLEAN_CLEANER_H
#define WEIR_CMD_CLEAN_CLEANER_H

#include "cmd/clean/options.h"
#include "cmd/clean/plan.h"
#include "common/data/aside.h"
#include "common/stream/filter.h"
#include "common/stream/checkpoint.h"

struct cleaner {
	const struct options *opts;
	struct plan plan;
	struct records *records;
	struct aside rejects;
	struct checkpoint checkpoint;
	uint64_t read, rejected, malformed, unwritable;
	uint64_t inputs, number; /* of the record in its input */
	char *header;            /* the first one, as written */
	size_t header_len;
	bool rejects_told;       /* that rejects could not be written */
	bool ticks;              /* each record has a time of its own: that of the clock */
	int64_t clock_offset_ms; /* what makes the monotonic clock one since the epoch */
};

/* Prepare C for OPTS, which stay the caller's, and OPERANDS.  OPT_GO, or an exit status after a message. */
int cleaner_open(struct cleaner *c, const struct options *opts, char **operands) MUST_CHECK;
void cleaner_release(struct cleaner *c);

/* What filter_run() is called with, beside a struct cleaner. */
extern const struct filter cleaner_filter;

/* Say how many records there were, when that is of interest. */
void cleaner_tell(const struct cleaner *c);

/* Say, once, that rejects could not be written; returns the exit status. */
int cleaner_rejects_failed(struct cleaner *c, int err);

#endif
