/* Applies the rules to records: records that keep them are passed on, the others are rejected, and all are counted. */
#ifndef WEIR_CMD_CLEAN_CLEANER_H
#define WEIR_CMD_CLEAN_CLEANER_H

#include "cmd/clean/options.h"
#include "cmd/clean/plan.h"
#include "common/data/record_filter.h"

struct cleaner {
	struct record_filter rf;
	const struct clean_options *opts;
	struct plan plan;
	uint64_t unwritable; /* records that could not be changed */
};

/* Prepare C for OPTS, which stay the caller's.  OPT_GO, or an exit status after a message. */
int cleaner_open(struct cleaner *c, const struct clean_options *opts) MUST_CHECK;
void cleaner_release(struct cleaner *c);

/* Run over OPERANDS, and print the number of records.  Returns the exit status. */
int cleaner_run(struct cleaner *c, char **operands) MUST_CHECK;

#endif
