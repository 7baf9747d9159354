/* Metrics of values, and of what depends on the order, from accumulators to columns: see metric_put.h. */
#include <stdlib.h>

#include "cmd/aggregate/accum_state.h"
#include "cmd/aggregate/metric_put.h"
#include "common/base/alloc.h"
#include "common/data/jsonout.h"
#include "common/data/keys.h"
#include "common/data/number.h"

void put_kept(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	const struct accum_kept *k = state;
	const char *s = k->s;
	size_t len = k->len;
	struct value v;

	(void)span;
	if (key_next(&s, &len, &v) <= 0)
		v = (struct value){.type = VALUE_NULL};
	row_value(row, m->column, &v);
}

void put_distinct(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	(void)span;
	row_count(row, m->column, hll_count(state));
}

static void add_json(struct strbuf *text, const struct value *v)
{
	char *start = strbuf_grow(text, JSONOUT_MAX(v->len)), *end;

	end = jsonout_bytes(start, v->s, v->len);
	strbuf_extend(text, (size_t)(end - start));
}

/* V as JSON. */
static void add_value(struct strbuf *text, const struct value *v)
{
	char number[JSONOUT_DOUBLE_MAX];

	if (v->type <= VALUE_NULL)
		strbuf_addstr(text, "null");
	else if (v->type == VALUE_BOOL)
		strbuf_addstr(text, v->b ? "true" : "false");
	else if (v->type == VALUE_INT)
		strbuf_add(text, number, (size_t)(jsonout_int(number, v->i) - number));
	else if (v->type == VALUE_DOUBLE)
		strbuf_add(text, number, (size_t)(jsonout_double(number, v->d) - number));
	else if (v->type == VALUE_STRING)
		add_json(text, v);
	else
		strbuf_add(text, v->raw, v->raw_len);
}

/* [{"value":"a","count":3},…]; with "error", by how much the count may be too high, when there is any. */
void put_top(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	size_t k = (size_t)m->args[0];
	const struct spacesaving_entry **top = xcalloc(k, sizeof *top);
	struct strbuf *text = row_text(row, m->column);

	(void)span;
	k = spacesaving_top(state, k, top);
	strbuf_addch(text, '[');
	for (size_t i = 0; i < k; i++) {
		const char *s = top[i]->key;
		size_t len = top[i]->len;
		struct value v;
		if (key_next(&s, &len, &v) <= 0)
			v = (struct value){.type = VALUE_NULL};
		strbuf_addstr(text, i ? ",{\"value\":" : "{\"value\":");
		add_value(text, &v);
		strbuf_addf(text, ",\"count\":%llu", (unsigned long long)top[i]->count);
		if (top[i]->error)
			strbuf_addf(text, ",\"error\":%llu", (unsigned long long)top[i]->error);
		strbuf_addch(text, '}');
	}
	strbuf_addch(text, ']');
	free((void *)top);
	row_done(row, m->column, VALUE_ARRAY);
}

static struct value value_of(const struct extreme_number *n)
{
	struct value v = {.type = VALUE_DOUBLE, .d = n->d};

	if (n->text) {
		v = (struct value){.type = VALUE_NUMBER, .s = n->text, .len = n->len};
		v.d = number_double(&v);
		v.type = VALUE_DOUBLE;
	} else if (n->is_int) {
		v = (struct value){.type = VALUE_INT, .i = n->i};
	}
	return v;
}

/* The last less the first, exact until it is rounded once. */
void put_delta(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	const struct accum_delta *d = state;
	struct value first = value_of(&d->first), last = value_of(&d->last);
	struct sum sum = {0};

	(void)span;
	if (!d->n) {
		row_null(row, m->column);
		return;
	}
	sum_add(&sum, &last, false);
	sum_add(&sum, &first, true);
	put_total(m, &sum, row);
	sum_release(&sum);
}

void put_ewma(const struct metric *m, void *state, const struct span *span, struct row *row)
{
	const struct ewma *e = state;

	(void)span;
	if (e->n)
		row_double(row, m->column, e->mean);
	else
		row_null(row, m->column);
}
