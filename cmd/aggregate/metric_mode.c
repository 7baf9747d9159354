/*
 * mode(x): the most frequent value; of several equally frequent values the first one in the order of keys.
 *
 * Exact up to COUNTERS different values.  Beyond that, Space-Saving knows a count within an error (spacesaving.h), and
 * a value is the mode only if its least possible count is more than the greatest possible count of any other value;
 * else the result is null.  So the output is never wrong, and a value that leads by more than 2 / COUNTERS of all
 * values is always found.
 */
#include "cmd/aggregate/metric.h"
#include "common/stat/spacesaving.h"

#define COUNTERS 1000

static void init(const struct accum *a, void *state)
{
	(void)a;
	spacesaving_init(state, COUNTERS);
}

static void add(struct accum *a, void *state, const struct value *v)
{
	const struct strbuf *key = accum_key(a, v);

	if (key && spacesaving_add(state, key->s, key->len, 1) < 0)
		accum_fault(a, FAULT_COMPUTE, "this value is longer than 2 GiB");
}

static const struct accum_kind mode = {.name = "mode", .ops = &spacesaving_ops, .init = init, .add = add};

static bool goes_before(const struct spacesaving_entry *a, const struct spacesaving_entry *b)
{
	return a->count != b->count ? a->count > b->count : key_compare(a->key, a->len, b->key, b->len) < 0;
}

static void put(const struct metric *m, void *state, struct result_row *row)
{
	const struct spacesaving *s = state;
	const struct spacesaving_entry *first = NULL;
	/* the greatest possible count of any other value; this also bounds values without a counter */
	uint64_t others = 0;

	for (uint32_t i = 0; i < s->n; i++) {
		const struct spacesaving_entry *e = &s->entry[i], *second = e;
		if (!first || goes_before(e, first)) {
			second = first;
			first = e;
		}
		if (second && second->count > others)
			others = second->count;
	}
	if (first && (spacesaving_is_exact(s) || first->count - first->error > others))
		row_key(row, m->column, first->key, first->len);
	else
		row_null(row, m->column);
}

const struct metric_kind metric_mode = {.name = "mode",
	.form = "mode(x)",
	.help = "the most frequent value",
	.accum = &mode,
	.needs = METRIC_EXPR,
	.put = put};
