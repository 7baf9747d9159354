/*
 * The shell of `run` around its core: one loop over signals, the ends of processes, and time.
 */
#ifndef WEIR_RUN_LOOP_H
#define WEIR_RUN_LOOP_H

#include "cmd/run/core.h"
#include "cmd/run/pipeline.h"

/*
 * Run PIPELINE until it has ended for good, by the policy of CORE; HEALTH is the file of --health, METRICS the address
 * of
 * --metrics, NULL: none.  Returns the exit status; nothing of the pipeline runs then.
 */
int loop_run(struct core *core, struct pipeline *pipeline, const char *health, const char *metrics) MUST_CHECK;

#endif
