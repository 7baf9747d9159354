/* Compression: see codec.h. */
#include "common/lake/codec.h"

#define ZLIB_CONST
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "common/base/alloc.h"
#include "common/base/num.h"

#define OUT_SIZE     (256u << 10) /* size of a write to the file */
#define GZIP_WINDOW  (15 + 16)    /* a window of 32 KiB, in the gzip format */
#define GZIP_MEMORY  8            /* zlib's default */
#define GZIP_CONTEXT (300u << 10) /* memory that deflate then uses: 256 KiB and a little more */

struct codec {
	struct codec_spec spec;
	bool open; /* a frame is open */
	z_stream gzip;
	ZSTD_CCtx *zstd;
	unsigned char *out;
	size_t used;
};

static const struct {
	const char *name, *suffix;
	int low, high, level;
} kinds[] = {
	[CODEC_NONE] = {"none", "", 0, 0, 0},
	[CODEC_GZIP] = {"gzip", ".gz", 1, 9, 6},
	[CODEC_ZSTD] = {"zstd", ".zst", -7, 19, 3},
};
#define KINDS (sizeof kinds / sizeof *kinds)

int codec_parse(const char *text, struct codec_spec *ret, struct strbuf *err)
{
	size_t n = strcspn(text, ":"), kind = 0;
	while (kind < KINDS && (strlen(kinds[kind].name) != n || strncmp(kinds[kind].name, text, n) != 0))
		kind++;
	if (kind == KINDS) {
		strbuf_addstr(err, "is not gzip, zstd or none");
		return -EINVAL;
	}
	int64_t level = kinds[kind].level;
	if (text[n] && kind == CODEC_NONE) {
		strbuf_addstr(err, "takes no level");
		return -EINVAL;
	}
	if (text[n] && (num_i64(text + n + 1, &level) < 0 || level < kinds[kind].low || level > kinds[kind].high)) {
		strbuf_addf(err, "has no level %d to %d", kinds[kind].low, kinds[kind].high);
		return -EINVAL;
	}
	*ret = (struct codec_spec){(enum codec_kind)kind, (int)level};
	return 0;
}

const char *codec_suffix(const struct codec_spec *spec)
{
	return kinds[spec->kind].suffix;
}

/*
 * zstd's context with the level and, as zstd(1) does, a checksum in each frame.  Frames do not contain their length: a
 * reader that takes the first frame's length for that of the whole file (decompress() of Python's zstandard) would read
 * only that frame, without an error.
 */
static int open_zstd(struct codec *codec, struct strbuf *err)
{
	codec->zstd = ZSTD_createCCtx();
	if (codec->zstd &&
		!ZSTD_isError(ZSTD_CCtx_setParameter(codec->zstd, ZSTD_c_compressionLevel, codec->spec.level)) &&
		!ZSTD_isError(ZSTD_CCtx_setParameter(codec->zstd, ZSTD_c_checksumFlag, 1)) &&
		!ZSTD_isError(ZSTD_CCtx_setParameter(codec->zstd, ZSTD_c_contentSizeFlag, 0)))
		return 0;
	strbuf_addstr(err, "zstd cannot be set up");
	return -EINVAL;
}

static int open_gzip(struct codec *codec, struct strbuf *err)
{
	if (deflateInit2(&codec->gzip, codec->spec.level, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) ==
		Z_OK)
		return 0;
	strbuf_addstr(err, "zlib cannot be set up");
	return -EINVAL;
}

int codec_new(const struct codec_spec *spec, struct codec **ret, struct strbuf *err)
{
	struct codec *codec = xcalloc(1, sizeof *codec);
	codec->spec = *spec;
	int r = 0;
	if (spec->kind == CODEC_ZSTD)
		r = open_zstd(codec, err);
	else if (spec->kind == CODEC_GZIP)
		r = open_gzip(codec, err);
	if (r < 0) {
		codec_free(codec);
		return r;
	}
	codec->out = spec->kind == CODEC_NONE ? NULL : xmalloc(OUT_SIZE);
	*ret = codec;
	return 0;
}

void codec_free(struct codec *codec)
{
	if (!codec)
		return;
	ZSTD_freeCCtx(codec->zstd);
	if (codec->spec.kind == CODEC_GZIP)
		deflateEnd(&codec->gzip);
	free(codec->out);
	free(codec);
}

