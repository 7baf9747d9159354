/*
 * For a new Delta table without --schema: first holds records (delta_infer.h), later makes rows of them (delta_rows.h).
 */
#ifndef WEIR_LAKE_PUT_DELTA_HOLD_H
#define WEIR_LAKE_PUT_DELTA_HOLD_H

#include "delta_infer.h"
#include "delta_rows.h"

/*
 * Hold the records of a span until there are enough of them, or refuse them; *USED is how many bytes of the span were
 * used.  Otherwise like delta_rows_span().
 */
int delta_hold_span(struct delta_infer *in, struct delta_rows *rows, struct sink_place *place, const char *s,
	size_t len, struct flow *flow, size_t *used, struct strbuf *err) MUST_CHECK;

/*
 * Infer the schema from the records that are held, each of which ends with DELIM, and make rows of them.  Errors of
 * delta_infer_end(), delta_rows_begin() and delta_rows_store().
 */
int delta_hold_end(struct delta_infer *in, struct delta_rows *rows, char delim, struct strbuf *err) MUST_CHECK;

#endif
