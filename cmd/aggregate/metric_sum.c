/* sum(x), mean(x). */
#include "cmd/aggregate/metric.h"
#include "common/stat/sum.h"

static void add(struct accum *a, void *state, const struct value *v)
{
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (!number)
		return;
	if (number->type == VALUE_INT)
		sum_add_int(state, number->i);
	else if (fabs(number->d) < 0x1p63)
		sum_add_double(state, number->d);
	else
		sum_add(state, number, false);
}

static const struct accum_kind adder = {.name = "sum", .ops = &sum_ops, .add = add};

void metric_put_sum(const struct metric *m, const struct sum *sum, struct result_row *row)
{
	char text[SUM_TEXT];
	int64_t n;

	if (!sum->n) {
		row_null(row, m->column);
	} else if (!sum_is_int(sum)) {
		row_double(row, m->column, sum_double(sum));
	} else if (sum_int64(sum, &n)) {
		row_int(row, m->column, n);
	} else {
		strbuf_add(row_text(row, m->column), text, sum_int_text(sum, text));
		row_done(row, m->column, VALUE_NUMBER);
	}
}

static void put_sum(const struct metric *m, void *state, struct result_row *row)
{
	metric_put_sum(m, state, row);
}

static void put_mean(const struct metric *m, void *state, struct result_row *row)
{
	const struct sum *s = state;

	row_double(row, m->column, s->n ? sum_mean(s) : NAN);
}

const struct metric_kind metric_sum = {.name = "sum",
	.form = "sum(x)",
	.help = "the sum, exact",
	.accum = &adder,
	.needs = METRIC_EXPR,
	.put = put_sum};
const struct metric_kind metric_mean = {.name = "mean",
	.form = "mean(x)",
	.help = "the average",
	.accum = &adder,
	.needs = METRIC_EXPR,
	.put = put_mean};
