/*
 * Writes fields of TSV and CSV, in the forms that columns.h reads, into a caller's buffer.
 *
 * Layer: data (libc only).  All functions write at P, without a NUL, and return where the text ends.
 */
#ifndef WEIR_DATA_COLUMNSOUT_H
#define WEIR_DATA_COLUMNSOUT_H

#include <stdbool.h>
#include <stddef.h>

/* This many bytes suffice for any LEN bytes. */
#define COLUMNSOUT_MAX(len) ((len)*2 + 2)

/* Tab, LF, CR and backslash become \t \n \r \\. */
char *columnsout_tsv(char *p, const char *s, size_t len);

/*
 * Write a field, in quotes when it holds SEP (what is between fields), a quote, LF, CR or DELIM (the record's
 * delimiter).  Only then can the result contain DELIM; a caller that cannot allow that must search the result for it.
 */
char *columnsout_csv(char *p, const char *s, size_t len, char sep, char delim);

/* Write a field of CSV if CSV is set, else of TSV. */
char *columnsout_field(char *p, bool csv, const char *s, size_t len, char sep, char delim);

/*
 * End a record of CSV that begins at START and reaches to P so far.  A record of a single empty field would be an empty
 * line, which most readers skip: it becomes "".  COLUMNSOUT_MAX of the field has room for that.
 */
char *columnsout_csv_end(char *start, char *p);

#endif
