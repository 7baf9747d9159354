/*
 * Compression of pages: zstd, snappy, gzip or none, each page by itself.
 *
 * Layer: parquet (uses base, zlib, zstd, snappy).  One codec, with its one context, serves all open files of a thread.
 */
#ifndef WEIR_PARQUET_CODEC_H
#define WEIR_PARQUET_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

/* The numbers are those of the format. */
enum pq_codec_kind {
	PQ_NONE = 0,
	PQ_SNAPPY = 1,
	PQ_GZIP = 2,
	PQ_BROTLI = 4, /* this one and LZ4 are only read: unpack.h */
	PQ_LZ4 = 5,
	PQ_ZSTD = 6,
	PQ_LZ4_RAW = 7,
};

struct pq_codec_spec {
	enum pq_codec_kind kind;
	int level; /* zstd -7 to 19, gzip 1 to 9 */
};

struct pq_codec;

/*
 * Parse `zstd`, `gzip`, `snappy` or `none`, with `:LEVEL` after the first two (zstd 3, gzip 6 without).  -EINVAL with
 * the reason in ERR (`is not …`), *ret untouched.
 */
int pq_codec_parse(const char *text, struct pq_codec_spec *ret, struct strbuf *err) MUST_CHECK;

/* The part of file names that shows the codec: "zstd", "snappy", "gz", or "" for none. */
const char *pq_codec_name(const struct pq_codec_spec *spec);

int pq_codec_new(const struct pq_codec_spec *spec, struct pq_codec **ret_codec, struct strbuf *err) MUST_CHECK;
void pq_codec_free(struct pq_codec *codec);
enum pq_codec_kind pq_codec_kind(const struct pq_codec *codec);

/* Bytes of memory that CODEC uses now. */
size_t pq_codec_memory(const struct pq_codec *codec);

/* A buffer of SIZE bytes in which to build a page before compression; valid until the next call. */
unsigned char *pq_codec_scratch(struct pq_codec *codec, size_t size) __attribute__((returns_nonnull));

/*
 * Compress LEN bytes, which are mostly values of WIDTH bytes (0: they have no fixed width).  *ret and *ret_len are
 * valid until the next call, or are DATA and LEN themselves when there is no compression.  -EIO with ERR set.
 */
int pq_compress(struct pq_codec *codec, const void *data, size_t len, uint32_t width, const void **ret, size_t *ret_len,
	struct strbuf *err) MUST_CHECK;

#endif
