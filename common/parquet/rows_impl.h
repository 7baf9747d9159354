/* Shared by the files of rows.h. */
#ifndef WEIR_PARQUET_ROWS_IMPL_H
#define WEIR_PARQUET_ROWS_IMPL_H

#include "common/parquet/rows.h"

/* A column that is wanted, and which of its entries and values is next. */
struct rows_leaf {
	size_t number; /* in the file */
	unsigned max_def;
	int physical;
	struct pq_values values;
	size_t entry, value;
};

/* A field that is wanted. */
struct rows_node {
	const struct schema_field *field;
	unsigned def; /* the definition level of an entry in which it is present */
	/*
	 * for a list or map: the definition level of an entry that has an element, and the repetition level of a
	 * further element
	 */
	unsigned inner, rep;
	size_t first, leaves; /* its columns */
	struct rows_node *child;
	size_t count;
};

struct pq_rows {
	const struct pq_file *file;
	struct rows_node root;
	struct rows_leaf *leaf;
	size_t leaves;
	size_t group; /* the next one */
	int64_t left; /* rows of the group before the next one */
	bool bad;
};

/* rows_build.c: find the columns of WANT in the file of ROWS; -EBADMSG when one has another type. */
int pq_rows_build(struct pq_rows *rows, const struct schema *want, struct strbuf *err) MUST_CHECK;
void pq_rows_node_release(struct rows_node *node);

#endif
