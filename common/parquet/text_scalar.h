/* Single values as text: private to the files of text.h. */
#ifndef WEIR_PARQUET_TEXT_SCALAR_H
#define WEIR_PARQUET_TEXT_SCALAR_H

#include "common/parquet/text_parts.h"

/* What a leaf of FIELD looks like. */
enum text_kind text_kind_of(const struct schema_field *field);

/* Append value NUMBER of VALUES in the form of FORMAT (a member of a nested value is JSON).  False: t->bad is set. */
bool text_put_value(struct pq_text *t, struct text_leaf *l, const struct pq_column_values *values, size_t number,
	enum pq_text_format format, struct text_out *o);

#define TEXT_NOT_UTF8 "has a string that is not UTF-8"
/* A row cannot be written because of FIELD; returns false. */
bool text_fail(struct pq_text *t, const struct schema_field *field, const char *why);

#endif