/* Pass the output buffer on when it is full, or in any case with ALL. */
static int drain(struct codec *codec, bool all, codec_sink *sink, void *arg, struct strbuf *err)
{
	if (codec->used < OUT_SIZE && (!all || !codec->used))
		return 0;
	int r = sink(arg, codec->out, codec->used, err);
	codec->used = 0;
	return r;
}

static int failed(const char *library, const char *what, struct strbuf *err)
{
	strbuf_addf(err, "%s fails: %s", library, what);
	return -EIO;
}

static int write_zstd(struct codec *codec, const void *data, size_t len, ZSTD_EndDirective end, codec_sink *sink,
	void *arg, struct strbuf *err)
{
	ZSTD_inBuffer in = {data, len, 0};
	for (;;) {
		ZSTD_outBuffer out = {codec->out, OUT_SIZE, codec->used};
		size_t left = ZSTD_compressStream2(codec->zstd, &out, &in, end);
		if (ZSTD_isError(left))
			return failed("zstd", ZSTD_getErrorName(left), err);
		codec->used = out.pos;
		bool done = end == ZSTD_e_end ? left == 0 : in.pos == in.size;
		int r = drain(codec, false, sink, arg, err);
		if (r < 0 || done)
			return r;
	}
}

static int write_gzip(
	struct codec *codec, const void *data, size_t len, int flush, codec_sink *sink, void *arg, struct strbuf *err)
{
	z_stream *z = &codec->gzip;
	const unsigned char *p = data;
	for (;;) {
		uInt part = len > UINT_MAX ? UINT_MAX : (uInt)len;
		z->next_in = p;
		z->avail_in = part;
		z->next_out = codec->out + codec->used;
		z->avail_out = (uInt)(OUT_SIZE - codec->used);
		int r = deflate(z, flush);
		if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
			return failed("zlib", z->msg ? z->msg : "stream error", err);
		p += part - z->avail_in;
		len -= part - z->avail_in;
		codec->used = OUT_SIZE - z->avail_out;
		bool done = flush == Z_FINISH ? r == Z_STREAM_END : len == 0;
		r = drain(codec, false, sink, arg, err);
		if (r < 0 || done)
			return r;
	}
}

size_t codec_memory(struct codec *codec)
{
	if (codec->spec.kind != CODEC_ZSTD)
		return codec->spec.kind == CODEC_GZIP ? OUT_SIZE + GZIP_CONTEXT : 0;
	/* The context reaches its full size when a stream of unknown length begins. */
	ZSTD_inBuffer in = {"", 1, 0};
	ZSTD_outBuffer out = {codec->out, OUT_SIZE, 0};
	size_t r = ZSTD_compressStream2(codec->zstd, &out, &in, ZSTD_e_continue);
	size_t size = ZSTD_isError(r) ? 0 : ZSTD_sizeof_CCtx(codec->zstd);
	ZSTD_CCtx_reset(codec->zstd, ZSTD_reset_session_only);
	return OUT_SIZE + size;
}

void codec_expect(struct codec *codec, uint64_t size)
{
	if (codec->zstd)
		ZSTD_CCtx_setPledgedSrcSize(codec->zstd, size);
}

int codec_write(struct codec *codec, const void *data, size_t len, codec_sink *sink, void *arg, struct strbuf *err)
{
	if (!len)
		return 0;
	if (codec->spec.kind == CODEC_NONE)
		return sink(arg, data, len, err);
	codec->open = true;
	if (codec->spec.kind == CODEC_ZSTD)
		return write_zstd(codec, data, len, ZSTD_e_continue, sink, arg, err);
	return write_gzip(codec, data, len, Z_NO_FLUSH, sink, arg, err);
}

int codec_end(struct codec *codec, codec_sink *sink, void *arg, struct strbuf *err)
{
	if (!codec->open)
		return 0;
	int r = codec->spec.kind == CODEC_ZSTD ? write_zstd(codec, NULL, 0, ZSTD_e_end, sink, arg, err)
					       : write_gzip(codec, NULL, 0, Z_FINISH, sink, arg, err);
	if (r == 0)
		r = drain(codec, true, sink, arg, err);
	codec->open = false;
	if (codec->spec.kind == CODEC_GZIP)
		deflateReset(&codec->gzip);
	return r;
}
