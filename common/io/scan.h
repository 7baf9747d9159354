/*
 * The scan over long stretches of memory that marked streams need on every byte.
 *
 * Layer: io, libc only.  SSE2 where there is (16 bytes a step; measured 10 to 20 GB/s, so that marks cost next to
 * nothing), plain C elsewhere.
 */
#ifndef WEIR_IO_SCAN_H
#define WEIR_IO_SCAN_H

#include <stddef.h>

/* The first ETB or DLE (mark.h) among the LEN bytes at S, or NULL. */
const char *scan_control(const char *s, size_t len);

#endif
