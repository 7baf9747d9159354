/* count, count(x), rate, rate(x): records, or those for which the expression holds. */
#include "cmd/aggregate/metric.h"

/* Whether V holds, as in filter. */
static bool holds(const struct value *v)
{
	return v->type == VALUE_BOOL ? v->b : v->type > VALUE_NULL;
}

static void add(struct accum *a, void *state, const struct value *v)
{
	uint64_t *n = state;

	(void)a;
	*n += !v || holds(v);
}

static void merge(void *into, const void *from)
{
	*(uint64_t *)into += *(const uint64_t *)from;
}

static void save(const void *state, struct strbuf *out)
{
	stat_put_u64(out, *(const uint64_t *)state);
}

static int load(void *state, struct stat_in *in)
{
	return stat_get_u64(in, state);
}

static const struct stat_ops ops = {.size = sizeof(uint64_t), .merge = merge, .save = save, .load = load};
static const struct accum_kind counter = {.name = "count", .ops = &ops, .add = add};

static void put_count(const struct metric *m, void *state, struct result_row *row)
{
	row_count(row, m->column, *(uint64_t *)state);
}

static void put_rate(const struct metric *m, void *state, struct result_row *row)
{
	row_double(row, m->column, row->seconds > 0 ? (double)*(uint64_t *)state / row->seconds : NAN);
}

const struct metric_kind metric_count = {.name = "count",
	.form = "count[(x)]",
	.help = "how many records, or for how many x is true",
	.accum = &counter,
	.needs = METRIC_EITHER,
	.put = put_count};
const struct metric_kind metric_rate = {.name = "rate",
	.form = "rate[(x)]",
	.help = "the same per second of the window",
	.accum = &counter,
	.needs = METRIC_EITHER,
	.put = put_rate};
