/* The states of accumulators, for those that read them. */
#ifndef WEIR_AGGREGATE_ACCUM_STATE_H
#define WEIR_AGGREGATE_ACCUM_STATE_H

#include "cmd/aggregate/accum.h"
#include "common/stat/ewma.h"
#include "common/stat/extreme.h"
#include "common/stat/histogram.h"
#include "common/stat/hll.h"
#include "common/stat/moments.h"
#include "common/stat/quantile.h"
#include "common/stat/spacesaving.h"
#include "common/stat/sum.h"

struct accum_sum {
	uint64_t n; /* numbers */
	struct sum sum;
};

/* A value as canonical bytes (keys.h); none when LEN is 0. */
struct accum_kept {
	char *s;
	size_t len, room;
	struct accum_time at;
};

struct accum_delta {
	uint64_t n; /* numbers */
	struct extreme_number first, last;
	struct accum_time first_at, last_at;
};

/* As stat's. */
void accum_time_save(const struct accum_time *t, struct strbuf *out);
int accum_time_load(struct accum_time *t, struct stat_in *in) MUST_CHECK;

#endif
