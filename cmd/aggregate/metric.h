/*
 * Metrics, from which the columns of the output are made.
 *
 * Written as [NAME=]KIND[(EXPR[,NUMBER…])]: count, sum(.amount), total=sum(.price * .qty), quantile(.ms,0.5,0.99).
 *
 * A family of metrics is a file metric_FAMILY.c, which has the accumulation of values, the arguments and the output.  A
 * metric is a struct metric_kind there, called metric_NAME, and its row below.
 */
#ifndef WEIR_AGGREGATE_METRIC_H
#define WEIR_AGGREGATE_METRIC_H

#include <math.h>

#include "cmd/aggregate/accum.h"
#include "cmd/aggregate/row.h"

struct metric {
	const struct metric_kind *kind;
	char *written; /* owned, as written on the command line */
	char *name;    /* owned: NAME, or NULL */
	char *text;    /* owned: EXPR, or NULL */
	double *args;  /* owned: the numbers */
	size_t arg_count;
	size_t accum;   /* index of the accumulator that it reads */
	size_t column;  /* the first of its columns in the row */
	size_t columns; /* how many there are */
};

struct metric_kind {
	const char *name;
	const char *form, *help; /* for --help: its notation and its meaning */
	const struct accum_kind *accum;
	enum { METRIC_EITHER, METRIC_EXPR } needs; /* how many expressions it takes: none or one; exactly one */
	size_t min_args, max_args;                 /* numbers */
	/* Check the numbers; NULL: any are allowed.  -EINVAL with the reason in ERR. */
	int (*check)(const struct metric *m, struct strbuf *err);
	bool args_to_accum; /* the numbers are arguments of the accumulator */
	bool percentiles;   /* a column for each number, which is a quantile: p50 for 0.5 */
	/* Set the columns of M from the STATE of its accumulator. */
	void (*put)(const struct metric *m, void *state, struct result_row *row);
};

#define METRICS(ROW)   \
	ROW(count)     \
	ROW(sum)       \
	ROW(mean)      \
	ROW(min)       \
	ROW(max)       \
	ROW(var)       \
	ROW(stddev)    \
	ROW(quantile)  \
	ROW(histogram) \
	ROW(first)     \
	ROW(last)      \
	ROW(distinct)  \
	ROW(top)       \
	ROW(mode)      \
	ROW(delta)     \
	ROW(ewma)      \
	ROW(rate)

#define METRIC_DECLARE(NAME) extern const struct metric_kind metric_##NAME;
METRICS(METRIC_DECLARE)

/*
 * metric_parse.c: parse the operand S.  Returns 1; 0: it is not a metric (it may be a file); -EINVAL with the reason in
 * ERR: it looks like one.  After 1, M must be released.
 */
int metric_parse(struct metric *m, const char *s, struct strbuf *err) MUST_CHECK;
void metric_release(struct metric *m);

/* Add the columns of M to ROW; FIELD is the name of the field that EXPR is, or NULL.  -EINVAL with a reason in ERR. */
int metric_columns(struct metric *m, const char *field, struct result_row *row, struct strbuf *err) MUST_CHECK;

/* Set M's column to SUM, or to null if nothing was added. */
struct sum;
void metric_put_sum(const struct metric *m, const struct sum *sum, struct result_row *row);

#endif
