/*
 * Metrics: what the columns of the output are made of.
 *
 * Written as [NAME=]KIND[(EXPR[,NUMBER…])]: count, sum(.amount), total=sum(.price * .qty), quantile(.ms,0.5,0.99).  A
 * kind is a row of the table in metric.c.
 */
#ifndef WEIR_AGGREGATE_METRIC_H
#define WEIR_AGGREGATE_METRIC_H

#include "cmd/aggregate/accum.h"
#include "cmd/aggregate/row.h"

struct metric {
	const struct metric_kind *kind;
	char *written; /* owned, as it stands in the command line */
	char *name;    /* owned: NAME, or NULL */
	char *text;    /* owned: EXPR, or NULL */
	double *args;  /* owned: the numbers */
	size_t arg_count;
	size_t accum;   /* which one it reads */
	size_t column;  /* the first of its columns in the row */
	size_t columns; /* how many there are */
};

/* What a row is about beside its group. */
struct span {
	double seconds; /* that its records are from; 0: not known */
};

struct metric_kind {
	const char *name;
	const struct accum_kind *accum;
	enum { METRIC_BARE, METRIC_EITHER, METRIC_EXPR } needs; /* no expression; perhaps one; one */
	size_t min_args, max_args;                              /* numbers */
	/* Are the numbers fine?  NULL: all are.  -EINVAL with the reason in ERR. */
	int (*check)(const struct metric *m, struct strbuf *err);
	bool args_to_accum; /* the numbers are the accumulator's */
	void (*put)(const struct metric *m, void *state, const struct span *span, struct row *row);
};

/*
 * Read the operand S.  Returns 1; 0: it is no metric (a file, then); -EINVAL with the reason in ERR: it looks like one.
 * On 1, M is to be released.
 */
int metric_parse(struct metric *m, const char *s, struct strbuf *err) MUST_CHECK;
void metric_release(struct metric *m);

/* Add the columns of M to ROW; FIELD is the name of the field that EXPR is, or NULL.  -EINVAL with a reason in ERR. */
int metric_columns(struct metric *m, const char *field, struct row *row, struct strbuf *err) MUST_CHECK;

#endif
