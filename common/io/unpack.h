/*
 * Decompressing while reading: gzip (RFC 1952) and zstd (RFC 8878), any number of members or frames in a row.
 *
 * Layer: io (uses base; zlib, zstd).
 */
#ifndef WEIR_IO_UNPACK_H
#define WEIR_IO_UNPACK_H

#include <stddef.h>
#include <sys/types.h>

#include "common/base/diag.h"

enum unpack_kind { UNPACK_NONE, UNPACK_GZIP, UNPACK_ZSTD };

#define UNPACK_MAGIC 4 /* this many bytes suffice to recognise the kind */

/* The kind of a file, from its first LEN bytes, at S. */
enum unpack_kind unpack_kind(const void *s, size_t len);

/* "gzip" or "zstd"; static. */
const char *unpack_name(enum unpack_kind kind);

/* Where compressed bytes come from: up to SIZE of them into BUF; their number, 0 at the end, or -errno. */
typedef ssize_t unpack_source(void *arg, void *buf, size_t size);

struct unpack;

/*
 * Begin to decompress KIND, which is not UNPACK_NONE; SOURCE is called with ARG.  Returns 0, and *ret, to be freed by
 * unpack_free(); or -ENOMEM.
 */
int unpack_new(enum unpack_kind kind, unpack_source *source, void *arg, struct unpack **ret) MUST_CHECK;
void unpack_free(struct unpack *u);

/*
 * Write up to SIZE decompressed bytes to BUF.  Returns their number, 0 at the end; -EBADMSG when the input is damaged,
 * cut off or followed by something else (unpack_why() has the text); or the error that the source has returned.
 */
ssize_t unpack_read(struct unpack *u, void *buf, size_t size) MUST_CHECK;

/* "it is cut off", for example; valid until the next call. */
const char *unpack_why(const struct unpack *u);

#endif
