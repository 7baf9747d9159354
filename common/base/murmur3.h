/*
 * MurmurHash3 for x86 with 32 bits and the seed 0: the hash by which Iceberg's buckets are numbered.
 *
 * Layer: lowest floor, libc only.  By Austin Appleby's public domain code (smhasher, MurmurHash3.cpp); the same on
 * every machine.  It does not defend against keys that are chosen to collide: our own tables hash with hash.h.
 */
#ifndef WEIR_BASE_MURMUR3_H
#define WEIR_BASE_MURMUR3_H

#include <stddef.h>
#include <stdint.h>

uint32_t murmur3_32(const void *data, size_t len);

#endif
