/*
 * Compression of data files: gzip, zstd or none, in frames.
 *
 * Layer: lake (uses base, zlib, zstd).  A frame (a gzip member, a zstd frame) can be decompressed by itself; a file is
 * one or more of them, which every reader concatenates.  So one codec, with its one large context, serves any number of
 * files, as long as a frame is ended before the next file is written.
 */
#ifndef WEIR_LAKE_CODEC_H
#define WEIR_LAKE_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

enum codec_kind { CODEC_NONE, CODEC_GZIP, CODEC_ZSTD };

struct codec_spec {
	enum codec_kind kind;
	int level;
};

struct codec;

/* Gets LEN bytes of output.  Returns 0; or a negative value with ERR set, which the calling function then returns. */
typedef int codec_sink(void *arg, const void *data, size_t len, struct strbuf *err);

/*
 * Parse `gzip`, `zstd` or `none`, with `:LEVEL` after the first two (gzip 1 to 9, default 6; zstd -7
 * to 19, default 3).  -EINVAL with the reason in ERR, *ret untouched.
 */
int codec_parse(const char *text, struct codec_spec *ret, struct strbuf *err) MUST_CHECK;

/* The suffix of file names: ".gz", ".zst" or "". */
const char *codec_suffix(const struct codec_spec *spec);

/* Create a codec.  -EINVAL with the reason in ERR when the library refuses the level. */
int codec_new(const struct codec_spec *spec, struct codec **ret_codec, struct strbuf *err) MUST_CHECK;
void codec_free(struct codec *codec);

/* About how many bytes of memory CODEC takes while it is in use; no frame may be open. */
size_t codec_memory(struct codec *codec);

/* The next frame will hold exactly SIZE bytes: zstd then chooses smaller tables for small ones. */
void codec_expect(struct codec *codec, uint64_t size);

/* Compress; begins a frame when none is open.  Returns 0, -EIO (the library failed), or what SINK returned. */
int codec_write(
	struct codec *codec, const void *data, size_t len, codec_sink *sink, void *arg, struct strbuf *err) MUST_CHECK;

/*
 * End the frame and pass on everything that is buffered; does nothing when no frame is open.  Errors as for
 * codec_write().
 */
int codec_end(struct codec *codec, codec_sink *sink, void *arg, struct strbuf *err) MUST_CHECK;

#endif
