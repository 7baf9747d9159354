/* top(x,k): the most frequent values, with counts. */
#include <errno.h>
#include <stdlib.h>

#include "cmd/aggregate/metric.h"
#include "common/base/alloc.h"
#include "common/data/jsonout.h"
#include "common/stat/spacesaving.h"

/* The largest k. */
#define TOP_MAX 10000

static int check(const struct metric *m, struct strbuf *err)
{
	if (m->args[0] >= 1 && m->args[0] <= TOP_MAX && m->args[0] == rint(m->args[0]))
		return 0;
	strbuf_addf(err, "how many is a number from 1 to %d, as in top(.x,10)", TOP_MAX);
	return -EINVAL;
}

/* Ten times as many counters as k, so that the counts of the first k are close to the truth. */
static void init(const struct accum *a, void *state)
{
	spacesaving_init(state, a->args[0] > 100 ? (uint32_t)a->args[0] * 10 : 1000);
}

static void add(struct accum *a, void *state, const struct value *v)
{
	const struct strbuf *key = accum_key(a, v);

	if (key && spacesaving_add(state, key->s, key->len, 1) < 0)
		accum_fault(a, FAULT_COMPUTE, "this value is longer than 2 GiB");
}

static const struct accum_kind top = {.name = "top", .ops = &spacesaving_ops, .init = init, .add = add};

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

/* [{"value":"a","count":3},…]; if the count may be too high, "error" says by how much. */
static void put(const struct metric *m, void *state, struct result_row *row)
{
	size_t k = (size_t)m->args[0];
	const struct spacesaving_entry **entries = xcalloc(k, sizeof *entries);
	struct strbuf *text = row_text(row, m->column);

	k = spacesaving_top(state, k, entries);
	strbuf_addch(text, '[');
	for (size_t i = 0; i < k; i++) {
		const char *s = entries[i]->key;
		size_t len = entries[i]->len;
		struct value v;
		if (key_next(&s, &len, &v) <= 0)
			v = (struct value){.type = VALUE_NULL};
		strbuf_addstr(text, i ? ",{\"value\":" : "{\"value\":");
		add_value(text, &v);
		strbuf_addf(text, ",\"count\":%llu", (unsigned long long)entries[i]->count);
		if (entries[i]->error)
			strbuf_addf(text, ",\"error\":%llu", (unsigned long long)entries[i]->error);
		strbuf_addch(text, '}');
	}
	strbuf_addch(text, ']');
	free((void *)entries);
	row_done(row, m->column, VALUE_ARRAY);
}

const struct metric_kind metric_top = {.name = "top",
	.form = "top(x,k)",
	.help = "the k most frequent values",
	.accum = &top,
	.needs = METRIC_EXPR,
	.min_args = 1,
	.max_args = 1,
	.check = check,
	.args_to_accum = true,
	.put = put};
