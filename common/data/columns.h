/*
 * Records of TSV and CSV: the values of some columns, taken from each record in one pass.
 *
 * Layer: data (uses base, value).  Programs use it through records.h.
 *
 * CSV is RFC 4180: fields between commas (or another separator), in quotes where they hold a separator, a quote
 * (doubled) or the record's delimiter; blanks belong to the field.  In addition to the RFC any bytes are allowed,
 * records of any number of fields, and a quote as an ordinary byte in a field that does not begin with one.  Anything
 * after the closing quote is an error.  TSV: fields between tabs; \t \n \r \\ stand for the bytes that cannot be in a
 * field (as jq, Miller and PostgreSQL write them), any other backslash for itself.  In both formats a CR before the LF
 * that ends the record belongs to the end.
 */
#ifndef WEIR_DATA_COLUMNS_H
#define WEIR_DATA_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/data/value.h"

#define COLUMNS_MAX 1000000

struct columns_field {
	/* the number of the record in which it was found; if that is not the current record, the field is missing */
	uint64_t record;
	size_t start, len;
	bool quoted, escapes;
};

struct columns {
	bool csv;
	char sep; /* between fields */
	char delim;
	bool counts;                  /* `count` is wanted */
	bool all;                     /* column N goes to values[N], up to COLUMNS_MAX */
	bool whole;                   /* as a rule all columns of a record are wanted */
	bool scattered;               /* the value of some column N is not values[N] */
	int *slots;                   /* index of the value of column N (from 0); -1: it is not wanted */
	size_t columns, slots_cap;    /* all wanted columns are below this; room in `slots` */
	struct value *values;         /* VALUE_TEXT or VALUE_MISSING */
	struct columns_field *fields; /* of the slots */
	size_t slot_count;
	char *scratch; /* texts of fields with escapes */
	size_t scratch_len, scratch_cap;
	/* The record. */
	uint64_t record;
	size_t len;                  /* without delimiter */
	size_t pos;                  /* how far it has been read; 0: it is new */
	size_t start;                /* of the field being read */
	size_t column;               /* of columns, from 0 */
	bool escapes;                /* it has a doubled quote */
	size_t count;                /* of its columns */
	bool plain;                  /* it is known to be ASCII without control characters, quotes and backslashes */
	struct columns_marks *marks; /* owned; NULL: not yet needed */
	const char *what;            /* what is wrong at pos; static */
};

void columns_init(struct columns *c, bool csv, char sep, char delim);
void columns_release(struct columns *c);

/* Ask for COLUMN (0 to COLUMNS_MAX - 1); returns the index of its value, the same for the same column. */
int columns_add(struct columns *c, size_t column);

/* Forget which columns were asked for. */
void columns_forget(struct columns *c);

/*
 * Read the record at S, where LEN bytes are (at least 1), the last of which is a delimiter.
 *
 * Returns 1: c->len is its length, c->count the number of its columns if c->counts, and c->values are set, slices of
 * the record or of C, valid until the next call; if c->plain, of the record, in its order.  0: a quote is open at the
 * end: call again with the same bytes and more after them, or set c->pos to 0.  -EBADMSG: c->pos, c->what.
 */
int columns_read(struct columns *c, const char *s, size_t len) MUST_CHECK;

/*
 * The end of the field that begins at POS (up to LEN) of the record of LEN bytes at S: its separator, or LEN.  S is a
 * record that columns_read() has accepted, without the CR of a CR LF.
 */
size_t columns_field_end(bool csv, char sep, const char *s, size_t len, size_t pos);

/*
 * Resolve the quotes or escapes of the field of LEN bytes at S, and write its text to TO: at most LEN bytes.  Returns
 * how many.
 */
size_t columns_text(bool csv, const char *s, size_t len, char *to);

#endif
