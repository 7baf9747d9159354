/*
 * The rows of a data file of a Delta table that are not deleted, batch by batch.
 */
#ifndef WEIR_LAKE_COMPACT_DELTA_INPUT_H
#define WEIR_LAKE_COMPACT_DELTA_INPUT_H

#include "cmd/lake-compact/input.h"
#include "common/data/schema.h"
#include "common/lake/delta_vector.h"

struct table_file;

struct delta_input {
	struct input_file file;
	struct delta_vector deleted; /* no rows: nothing is */
	struct pq_scan *scan;
	size_t group; /* of rows, that is read, if BEGUN, or comes next */
	bool begun;
	size_t row; /* of the batch, that comes next */
};

/*
 * Open WHICH, a file of the table in STORE, to read the columns of SCHEMA within MEMORY bytes; what is passed is
 * borrowed, and IN must not be moved.  Errors of input_open(), delta_vector_read() and pq_scan_new(), with ERR.  Close
 * IN in any case.
 */
int delta_input_open(struct delta_input *in, struct store *store, const struct table_file *which,
	const struct schema *schema, uint64_t memory, struct strbuf *err) MUST_CHECK;
void delta_input_close(struct delta_input *in);

/*
 * The next rows that follow each other: 1, and COUNT rows from row FIRST of the scan's batch on; 0 at the end;
 * -ECANCELED after a signal; errors of the scan.
 */
int delta_input_next(struct delta_input *in, size_t *ret_first, size_t *ret_count, struct strbuf *err) MUST_CHECK;

#endif
