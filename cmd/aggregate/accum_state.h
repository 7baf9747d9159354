/* The states of accumulators, for those that read them. */
#ifndef WEIR_AGGREGATE_ACCUM_STATE_H
#define WEIR_AGGREGATE_ACCUM_STATE_H

#include "cmd/aggregate/accum.h"
#include "common/stat/extreme.h"
#include "common/stat/histogram.h"
#include "common/stat/moments.h"
#include "common/stat/quantile.h"
#include "common/stat/sum.h"

struct accum_sum {
	uint64_t n; /* numbers */
	struct sum sum;
};

#endif
