/* Compression of pages: see codec.h. */
#include "common/parquet/codec.h"

#define ZLIB_CONST
#include <errno.h>
#include <limits.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "common/base/alloc.h"
#include "common/base/num.h"

#define GZIP_WINDOW (15 + 16) /* a window of 32 KiB, in the gzip format */
#define GZIP_MEMORY 8         /* zlib's default */
/*
 * At level 1 zstd looks for matches of 7 bytes.  Neighbouring numbers of 8 bytes rarely share more than 6: with 6, a
 * page of ascending timestamps in microseconds takes 2.13 bytes a row instead of 4.01, and 18 ns instead of 26.  For
 * texts 7 is better (4.17 against 4.30 bytes a row of addresses).
 */
#define NUMBER_MATCH 6

struct pq_codec {
	struct pq_codec_spec spec;
	z_stream gzip;
	ZSTD_CCtx *zstd;
	char *out;
	unsigned char *scratch;
	size_t room, scratch_room;
};

static const struct codec_row {
	enum pq_codec_kind kind;
	const char *word, *suffix;
	int low, high, level;
} kinds[] = {
	{PQ_ZSTD, "zstd", "zstd", -7, 19, 3},
	{PQ_SNAPPY, "snappy", "snappy", 0, 0, 0},
	{PQ_GZIP, "gzip", "gz", 1, 9, 6},
	{PQ_NONE, "none", "", 0, 0, 0},
};
#define KINDS (sizeof kinds / sizeof *kinds)

int pq_codec_parse(const char *text, struct pq_codec_spec *ret, struct strbuf *err)
{
	size_t n = strcspn(text, ":"), k = 0;
	while (k < KINDS && (strlen(kinds[k].word) != n || strncmp(kinds[k].word, text, n) != 0))
		k++;
	if (k == KINDS) {
		strbuf_addstr(err, "is not zstd, snappy, gzip or none");
		return -EINVAL;
	}
	int64_t level = kinds[k].level;
	if (text[n] && kinds[k].low == kinds[k].high) {
		strbuf_addstr(err, "takes no level");
		return -EINVAL;
	}
	if (text[n] && (num_i64(text + n + 1, &level) < 0 || level < kinds[k].low || level > kinds[k].high)) {
		strbuf_addf(err, "has no level %d to %d", kinds[k].low, kinds[k].high);
		return -EINVAL;
	}
	*ret = (struct pq_codec_spec){kinds[k].kind, (int)level};
	return 0;
}

const char *pq_codec_name(const struct pq_codec_spec *spec)
{
	size_t k = 0;
	while (kinds[k].kind != spec->kind)
		k++;
	return kinds[k].suffix;
}

int pq_codec_new(const struct pq_codec_spec *spec, struct pq_codec **ret, struct strbuf *err)
{
	struct pq_codec *codec = xcalloc(1, sizeof *codec);
	codec->spec = *spec;
	const char *library = NULL;
	if (spec->kind == PQ_ZSTD) {
		codec->zstd = ZSTD_createCCtx();
		if (!codec->zstd ||
			ZSTD_isError(ZSTD_CCtx_setParameter(codec->zstd, ZSTD_c_compressionLevel, spec->level)))
			library = "zstd";
	} else if (spec->kind == PQ_GZIP && deflateInit2(&codec->gzip, spec->level, Z_DEFLATED, GZIP_WINDOW,
						    GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
		library = "zlib";
	}
	if (library) {
		strbuf_addf(err, "%s cannot be set up", library);
		pq_codec_free(codec);
		return -EINVAL;
	}
	*ret = codec;
	return 0;
}

void pq_codec_free(struct pq_codec *codec)
{
	if (!codec)
		return;
	ZSTD_freeCCtx(codec->zstd);
	if (codec->spec.kind == PQ_GZIP)
		deflateEnd(&codec->gzip);
	free(codec->out);
	free(codec->scratch);
	free(codec);
}

enum pq_codec_kind pq_codec_kind(const struct pq_codec *codec)
{
	return codec->spec.kind;
}

size_t pq_codec_memory(const struct pq_codec *codec)
{
	return codec->room + codec->scratch_room + (codec->zstd ? ZSTD_sizeof_CCtx(codec->zstd) : 0);
}

unsigned char *pq_codec_scratch(struct pq_codec *codec, size_t size)
{
	if (size > codec->scratch_room || !codec->scratch) {
		free(codec->scratch);
		codec->scratch = xmalloc(size);
		codec->scratch_room = size;
	}
	return codec->scratch;
}

static int failed(const char *library, const char *what, struct strbuf *err)
{
	strbuf_addf(err, "%s fails: %s", library, what);
	return -EIO;
}

static size_t greatest(struct pq_codec *codec, size_t len)
{
	if (codec->spec.kind == PQ_ZSTD)
		return ZSTD_compressBound(len);
	return codec->spec.kind == PQ_SNAPPY ? snappy_max_compressed_length(len) : deflateBound(&codec->gzip, len);
}

static int deflate_page(struct pq_codec *codec, const void *data, size_t len, size_t *ret_len, struct strbuf *err)
{
	z_stream *z = &codec->gzip;
	if (len > UINT_MAX || codec->room > UINT_MAX)
		return failed("zlib", "a page is too large", err);
	z->next_in = data;
	z->avail_in = (uInt)len;
	z->next_out = (unsigned char *)codec->out;
	z->avail_out = (uInt)codec->room;
	int r = deflate(z, Z_FINISH);
	*ret_len = codec->room - z->avail_out;
	deflateReset(z);
	return r == Z_STREAM_END ? 0 : failed("zlib", "stream error", err);
}

int pq_compress(struct pq_codec *codec, const void *data, size_t len, uint32_t width, const void **ret, size_t *ret_len,
	struct strbuf *err)
{
	*ret = data;
	*ret_len = len;
	if (codec->spec.kind == PQ_NONE)
		return 0;
	size_t room = greatest(codec, len);
	if (room > codec->room) {
		free(codec->out);
		codec->out = xmalloc(room);
		codec->room = room;
	}
	*ret = codec->out;
	*ret_len = codec->room;
	if (codec->spec.kind == PQ_GZIP)
		return deflate_page(codec, data, len, ret_len, err);
	if (codec->spec.kind == PQ_SNAPPY)
		return snappy_compress(data, len, codec->out, ret_len) == SNAPPY_OK ? 0
										    : failed("snappy", "too long", err);
	if (codec->spec.level == 1)
		ZSTD_CCtx_setParameter(codec->zstd, ZSTD_c_minMatch, width == 8 ? NUMBER_MATCH : 0);
	*ret_len = ZSTD_compress2(codec->zstd, codec->out, codec->room, data, len);
	return ZSTD_isError(*ret_len) ? failed("zstd", ZSTD_getErrorName(*ret_len), err) : 0;
}
