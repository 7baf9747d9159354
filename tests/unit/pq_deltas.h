/* For unit tests of common/parquet/decode.h: an encoder of DELTA_BINARY_PACKED, which weir does not write. */
#ifndef WEIR_TESTS_PQ_DELTAS_H
#define WEIR_TESTS_PQ_DELTAS_H

#include "common/base/strbuf.h"

static inline void add_varint(struct strbuf *out, uint64_t v)
{
	for (; v >= 128; v >>= 7)
		strbuf_addch(out, (char)(v | 128));
	strbuf_addch(out, (char)v);
}

static inline void add_zigzag(struct strbuf *out, uint64_t v)
{
	add_varint(out, v << 1 ^ (v >> 63 ? UINT64_MAX : 0));
}

/* Append N values of WIDTH bits. */
static inline void add_packed(struct strbuf *out, const uint64_t *v, size_t n, unsigned width)
{
	unsigned have = 0;
	unsigned char byte = 0;
	for (size_t i = 0; i < n; i++)
		for (unsigned b = 0; b < width; b++) {
			byte |= (unsigned char)((v[i] >> b & 1) << have);
			if (++have == 8) {
				strbuf_addch(out, (char)byte);
				byte = 0;
				have = 0;
			}
		}
}

/* How many of the N differences that are left are in the next block. */
static inline size_t deltas_of_block(size_t n)
{
	return n < 128 ? n : 128;
}

/* N numbers as DELTA_BINARY_PACKED, in blocks of 128 and miniblocks of 32. */
static inline void add_delta(struct strbuf *out, const int64_t *v, size_t n)
{
	add_varint(out, 128);
	add_varint(out, 4);
	add_varint(out, n);
	add_zigzag(out, n ? (uint64_t)v[0] : 0);
	for (size_t at = 1; at < n; at += 128) {
		uint64_t d[128] = {0}, least = 0;
		size_t some = deltas_of_block(n - at);
		for (size_t i = 0; i < some; i++) {
			d[i] = (uint64_t)v[at + i] - (uint64_t)v[at + i - 1];
			least = i == 0 || (int64_t)d[i] < (int64_t)least ? d[i] : least;
		}
		add_zigzag(out, least);
		size_t widths = out->len;
		strbuf_add(out, "\0\0\0\0", 4);
		for (size_t m = 0; 32 * m < some; m++) {
			uint64_t most = 0;
			for (size_t i = 32 * m; i < 32 * m + 32; i++)
				most |= d[i] = i < some ? d[i] - least : 0;
			unsigned width = most ? 64 - (unsigned)__builtin_clzll(most) : 0;
			out->s[widths + m] = (char)width;
			add_packed(out, d + 32 * m, 32, width);
		}
	}
}

#endif
