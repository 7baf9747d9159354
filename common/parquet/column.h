/*
 * The leaf columns of an open row group: records are put into them value by value, and pages are cut from them.
 *
 * Layer: parquet (uses base, data/schema, codec).  A schema's primitive fields, depth first, are its leaves.  A record
 * puts at least one entry into each of them: a value, or a null with the definition level that says which of the fields
 * above it is missing.  The values of a leaf are gathered in a page.  A full page is encoded and compressed at once,
 * and is kept in memory until the row group is written: the dictionary comes before the pages in a file, but is
 * complete only at the end.
 *
 * Levels (Dremel's): the definition level of an entry says how many of the optional and repeated fields on the way to
 * the leaf are present; the repetition level says which list the entry continues, and is 0 at the beginning of a
 * record.  struct pq_node has both for each field, so that a caller never has to count.
 *
 * A record that turns out to be bad is taken back completely by pq_columns_rollback(), which removes everything that
 * was put into any leaf since the last pq_columns_end_row(); dictionaries have not got these values yet.
 *
 * The put functions cannot fail: when memory runs out, the program ends, as everywhere.
 */
#ifndef WEIR_PARQUET_COLUMN_H
#define WEIR_PARQUET_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/parquet/leaf.h"

/*
 * A field of the schema with its levels.  An empty list or map is a null with level `def` in all its leaves; an element
 * that is null has the level child->def - 1.
 */
struct pq_node {
	const struct schema_field *field;
	/* the definition level of an entry in which this field is present; def - 1: it is null */
	uint8_t def;
	uint8_t rep;          /* the repetition level of a further element of this list or map */
	size_t first, leaves; /* its leaves are columns->leaf[first] and those after it */
	/* the children of a struct, list (the element) or map (key, value): field->count of them; else NULL */
	struct pq_node *child;
};

struct pq_columns {
	struct pq_node root;
	struct pq_leaf *leaf;
	size_t leaves;
	size_t rows; /* of this row group */
	bool due;    /* some leaf has a full page, or a batch of values for its dictionary */
	bool grown;  /* pq_columns_bytes() may have changed since the caller has set this to false */
	struct pq_settings settings;
	const struct schema *schema;
	struct hash_seed seed;
};

/*
 * Columns for SCHEMA, which, like the codec, is borrowed and must outlive them.  -EINVAL with the reason in ERR when
 * the schema cannot be written: a struct without fields, nesting deeper than 100 levels, a name in `bloom` that is not
 * a leaf or is a boolean.  -errno when the kernel has no random numbers.
 */
int pq_columns_new(const struct schema *schema, const struct pq_settings *settings, struct pq_columns **ret_columns,
	struct strbuf *err) MUST_CHECK;
void pq_columns_free(struct pq_columns *columns);

/* Cut the full pages: see pq_columns_end_row(). */
int pq_columns_settle(struct pq_columns *columns, struct strbuf *err) MUST_CHECK;

/* A whole record has been put.  Returns 0, or -EIO with ERR set (the compressor failed). */
static inline int pq_columns_end_row(struct pq_columns *columns, struct strbuf *err)
{
	columns->rows++;
	return columns->due ? pq_columns_settle(columns, err) : 0;
}

/* Remove everything that was put after the last pq_columns_end_row(). */
void pq_columns_rollback(struct pq_columns *columns);

/* Bytes of memory that the columns use now, including finished pages, dictionaries and filters; it is not fast. */
size_t pq_columns_bytes(const struct pq_columns *columns);

/* About how many bytes, before compression, the row group would have if it were written now; for --row-group. */
size_t pq_columns_size(const struct pq_columns *columns);

/* Forget all records: the columns are as new, and use almost no memory. */
void pq_columns_reset(struct pq_columns *columns);

/*
 * Put nulls into all leaves of NODE: with level `node->def - 1` if NODE is null, `node->def` if it is an empty list or
 * map.
 */
static inline void pq_put_nulls(struct pq_columns *columns, const struct pq_node *node, unsigned def, unsigned rep)
{
	for (size_t i = 0; i < node->leaves; i++)
		pq_put_null(&columns->leaf[node->first + i], def, rep);
}

#endif
