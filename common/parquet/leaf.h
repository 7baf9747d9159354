/*
 * A leaf of a schema: values are put into it one by one, until a page is full.  See column.h.
 *
 * Layer: parquet (uses base, data/schema, codec, format).
 */
#ifndef WEIR_PARQUET_LEAF_H
#define WEIR_PARQUET_LEAF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/data/schema.h"
#include "common/parquet/codec.h"
#include "common/parquet/format.h"

struct pq_settings {
	struct pq_codec *codec;   /* borrowed; one serves any number of columns, in one thread */
	size_t page_bytes;        /* bytes of a page's body before compression, about; 0: 1 MiB */
	size_t dict_bytes;        /* bytes of a dictionary at most, about; 0: 2 MiB */
	size_t page_entries;      /* entries of a page at most, about; 0: 128 Ki */
	const char *const *bloom; /* names of fields (`geo.city` in a struct) that get a Bloom filter; ends with NULL */
};

struct pq_leaf {
	const struct schema_field *field;
	const struct pq_settings *settings; /* belongs to its columns, like the next three */
	const struct hash_seed *seed;
	bool *due, *grown;
	enum pq_physical physical;
	uint32_t width; /* bytes of a value; 0: their lengths differ */
	uint8_t max_def, max_rep;

	/*
	 * The levels of the page in the making, and those of its values that still wait for the dictionary or for the
	 * end of the page.
	 */
	uint8_t *def, *rep;              /* rep is NULL when max_rep is 0 */
	size_t entries, records, room;   /* records: entries with repetition level 0 */
	unsigned char *plain;            /* in PLAIN encoding, but with a byte for each boolean */
	uint32_t *at;                    /* for byte arrays: where each begins in `plain` */
	size_t values, used, plain_room; /* used, plain_room: bytes of byte arrays */

	struct pq_chunk *chunk; /* finished pages, statistics, decisions */
};

/*
 * Make room for more entries, or for NEED more bytes of byte arrays.  A full page or batch is noted for
 * pq_columns_settle().
 */
void pq_leaf_grow(struct pq_leaf *leaf);
void pq_leaf_grow_bytes(struct pq_leaf *leaf, size_t need);

/* Put an entry with these levels into LEAF. */
static inline void pq_put_null(struct pq_leaf *leaf, unsigned def, unsigned rep)
{
	if (leaf->entries == leaf->room)
		pq_leaf_grow(leaf);
	leaf->def[leaf->entries] = (uint8_t)def;
	if (leaf->rep)
		leaf->rep[leaf->entries] = (uint8_t)rep;
	leaf->entries++;
	leaf->records += rep == 0;
}

/*
 * Put a value, with the definition level of its leaf (max_def) and repetition level REP.  The function must fit the
 * leaf's physical type: bool; i32: int32, date, decimals of up to 9 digits; i64: int64, timestamps (microseconds),
 * decimals of up to 18 digits; float; double; bytes: strings, which must be UTF-8, and binary.
 */
static inline void pq_put_bool(struct pq_leaf *leaf, bool value, unsigned rep)
{
	pq_put_null(leaf, leaf->max_def, rep);
	leaf->plain[leaf->values++] = value;
}

static inline void pq_put_i32(struct pq_leaf *leaf, int32_t value, unsigned rep)
{
	pq_put_null(leaf, leaf->max_def, rep);
	memcpy(leaf->plain + 4 * leaf->values++, &value, 4);
}

static inline void pq_put_i64(struct pq_leaf *leaf, int64_t value, unsigned rep)
{
	pq_put_null(leaf, leaf->max_def, rep);
	memcpy(leaf->plain + 8 * leaf->values++, &value, 8);
}

static inline void pq_put_float(struct pq_leaf *leaf, float value, unsigned rep)
{
	int32_t bits;
	memcpy(&bits, &value, 4);
	pq_put_i32(leaf, bits, rep);
}

static inline void pq_put_double(struct pq_leaf *leaf, double value, unsigned rep)
{
	int64_t bits;
	memcpy(&bits, &value, 8);
	pq_put_i64(leaf, bits, rep);
}

/* S must not be NULL; all byte strings of a record together must have less than 2 GiB. */
static inline void pq_put_bytes(struct pq_leaf *leaf, const char *s, size_t len, unsigned rep)
{
	pq_put_null(leaf, leaf->max_def, rep);
	if (leaf->plain_room - leaf->used < len + 4)
		pq_leaf_grow_bytes(leaf, len + 4);
	uint32_t n = (uint32_t)len;
	leaf->at[leaf->values++] = (uint32_t)leaf->used;
	memcpy(leaf->plain + leaf->used, &n, 4);
	memcpy(leaf->plain + leaf->used + 4, s, len);
	leaf->used += len + 4;
}

/* Put a decimal, UNSCALED times ten to the power of minus its scale, in the form in which its leaf stores decimals. */
void pq_put_decimal(struct pq_leaf *leaf, pq_int128 unscaled, unsigned rep);

#endif
