/*
 * The values of a page, decoded some at a time.
 *
 * Layer: parquet (uses base, hybrid, delta).  Source: parquet-format, Encodings.md.  Values stay in the physical type
 * of the file.  Where the page has them as they are wanted, they are not copied.
 */
#ifndef WEIR_PARQUET_DECODE_H
#define WEIR_PARQUET_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/strbuf.h"
#include "common/parquet/budget.h"
#include "common/parquet/delta.h"
#include "common/parquet/format.h"
#include "common/parquet/hybrid.h"

/* Values: one of these is set. */
struct pq_decoded {
	const unsigned char *data;    /* values of a fixed width, one after the other; booleans a byte */
	const struct pq_bytes *bytes; /* byte arrays */
	const uint32_t *index;        /* indexes into the dictionary, all of which are below its size */
};

struct pq_decode {
	enum pq_physical physical;
	size_t width;                          /* of a value; 0: they are byte arrays */
	size_t dictionary;                     /* values of the dictionary */
	struct pq_budget *budget;              /* borrowed */
	const char *why;                       /* after an error: what is wrong; static */
	int unknown;                           /* after -ENOTSUP: the number of the encoding */
	int encoding;                          /* of the page */
	const unsigned char *p;                /* what is left of it */
	const unsigned char *end;              /* of the page */
	size_t left;                           /* values */
	size_t all, done;                      /* values of the page, and how many of them were taken */
	struct hybrid_reader runs;             /* indexes or booleans */
	struct delta_reader numbers, prefixes; /* values or lengths of byte arrays; lengths of prefixes */
	struct strbuf last;                    /* the last value of DELTA_BYTE_ARRAY */
	struct arena made;                     /* its values since pq_decode_forget() */
	/* what the last call returned */
	unsigned char *fixed;
	struct pq_bytes *bytes;
	uint32_t *index;
	int64_t *lengths;
	size_t fixed_room, bytes_room, index_room, lengths_room;
};

/* A zeroed struct whose first four members are set is ready; so is one after pq_decode_release(). */
void pq_decode_release(struct pq_decode *d);

/*
 * Begin a page of N values, LEN bytes at P, which are borrowed.  -EBADMSG, -ENOTSUP, with d->why set, as for the
 * functions below.
 */
int pq_decode_page(struct pq_decode *d, int encoding, const unsigned char *p, size_t len, size_t n) MUST_CHECK;

/*
 * The next N values.  *RET is valid until the next call; byte arrays until pq_decode_forget(), as long as the page and
 * the dictionary are.  Also -EFBIG: they need more memory than the budget has.
 */
int pq_decode_take(struct pq_decode *d, size_t n, struct pq_decoded *ret) MUST_CHECK;
int pq_decode_skip(struct pq_decode *d, size_t n) MUST_CHECK;
void pq_decode_forget(struct pq_decode *d);

/* Whether the page has indexes of a dictionary. */
bool pq_decode_is_indexed(const struct pq_decode *d);

/* decode_delta.c: the three encodings by differences, and BYTE_STREAM_SPLIT; called by the functions above. */
int pq_decode_delta_page(struct pq_decode *d);
int pq_decode_delta_take(struct pq_decode *d, size_t n, struct pq_decoded *ret);
int pq_decode_split_take(struct pq_decode *d, size_t n, struct pq_decoded *ret);

#endif
