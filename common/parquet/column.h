/*
 * The leaf columns of an open row group: where records go value by value, and from where pages are cut.
 *
 * Layer: parquet (uses base, data/schema, codec, dict).  A schema's primitive fields, depth first, are its leaves.  A
 * record puts at least one entry into each of them: a value, or a null with the definition level that says which of the
 * fields above it is missing.  Values of a leaf gather in a page; a page that is full is encoded and compressed at once
 * and kept so until the row group is written, because the dictionary, which is known last, comes first in a file.
 *
 * Levels (Dremel's): the definition level of an entry counts the optional and repeated fields on the way to the leaf
 * that are there; the repetition level says at which list an entry goes on, 0 begins a record.  struct pq_node has both
 * for each field, so that a caller never has to count.
 *
 * A record that turns out to be bad is taken back whole by pq_columns_rollback(): what was put since the last
 * pq_columns_end_row() goes from every leaf, entries of dictionaries included.
 *
 * The put functions cannot fail: out of memory ends the program, as everywhere.
 */
#ifndef WEIR_PARQUET_COLUMN_H
#define WEIR_PARQUET_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/strbuf.h"
#include "common/data/schema.h"
#include "common/parquet/codec.h"
#include "common/parquet/dict.h"

__extension__ typedef __int128 pq_int128;

/* How values are stored; the numbers are those of the format. */
enum pq_physical {
	PQ_BOOLEAN = 0,
	PQ_INT32 = 1,
	PQ_INT64 = 2,
	PQ_INT96 = 3, /* only read */
	PQ_FLOAT = 4,
	PQ_DOUBLE = 5,
	PQ_BYTE_ARRAY = 6,
	PQ_FIXED = 7, /* decimals of more than 18 digits: two's complement, the highest byte first */
};

struct pq_columns;

struct pq_leaf {
	const struct schema_field *field;
	struct pq_columns *columns;
	enum pq_physical physical;
	uint32_t width; /* bytes of a value; 0: they differ */
	uint8_t max_def, max_rep;

	/* The page in the making: `entries` of levels, and `values` of those that are not null. */
	uint8_t *def, *rep;   /* rep NULL: max_rep is 0 */
	uint32_t *index;      /* dict: which of its values; else of byte arrays: where it begins in `plain` */
	unsigned char *plain; /* !dict: the values as PLAIN has them, but a byte for each boolean */
	size_t entries, values, room;
	size_t used, plain_room; /* bytes in `plain`; only counted for byte arrays */
	size_t records;          /* entries with repetition level 0 */
	struct pq_dict *dict;    /* NULL: PLAIN */

	struct pq_chunk *chunk; /* pages that were cut, statistics, decisions */
};

/* A field of the schema with its levels. */
struct pq_node {
	const struct schema_field *field;
	uint8_t def;           /* the definition level of an entry for which this field is there; def - 1: it is null */
	uint8_t rep;           /* the repetition level at which a list or a map goes on with its next element */
	size_t first, leaves;  /* its leaves are columns->leaf[first] and those after it */
	struct pq_node *child; /* of struct, list (the element) and map (key, value): field->count of them; else NULL */
			       /*
				* A list or map that is there and has no element is a null in all its leaves with level `def`; of an element
				* that is null the level is child->def - 1.
				*/
};

struct pq_settings {
	struct pq_codec *codec;   /* borrowed; one serves any number of columns, in one thread */
	size_t page_bytes;        /* of a page's body before compression, about; 0: 1 MiB */
	size_t dict_bytes;        /* of a dictionary at most, about; 0: 1 MiB */
	size_t page_entries;      /* of a page at most, about; 0: 128 Ki */
	const char *const *bloom; /* names of fields (`geo.city` in a struct) that get a Bloom filter; ends with NULL */
};

struct pq_columns {
	struct pq_node root;
	struct pq_leaf *leaf;
	size_t leaves;
	size_t rows; /* of this row group */
	bool due;    /* some page is full, or a dictionary */
	struct pq_settings settings;
	const struct schema *schema;
	struct hash_seed seed;
};

/*
 * Columns for SCHEMA, which, like the codec, is borrowed and must outlive them.  -EINVAL with the reason in ERR when
 * the schema cannot be written: a struct without fields, a nesting deeper than 100 levels, a name in `bloom` that is no
 * leaf or is a boolean.  -errno when the kernel has no random numbers.
 */
