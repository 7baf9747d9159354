/* Run lengths and bit packing: see hybrid.h. */
#include "common/parquet/hybrid.h"

#include <stdbool.h>
#include <string.h>

#define GROUP      8  /* values */
#define MAX_GROUPS 63 /* limit for a header of one byte */

size_t hybrid_room(size_t n, unsigned width)
{
	size_t groups = n / GROUP + 1;
	return groups * width + groups / MAX_GROUPS + 64;
}

static size_t put_varint(unsigned char *to, uint64_t v)
{
	size_t n = 0;
	for (; v >= 128; v >>= 7)
		to[n++] = (unsigned char)(v | 128);
	to[n++] = (unsigned char)v;
	return n;
}

/* OR the BITS into the bytes from bit AT on; the 8 bytes there must be zero from that bit on. */
static inline void or_bits(unsigned char *to, unsigned at, uint64_t bits)
{
	uint64_t word;
	memcpy(&word, to + at / 8, 8);
	word |= bits << at % 8;
	memcpy(to + at / 8, &word, 8);
}

/* Pack 8 values into WIDTH bytes; writes up to 16 more, zeros. */
static inline void pack(const uint32_t v[GROUP], unsigned width, unsigned char *to)
{
	memset(to, 0, 8);
	if (width <= 14) { /* four values and 7 bits before them fit into a word */
		uint64_t a = v[0] | (uint64_t)v[1] << width | (uint64_t)v[2] << 2 * width | (uint64_t)v[3] << 3 * width;
		uint64_t b = v[4] | (uint64_t)v[5] << width | (uint64_t)v[6] << 2 * width | (uint64_t)v[7] << 3 * width;
		memcpy(to, &a, 8);
		memset(to + 8, 0, 8);
		or_bits(to, 4 * width, b);
		return;
	}
	memset(to + 8, 0, 32);
	for (unsigned i = 0; i < GROUP; i += 2)
		or_bits(to, i * width, v[i] | (uint64_t)v[i + 1] << width);
}

/* Values of either size. */
struct hybrid_in {
	const uint32_t *words;
	const uint8_t *bytes; /* NULL: words */
	size_t n;
};

static inline uint32_t value_at(const struct hybrid_in *in, size_t i)
{
	return in->bytes ? in->bytes[i] : in->words[i];
}

/* Read the next group, padded with zeros at the end; returns whether those of its values that count are all equal. */
static inline bool load_group(const struct hybrid_in *in, size_t i, const uint32_t counts[GROUP], uint32_t v[GROUP])
{
	uint32_t different = 0;
	for (size_t k = 0; k < GROUP; k++) {
		v[k] = i + k < in->n ? value_at(in, i + k) : 0;
		different |= (v[k] ^ v[0]) & counts[k];
	}
	return !different;
}

/* How many values from I on are equal to the value at I. */
static size_t run_length(const struct hybrid_in *in, size_t i)
{
	uint32_t v = value_at(in, i);
	size_t k = i + 1;
	while (k < in->n && value_at(in, k) == v)
		k++;
	return k - i;
}

/*
 * How many equal values make a run: packed, they would take more bytes than the run, its header, and a header for
 * packed groups after it.  With whole bytes, and up to 4 bits, equal values leave packed bytes that repeat; compressed,
 * these are often smaller than short runs, so a run must fill groups there, and save 6 bytes.
 */
static size_t shortest_run(unsigned width)
{
	if (width <= 4 || width % 8 == 0)
		return GROUP * (6 / width + 1);
	return 8 * ((width + 7) / 8 + 2) / width + 1;
}

/*
 * Groups of different values are packed.  A run may have any length, but begins only where a group would: so in sorted
 * values, of which each comes a few times, run follows run.
 */
static inline size_t encode(const struct hybrid_in *in, unsigned width, unsigned char *to)
{
	unsigned char *start = to, *head = NULL;
	unsigned groups = 0;
	size_t shortest = shortest_run(width);
	uint32_t counts[GROUP];
	for (size_t k = 0; k < GROUP; k++)
		counts[k] = k < shortest ? UINT32_MAX : 0;
	for (size_t i = 0; i < in->n;) {
		uint32_t v[GROUP];
		size_t run = load_group(in, i, counts, v) ? run_length(in, i) : 0;
		if (run && (run >= shortest || (run >= GROUP && i + run == in->n))) {
			to += put_varint(to, (uint64_t)run << 1);
			memcpy(to, v, 4);
			to += (width + 7) / 8;
			head = NULL;
			i += run;
			continue;
		}
		if (!head || groups == MAX_GROUPS) {
			head = to++;
			groups = 0;
		}
		pack(v, width, to);
		to += width;
		*head = (unsigned char)(++groups << 1 | 1);
		i += GROUP;
	}
	return (size_t)(to - start);
}

size_t hybrid_encode(const uint32_t *v, size_t n, unsigned width, unsigned char *to)
{
	const struct hybrid_in in = {.words = v, .n = n};
	return encode(&in, width, to);
}

size_t hybrid_encode_levels(const uint8_t *v, size_t n, unsigned width, unsigned char *to)
{
	const struct hybrid_in in = {.bytes = v, .n = n};
	return encode(&in, width, to);
}
