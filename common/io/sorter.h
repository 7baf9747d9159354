/*
 * Sorts any number of items by their keys in bounded memory.
 *
 * Layer: io (uses stretches).  Items are gathered in memory; when that is full they are sorted and go, as a stretch,
 * to an unlinked file in $TMPDIR (stretches.h).  At the end all stretches are merged.  Keys are compared as bytes
 * (memcmp(3), a shorter one first); items with the same key keep their order.
 */
#ifndef WEIR_IO_SORTER_H
#define WEIR_IO_SORTER_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"

struct sorter;

/* A sorter that uses about MEMORY bytes, at least 64 KiB. */
struct sorter *sorter_new(uint64_t memory);
void sorter_free(struct sorter *s);

/* Add an item.  -EFBIG: it does not fit into the memory; -errno of the file in $TMPDIR. */
int sorter_add(struct sorter *s, const void *key, size_t key_len, const void *data, size_t len) MUST_CHECK;

/* All items are added: begin to give them back.  0 or -errno of the file. */
int sorter_begin(struct sorter *s) MUST_CHECK;

/* The next item: 1, and its data, valid until the next call; 0 at the end; -errno of the file, -EIO when it is cut. */
int sorter_next(struct sorter *s, const char **ret_data, size_t *ret_len) MUST_CHECK;

#endif
