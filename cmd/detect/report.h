/* The messages of detect at the end. */
#ifndef WEIR_DETECT_REPORT_H
#define WEIR_DETECT_REPORT_H

#include "cmd/detect/judge.h"
#include "common/data/record_filter.h"

/*
 * Print how many records were not judged and why, how many keys were dropped and, with --stats, all counts.  EXIT_NO
 * when records had no usable time, or when no record could be judged, else 0.
 */
int report(const struct record_filter *rf, const struct judge *j) MUST_CHECK;

#endif
