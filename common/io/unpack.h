/*
 * Decompressing while reading: gzip (RFC 1952) and zstd (RFC 8878), any number of members or frames one behind the
 * other.
 *
 * Layer: io (uses base; zlib, zstd).
 */
#ifndef WEIR_IO_UNPACK_H
#define WEIR_IO_UNPACK_H

#include <stddef.h>
#include <sys/types.h>

#include "common/base/diag.h"

enum unpack_kind { UNPACK_NONE, UNPACK_GZIP, UNPACK_ZSTD };

#define UNPACK_MAGIC 4 /* bytes that tell the kind */

/* What the first LEN bytes of a file, at S, say it is. */
enum unpack_kind unpack_kind(const void *s, size_t len);

/* "gzip" or "zstd"; static. */
const char *unpack_name(enum unpack_kind kind);

/* Where compressed bytes come from: up to SIZE of them into BUF; their number, 0 at the end, or -errno. */
typedef ssize_t unpack_source(void *arg, void *buf, size_t size);

struct unpack;

/* KIND is not UNPACK_NONE; SOURCE gets ARG.  0, and *ret for unpack_free(), or -ENOMEM. */
int unpack_new(enum unpack_kind kind, unpack_source *source, void *arg, struct unpack **ret) MUST_CHECK;
void unpack_free(struct unpack *u);

/*
 * Up to SIZE bytes, decompressed, into BUF.  Their number, 0 at the end; -EBADMSG when what was read is damaged, cut
 * off or followed by something else, in words of unpack_why(); or what the source has returned.
 */
ssize_t unpack_read(struct unpack *u, void *buf, size_t size) MUST_CHECK;

/* "it is cut off", for example; valid until the next call. */
const char *unpack_why(const struct unpack *u);

#endif
