/*
 * Values of a leaf of a file in the type that a schema wants.
 *
 * Layer: parquet (uses leaf_type, decode).  A type may be widened: whole numbers to larger ones, to decimal and to
 * double, float to double, decimals to ones with more digits, date to timestamp_ntz.  Both kinds of timestamps, and
 * string and binary, are taken for each other, because writers mix them up.  bigint is read as int when all values
 * fit.
 */
#ifndef WEIR_PARQUET_LEAF_CONVERT_H
#define WEIR_PARQUET_LEAF_CONVERT_H

#include "common/base/arena.h"
#include "common/parquet/decode.h"
#include "common/parquet/leaf_type.h"

enum pq_convert_kind {
	PQ_CONVERT_NOTHING, /* the file has them as they are wanted */
	PQ_CONVERT_NUMBER,  /* whole numbers, times and decimals */
	PQ_CONVERT_REAL,    /* floating point */
	PQ_CONVERT_TEXT,    /* what becomes a text */
	PQ_CONVERT_SLICES,  /* values of a fixed width as byte strings */
};

struct pq_convert {
	enum pq_convert_kind kind;
	enum pq_reading reading;
	enum pq_physical physical;
	int unit;           /* of a time */
	size_t from, width; /* bytes of a value in the file, and wanted; 0: they differ */
	bool real;          /* a double or float is wanted */
	pq_int128 times;    /* numbers are multiplied by this */
	int64_t by;         /* then divided by this, rounding down */
	pq_int128 least, most;
};

/* The bytes of a value of FIELD's type in memory (scan.h); 0: string, binary. */
size_t pq_value_width(const struct schema_field *field);

/* How values of E become such of WANT; -EINVAL: they cannot, and *WHY follows the name of the column. */
int pq_convert_find(const struct pq_element *e, const struct schema_field *want, struct pq_convert *ret,
	const char **why) MUST_CHECK;

/*
 * Convert N values; C's kind is not PQ_CONVERT_NOTHING.  TO has room for N values of c->width bytes, or is an array of
 * struct pq_bytes, whose bytes are in TEXTS.  -EBADMSG: a value does not fit; *WHY says how.
 */
int pq_convert(const struct pq_convert *c, const struct pq_decoded *from, size_t n, void *to, struct arena *texts,
	const char **why) MUST_CHECK;

/* leaf_convert_text.c: a value of C, which makes texts, at P; returns its end, at most PQ_TEXT_MAX bytes after TO. */
#define PQ_TEXT_MAX 48
char *pq_convert_text(const struct pq_convert *c, const unsigned char *p, char *to);

#endif
