/* Decompression of pages: see unpack.h. */
#include "common/parquet/unpack.h"

#include <brotli/decode.h>
#include <errno.h>
#include <libdeflate.h>
#include <limits.h>
#include <lz4.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "common/base/alloc.h"
#include "common/parquet/codec.h"

/* How many bytes one byte can expand to, about: a block of zstd that repeats a byte has 4 bytes for up to 128 KiB. */
#define ZSTD_RATIO    (128u << 8)
#define DEFLATE_RATIO 1032u
#define LZ4_RATIO     255u
#define HADOOP_HEAD   8u /* before each block: its size, and its compressed size */

struct pq_unpacker {
	ZSTD_DCtx *zstd;
	struct libdeflate_decompressor *deflate;
};

struct pq_unpacker *pq_unpacker_new(void)
{
	return xcalloc(1, sizeof(struct pq_unpacker));
}

void pq_unpacker_free(struct pq_unpacker *u)
{
	if (!u)
		return;
	ZSTD_freeDCtx(u->zstd);
	libdeflate_free_decompressor(u->deflate);
	free(u);
}

static bool zstd(struct pq_unpacker *u, const void *data, size_t len, void *to, size_t size)
{
	if (!u->zstd)
		u->zstd = ZSTD_createDCtx();
	return u->zstd && ZSTD_decompressDCtx(u->zstd, to, size, data, len) == size;
}

static bool snappy(const void *data, size_t len, void *to, size_t size)
{
	size_t made = size;
	return snappy_uncompressed_length(data, len, &made) == SNAPPY_OK && made == size &&
	       snappy_uncompress(data, len, to, &made) == SNAPPY_OK && made == size;
}

/* Old writers made several members. */
static bool gzip(struct pq_unpacker *u, const unsigned char *data, size_t len, unsigned char *to, size_t size)
{
	if (!u->deflate)
		u->deflate = libdeflate_alloc_decompressor();
	if (!u->deflate || !len)
		return false;
	while (len) {
		size_t used, made;
		if (libdeflate_gzip_decompress_ex(u->deflate, data, len, to, size, &used, &made) != LIBDEFLATE_SUCCESS)
			return false;
		data += used;
		len -= used;
		to += made;
		size -= made;
	}
	return size == 0;
}

static bool lz4(const void *data, size_t len, void *to, size_t size)
{
	return len <= INT_MAX && size <= INT_MAX && LZ4_decompress_safe(data, to, (int)len, (int)size) == (int)size;
}

static size_t big_endian(const unsigned char *p)
{
	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

/* The blocks of Hadoop's codec: it is what codec 5 means since parquet-java wrote it so. */
static bool hadoop_lz4(const unsigned char *data, size_t len, unsigned char *to, size_t size)
{
	while (len) {
		if (len < HADOOP_HEAD)
			return false;
		size_t made = big_endian(data), packed = big_endian(data + 4);
		data += HADOOP_HEAD;
		len -= HADOOP_HEAD;
		if (packed > len || made > size || !lz4(data, packed, to, made))
			return false;
		data += packed;
		len -= packed;
		to += made;
		size -= made;
	}
	return size == 0;
}

static bool brotli(const void *data, size_t len, void *to, size_t size)
{
	size_t made = size;
	return BrotliDecoderDecompress(len, data, &made, to) == BROTLI_DECODER_RESULT_SUCCESS && made == size;
}

int pq_unpack(struct pq_unpacker *u, int kind, const void *data, size_t len, void *to, size_t size, struct strbuf *err)
{
	bool good = false;
	switch (kind) {
	case PQ_NONE:
		good = len == size;
		if (good && size)
			memcpy(to, data, size);
		break;
	case PQ_SNAPPY:
		good = snappy(data, len, to, size);
		break;
	case PQ_GZIP:
		good = gzip(u, data, len, to, size);
		break;
	case PQ_ZSTD:
		good = zstd(u, data, len, to, size);
		break;
	case PQ_LZ4_RAW:
		good = lz4(data, len, to, size);
		break;
	case PQ_LZ4:
		good = hadoop_lz4(data, len, to, size) || lz4(data, len, to, size);
		break;
	case PQ_BROTLI:
		good = brotli(data, len, to, size);
		break;
	default:
		strbuf_addf(err, "codec %d is not read", kind);
		return -ENOTSUP;
	}
	if (!good)
		strbuf_addstr(err, "a compressed page is malformed");
	return good ? 0 : -EBADMSG;
}

bool pq_unpack_fits(int kind, const void *data, size_t len, size_t size)
{
	size_t made = 0;
	unsigned long long known;
	switch (kind) {
	case PQ_NONE:
		return len == size;
	case PQ_SNAPPY:
		return snappy_uncompressed_length(data, len, &made) == SNAPPY_OK && made == size;
	case PQ_ZSTD:
		known = ZSTD_getFrameContentSize(data, len);
		return size / ZSTD_RATIO <= len &&
		       (known == ZSTD_CONTENTSIZE_UNKNOWN || (known != ZSTD_CONTENTSIZE_ERROR && known <= size));
	case PQ_GZIP:
		return size / DEFLATE_RATIO <= len;
	case PQ_LZ4:
	case PQ_LZ4_RAW:
		return size / LZ4_RATIO <= len;
	default:
		return true;
	}
}
