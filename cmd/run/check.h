/*
 * --check: every program of a pipeline checks itself, and nothing is changed.
 *
 * A program of weir is run as it stands in the text, with CHECKING_VARIABLE in its environment
 * (common/base/checking.h): it parses its arguments, and asks brokers, stores and databases.  Of another command only
 * its name is looked up: what it would do is not known, so it is not run.
 */
#ifndef WEIR_RUN_CHECK_H
#define WEIR_RUN_CHECK_H

#include "cmd/run/judge.h"
#include "common/base/diag.h"

/*
 * Check the pipeline TEXT, called NAME, and print one line for each finding on standard output: "NAME:LINE: what".
 * Returns the exit status: that which the statuses of the programs amount to (judge()), or EXIT_TEMP when standard
 * output could not be written.
 */
int check_run(const char *name, const char *text) MUST_CHECK;

#endif
