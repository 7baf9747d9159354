/*
 * The bytes of saved states: what an accumulator writes for a snapshot or a partial result, and reads again.
 *
 * Layer: stat (uses strbuf).  Everything in common/stat is saved by these functions, and by one rule: equal contents
 * give equal bytes, and X_load() accepts only bytes that X_save() can have written, so that save(load(bytes)) gives the
 * same bytes.  Numbers are little-endian on every machine.
 *
 * Every accumulator X has
 * 	void X_save(const struct X *, struct strbuf *out);
 * 	int X_load(struct X *, struct stat_in *in) MUST_CHECK;
 * 	void X_merge(struct X *into, const struct X *from);
 * 	void X_release(struct X *);	(those that own memory)
 * and a table of these, X_ops (ops.h).  A zeroed struct is a valid empty X unless its header says otherwise.  X_load()
 * fills an empty X from the front of IN and moves IN on; it returns 0, or -EBADMSG when the bytes are damaged or end
 * too soon: X is empty again then, and what is left in IN is undefined.  It allocates no more than a small multiple of
 * the length of the input, whatever sizes the input claims.  X_release() frees memory and leaves an empty X.
 */
#ifndef WEIR_STAT_BYTES_H
#define WEIR_STAT_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

/* The rest to be read; owned by the caller. */
struct stat_in {
	const unsigned char *s, *end;
};

/* Seven bits a byte, lowest first, the top bit set on all but the last: 1 to 10 bytes. */
void stat_put_u64(struct strbuf *out, uint64_t v);

/* 0, -1, 1, -2 … as 0, 1, 2, 3 … (zigzag, as in Protocol Buffers). */
void stat_put_i64(struct strbuf *out, int64_t v);

/* 8 bytes of IEEE 754; every NaN is written as the same one. */
void stat_put_double(struct strbuf *out, double v);

/* LEN as stat_put_u64(), then the bytes. */
void stat_put_bytes(struct strbuf *out, const void *s, size_t len);

/* Each returns 0, or -EBADMSG when IN is too short or not what the put function writes; outputs are untouched then. */
int stat_get_u64(struct stat_in *in, uint64_t *ret) MUST_CHECK;
int stat_get_i64(struct stat_in *in, int64_t *ret) MUST_CHECK;
int stat_get_double(struct stat_in *in, double *ret) MUST_CHECK;
/* *ret_s points into the bytes that IN reads. */
int stat_get_bytes(struct stat_in *in, const unsigned char **ret_s, size_t *ret_len) MUST_CHECK;

#endif
