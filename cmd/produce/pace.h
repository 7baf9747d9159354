/*
 * Slows a program down to a number of records a second.
 *
 * Part of produce; uses base.  What was not used up is not kept for longer than a tenth of a second: after a pause of
 * the input there is no burst.
 */
#ifndef WEIR_PRODUCE_PACE_H
#define WEIR_PRODUCE_PACE_H

#include <stdint.h>

#include "common/base/diag.h"

struct pace {             /* zeroed at first, except for `rate` */
	uint64_t rate;    /* records a second; 0: as many as possible */
	int64_t began_ms; /* by clock_ms(), 0: not yet */
	uint64_t count;   /* records since then */
};

/* At the time NOW_MS, of clock_ms(): how many milliseconds the next record has to wait; 0: it may go now, and counts.
 */
int64_t pace_wait_ms(struct pace *pace, int64_t now_ms) MUST_CHECK;

#endif
