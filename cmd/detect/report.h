/* What detect says at the end. */
#ifndef WEIR_DETECT_REPORT_H
#define WEIR_DETECT_REPORT_H

#include "cmd/detect/judge.h"
#include "common/data/record_filter.h"

/*
 * What was not judged and why, what was forgotten and, with --stats, all counts.  EXIT_NO when there were records of no
 * usable time, or when not one could be judged, else 0.
 */
int report(const struct record_filter *rf, const struct judge *j) MUST_CHECK;

#endif
