/*
 * A row of output: named columns, and their values for one group.
 *
 * A value is a struct value whose text (raw, s) is set whatever its type, so that it can be written without conversion
 * and be used in expressions (--having).
 */
#ifndef WEIR_AGGREGATE_ROW_H
#define WEIR_AGGREGATE_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/data/name_index.h"
#include "common/data/value.h"

struct result_row {
	size_t count;
	char **names; /* owned */
	struct value *values;
	struct strbuf *texts;    /* of the values that need one */
	struct name_index index; /* of the names */
	double seconds;          /* the duration that its records cover; 0: not known */
};

void row_init(struct result_row *row);
void row_release(struct result_row *row);

/* Add a column; NAME, which no other one has, is copied.  Returns its index. */
size_t row_add(struct result_row *row, const char *name);

/* The column called NAME, or -1. */
int row_find(const struct result_row *row, const char *name);

/* Set the value of column AT. */
void row_null(struct result_row *row, size_t at);
void row_bool(struct result_row *row, size_t at, bool b);
void row_int(struct result_row *row, size_t at, int64_t n);
void row_count(struct result_row *row, size_t at, uint64_t n);
void row_double(struct result_row *row, size_t at, double d); /* NaN and infinities are null */
void row_time(struct result_row *row, size_t at, int64_t ms); /* RFC 3339, as a string */

/* Set it to V, whose strings are copied. */
void row_value(struct result_row *row, size_t at, const struct value *v);

/* Set it to the first value of the key (keys.h) of LEN bytes at S, null when that is empty. */
void row_key(struct result_row *row, size_t at, const char *s, size_t len);

/* To set a text: write it to the (emptied) buffer that row_text returns; then row_done sets the type. */
struct strbuf *row_text(struct result_row *row, size_t at);
void row_done(struct result_row *row, size_t at, enum value_type type);

#endif
