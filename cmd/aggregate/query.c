/* The query: see query.h. */
#include "cmd/aggregate/query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/kinds.h"
#include "common/base/alloc.h"
#include "common/data/expr_source.h"

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
	name_index_release(&q->value_index);
	name_index_release(&q->accum_index);
	for (size_t i = 0; i < q->metric_count; i++)
		metric_release(&q->metrics[i]);
	free(q->metrics);
	strbuf_release(&q->key);
	strbuf_release(&q->scratch);
}

/* Takes over M, even on failure. */
static int add_metric(struct query *q, const struct metric *metric, struct records *r, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;

	q->metrics = xroom(q->metrics, q->metric_count, sizeof *q->metrics);
	struct metric *m = &q->metrics[q->metric_count++];
	*m = *metric;
	int e = query_accum(q, m, r, &why);
	if (e < 0)
		strbuf_addf(err, "metric '%s': %s", m->written, why.s);
	strbuf_release(&why);
	return e;
}

/* Add the metric S.  1; 0: it is none; -EINVAL. */
static int take_metric(struct query *q, const char *s, struct records *r, struct strbuf *err)
{
	struct metric m;
	int e = metric_parse(&m, s, err);

	if (e == 0)
		e = kinds_refuse(s, err);
	if (e > 0)
		e = add_metric(q, &m, r, err) < 0 ? -EINVAL : 1;
	return e;
}

/* Add the metrics in the file that OPERAND names after its '@', one a line; empty lines do not count. */
static int take_file(struct query *q, const char *operand, struct records *r, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	char *save = NULL;
	const size_t before = q->metric_count;
	int e = expr_source(operand, &text, err);

	for (char *s = e < 0 ? NULL : strtok_r(text.s, "\r\n", &save); s && e >= 0; s = strtok_r(NULL, "\r\n", &save)) {
		e = take_metric(q, s, r, err);
		if (e == 0) {
			strbuf_addf(err, "'%s': '%s' is not a metric, such as count or sum(.field)", operand, s);
			e = -EINVAL;
		}
	}
	strbuf_release(&text);
	if (e >= 0 && q->metric_count == before) {
		strbuf_addf(err, "'%s': the file has no metric, such as count or sum(.field)", operand);
		e = -EINVAL;
	}
	return e < 0 ? e : 1;
}

int query_metrics(struct query *q, char **operands, char **last, struct records *r, struct strbuf *err)
{
	int n = 0;

	for (; operands + n < last; n++) {
		int e = *operands[n] == '@' ? take_file(q, operands[n], r, err) : take_metric(q, operands[n], r, err);
		if (e == 0)
			break;
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

void query_compute_key(struct query *q, const struct value *values)
{
	const struct fields_entry *e = q->keys.computes ? fields_compute(&q->keys, values) : NULL;

	if (e)
		faults_add(&q->faults, FAULT_COMPUTE, e->text, expr_fault(e->expr)->what);
}

bool query_fits(struct query *q, void *block, const struct value *values)
{
	uint64_t faults = faults_count(&q->faults);

	query_compute_key(q, values);
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
