/* histogram(x,b,…): how many numbers are below, between and above the bounds. */
#include <errno.h>

#include "cmd/aggregate/metric.h"
#include "common/data/jsonout.h"
#include "common/stat/histogram.h"

static int check(const struct metric *m, struct strbuf *err)
{
	if (histogram_valid(m->args, m->arg_count))
		return 0;
	strbuf_addf(err, "the bounds must be in ascending order");
	return -EINVAL;
}

static void init(const struct accum *a, void *state)
{
	histogram_init(state, a->args, a->arg_count);
}

static void add(struct accum *a, void *state, const struct value *v)
{
	double x;

	if (accum_double(a, v, &x))
		histogram_add(state, x);
}

static const struct accum_kind buckets = {.name = "histogram", .ops = &histogram_ops, .init = init, .add = add};

static void add_bound(struct strbuf *text, const char *name, const double *bound)
{
	char number[JSONOUT_DOUBLE_MAX];

	strbuf_addstr(text, name);
	if (bound)
		strbuf_add(text, number, (size_t)(jsonout_double(number, *bound) - number));
	else
		strbuf_addstr(text, "null");
}

/* [{"from":null,"to":1.0,"count":3},…] */
static void put(const struct metric *m, void *state, struct result_row *row)
{
	const struct histogram *h = state;
	struct strbuf *text = row_text(row, m->column);
	char number[JSONOUT_INT_MAX];

	strbuf_addch(text, '[');
	for (size_t i = 0; i <= h->n; i++) {
		strbuf_addstr(text, i ? ",{" : "{");
		add_bound(text, "\"from\":", i ? &h->bounds[i - 1] : NULL);
		add_bound(text, ",\"to\":", i < h->n ? &h->bounds[i] : NULL);
		strbuf_addstr(text, ",\"count\":");
		strbuf_add(text, number, (size_t)(jsonout_int(number, (int64_t)h->count[i]) - number));
		strbuf_addch(text, '}');
	}
	strbuf_addch(text, ']');
	row_done(row, m->column, VALUE_ARRAY);
}

const struct metric_kind metric_histogram = {.name = "histogram",
	.form = "histogram(x,b,...)",
	.help = "how many numbers lie between the bounds",
	.accum = &buckets,
	.needs = METRIC_EXPR,
	.min_args = 1,
	.max_args = HISTOGRAM_BOUNDS,
	.check = check,
	.args_to_accum = true,
	.put = put};
