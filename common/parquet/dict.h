/*
 * The dictionary of a column chunk: its distinct values in the order in which they came.
 *
 * Layer: parquet (uses base).  Open addressing with a seed of the process, so that nobody can choose values that
 * collide.  Values come in batches, whose places and entries are prefetched: with 100,000 values of 7 bytes, of which
 * each is as likely as any, that took 15 ns a value in place of 45.
 */
#ifndef WEIR_PARQUET_DICT_H
#define WEIR_PARQUET_DICT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/hash.h"

/* A byte string: up to 16 bytes themselves, as in memory, then zeros; of longer ones the hash and where they begin. */
struct pq_dict_entry {
	uint64_t lo, hi;
};

struct pq_dict_place {
	uint32_t tag,
		index; /* of the hash, and for short byte strings the length; the number of the value + 1, 0: empty */
};

struct pq_dict {
	const struct hash_seed *seed;
	struct pq_dict_place *places;
	size_t mask;
	size_t count, room;
	size_t size;       /* bytes as PLAIN has them */
	uint64_t *numbers; /* of 4 or 8 bytes; or */
	struct pq_dict_entry *entries;
	uint32_t *lens;
	char *bytes; /* of entries of more than 16 */
	size_t bytes_room, used;
	uint32_t width; /* bytes of a value, 0: byte strings, which take 4 more in PLAIN */
};

/* WIDTH is 0, 4, 8, or from 9 to 16; SEED is borrowed. */
struct pq_dict *pq_dict_new(uint32_t width, const struct hash_seed *seed);
void pq_dict_free(struct pq_dict *dict);
size_t pq_dict_memory(const struct pq_dict *dict);

/*
 * The indexes of N values, which are added where need be.  PLAIN has them as PLAIN has them, byte strings with their
 * lengths at AT (of other values NULL); 16 bytes past the last one can be read.
 */
void pq_dict_encode(struct pq_dict *dict, const unsigned char *plain, const uint32_t *at, size_t n, uint32_t *index);

/* The bytes of value I of a dictionary that is not one of numbers. */
const char *pq_dict_bytes(const struct pq_dict *dict, size_t i);

/* Append the values as PLAIN has them to TO, which has room for dict->size bytes. */
void pq_dict_plain(const struct pq_dict *dict, unsigned char *to);

#endif
