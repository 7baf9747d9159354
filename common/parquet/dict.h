/*
 * The dictionary of a column chunk: its distinct values in the order in which they came.
 *
 * Layer: parquet (uses base).  Open addressing with a seed of the process, so that nobody can choose values that
 * collide.  Values are taken back in the reverse order only, so removing is emptying a place.
 */
#ifndef WEIR_PARQUET_DICT_H
#define WEIR_PARQUET_DICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/hash.h"

/* Set in the index that is returned for a value that was not there. */
#define PQ_DICT_NEW (1u << 31)

/* A byte string: up to 16 bytes are in the words themselves, of longer ones `lo` is the hash. */
struct pq_dict_entry {
	uint64_t lo, hi;
	uint32_t at, len; /* in `bytes` */
};

struct pq_dict_place {
	uint32_t tag, index; /* 32 bits of the hash; the number of the value + 1, 0: empty */
};

struct pq_dict {
	const struct hash_seed *seed;
	struct pq_dict_place *places;
	size_t mask;
	size_t count, room;
	size_t size, limit; /* bytes as PLAIN has them; beyond the limit it is full */
	uint64_t *numbers;  /* of up to 8 bytes; or */
	struct pq_dict_entry *entries;
	char *bytes;
	size_t bytes_room, used;
	uint32_t width; /* bytes of a value, 0: byte strings, which take 4 more */
};

/* WIDTH 0, 4, 8, or another number of bytes; SEED is borrowed. */
struct pq_dict *pq_dict_new(uint32_t width, size_t limit, const struct hash_seed *seed);
void pq_dict_free(struct pq_dict *dict);
size_t pq_dict_memory(const struct pq_dict *dict);

/* Take back the value that came last. */
void pq_dict_pop(struct pq_dict *dict);

/* Append the values as PLAIN has them to TO, which has room for dict->size bytes. */
void pq_dict_plain(const struct pq_dict *dict, unsigned char *to);

uint32_t pq_dict_add_number(struct pq_dict *dict, uint64_t value, uint64_t hash, bool *full);
uint32_t pq_dict_add_bytes(
	struct pq_dict *dict, const char *s, size_t len, const uint64_t word[2], uint64_t hash, bool *full);
uint64_t pq_dict_hash_long(const struct pq_dict *dict, const char *s, size_t len);

/* The index of VALUE, which is added if need be; *full is set once there are more bytes than the limit. */
static inline uint32_t pq_dict_number(struct pq_dict *dict, uint64_t value, bool *full)
{
	uint64_t hash = hash_short(dict->seed, value, 0, 8);
	for (size_t at = hash >> 32 & dict->mask;; at = (at + 1) & dict->mask) {
		struct pq_dict_place place = dict->places[at];
		if (place.tag == (uint32_t)hash && place.index && dict->numbers[place.index - 1] == value)
			return place.index - 1;
		if (!place.index)
			return pq_dict_add_number(dict, value, hash, full);
	}
}

/* The same for LEN bytes. */
static inline uint32_t pq_dict_bytes(struct pq_dict *dict, const char *s, size_t len, bool *full)
{
	uint64_t word[2], hash;
	if (len <= 16) {
		hash_load_short(word, s, len);
		hash = hash_short(dict->seed, word[0], word[1], len);
	} else {
		hash = word[0] = pq_dict_hash_long(dict, s, len);
		word[1] = 0;
	}
	for (size_t at = hash >> 32 & dict->mask;; at = (at + 1) & dict->mask) {
		struct pq_dict_place place = dict->places[at];
		if (!place.index)
			return pq_dict_add_bytes(dict, s, len, word, hash, full);
		if (place.tag != (uint32_t)hash)
			continue;
		const struct pq_dict_entry *e = &dict->entries[place.index - 1];
		if (e->len == len && e->lo == word[0] && e->hi == word[1] &&
			(len <= 16 || memcmp(dict->bytes + e->at, s, len) == 0))
			return place.index - 1;
	}
}

#endif
