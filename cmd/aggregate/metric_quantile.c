/* quantile(x,q,…): a column for each q. */
#include <errno.h>

#include "cmd/aggregate/metric.h"
#include "common/stat/quantile.h"

static int check(const struct metric *m, struct strbuf *err)
{
	for (size_t i = 0; i < m->arg_count; i++)
		if (!(m->args[i] >= 0 && m->args[i] <= 1)) {
			strbuf_addf(err, "a quantile is a number from 0 to 1, as 0.99");
			return -EINVAL;
		}
	return 0;
}

static void add(struct accum *a, void *state, const struct value *v)
{
	double x;

	if (accum_double(a, v, &x))
		quantile_add(state, x);
}

static const struct accum_kind quantiles = {.name = "quantile", .ops = &quantile_ops, .add = add};

static void put(const struct metric *m, void *state, struct result_row *row)
{
	double d;

	for (size_t i = 0; i < m->arg_count; i++)
		row_double(row, m->column + i, quantile_get(state, m->args[i], &d) ? d : NAN);
}

const struct metric_kind metric_quantile = {.name = "quantile",
	.form = "quantile(x,q,...)",
	.help = "the quantiles q, within 1 %: 0.5 is the median, 0.99 the 99th percentile",
	.accum = &quantiles,
	.needs = METRIC_EXPR,
	.min_args = 1,
	.max_args = 100,
	.check = check,
	.percentiles = true,
	.put = put};
