/*
 * Which column of a record of TSV or CSV is which column of a Delta table: by the names of a header, or in the order of
 * the table.
 */
#ifndef WEIR_LAKE_PUT_DELTA_HEADER_H
#define WEIR_LAKE_PUT_DELTA_HEADER_H

#include "common/data/schema.h"
#include "common/data/value.h"
#include "common/parquet/shred.h"

struct delta_header {
	char **names;      /* of the columns of a record; owned; NULL: there is no header, and the order counts */
	size_t count;      /* of the columns of a record */
	size_t *from;      /* for each column of the table: the one of the record, or `count`, which means none */
	bool *new;         /* for each column of the record: the table lacks it, and --on-new-field add may add it */
	size_t news;       /* how many of them there are */
	struct value *row; /* a record in the order of the table, of FIELDS columns */
	size_t fields;
};

void delta_header_release(struct delta_header *header);

/*
 * A header has these COUNT names; what was known of another one is forgotten.  -EILSEQ with ERR when two of them are
 * equal, or equal but for case, or one is none that a column could have; empty names may be there many times.
 */
int delta_header_read(
	struct delta_header *header, const struct value *names, size_t count, struct strbuf *err) MUST_CHECK;

/*
 * The table has these COLUMNS.  With --on-new-field ignore each name that it lacks is printed if TELL.  -EILSEQ with
 * ERR: by ON_NEW a header must not have a name that it has, or names differ from the table's by case only.
 */
int delta_header_bind(struct delta_header *header, const struct schema *columns, enum shred_new on_new, bool tell,
	struct strbuf *err) MUST_CHECK;

/* The columns of a record, header->count VALUES, in the order of the table; valid until the next call. */
const struct value *delta_header_row(struct delta_header *header, const struct value *values);

/* Whether a column that could be added has a value among the VALUES of a record. */
bool delta_header_brings(const struct delta_header *header, const struct value *values);

#endif
