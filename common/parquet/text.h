/*
 * Rows of a Parquet file as lines of JSON, TSV or CSV, in the form in which lake-put takes them; and single values.
 *
 * Layer: parquet (uses scan; jsonout, columnsout and time of data).  Values are written as weir-schema(7) reads them:
 * timestamps as 2026-11-22T10:00:00.5Z, without time zone as 2026-11-22T10:00:00.5, dates as 2026-11-22, decimals with
 * the digits of their scale, binary in base64, NaN and infinities as "NaN", "Infinity" and "-Infinity".  In TSV and CSV
 * null is an empty field, the empty string one in quotes (CSV) or empty, too (TSV), and structs, lists and maps are
 * their JSON.  A value of a dictionary becomes text once.
 */
#ifndef WEIR_PARQUET_TEXT_H
#define WEIR_PARQUET_TEXT_H

#include "common/parquet/scan.h"
#include "common/parquet/text_format.h"

struct pq_text;

/*
 * A writer of the rows of SCAN, which is borrowed, with the first COLUMNS of its columns: those after them are only for
 * pq_text_value().  NULLS: JSON has members that are null; else they are left out.
 */
struct pq_text *pq_text_new(const struct pq_scan *scan, size_t columns, enum pq_text_format format, bool nulls);
void pq_text_free(struct pq_text *text);

/* The names of the columns as a line of TSV or CSV. */
void pq_text_head(const struct pq_text *text, struct strbuf *out);

/*
 * Write rows of the scan's current batch: those of the COUNT numbers (from 0, ascending) at ROWS, or the first COUNT
 * when ROWS is NULL.  Sets *RET and *RET_LEN to whole lines, valid until the next call, and returns how many rows they
 * are: fewer than COUNT (but at least one) when the text is long; the caller goes on with those after them.  -EBADMSG
 * with ERR: a string is not UTF-8.
 */
int pq_text_rows(struct pq_text *text, const uint32_t *rows, size_t count, const char **ret, size_t *ret_len,
	struct strbuf *err) MUST_CHECK;

/*
 * The value of FIELD, which no list or map contains, in row ROW of the batch: an expression (expr_test()) has the same
 * result for it as for that row's JSON.  Strings, whole numbers and doubles below 2^53 have no `raw`, like those that
 * expressions compute; structs, lists and maps are VALUE_OBJECT and VALUE_ARRAY, whose `raw` is the JSON.  Its bytes
 * are valid until pq_text_clear() or the next batch.  -EBADMSG as above.
 */
int pq_text_value(struct pq_text *text, const struct pq_field *field, size_t row, struct value *ret,
	struct strbuf *err) MUST_CHECK;
void pq_text_clear(struct pq_text *text);

#endif
