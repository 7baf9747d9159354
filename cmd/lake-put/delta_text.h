/*
 * Converts records of TSV and CSV to rows of a Delta table.
 *
 * A new table without --schema gets its columns from the header and from its first records, which are held until then
 * (delta_infer.h).  If a later input has a different header, the columns come only from the records before that input.
 */
#ifndef WEIR_LAKE_PUT_DELTA_TEXT_H
#define WEIR_LAKE_PUT_DELTA_TEXT_H

#include "common/data/columns.h"
#include "delta_header.h"
#include "delta_infer.h"
#include "delta_rows.h"

struct delta_text {
	struct delta_rows *rows;   /* borrowed */
	struct delta_infer *infer; /* owned; NULL: the columns of the table are known */
	struct delta_header header;
	struct columns again;   /* reads records that were held, and the records after the current one */
	const char *span, *end; /* the span that is being read */
	struct timespec now;
};

/*
 * Begin, before the first record of ROWS->place.times.  ROWS is borrowed.  If a schema must be inferred, INFER will
 * hold records; takes ownership of it.  Otherwise delta_rows_begin() must have been called for ROWS.  0; -EINVAL with
 * ERR: there are no names for the columns.  Release TEXT in any case.
 */
int delta_text_begin(
	struct delta_text *text, struct delta_rows *rows, struct delta_infer *infer, struct strbuf *err) MUST_CHECK;
void delta_text_release(struct delta_text *text);

/* The operations `span` and `end` of struct table_ops.  -EILSEQ with ERR: the header does not fit. */
int delta_text_span(struct delta_text *text, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err) MUST_CHECK;
int delta_text_end(struct delta_text *text, struct sink_place *place, struct flow *flow, struct strbuf *err) MUST_CHECK;

/* Infer the schema from the records that are held, and make rows of them, like delta_hold_end(). */
int delta_text_end_infer(struct delta_text *text, struct strbuf *err) MUST_CHECK;

#endif
