/*
 * Z85, ZeroMQ's form of base 85 (RFC 32 of ZeroMQ): five characters for four bytes.  Delta Lake writes deletion vectors
 * and their UUIDs so.
 *
 * Layer: data (libc only).
 */
#ifndef WEIR_DATA_Z85_H
#define WEIR_DATA_Z85_H

#include <stddef.h>

#include "common/base/diag.h"

/*
 * Decode the LEN characters at S, a multiple of five, to DST, which has room for LEN / 5 * 4 bytes.  0; -EINVAL: they
 * are not Z85.
 */
int z85_decode(void *dst, const char *s, size_t len) MUST_CHECK;

#endif
