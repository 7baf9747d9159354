/* min(x), max(x). */
#include "cmd/aggregate/metric.h"
#include "common/stat/extreme.h"

static void add(struct accum *a, void *state, const struct value *v)
{
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (number && number->type == VALUE_INT)
		extreme_add_int(state, number->i);
	else if (number && fabs(number->d) < 0x1p53)
		extreme_add_double(state, number->d);
	else if (number)
		extreme_add(state, number);
}

static const struct accum_kind extremes = {.name = "extreme", .ops = &extreme_ops, .add = add};

static void put(const struct metric *m, const struct extreme_number *n, struct result_row *row)
{
	if (!n) {
		row_null(row, m->column);
	} else if (n->text) {
		strbuf_add(row_text(row, m->column), n->text, n->len);
		row_done(row, m->column, VALUE_NUMBER);
	} else if (n->is_int) {
		row_int(row, m->column, n->i);
	} else {
		row_double(row, m->column, n->d);
	}
}

static void put_min(const struct metric *m, void *state, struct result_row *row)
{
	put(m, extreme_min(state), row);
}

static void put_max(const struct metric *m, void *state, struct result_row *row)
{
	put(m, extreme_max(state), row);
}

const struct metric_kind metric_min = {.name = "min",
	.form = "min(x)",
	.help = "the smallest number",
	.accum = &extremes,
	.needs = METRIC_EXPR,
	.put = put_min};
const struct metric_kind metric_max = {.name = "max",
	.form = "max(x)",
	.help = "the greatest number",
	.accum = &extremes,
	.needs = METRIC_EXPR,
	.put = put_max};
