/* Dictionaries: see dict.h. */
#include "common/parquet/dict.h"

#include <stdbool.h>
#include <stdlib.h>

#include "common/base/alloc.h"

#define FIRST_PLACES 64u
#define BATCH        32u /* this many values have their places prefetched together; 128 were not faster */
#define SHORT        16u /* an entry holds strings of up to this many bytes itself */

struct pq_dict *pq_dict_new(uint32_t width, const struct hash_seed *seed)
{
	struct pq_dict *dict = xcalloc(1, sizeof *dict);
	dict->seed = seed;
	dict->width = width;
	dict->places = xcalloc(FIRST_PLACES, sizeof *dict->places);
	dict->mask = FIRST_PLACES - 1;
	return dict;
}

void pq_dict_free(struct pq_dict *dict)
{
	if (!dict)
		return;
	free(dict->places);
	free(dict->numbers);
	free(dict->entries);
	free(dict->lens);
	free(dict->bytes);
	free(dict);
}

static bool of_numbers(const struct pq_dict *dict)
{
	return dict->width == 4 || dict->width == 8;
}

size_t pq_dict_memory(const struct pq_dict *dict)
{
	size_t each = of_numbers(dict) ? sizeof *dict->numbers : sizeof *dict->entries + sizeof *dict->lens;
	return sizeof *dict + (dict->mask + 1) * sizeof *dict->places + dict->room * each + dict->bytes_room;
}

/* A value that is looked for. */
struct pq_wanted {
	uint64_t lo, hi; /* as in an entry; numbers use only `lo` */
	uint64_t hash;
	const char *s;
	uint32_t len;
};

/* A mask for the low LEN bytes of a word. */
static inline uint64_t low_bytes(uint64_t word, uint32_t len)
{
	return len >= 8 ? word : word & ((UINT64_C(1) << 8 * len) - 1);
}

static inline uint32_t tag_of(uint64_t hash, uint32_t len)
{
	return ((uint32_t)hash & ~31u) | (len <= SHORT ? len : SHORT + 1);
}

static inline void want_string(const struct hash_seed *seed, struct pq_wanted *w, const char *s, uint32_t len)
{
	w->s = s;
	w->len = len;
	if (len > SHORT) {
		w->hash = w->lo = hash_bytes(seed, s, len);
		return;
	}
	w->lo = low_bytes(hash_load8(s), len);
	w->hi = len > 8 ? low_bytes(hash_load8(s + 8), len - 8) : 0;
	w->hash = hash_short(seed, w->lo, w->hi, len);
}

static inline void want_number(
	const struct hash_seed *seed, struct pq_wanted *w, const unsigned char *p, uint32_t width)
{
	uint32_t narrow;
	memcpy(&narrow, p, 4);
	w->lo = width == 4 ? narrow : hash_load8((const char *)p);
	w->hash = hash_short(seed, w->lo, 0, 8);
	w->len = 8;
}

/* The hash of value I, and the length that is a part of its tag. */
static uint64_t hash_of(const struct pq_dict *dict, size_t i, uint32_t *len)
{
	*len = 8;
	if (of_numbers(dict))
		return hash_short(dict->seed, dict->numbers[i], 0, 8);
	const struct pq_dict_entry *e = &dict->entries[i];
	*len = dict->lens[i];
	return *len <= SHORT ? hash_short(dict->seed, e->lo, e->hi, *len) : e->lo;
}

static void set_place(struct pq_dict *dict, uint64_t hash, uint32_t len, size_t i)
{
	size_t at = hash >> 32 & dict->mask;
	while (dict->places[at].index)
		at = (at + 1) & dict->mask;
	dict->places[at] = (struct pq_dict_place){tag_of(hash, len), (uint32_t)i + 1};
}

static void grow_places(struct pq_dict *dict)
{
	free(dict->places);
	dict->mask = dict->mask * 2 + 1;
	dict->places = xcalloc(dict->mask + 1, sizeof *dict->places);
	for (size_t i = 0; i < dict->count; i++) {
		uint32_t len;
		uint64_t hash = hash_of(dict, i, &len);
		set_place(dict, hash, len, i);
	}
}

/* Make room for a batch; at most half of the places are taken. */
static void make_room(struct pq_dict *dict)
{
	while (2 * (dict->count + BATCH) > dict->mask)
		grow_places(dict);
	if (dict->count + BATCH <= dict->room)
		return;
	while (dict->room < dict->count + BATCH)
		dict->room = dict->room ? 2 * dict->room : FIRST_PLACES;
	if (of_numbers(dict)) {
		dict->numbers = xreallocarray(dict->numbers, dict->room, sizeof *dict->numbers);
		return;
	}
	dict->entries = xreallocarray(dict->entries, dict->room, sizeof *dict->entries);
	dict->lens = xreallocarray(dict->lens, dict->room, sizeof *dict->lens);
}

