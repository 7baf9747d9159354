/*
 * A Parquet file as batches of rows: some of its columns, some of its row groups, some of their rows.
 *
 * Layer: parquet (uses reader; schema and value of data).  The file is read by a callback, so it may lie anywhere, and
 * memory is bounded by a budget, not by the sizes of row groups: a column has a window of the file, its dictionary, and
 * the pages from which the batch comes.  No file is trusted: sizes are checked before they are used, and so are page
 * CRCs where there are any.
 *
 * A caller says by a schema which columns it wants (pq_want).  They are found in the file by name or field id, at any
 * depth, whatever order and form they have there (lists and maps of all forms of LogicalTypes.md); values come in the
 * type of the schema, so timestamps are microseconds and decimals numbers, whatever the file has.  A column that the
 * file lacks is null in all rows.
 *
 *     r = pq_source_open(&source, &file, err);
 *     r = pq_file_schema(file, &schema, err);                      (or the schema of the table)
 *     r = pq_scan_new(file, &source, &want, &scan, err);
 *     for each row group that is wanted:
 *             r = pq_scan_group(scan, group, NULL, err);
 *             while ((r = pq_scan_next(scan, err)) > 0)
 *                     scan->leaf[i].batch, or text.h
 *
 * Errors of all functions: -EBADMSG the file is malformed; -ENOTSUP it uses an encoding or a codec that is not read
 * here; -EFBIG a page, a dictionary or a row needs more memory than the budget allows; or what the callback returned.
 * The reason is in ERR.  After an error the scan can only be freed.
 */
#ifndef WEIR_PARQUET_SCAN_H
#define WEIR_PARQUET_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/data/schema.h"
#include "common/data/value.h"
#include "common/parquet/prune.h"
#include "common/parquet/reader.h"
#include "common/parquet/source.h"

#define PQ_BATCH_ROWS 1024 /* limit for the rows of a batch */

/* Which columns are wanted. */
struct pq_want {
	const struct schema *schema; /* borrowed, must outlive the scan */
	bool by_id; /* columns are found by field id, not by name; elements of lists and maps by place */
	/* the name of FIELD in files (column mapping of Delta); NULL: its own; the text is needed only during the call
	 */
	const char *(*name)(void *arg, const struct schema_field *field);
	void *arg;
	uint64_t memory; /* budget in bytes; 0: 256 MiB */
};

/*
 * Values of a leaf in the type of its schema's field: boolean a byte; int and date int32_t; bigint, timestamps (in
 * microseconds) and decimals of up to 18 digits int64_t; longer decimals pq_int128; float; double; string and binary
 * struct pq_bytes.  `data` need not be aligned: use memcpy(3).
 */
struct pq_column_values {
	const unsigned char *data;    /* values of `width` bytes; NULL when they are bytes */
	const struct pq_bytes *bytes; /* string and binary */
	size_t count;
};

/* What a leaf has for the rows of the batch; valid until the next pq_scan_next() or pq_scan_group(). */
struct pq_batch {
	size_t entries;     /* nulls included; without repetition the number of rows */
	const uint8_t *def; /* definition levels; NULL: all entries are values */
	const uint8_t *rep; /* repetition levels; NULL: there is no list or map on the way */
	const uint32_t *at; /* for each entry the number of its value (of null entries: any); NULL: its own number */
	/* with `rep`: the entry at which each row begins, and the number of entries after the last */
	const uint32_t *row;
	const uint32_t *index;          /* value i is index[i] of the dictionary; NULL: i of `values` */
	struct pq_column_values values; /* with `index`: only its count is set */
};

/* A column of the file that is read. */
struct pq_scan_leaf {
	const struct schema_field *field;
	size_t number; /* in the file */
	uint8_t max_def, max_rep;
	size_t width; /* of a value; 0: bytes */
	struct pq_batch batch;
	struct pq_column_values dictionary; /* for batch.index */
	uint64_t dictionary_id;             /* changes with the dictionary; 0: there is none */
};

/* A field of the wanted schema as the file has it. */
struct pq_field {
	const struct schema_field *field;
	/*
	 * The field is not read: it is null in all rows because the file lacks it, or has the value of
	 * pq_scan_constant().
	 */
	bool missing;
	const struct value *constant; /* NULL: none */
	bool later;                   /* of a column: see pq_scan_later() */
	uint8_t def;                  /* the definition level of an entry in which it is present */
	uint8_t inner;                /* list, map: the definition level of an entry that has an element */
	uint8_t rep;                  /* list, map: the repetition level of a further element */
	size_t first, leaves;         /* its leaves are scan->leaf[first] and those after it */
	struct pq_field *child;       /* struct, list (the element), map (key, value): field->count of them */
};

struct pq_scan {
	struct pq_field root; /* its children are the columns of the wanted schema, in that order */
	struct pq_scan_leaf *leaf;
	size_t leaves;
	size_t rows;        /* of this batch */
	uint64_t first_row; /* the number of its first row in the file, from 0; the others follow it */
};

/*
 * Prepare to read FILE, which like SOURCE and what WANT names is borrowed and must outlive the result.  -EBADMSG when a
 * column of the file does not have the type that is wanted, or one that can be widened to it.
 */
int pq_scan_new(const struct pq_file *file, const struct pq_source *source, const struct pq_want *want,
	struct pq_scan **ret_scan, struct strbuf *err) MUST_CHECK;
void pq_scan_free(struct pq_scan *scan);

/*
 * Column COLUMN has VALUE, which is borrowed, in all rows, whatever the file has (partition values of Delta tables): as
 * a reader of JSON would give it, so `raw` is its JSON.  Call it before pq_text_new().
 */
void pq_scan_constant(struct pq_scan *scan, size_t column, const struct value *value);

/*
 * Column COLUMN is decoded only for batches for which pq_scan_load() is called; pages of which no row is wanted are
 * then neither decompressed nor, where that is possible, read.
 */
void pq_scan_later(struct pq_scan *scan, size_t column);

/* Go to row group GROUP.  ROWS, which is copied: only these of its rows, counted from its first; NULL: all. */
int pq_scan_group(struct pq_scan *scan, size_t group, const struct pq_ranges *rows, struct strbuf *err) MUST_CHECK;

/* The next batch: 1, and scan->rows and the leaves are set; 0 at the end of the row group. */
int pq_scan_next(struct pq_scan *scan, struct strbuf *err) MUST_CHECK;

/* Decode the columns of pq_scan_later() for this batch. */
int pq_scan_load(struct pq_scan *scan, struct strbuf *err) MUST_CHECK;

/*
 * Which rows of GROUP may match PRED (of whose columns the numbers are those of the wanted schema's columns), by
 * statistics, Bloom filters, and the indexes of pages; they are read only when they can help.  *RET is empty when none
 * may.
 */
int pq_scan_prune(struct pq_scan *scan, size_t group, const struct prune *pred, struct pq_ranges *ret,
	struct strbuf *err) MUST_CHECK;

/* What the footer says of leaf LEAF of SCAN in row group GROUP; strings are in the memory of the footer. */
void pq_scan_facts(const struct pq_scan *scan, size_t group, size_t leaf, struct prune_facts *ret);

#endif
