/* Between the records of a new Delta table without --schema (delta_infer.h) and its rows (delta_rows.h). */
#ifndef WEIR_LAKE_PUT_DELTA_HOLD_H
#define WEIR_LAKE_PUT_DELTA_HOLD_H

#include "delta_infer.h"
#include "delta_rows.h"

/*
 * Hold the records of a span until there are enough of them, or refuse them; *USED is how many of its bytes were taken.
 * Else as delta_rows_span().
 */
int delta_hold_span(struct delta_infer *in, struct delta_rows *rows, struct sink_place *place, const char *s,
	size_t len, struct flow *flow, size_t *used, struct strbuf *err) MUST_CHECK;

/*
 * Infer the schema from the records that are held, each of which ends with DELIM, and make rows of them.  Errors of
 * delta_infer_end(), delta_rows_begin() and delta_rows_store().
 */
int delta_hold_end(struct delta_infer *in, struct delta_rows *rows, char delim, struct strbuf *err) MUST_CHECK;

#endif
