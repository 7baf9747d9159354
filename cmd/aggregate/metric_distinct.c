/* distinct(x): how many different values there are. */
#include "cmd/aggregate/metric.h"
#include "common/stat/hll.h"

static void add(struct accum *a, void *state, const struct value *v)
{
	const struct strbuf *key = accum_key(a, v);

	if (key)
		hll_add(state, key->s, key->len);
}

static const struct accum_kind distinct = {.name = "distinct", .ops = &hll_ops, .add = add};

static void put(const struct metric *m, void *state, struct result_row *row)
{
	row_count(row, m->column, hll_count(state));
}

const struct metric_kind metric_distinct = {.name = "distinct",
	.form = "distinct(x)",
	.help = "how many different values, approximately",
	.accum = &distinct,
	.needs = METRIC_EXPR,
	.put = put};
