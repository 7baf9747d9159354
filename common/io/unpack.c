/* Decompressing: see unpack.h. */
#include "common/io/unpack.h"

#define ZLIB_CONST
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "common/base/alloc.h"

#define PIECE (256u << 10) /* read at once */

struct unpack {
	enum unpack_kind kind;
	unpack_source *source;
	void *arg;
	z_stream gzip;
	ZSTD_DCtx *zstd;
	char *in;
	size_t pos, len; /* the part of the data that is not yet decompressed */
	bool open;       /* in the middle of a member or frame */
	bool full;       /* the last call has filled its buffer, so more output may come without reading */
	const char *why;
};

enum unpack_kind unpack_kind(const void *s, size_t len)
{
	const unsigned char *b = s;
	if (len >= 2 && b[0] == 0x1f && b[1] == 0x8b)
		return UNPACK_GZIP;
	if (len < 4)
		return UNPACK_NONE;
	bool frame = b[0] == 0x28 && b[1] == 0xb5 && b[2] == 0x2f && b[3] == 0xfd;
	bool skippable = (b[0] & 0xf0) == 0x50 && b[1] == 0x2a && b[2] == 0x4d && b[3] == 0x18;
	return frame || skippable ? UNPACK_ZSTD : UNPACK_NONE;
}

const char *unpack_name(enum unpack_kind kind)
{
	return kind == UNPACK_GZIP ? "gzip" : "zstd";
}

int unpack_new(enum unpack_kind kind, unpack_source *source, void *arg, struct unpack **ret)
{
	struct unpack *u = xcalloc(1, sizeof *u);
	*u = (struct unpack){.kind = kind, .source = source, .arg = arg, .in = xmalloc(PIECE), .open = true, .why = ""};
	u->zstd = kind == UNPACK_ZSTD ? ZSTD_createDCtx() : NULL;
	if (kind == UNPACK_ZSTD ? u->zstd != NULL : inflateInit2(&u->gzip, 15 + 16) == Z_OK) {
		*ret = u;
		return 0;
	}
	u->kind = UNPACK_ZSTD; /* so that zlib's state is not freed */
	unpack_free(u);
	return -ENOMEM;
}

void unpack_free(struct unpack *u)
{
	if (!u)
		return;
	if (u->kind == UNPACK_GZIP)
		inflateEnd(&u->gzip);
	ZSTD_freeDCtx(u->zstd);
	free(u->in);
	free(u);
}

const char *unpack_why(const struct unpack *u)
{
	return u->why;
}

static ssize_t damaged(struct unpack *u, const char *why)
{
	u->why = why;
	return -EBADMSG;
}

static ssize_t inflate_some(struct unpack *u, void *buf, size_t size)
{
	z_stream *z = &u->gzip;
	if (!u->open && inflateReset(z) != Z_OK) /* the next member */
		return damaged(u, "gzip");
	z->next_in = (const unsigned char *)u->in + u->pos;
	z->avail_in = (uInt)(u->len - u->pos);
	z->next_out = buf;
	z->avail_out = size < UINT_MAX ? (uInt)size : UINT_MAX;
	size = z->avail_out;
	int r = inflate(z, Z_NO_FLUSH);
	if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
		return damaged(u, z->msg ? z->msg : "it is not gzip");
	u->pos = u->len - z->avail_in;
	u->open = r != Z_STREAM_END;
	u->full = u->open && !z->avail_out;
	return (ssize_t)(size - z->avail_out);
}

static ssize_t zstd_some(struct unpack *u, void *buf, size_t size)
{
	ZSTD_inBuffer in = {u->in, u->len, u->pos};
	ZSTD_outBuffer out = {buf, size, 0};
	size_t left = ZSTD_decompressStream(u->zstd, &out, &in);
	if (ZSTD_isError(left))
		return damaged(u, ZSTD_getErrorName(left));
	u->pos = in.pos;
	u->open = left > 0;
	u->full = u->open && out.pos == out.size;
	return (ssize_t)out.pos;
}

ssize_t unpack_read(struct unpack *u, void *buf, size_t size)
{
	for (;;) {
		if (u->pos == u->len && !u->full) {
			ssize_t n = u->source(u->arg, u->in, PIECE);
			if (n < 0)
				return n;
			if (n == 0)
				return u->open ? damaged(u, "it is cut off") : 0;
			u->pos = 0;
			u->len = (size_t)n;
		}
		ssize_t n = u->kind == UNPACK_GZIP ? inflate_some(u, buf, size) : zstd_some(u, buf, size);
		if (n)
			return n;
	}
}
