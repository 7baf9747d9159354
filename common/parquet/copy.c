/* Copying rows of files: see copy.h. */
#include "common/parquet/copy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/copy_impl.h"

#define MAX_STEPS 256

/* --- levels ------------------------------------------------------------------------------------------------------- */

/*
 * The way from the root to a field: each field that may be null, and each list, is a step, which adds one to the
 * definition level of the columns, of the file, or of both.
 */
struct level_step {
	bool here, there; /* in the columns; in the file */
};

struct matching {
	struct pq_copy *copy;
	struct level_step steps[MAX_STEPS];
	size_t count;
	struct strbuf *err;
};

static int refuse(const struct matching *m, const struct pq_node *node, const char *why)
{
	strbuf_addf(m->err, "column '%s' %s", node->field->name, why);
	return -ENOTSUP;
}

/* Set the levels of LEAF from the steps that lead to it. */
static void set_remap(const struct matching *m, struct copy_leaf *leaf)
{
	unsigned here = 0, there = 0;
	memset(leaf->remap, COPY_BAD, sizeof leaf->remap);
	for (size_t i = 0; i < m->count; i++) {
		/* an entry that ends before a step of the file is null there, which the columns must allow */
		if (m->steps[i].there && there < COPY_BAD)
			leaf->remap[there++] = m->steps[i].here ? (uint8_t)here : COPY_BAD;
		here += m->steps[i].here;
	}
	leaf->remap[there] = (uint8_t)here;
}

/* NODE is FIELD in the scan, below a field that is present at level ABOVE of the file. */
static int match(struct matching *m, const struct pq_node *node, const struct pq_field *field, unsigned above)
{
	bool list = node->field->type == SCHEMA_LIST || node->field->type == SCHEMA_MAP;
	bool here = !node->field->required, there = field->def > above;
	size_t before = m->count;
	int r = 0;
	if (field->missing && before)
		return refuse(m, node, "is missing in its struct");
	if (field->missing)
		return here ? 0 : refuse(m, node, "is missing, and must not be null");
	if (m->count + 2 > MAX_STEPS)
		return refuse(m, node, "is too deep");
	if (here || there)
		m->steps[m->count++] = (struct level_step){here, there};
	if (list)
		m->steps[m->count++] = (struct level_step){true, true};
	for (size_t i = 0; r == 0 && i < node->field->count; i++)
		r = match(m, &node->child[i], &field->child[i], list ? field->inner : field->def);
	if (!node->field->count) {
		m->copy->leaf[node->first].from = &m->copy->scan->leaf[field->first];
		set_remap(m, &m->copy->leaf[node->first]);
	}
	m->count = before;
	return r;
}

int pq_copy_new(const struct pq_scan *scan, const struct pq_columns *columns, struct pq_copy **ret, struct strbuf *err)
{
	struct pq_copy *copy = xcalloc(1, sizeof *copy);
	struct matching m = {.copy = copy, .err = err};
	int r = 0;
	copy->scan = scan;
	copy->leaf = xcalloc(columns->leaves, sizeof *copy->leaf);
	for (size_t i = 0; r == 0 && i < columns->root.field->count; i++)
		r = match(&m, &columns->root.child[i], &scan->root.child[i], 0);
	if (r < 0)
		pq_copy_free(copy);
	else
		*ret = copy;
	return r;
}

void pq_copy_free(struct pq_copy *copy)
{
	if (!copy)
		return;
	free(copy->leaf);
	free(copy);
}

/* --- values ------------------------------------------------------------------------------------------------------- */

static int64_t load64(const unsigned char *data, size_t i)
{
	int64_t v;
	memcpy(&v, data + 8 * i, 8);
	return v;
}

static int32_t load32(const unsigned char *data, size_t i)
{
	int32_t v;
	memcpy(&v, data + 4 * i, 4);
	return v;
}

/* Put value I of VALUES, those of FROM. */
static void put_value(struct pq_leaf *leaf, const struct pq_scan_leaf *from, const struct pq_column_values *values,
	size_t i, unsigned rep)
{
	if (leaf->physical == PQ_BYTE_ARRAY)
		pq_put_bytes(leaf, (const char *)values->bytes[i].s, values->bytes[i].len, rep);
	else if (leaf->field->type == SCHEMA_DECIMAL)
		pq_put_decimal(leaf, copy_decimal(values->data, from->width, i), rep);
	else if (leaf->physical == PQ_BOOLEAN)
		pq_put_bool(leaf, values->data[i], rep);
	else if (leaf->width == 4)
		pq_put_i32(leaf, load32(values->data, i), rep);
	else
		pq_put_i64(leaf, load64(values->data, i), rep);
}

int copy_refuse_null(const struct pq_leaf *leaf, struct strbuf *err)
{
	strbuf_addf(err, "column '%s' has a null where the table allows none", leaf->field->name);
	return -EBADMSG;
}

/* Put the entries from FIRST to before END. */
static int put_entries(const struct copy_leaf *c, struct pq_leaf *leaf, size_t first, size_t end, struct strbuf *err)
{
	const struct pq_batch *batch = &c->from->batch;
	const struct pq_column_values *values = copy_values(c);
	for (size_t e = first; e < end; e++) {
		unsigned level = copy_level(c, e), rep = batch->rep ? batch->rep[e] : 0;
		if (level == COPY_BAD)
			return copy_refuse_null(leaf, err);
		if (level < leaf->max_def) {
			pq_put_null(leaf, level, rep);
			continue;
		}
		put_value(leaf, c->from, values, copy_place(c, e), rep);
	}
	return 0;
}

static int put_rows(const struct copy_leaf *c, struct pq_leaf *leaf, size_t first, size_t rows, struct strbuf *err)
{
	const uint32_t *row = c->from ? c->from->batch.row : NULL;
	if (c->from)
		return put_entries(c, leaf, row ? row[first] : first, row ? row[first + rows] : first + rows, err);
	for (size_t i = 0; i < rows; i++)
		pq_put_null(leaf, 0, 0);
	return 0;
}

int pq_copy_rows(const struct pq_copy *copy, struct pq_columns *columns, size_t first, size_t max, struct strbuf *err)
{
	size_t left = copy->scan->rows - first, rows = left < max ? left : max;
	int r = 0;
	for (size_t i = 0; r == 0 && rows && i < columns->leaves; i++)
		r = put_rows(&copy->leaf[i], &columns->leaf[i], first, rows, err);
	if (r < 0 || !rows)
		return r;
	columns->rows += rows - 1;
	r = pq_columns_end_row(columns, err);
	return r < 0 ? r : (int)rows;
}
