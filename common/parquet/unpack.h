/*
 * Decompression of pages, by every codec of the format but LZO.
 *
 * Layer: parquet (uses base, codec; zstd, snappy, libdeflate, lz4, brotli).  Source: parquet-format, Compression.md.
 * The contexts of the libraries are kept from page to page.
 */
#ifndef WEIR_PARQUET_UNPACK_H
#define WEIR_PARQUET_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"

struct pq_unpacker;

struct pq_unpacker *pq_unpacker_new(void);
void pq_unpacker_free(struct pq_unpacker *u);

/*
 * Decompress LEN bytes that were compressed with codec KIND to exactly SIZE bytes at TO.  -EBADMSG when that is not
 * possible, -ENOTSUP for a KIND that is not read; the reason is in ERR.
 */
int pq_unpack(struct pq_unpacker *u, int kind, const void *data, size_t len, void *to, size_t size,
	struct strbuf *err) MUST_CHECK;

/*
 * Whether LEN bytes at DATA can be SIZE bytes that were compressed with KIND, as far as that can be seen before memory
 * is taken for them.
 */
bool pq_unpack_fits(int kind, const void *data, size_t len, size_t size);

#endif
