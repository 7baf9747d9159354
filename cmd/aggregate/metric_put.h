/* How metrics are written: each sets the columns of M from the STATE of its accumulator. */
#ifndef WEIR_AGGREGATE_METRIC_PUT_H
#define WEIR_AGGREGATE_METRIC_PUT_H

#include "cmd/aggregate/metric.h"
#include "common/stat/sum.h"

void put_count(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_rate(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_sum(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_mean(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_min(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_max(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_var(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_stddev(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_quantile(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_histogram(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_kept(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_distinct(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_top(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_delta(const struct metric *m, void *state, const struct span *span, struct row *row);
void put_ewma(const struct metric *m, void *state, const struct span *span, struct row *row);

/* SUM itself. */
void put_total(const struct metric *m, const struct sum *sum, struct row *row);

#endif
