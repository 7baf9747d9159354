/* Reading data files: see decode.h. */
#include "common/lake/decode.h"

#define ZLIB_CONST
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "common/base/alloc.h"
#include "common/base/count.h"

#define PIECE (1u << 20) /* read and handed out at once */

struct decoder {
	enum { PLAIN, GZIP, ZSTD } kind;
	z_stream gzip;
	ZSTD_DCtx *zstd;
	bool open; /* in the middle of a frame */
	char *out;
	decode_sink *sink;
	void *arg;
};

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

static int damaged(const char *path, const char *why, struct strbuf *err)
{
	strbuf_addf(err, "'%s' is damaged: %s", path, why);
	return -EBADMSG;
}

static int decode_gzip(struct decoder *d, const char *path, const char *in, size_t len, struct strbuf *err)
{
	z_stream *z = &d->gzip;
	z->next_in = (const unsigned char *)in;
	z->avail_in = (uInt)len;
	do {
		z->next_out = (unsigned char *)d->out;
		z->avail_out = PIECE;
		int r = inflate(z, Z_NO_FLUSH);
		if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
			return damaged(path, z->msg ? z->msg : "no gzip", err);
		d->open = r != Z_STREAM_END;
		size_t n = PIECE - z->avail_out;
		int s = n ? d->sink(d->arg, d->out, n) : 0;
		if (s < 0)
			return s;
		if (r == Z_STREAM_END)
			inflateReset(z); /* the next member */
	} while (z->avail_in || !z->avail_out);
	return 0;
}

static int decode_zstd(struct decoder *d, const char *path, const char *in, size_t len, struct strbuf *err)
{
	ZSTD_inBuffer i = {in, len, 0};
	bool full = false;
	while (i.pos < i.size || full) {
		ZSTD_outBuffer o = {d->out, PIECE, 0};
		size_t left = ZSTD_decompressStream(d->zstd, &o, &i);
		if (ZSTD_isError(left))
			return damaged(path, ZSTD_getErrorName(left), err);
		d->open = left > 0;
		full = o.pos == o.size;
		int s = o.pos ? d->sink(d->arg, d->out, o.pos) : 0;
		if (s < 0)
			return s;
	}
	return 0;
}

/* Read the file and feed the decoder. */
static int feed(
	struct decoder *d, struct store *store, const char *path, const char *tag, uint64_t size, struct strbuf *err)
{
	char *in = xmalloc(PIECE);
	uint64_t pos = 0;
	int r;
	while ((r = store_read(store, path, tag, pos, in, PIECE, err)) > 0) {
		size_t n = (size_t)r;
		pos += n;
		if (d->kind == PLAIN)
			r = d->sink(d->arg, in, n);
		else if (d->kind == GZIP)
			r = decode_gzip(d, path, in, n, err);
		else
			r = decode_zstd(d, path, in, n, err);
		if (r < 0)
			break;
	}
	free(in);
	if (r < 0)
		return r == -ENOENT ? -EBADMSG : r;
	if (pos != size) {
		strbuf_addf(err, "'%s' has %llu bytes, but the log says %llu", path, (unsigned long long)pos,
			(unsigned long long)size);
		return -EBADMSG;
	}
	return d->open ? damaged(path, "it is cut off", err) : 0;
}

int decode_file(struct store *store, const char *path, const char *tag, uint64_t size, decode_sink *sink, void *arg,
	struct strbuf *err)
{
	struct decoder d = {.kind = PLAIN, .sink = sink, .arg = arg};
	if (ends_with(path, ".gz"))
		d.kind = GZIP;
	else if (ends_with(path, ".zst"))
		d.kind = ZSTD;
	d.out = d.kind == PLAIN ? NULL : xmalloc(PIECE);
	d.zstd = d.kind == ZSTD ? ZSTD_createDCtx() : NULL;
	int r = 0;
	if ((d.kind == ZSTD && !d.zstd) || (d.kind == GZIP && inflateInit2(&d.gzip, 15 + 16) != Z_OK)) {
		strbuf_addstr(err, "no memory to decompress");
		r = -ENOMEM;
	}
	if (r == 0)
		r = feed(&d, store, path, tag, size, err);
	if (d.kind == GZIP)
		inflateEnd(&d.gzip);
	ZSTD_freeDCtx(d.zstd);
	free(d.out);
	return r;
}

void decode_count_begin(struct decode_count *count)
{
	count->records = 0;
	count->whole = true;
}

int decode_count_add(void *arg, const char *data, size_t len)
{
	struct decode_count *count = arg;
	count->records += count_bytes(data, len, count->delim);
	count->whole = data[len - 1] == count->delim;
	return 0;
}

int decode_count_check(const struct decode_count *count, const char *path, int64_t records, struct strbuf *err)
{
	if (count->whole && (records < 0 || (uint64_t)records == count->records))
		return 0;
	if (count->whole)
		strbuf_addf(
			err, "'%s' has %" PRIu64 " records, but the log says %" PRId64, path, count->records, records);
	else
		strbuf_addf(err, "'%s' ends in the middle of a record, behind %" PRIu64, path, count->records);
	return -EBADMSG;
}
