/*
 * The leaf columns of an open row group: where records go value by value, and from where pages are cut.
 *
 * Layer: parquet (uses base, data/schema, codec).  A schema's primitive fields, depth first, are its leaves.  A
 * record puts at least one entry into each of them: a value, or a null with the definition level that says which of the
 * fields above it is missing.  Values of a leaf gather in a page; a page that is full is encoded and compressed at once
 * and kept so until the row group is written, because the dictionary, which is known last, comes first in a file.
 *
 * Levels (Dremel's): the definition level of an entry counts the optional and repeated fields on the way to the leaf
 * that are there; the repetition level says at which list an entry goes on, 0 begins a record.  struct pq_node has both
 * for each field, so that a caller never has to count.
 *
 * A record that turns out to be bad is taken back whole by pq_columns_rollback(): what was put since the last
 * pq_columns_end_row() goes from every leaf; dictionaries have not seen it yet.
 *
 * The put functions cannot fail: out of memory ends the program, as everywhere.
 */
#ifndef WEIR_PARQUET_COLUMN_H
#define WEIR_PARQUET_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/parquet/leaf.h"

/*
 * A field of the schema with its levels.  A list or map that is there and has no element is a null in all its leaves
 * with level `def`; of an element that is null the level is child->def - 1.
 */
struct pq_node {
	const struct schema_field *field;
	uint8_t def;           /* the definition level of an entry for which this field is there; def - 1: it is null */
	uint8_t rep;           /* the repetition level at which a list or a map goes on with its next element */
	size_t first, leaves;  /* its leaves are columns->leaf[first] and those after it */
	struct pq_node *child; /* of struct, list (the element) and map (key, value): field->count of them; else NULL */
};

struct pq_columns {
	struct pq_node root;
	struct pq_leaf *leaf;
	size_t leaves;
	size_t rows; /* of this row group */
	bool due;    /* some leaf has a page full, or a batch of values for its dictionary */
	struct pq_settings settings;
	const struct schema *schema;
	struct hash_seed seed;
};

/*
 * Columns for SCHEMA, which, like the codec, is borrowed and must outlive them.  -EINVAL with the reason in ERR when
 * the schema cannot be written: a struct without fields, a nesting deeper than 100 levels, a name in `bloom` that is no
 * leaf or is a boolean.  -errno when the kernel has no random numbers.
 */
int pq_columns_new(const struct schema *schema, const struct pq_settings *settings, struct pq_columns **ret_columns,
	struct strbuf *err) MUST_CHECK;
void pq_columns_free(struct pq_columns *columns);

/* Cut the pages that are full: see pq_columns_end_row(). */
int pq_columns_settle(struct pq_columns *columns, struct strbuf *err) MUST_CHECK;

/* A record has been put whole.  Returns 0, or -EIO with ERR set (the compressor failed). */
static inline int pq_columns_end_row(struct pq_columns *columns, struct strbuf *err)
{
	columns->rows++;
	return columns->due ? pq_columns_settle(columns, err) : 0;
}

/* Take back what was put after the last pq_columns_end_row(). */
void pq_columns_rollback(struct pq_columns *columns);

/* Bytes of memory that the columns hold now, those of pages cut, dictionaries and filters included; not quick. */
size_t pq_columns_bytes(const struct pq_columns *columns);

/* About how many bytes, before compression, the row group would have if it were written now: for --row-group. */
size_t pq_columns_size(const struct pq_columns *columns);

/* Forget all records: the columns are as new, and hold next to no memory. */
void pq_columns_reset(struct pq_columns *columns);

/* Nulls in all leaves of NODE: with `node->def - 1` for one that is null, `node->def` for an empty list or map. */
static inline void pq_put_nulls(struct pq_columns *columns, const struct pq_node *node, unsigned def, unsigned rep)
{
	for (size_t i = 0; i < node->leaves; i++)
		pq_put_null(&columns->leaf[node->first + i], def, rep);
}

#endif
