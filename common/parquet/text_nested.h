/* Structs, lists and maps as JSON: private to the files of text.h. */
#ifndef WEIR_PARQUET_TEXT_NESTED_H
#define WEIR_PARQUET_TEXT_NESTED_H

#include "common/parquet/text_parts.h"

/*
 * Append the value of FIELD, at the entries at which its leaves stand, as JSON, and pass these.  False:
 * t->bad is set.
 */
bool text_put_nested(struct pq_text *t, const struct pq_field *field, struct text_out *o);
/* Let the leaves of FIELD stand at row ROW; whether they have passed it exactly. */
void text_nested_begin(struct pq_text *t, const struct pq_field *field, size_t row);
bool text_nested_ended(struct pq_text *t, const struct pq_field *field, size_t row);
/* Whether the value at which they stand is null. */
bool text_nested_is_null(const struct pq_text *t, const struct pq_field *field);

#endif