static void keep_bytes(struct pq_dict *dict, const char *s, size_t len)
{
	if (dict->bytes_room - dict->used < len) {
		while (dict->bytes_room - dict->used < len)
			dict->bytes_room = dict->bytes_room ? 2 * dict->bytes_room : 256;
		dict->bytes = xreallocarray(dict->bytes, dict->bytes_room, 1);
	}
	memcpy(dict->bytes + dict->used, s, len);
	dict->used += len;
}

static uint32_t add(struct pq_dict *dict, const struct pq_wanted *w)
{
	if (of_numbers(dict)) {
		dict->numbers[dict->count] = w->lo;
		dict->size += dict->width;
	} else {
		dict->entries[dict->count] = (struct pq_dict_entry){w->lo, w->len > SHORT ? dict->used : w->hi};
		dict->lens[dict->count] = w->len;
		dict->size += w->len + (dict->width ? 0 : 4);
		if (w->len > SHORT)
			keep_bytes(dict, w->s, w->len);
	}
	set_place(dict, w->hash, w->len, dict->count);
	return (uint32_t)dict->count++;
}

static inline bool is_it(const struct pq_dict *dict, uint32_t i, const struct pq_wanted *w, bool numbers)
{
	if (numbers)
		return dict->numbers[i] == w->lo;
	const struct pq_dict_entry *e = &dict->entries[i];
	if (w->len <= SHORT) /* the tags are equal, and so are the lengths */
		return e->lo == w->lo && e->hi == w->hi;
	return e->lo == w->lo && dict->lens[i] == w->len && memcmp(dict->bytes + e->hi, w->s, w->len) == 0;
}

static inline uint32_t find(struct pq_dict *dict, const struct pq_wanted *w, bool numbers)
{
	uint32_t tag = tag_of(w->hash, w->len);
	for (size_t at = w->hash >> 32 & dict->mask;; at = (at + 1) & dict->mask) {
		struct pq_dict_place place = dict->places[at];
		if (!place.index)
			return add(dict, w);
		if (place.tag == tag && is_it(dict, place.index - 1, w, numbers))
			return place.index - 1;
	}
}

/* First all places are prefetched, then all entries, and only then are they compared. */
static inline void encode_batch(struct pq_dict *dict, struct pq_wanted *w, size_t n, bool numbers, uint32_t *index)
{
	make_room(dict);
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&dict->places[w[i].hash >> 32 & dict->mask]);
	for (size_t i = 0; i < n; i++) {
		uint32_t k = dict->places[w[i].hash >> 32 & dict->mask].index;
		if (numbers)
			__builtin_prefetch(&dict->numbers[k ? k - 1 : 0]);
		else
			__builtin_prefetch(&dict->entries[k ? k - 1 : 0]);
	}
	for (size_t i = 0; i < n; i++)
		index[i] = find(dict, &w[i], numbers);
}

static void encode_numbers(struct pq_dict *dict, const unsigned char *plain, size_t n, uint32_t *index)
{
	struct pq_wanted w[BATCH];
	for (size_t i = 0; i < n; i++)
		want_number(dict->seed, &w[i], plain + i * dict->width, dict->width);
	encode_batch(dict, w, n, true, index);
}

static void encode_strings(
	struct pq_dict *dict, const unsigned char *plain, const uint32_t *at, size_t first, size_t n, uint32_t *index)
{
	struct pq_wanted w[BATCH];
	for (size_t i = 0; i < n; i++) {
		const unsigned char *s = at ? plain + at[first + i] + 4 : plain + (first + i) * dict->width;
		uint32_t len = dict->width;
		if (at)
			memcpy(&len, s - 4, 4);
		want_string(dict->seed, &w[i], (const char *)s, len);
	}
	encode_batch(dict, w, n, false, index);
}

void pq_dict_encode(struct pq_dict *dict, const unsigned char *plain, const uint32_t *at, size_t n, uint32_t *index)
{
	for (size_t i = 0; i < n; i += BATCH) {
		size_t batch = n - i < BATCH ? n - i : BATCH;
		if (of_numbers(dict))
			encode_numbers(dict, plain + i * dict->width, batch, index + i);
		else
			encode_strings(dict, plain, at, i, batch, index + i);
	}
}

const char *pq_dict_bytes(const struct pq_dict *dict, size_t i)
{
	const struct pq_dict_entry *e = &dict->entries[i];
	return dict->lens[i] <= SHORT ? (const char *)e : dict->bytes + e->hi;
}

void pq_dict_plain(const struct pq_dict *dict, unsigned char *to)
{
	for (size_t i = 0; i < dict->count; i++) {
		if (of_numbers(dict)) {
			memcpy(to, &dict->numbers[i], dict->width); /* the low bytes come first */
			to += dict->width;
			continue;
		}
		if (!dict->width) {
			memcpy(to, &dict->lens[i], 4);
			to += 4;
		}
		if (dict->lens[i])
			memcpy(to, pq_dict_bytes(dict, i), dict->lens[i]);
		to += dict->lens[i];
	}
}