int pq_columns_new(const struct schema *schema, const struct pq_settings *settings, struct pq_columns **ret_columns,
	struct strbuf *err) MUST_CHECK;
void pq_columns_free(struct pq_columns *columns);

/* Cut the pages that are full: see pq_columns_end_row(). */
int pq_columns_settle(struct pq_columns *columns, struct strbuf *err) MUST_CHECK;

/* A record has been put whole.  Returns 0, or -EIO with ERR set (the compressor failed). */
static inline int pq_columns_end_row(struct pq_columns *columns, struct strbuf *err)
{
	columns->rows++;
	return columns->due ? pq_columns_settle(columns, err) : 0;
}

/* Take back what was put after the last pq_columns_end_row(). */
void pq_columns_rollback(struct pq_columns *columns);

/* Bytes of memory that the columns hold now, those of pages cut, dictionaries and filters included; not quick. */
size_t pq_columns_bytes(const struct pq_columns *columns);

/* About how many bytes, before compression, the row group would have if it were written now: for --row-group. */
size_t pq_columns_size(const struct pq_columns *columns);

/* Forget all records: the columns are as new, and hold next to no memory. */
void pq_columns_reset(struct pq_columns *columns);

/* Make room for more entries, or for NEED more bytes of byte arrays. */
void pq_leaf_grow(struct pq_leaf *leaf);
void pq_leaf_grow_bytes(struct pq_leaf *leaf, size_t need);

/* An entry of LEAF with these levels. */
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

/* Nulls in all leaves of NODE: with `node->def - 1` for one that is null, `node->def` for an empty list or map. */
static inline void pq_put_nulls(struct pq_columns *columns, const struct pq_node *node, unsigned def, unsigned rep)
{
	for (size_t i = 0; i < node->leaves; i++)
		pq_put_null(&columns->leaf[node->first + i], def, rep);
}

/*
 * A value, with the definition level of its leaf (max_def) and repetition level REP.  The function must fit the leaf's
 * physical type: bool; i32: int32, date, decimals of up to 9 digits; i64: int64, timestamps (microseconds), decimals
 * of up to 18 digits; float; double; bytes: strings, which must be UTF-8, and binary.
 */
static inline void pq_put_bool(struct pq_leaf *leaf, bool value, unsigned rep)
{
	pq_put_null(leaf, leaf->max_def, rep);
	leaf->plain[leaf->values++] = value;
}

static inline void pq_put_i32(struct pq_leaf *leaf, int32_t value, unsigned rep)
{
	pq_put_null(leaf, leaf->max_def, rep);
	if (leaf->dict)
		leaf->index[leaf->values++] = pq_dict_number(leaf->dict, (uint32_t)value, &leaf->columns->due);
	else
		memcpy(leaf->plain + 4 * leaf->values++, &value, 4);
}

static inline void pq_put_i64(struct pq_leaf *leaf, int64_t value, unsigned rep)
{
	pq_put_null(leaf, leaf->max_def, rep);
	if (leaf->dict)
		leaf->index[leaf->values++] = pq_dict_number(leaf->dict, (uint64_t)value, &leaf->columns->due);
	else
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

/* LEN is less than 2 GiB. */
static inline void pq_put_bytes(struct pq_leaf *leaf, const char *s, size_t len, unsigned rep)
{
	pq_put_null(leaf, leaf->max_def, rep);
	if (leaf->dict) {
		leaf->index[leaf->values++] = pq_dict_bytes(leaf->dict, s, len, &leaf->columns->due);
		return;
	}
	if (leaf->plain_room - leaf->used < len + 4)
		pq_leaf_grow_bytes(leaf, len + 4);
	uint32_t n = (uint32_t)len;
	leaf->index[leaf->values++] = (uint32_t)leaf->used;
	memcpy(leaf->plain + leaf->used, &n, 4);
	memcpy(leaf->plain + leaf->used + 4, s, len);
	leaf->used += len + 4;
}

/* A decimal, UNSCALED times ten to the power of minus its scale, in whatever way its leaf stores it. */
void pq_put_decimal(struct pq_leaf *leaf, pq_int128 unscaled, unsigned rep);

#endif
