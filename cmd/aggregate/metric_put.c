/* Metrics of numbers, from accumulators to columns: see metric_put.h. */
#include "cmd/aggregate/metric_put.h"

#include "cmd/aggregate/accum_state.h"
#include "common/data/jsonout.h"

void put_count(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	const uint64_t *n = state;

	(void)span;
	row_count(row, m->column, *n);
}

void put_rate(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	const uint64_t *n = state;

	if (span->seconds > 0)
		row_double(row, m->column, (double)*n / span->seconds);
	else
		row_null(row, m->column);
}

void put_total(const struct metric *m, const struct sum *sum, struct row *row)
{
	char text[SUM_TEXT];
	int64_t n;

	if (!sum_is_int(sum)) {
		row_double(row, m->column, sum_double(sum));
	} else if (sum_int64(sum, &n)) {
		row_int(row, m->column, n);
	} else {
		strbuf_add(row_text(row, m->column), text, sum_int_text(sum, text));
		row_done(row, m->column, VALUE_NUMBER);
	}
}

void put_sum(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	const struct accum_sum *s = state;

	(void)span;
	if (s->n)
		put_total(m, &s->sum, row);
	else
		row_null(row, m->column);
}

void put_mean(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	const struct accum_sum *s = state;

	(void)span;
	if (s->n)
		row_double(row, m->column, sum_mean(&s->sum, s->n));
	else
		row_null(row, m->column);
}

static void put_number(const struct metric *m, const struct extreme_number *n, struct row *row)
{
	if (!n)
		row_null(row, m->column);
	else if (n->text) {
		strbuf_add(row_text(row, m->column), n->text, n->len);
		row_done(row, m->column, VALUE_NUMBER);
	} else if (n->is_int)
		row_int(row, m->column, n->i);
	else
		row_double(row, m->column, n->d);
}

void put_min(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	(void)span;
	put_number(m, extreme_min(state), row);
}

void put_max(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	(void)span;
	put_number(m, extreme_max(state), row);
}

static void put_known(const struct metric *m, size_t i, bool known, double d, struct row *row)
{
	if (known)
		row_double(row, m->column + i, d);
	else
		row_null(row, m->column + i);
}

void put_var(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	double d = 0;
	bool known = moments_var(state, &d);

	(void)span;
	put_known(m, 0, known, d, row);
}

void put_stddev(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	double d = 0;
	bool known = moments_stddev(state, &d);

	(void)span;
	put_known(m, 0, known, d, row);
}

void put_quantile(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	(void)span;
	for (size_t i = 0; i < m->arg_count; i++) {
		double d = 0;
		bool known = quantile_get(state, m->args[i], &d);
		put_known(m, i, known, d, row);
	}
}

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
void put_histogram(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	const struct histogram *h = state;
	struct strbuf *text = row_text(row, m->column);
	char number[JSONOUT_INT_MAX];

	(void)span;
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
