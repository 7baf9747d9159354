/* The accumulators of a query, which metrics share: see query.h. */
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/query.h"
#include "common/base/alloc.h"

/* Compile the expression in V's text, bound to R; for a plain field none is needed. */
static int compile(struct accum_value *v, struct records *r, struct strbuf *err)
{
	int e = v->text ? expr_new(&v->expr, v->text, err) : 0;

	if (e < 0 || !v->text)
		return e;
	if (!expr_is_field(v->expr))
		return records_bind(r, v->expr, err);
	v->slot = records_add(r, expr_field(v->expr, 0), err);
	return v->slot < 0 ? v->slot : 0;
}

/* Begin the key of TEXT, which may be NULL, in an index. */
static void begin_key(struct strbuf *key, const char *text)
{
	strbuf_clear(key);
	strbuf_addstr(key, text ? text : "");
	strbuf_add(key, text ? "\0" : "", text ? 1 : 0);
}

/* Find the value of TEXT, an expression or a field; all metrics of the same text share it. */
static int find_value(
	struct query *q, const char *text, struct records *r, struct accum_value **ret, struct strbuf *err)
{
	bool is_new;

	begin_key(&q->scratch, text);
	uint32_t at = name_index_add(&q->value_index, q->scratch.s, q->scratch.len, &is_new);
	if (!is_new) {
		*ret = q->values[at];
		return 0;
	}
	struct accum_value *v = *ret = xcalloc(1, sizeof *v);
	*v = (struct accum_value){.text = text ? xstrdup(text) : NULL, .slot = -1};
	q->values = xroom((void *)q->values, q->value_count, sizeof *q->values);
	q->values[q->value_count++] = v;
	return compile(v, r, err);
}

static int add_accum(struct query *q, const struct metric *m, struct records *r, struct strbuf *err)
{
	struct accum_value *value;
	int e = find_value(q, m->text, r, &value, err);

	q->accums = xroom(q->accums, q->accum_count, sizeof *q->accums);
	struct accum *a = &q->accums[q->accum_count++];
	*a = (struct accum){.kind = m->kind->accum,
		.written = m->written,
		.value = value,
		.slot = value->slot,
		.offset = q->block_size,
		.faults = &q->faults,
		.now = &q->now,
		.scratch = &q->scratch};
	if (m->kind->args_to_accum) {
		a->args = m->args;
		a->arg_count = m->arg_count;
	}
	q->block_size += (a->kind->ops->size + 7) & ~(size_t)7;
	q->has_init |= a->kind->init != NULL;
	return e;
}

int query_accum(struct query *q, struct metric *m, struct records *r, struct strbuf *err)
{
	bool is_new;

	begin_key(&q->scratch, m->text);
	strbuf_add(&q->scratch, &m->kind->accum, sizeof m->kind->accum);
	if (m->kind->args_to_accum)
		strbuf_add(&q->scratch, m->args, m->arg_count * sizeof *m->args);
	m->accum = name_index_add(&q->accum_index, q->scratch.s, q->scratch.len, &is_new);
	return is_new ? add_accum(q, m, r, err) : 0;
}
