/* ewma(x,a): the exponentially weighted mean. */
#include <errno.h>

#include "cmd/aggregate/metric.h"
#include "common/stat/ewma.h"

static int check(const struct metric *m, struct strbuf *err)
{
	if (m->args[0] > 0 && m->args[0] <= 1)
		return 0;
	strbuf_addstr(err, "the weight of the newest value is above 0 and at most 1");
	return -EINVAL;
}

static void add(struct accum *a, void *state, const struct value *v)
{
	double x;

	if (accum_double(a, v, &x))
		ewma_add(state, x, a->args[0]);
}

static const struct accum_kind smoothed = {.name = "ewma", .ops = &ewma_ops, .add = add};

static void put(const struct metric *m, void *state, struct result_row *row)
{
	const struct ewma *e = state;

	row_double(row, m->column, e->n ? e->mean : NAN);
}

const struct metric_kind metric_ewma = {.name = "ewma",
	.form = "ewma(x,a)",
	.help = "the exponentially weighted mean; a is the weight of the newest number",
	.accum = &smoothed,
	.needs = METRIC_EXPR,
	.min_args = 1,
	.max_args = 1,
	.check = check,
	.args_to_accum = true,
	.put = put};
