/* var(x), stddev(x): of a sample. */
#include "cmd/aggregate/metric.h"
#include "common/stat/moments.h"

static void add(struct accum *a, void *state, const struct value *v)
{
	double x;

	if (accum_double(a, v, &x))
		moments_add(state, x);
}

static const struct accum_kind spread = {.name = "moments", .ops = &moments_ops, .add = add};

static void put_var(const struct metric *m, void *state, struct result_row *row)
{
	double d;

	row_double(row, m->column, moments_var(state, &d) ? d : NAN);
}

static void put_stddev(const struct metric *m, void *state, struct result_row *row)
{
	double d;

	row_double(row, m->column, moments_stddev(state, &d) ? d : NAN);
}

const struct metric_kind metric_var = {.name = "var",
	.form = "var(x)",
	.help = "the variance of a sample",
	.accum = &spread,
	.needs = METRIC_EXPR,
	.put = put_var};
const struct metric_kind metric_stddev = {.name = "stddev",
	.form = "stddev(x)",
	.help = "the standard deviation of a sample",
	.accum = &spread,
	.needs = METRIC_EXPR,
	.put = put_stddev};
