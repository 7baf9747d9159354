/*
 * Maps the columns of TSV or CSV records to the columns of a Delta table, by the names in a header or by the order of
 * the table.
 */
#ifndef WEIR_LAKE_PUT_DELTA_HEADER_H
#define WEIR_LAKE_PUT_DELTA_HEADER_H

#include "common/data/schema.h"
#include "common/data/value.h"
#include "common/parquet/shred.h"

struct delta_header {
	char **names;      /* names of the columns of a record; owned; NULL: there is no header, and the order counts */
	size_t count;      /* of the columns of a record */
	size_t *from;      /* for each column of the table: the column of the record, or `count` for none */
	bool *new;         /* for each column of the record: the table lacks it, and --on-new-field add may add it */
	size_t news;       /* how many of them there are */
	struct value *row; /* a record in the order of the table, with FIELDS columns */
	size_t fields;
};

void delta_header_release(struct delta_header *header);

/*
 * A header has these COUNT names; an earlier header is forgotten.  -EILSEQ with ERR when two names are equal or differ
 * only in case, or when one cannot be the name of a column; empty names may be repeated.
 */
int delta_header_read(
	struct delta_header *header, const struct value *names, size_t count, struct strbuf *err) MUST_CHECK;

/*
 * The table has these COLUMNS.  With --on-new-field ignore and TELL, each name that it lacks is printed.  -EILSEQ with
 * ERR: by ON_NEW the header must not have one of its names, or its names differ from those of the table only in case.
 */
int delta_header_bind(struct delta_header *header, const struct schema *columns, enum shred_new on_new, bool tell,
	struct strbuf *err) MUST_CHECK;

/* The VALUES of a record, header->count of them, in the order of the table; valid until the next call. */
const struct value *delta_header_row(struct delta_header *header, const struct value *values);

/* Whether the VALUES of a record include one for a column that could be added. */
bool delta_header_brings(const struct delta_header *header, const struct value *values);

#endif
