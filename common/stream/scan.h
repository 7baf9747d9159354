/*
 * The scan over whole records that marked streams need on every byte, on the way in and on the way out.
 *
 * Layer: stream, libc only.  Looks for records that start with ETB or DLE and counts all before, in one pass: AVX2
 * where the processor has it, SSE2 on other x86-64, plain C elsewhere.  Counting and searching in separate passes of
 * 16-byte steps took twice as long, which was noticeable in a pipeline of splits.
 */
#ifndef WEIR_STREAM_SCAN_H
#define WEIR_STREAM_SCAN_H

#include <stddef.h>
#include <stdint.h>

/*
 * The offset, in the LEN bytes at S (records, each ended by DELIM), of the first record that starts with ETB or DLE;
 * LEN when there is none.  *ret_records is the number of records before it.
 */
size_t scan_records(const char *s, size_t len, char delim, uint64_t *ret_records);

/* The versions of it, for tests; scan_records() takes the best.  NULL when this machine does not support it. */
typedef size_t scan_function(const char *s, size_t len, char delim, uint64_t *ret_records);
scan_function *scan_version(unsigned i); /* 0 plain C, 1 SSE2, 2 AVX2 */

#endif
