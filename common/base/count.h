/* Counting a byte in memory.  Layer: base. */
#ifndef WEIR_BASE_COUNT_H
#define WEIR_BASE_COUNT_H

#include <stddef.h>
#include <stdint.h>

/* How many of the LEN bytes at S are C. */
uint64_t count_bytes(const char *s, size_t len, char c);

#endif
