/*
 * The dictionary of a column chunk: its distinct values in the order in which they came.
 *
 * Layer: parquet (uses base).  Open addressing with a seed of the process, so that nobody can choose values that
 * collide.  Values come in batches, so that their places and entries can be prefetched.
 */
#ifndef WEIR_PARQUET_DICT_H
#define WEIR_PARQUET_DICT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/hash.h"

/*
 * A byte string: if it has at most 16 bytes, these, in the order of memory, padded with zeros; if it is longer, its
 * hash and where it begins in `bytes`.
 */
struct pq_dict_entry {
	uint64_t lo, hi;
};

struct pq_dict_place {
	uint32_t tag,
		/*
		 * tag: of the hash, and for short byte strings the length; index: the number of the value + 1, or 0 for
		 * an empty place
		 */
		index;
};

struct pq_dict {
	const struct hash_seed *seed;
	struct pq_dict_place *places;
	size_t mask;
	size_t count, room;
	size_t size;       /* bytes in PLAIN encoding */
	uint64_t *numbers; /* the values of a dictionary of 4 or 8 bytes; or */
	struct pq_dict_entry *entries;
	uint32_t *lens;
	char *bytes; /* of byte strings of more than 16 bytes */
	size_t bytes_room, used;
	uint32_t width; /* bytes of a value; 0: byte strings, which take 4 more bytes in PLAIN */
};

/* WIDTH is 0, 4, 8, or from 9 to 16; SEED is borrowed. */
struct pq_dict *pq_dict_new(uint32_t width, const struct hash_seed *seed);
void pq_dict_free(struct pq_dict *dict);
size_t pq_dict_memory(const struct pq_dict *dict);

/*
 * Set INDEX to the indexes of N values, adding those that are new.  PLAIN holds the values in Parquet's PLAIN encoding;
 * AT holds the positions in it of byte strings, with their lengths, and is NULL for other types.  16 bytes past the
 * last value must be readable.
 */
void pq_dict_encode(struct pq_dict *dict, const unsigned char *plain, const uint32_t *at, size_t n, uint32_t *index);

/* The bytes of value I, in a dictionary of byte strings. */
const char *pq_dict_bytes(const struct pq_dict *dict, size_t i);

/* Write the values in PLAIN encoding to TO, which has room for dict->size bytes. */
void pq_dict_plain(const struct pq_dict *dict, unsigned char *to);

#endif
