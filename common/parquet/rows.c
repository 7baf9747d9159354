/* Rows of a file: see rows.h.  They are assembled from levels as in Dremel: see column.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/rows_impl.h"

int pq_rows_new(const struct pq_file *file, const struct schema *want, struct pq_rows **ret, struct strbuf *err)
{
	struct pq_rows *rows = xcalloc(1, sizeof *rows);
	rows->file = file;
	rows->leaf = xcalloc(file->leaves + 1, sizeof *rows->leaf);
	int r = pq_rows_build(rows, want, err);
	if (r < 0)
		pq_rows_free(rows);
	else
		*ret = rows;
	return r;
}

void pq_rows_free(struct pq_rows *rows)
{
	if (!rows)
		return;
	for (size_t i = 0; i < rows->leaves; i++)
		pq_values_release(&rows->leaf[i].values);
	pq_rows_node_release(&rows->root);
	free(rows->leaf);
	free(rows);
}

/* The definition level of LEAF's next entry; if there is none, the rows are bad. */
static unsigned def_of(struct pq_rows *rows, const struct rows_leaf *leaf)
{
	if (leaf->entry >= leaf->values.entries) {
		rows->bad = true;
		return 0;
	}
	return leaf->values.def ? leaf->values.def[leaf->entry] : leaf->max_def;
}

/* Whether LEAF's next entry continues at the repetition level REP. */
static bool goes_on(const struct rows_leaf *leaf, unsigned rep)
{
	return leaf->values.rep && leaf->entry < leaf->values.entries && leaf->values.rep[leaf->entry] == rep;
}

static json_t *scalar(struct pq_rows *rows, struct rows_leaf *leaf)
{
	const struct pq_values *v = &leaf->values;
	unsigned def = def_of(rows, leaf);
	leaf->entry++;
	if (rows->bad || def < leaf->max_def)
		return NULL;
	size_t i = leaf->value++;
	rows->bad |= i >= v->count;
	if (rows->bad)
		return NULL;
	int32_t narrow;
	int64_t wide;
	if (leaf->physical == PQ_BOOLEAN)
		return json_boolean(v->data[i]);
	if (leaf->physical == PQ_BYTE_ARRAY) {
		size_t from = i ? v->end[i - 1] : 0;
		json_t *text = json_stringn((const char *)v->data + from, v->end[i] - from);
		rows->bad |= !text; /* it is not UTF-8 */
		return text;
	}
	if (leaf->physical == PQ_INT64) {
		memcpy(&wide, v->data + 8 * i, 8);
		return json_integer(wide);
	}
	memcpy(&narrow, v->data + 4 * i, 4);
	return json_integer(narrow);
}

/* Skip the entry of a field that is missing or has no elements. */
static void pass_entry(struct pq_rows *rows, const struct rows_node *node)
{
	for (size_t i = 0; i < node->leaves; i++) {
		struct rows_leaf *leaf = &rows->leaf[node->first + i];
		(void)def_of(rows, leaf);
		leaf->entry++;
	}
}

static json_t *take(struct pq_rows *rows, const struct rows_node *node);

static json_t *or_null(json_t *value)
{
	return value ? value : json_null();
}

static void take_element(struct pq_rows *rows, const struct rows_node *node, json_t *to)
{
	json_t *first = take(rows, &node->child[0]);
	if (node->field->type == SCHEMA_LIST) {
		json_array_append_new(to, or_null(first));
		return;
	}
	json_t *value = take(rows, &node->child[1]);
	rows->bad |= !json_is_string(first) || strlen(json_string_value(first)) != json_string_length(first);
	if (rows->bad)
		json_decref(value);
	else
		json_object_set_new(to, json_string_value(first), or_null(value));
	json_decref(first);
}

/* The next value of NODE; NULL: it is null, or the rows are bad. */
static json_t *take(struct pq_rows *rows, const struct rows_node *node)
{
	struct rows_leaf *leaf = &rows->leaf[node->first];
	bool is_struct = node->field->type == SCHEMA_STRUCT;
	if (!schema_has_children(node->field->type))
		return scalar(rows, leaf);
	unsigned def = def_of(rows, leaf);
	if (rows->bad || def < node->def) {
		pass_entry(rows, node);
		return NULL;
	}
	json_t *ret = node->field->type == SCHEMA_LIST ? json_array() : json_object();
	if (!is_struct && def < node->inner) {
		pass_entry(rows, node);
		return ret;
	}
	if (!is_struct) {
		do
			take_element(rows, node, ret);
		while (!rows->bad && goes_on(leaf, node->rep));
		return ret;
	}
	for (size_t i = 0; i < node->count && !rows->bad; i++) {
		json_t *value = take(rows, &node->child[i]);
		if (value)
			json_object_set_new(ret, node->child[i].field->name, value);
	}
	return ret;
}

/* Decode the next row group that has rows: 1; 0 at the end. */
static int next_group(struct pq_rows *rows, struct strbuf *err)
{
	int r = 0;
	while (rows->left == 0 && rows->group < rows->file->groups) {
		for (size_t i = 0; r == 0 && i < rows->leaves; i++) {
			struct rows_leaf *leaf = &rows->leaf[i];
			pq_values_release(&leaf->values);
			leaf->entry = leaf->value = 0;
			r = pq_file_read(rows->file, rows->group, leaf->number, &leaf->values, err);
		}
		if (r < 0)
			return r;
		rows->left = rows->file->group[rows->group++].rows;
	}
	return rows->left > 0;
}

int pq_rows_next(struct pq_rows *rows, json_t **ret, struct strbuf *err)
{
	int r = rows->bad ? -EBADMSG : next_group(rows, err);
	if (r <= 0)
		return r;
	rows->left--;
	json_t *row = take(rows, &rows->root);
	/* one row was taken from each column; at the end of the group none may be left */
	for (size_t i = 0; i < rows->leaves; i++) {
		const struct rows_leaf *leaf = &rows->leaf[i];
		bool more = leaf->entry < leaf->values.entries;
		rows->bad |= leaf->entry > leaf->values.entries || more != (rows->left > 0) ||
			     (more && leaf->values.rep && leaf->values.rep[leaf->entry]);
	}
	if (rows->bad) {
		json_decref(row);
		strbuf_addf(err, "row group %zu: its columns do not make rows", rows->group - 1);
		return -EBADMSG;
	}
	*ret = row;
	return 1;
}
