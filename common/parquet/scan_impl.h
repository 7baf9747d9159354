/* What the files of the scan have in common: see scan.h. */
#ifndef WEIR_PARQUET_SCAN_IMPL_H
#define WEIR_PARQUET_SCAN_IMPL_H

#include "common/parquet/entries.h"
#include "common/parquet/leaf_convert.h"
#include "common/parquet/scan.h"

/* What is read of a leaf, beside what everybody sees of it (struct pq_scan_leaf). */
struct scan_column {
	struct pq_entries entries;
	struct pq_convert convert;
	struct pq_places places;
	bool unused, later; /* not read; only on demand */
	bool loaded;        /* for this batch */
	uint64_t behind;    /* rows that come before the batch and were not passed yet */

	/* The batch. */
	size_t count, values;  /* entries; values */
	bool levels;           /* `def` was written */
	bool own;              /* the values are in the arrays below, not in those of `entries` */
	struct pq_decoded now; /* the values, converted */
	uint8_t *def, *rep;
	uint32_t *at, *row, *index;
	unsigned char *fixed;
	struct pq_bytes *bytes;
	size_t def_room, rep_room, at_room, row_room, index_room, fixed_room, bytes_room;
	struct arena texts;

	/* The dictionary, converted. */
	unsigned char *dictionary_fixed;
	struct pq_bytes *dictionary_bytes;
	size_t dictionary_fixed_room, dictionary_bytes_room;
	struct arena dictionary_texts;
};

struct scan {
	struct pq_scan seen; /* first, so that a pointer to one is a pointer to the other */
	const struct pq_file *file;
	struct pq_source source;
	const struct pq_want *want; /* NULL once the columns are found */
	struct scan_column *column; /* of the leaves */
	struct pq_budget budget;
	struct pq_unpacker *unpacker;

	/* The row group. */
	const struct pq_file_group *group;
	uint64_t first;          /* number of its first row in the file */
	struct pq_ranges ranges; /* rows that are wanted */
	size_t range;            /* the current one */
	uint64_t row;            /* the next one, of the group */
	bool whole;              /* all rows are wanted */
	bool indexed;            /* the places of pages were read, where there are any */
};

/* scan_plan.c: find the columns of scan->want in the file. */
int scan_plan(struct scan *scan, struct strbuf *err) MUST_CHECK;
void scan_field_release(struct pq_field *field);

/* scan_column.c: a batch of ROWS rows of LEAF, after those that are behind. */
int scan_column_fill(struct scan_column *c, struct pq_scan_leaf *leaf, size_t rows, struct strbuf *err) MUST_CHECK;
void scan_column_release(struct scan_column *c);

/* scan_index.c: read the places of the pages of the current row group. */
int scan_index_places(struct scan *scan, struct strbuf *err) MUST_CHECK;

#endif
