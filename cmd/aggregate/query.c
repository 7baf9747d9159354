/* The query: see query.h. */
#include "cmd/aggregate/query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/kinds.h"
#include "common/base/alloc.h"

void query_init(struct query *q)
{
	*q = (struct query){0};
	strbuf_init(&q->key);
	strbuf_init(&q->scratch);
}

void query_release(struct query *q)
{
	fields_release(&q->keys);
	for (size_t i = 0; i < q->value_count; i++) {
		expr_free(q->values[i]->expr);
		free(q->values[i]->text);
		free(q->values[i]);
	}
	free((void *)q->values);
	free(q->accums);
	for (size_t i = 0; i < q->metric_count; i++)
		metric_release(&q->metrics[i]);
	free(q->metrics);
	strbuf_release(&q->key);
	strbuf_release(&q->scratch);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_accum(const struct accum *a, const struct metric *m)
{
	size_t args = m->kind->args_to_accum ? m->arg_count : 0;

	if (a->kind != m->kind->accum || !same_text(a->value->text, m->text))
		return false;
	return a->arg_count == args && (!args || memcmp(a->args, m->args, args * sizeof *a->args) == 0);
}

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

/* Find the value of TEXT, an expression or a field; all metrics of the same text share it. */
static int find_value(
	struct query *q, const char *text, struct records *r, struct accum_value **ret, struct strbuf *err)
{
	for (size_t i = 0; i < q->value_count; i++) {
		*ret = q->values[i];
		if (same_text(q->values[i]->text, text))
			return 0;
	}
	struct accum_value *v = *ret = xcalloc(1, sizeof *v);
	*v = (struct accum_value){.text = text ? xstrdup(text) : NULL, .slot = -1};
	q->values = xreallocarray((void *)q->values, q->value_count + 1, sizeof *q->values);
	q->values[q->value_count++] = v;
	return compile(v, r, err);
}

static int add_accum(struct query *q, struct metric *m, struct records *r, struct strbuf *err)
{
	struct accum_value *value;
	int e = find_value(q, m->text, r, &value, err);

	q->accums = xreallocarray(q->accums, q->accum_count + 1, sizeof *q->accums);
	struct accum *a = &q->accums[q->accum_count];
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
	m->accum = q->accum_count++;
	q->block_size += (a->kind->ops->size + 7) & ~(size_t)7;
	q->has_init |= a->kind->init != NULL;
	return e;
}

/* Takes over M, even on failure. */
static int add_metric(struct query *q, const struct metric *metric, struct records *r, struct strbuf *err)
{
	q->metrics = xreallocarray(q->metrics, q->metric_count + 1, sizeof *q->metrics);
	struct metric *m = &q->metrics[q->metric_count++];
	*m = *metric;
	for (m->accum = 0; m->accum < q->accum_count; m->accum++)
		if (same_accum(&q->accums[m->accum], m))
			return 0;
	struct strbuf why = STRBUF_INIT;
	int e = add_accum(q, m, r, &why);
	if (e < 0)
		strbuf_addf(err, "metric '%s': %s", m->written, why.s);
	strbuf_release(&why);
	return e;
}

int query_metrics(struct query *q, char **operands, char **last, struct records *r, struct strbuf *err)
{
	struct metric m;
	int n = 0;

	for (; operands + n < last; n++) {
		int e = metric_parse(&m, operands[n], err);
		if (e == 0)
			e = kinds_refuse(operands[n], err);
		if (e == 0)
			break;
		if (e > 0)
			e = add_metric(q, &m, r, err);
		if (e < 0)
			return e;
	}
	return n;
}

int query_key_columns(struct query *q, struct result_row *row, struct strbuf *err)
{
	for (size_t i = 0; i < q->keys.count; i++) {
		if (row_find(row, q->keys.all[i].name) >= 0) {
			strbuf_addf(err, "two columns are called '%s'", q->keys.all[i].name);
			return -EINVAL;
		}
		row_add(row, q->keys.all[i].name);
	}
	return 0;
}

int query_metric_columns(struct query *q, struct result_row *row, struct strbuf *err)
{
	int r = 0;

	for (size_t i = 0; i < q->metric_count && r == 0; i++) {
		const struct expr *e = q->accums[q->metrics[i].accum].value->expr;
		struct strbuf field = STRBUF_INIT;
		bool is_field = e && expr_is_field(e);
		if (is_field)
			field_name(expr_field(e, 0), &field);
		r = metric_columns(&q->metrics[i], is_field ? field.s : NULL, row, err);
		strbuf_release(&field);
	}
	return r;
}

void query_block_init(const struct query *q, void *block)
{
	if (!q->has_init)
		return;
	for (size_t i = 0; i < q->accum_count; i++)
		if (q->accums[i].kind->init)
			q->accums[i].kind->init(&q->accums[i], (char *)block + q->accums[i].offset);
}

void query_block_release(const struct query *q, void *block)
{
	for (size_t i = 0; i < q->accum_count; i++)
		if (q->accums[i].kind->ops->release)
			q->accums[i].kind->ops->release((char *)block + q->accums[i].offset);
}

void query_track(struct query *q)
{
	q->tracks = true;
	q->changed_at = q->block_size;
	q->block_size += sizeof(uint64_t);
}

/* The value of A's expression; an error in the computation is a fault, whatever the result is. */
static const struct value *compute(struct accum *a, const struct value *values)
{
	struct expr *e = a->value->expr;
	uint64_t faults = expr_fault(e)->count;
	const struct value *v = expr_value(e, values);

	if (expr_fault(e)->count != faults)
		accum_fault(a, FAULT_COMPUTE, expr_fault(e)->what);
	return v;
}

void query_block_add(struct query *q, void *block, const struct value *values)
{
	q->faults.record++;
	for (size_t i = 0; i < q->accum_count; i++) {
		struct accum *a = &q->accums[i];
		const struct value *v = a->slot >= 0 ? &values[a->slot] : a->value->expr ? compute(a, values) : NULL;
		a->kind->add(a, (char *)block + a->offset, v);
	}
	if (q->tracks)
		*query_block_changed(q, block) = 1;
}

void query_block_add_taken(struct query *q, void *block, const struct value *values)
{
	q->faults.record++;
	for (size_t i = 0; i < q->accum_count; i++) {
		struct accum *a = &q->accums[i];
		a->kind->add(a, (char *)block + a->offset, a->slot >= 0 ? &values[i] : NULL);
	}
	if (q->tracks)
		*query_block_changed(q, block) = 1;
}

bool query_fits(struct query *q, void *block, const struct value *values)
{
	uint64_t faults = faults_count(&q->faults);

	memset(block, 0, q->block_size);
	query_block_init(q, block);
	query_block_add(q, block, values);
	query_block_release(q, block);
	return faults_count(&q->faults) == faults;
}

void query_block_merge(const struct query *q, void *into, const void *from)
{
	for (size_t i = 0; i < q->accum_count; i++) {
		const struct accum *a = &q->accums[i];
		a->kind->ops->merge((char *)into + a->offset, (const char *)from + a->offset);
	}
	if (q->tracks)
		*query_block_changed(q, into) |= *(const uint64_t *)(const void *)((const char *)from + q->changed_at);
}

void query_block_put(const struct query *q, void *block, struct result_row *row)
{
	for (size_t i = 0; i < q->metric_count; i++) {
		const struct metric *m = &q->metrics[i];
		m->kind->put(m, (char *)block + q->accums[m->accum].offset, row);
	}
}

void query_put_key(const struct query *q, const char *key, size_t len, struct result_row *row, size_t at)
{
	struct value v;

	for (size_t i = 0; i < q->keys.count; i++) {
		if (key_next(&key, &len, &v) <= 0)
			v = (struct value){.type = VALUE_NULL};
		row_value(row, at + i, &v);
	}
}
