/*
 * Stretches of sorted items, in an unlinked file in $TMPDIR, and merging them; a part of a sorter (sorter.h).
 *
 * Layer: io (uses outbuf, file).  Items are those of sorter_item.h.
 */
#ifndef WEIR_IO_STRETCHES_H
#define WEIR_IO_STRETCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/io/outbuf.h"

/* Items in order, from byte AT to END of the file, and what of them is in memory. */
struct stretch {
	uint64_t at, end;
	char *buf;
	size_t cap, len, pos; /* buf has LEN bytes, of which POS are passed */
	size_t number;
};

struct stretches {
	int fd; /* -1: no file yet */
	struct outbuf out;
	uint64_t written;
	struct stretch *items;
	size_t count, cap;
	struct stretch **heap; /* the stretches that have items, the one with the least key first */
	size_t heaped;
	bool begun; /* the first item of the heap was given back */
};

void stretches_init(struct stretches *s);
void stretches_release(struct stretches *s);

/* Begin a stretch.  0; or -errno: there is no file. */
int stretches_begin(struct stretches *s) MUST_CHECK;

/* Append ITEM to the stretch; its key is not less than those of the items before.  -errno of the file. */
int stretches_put(struct stretches *s, const char *item) MUST_CHECK;

/* The stretch is complete: 0 or -errno of the file. */
int stretches_end(struct stretches *s) MUST_CHECK;

/* All are complete: begin to merge, with about MEMORY bytes.  0; -errno of the file; -EIO: it was cut. */
int stretches_merge(struct stretches *s, size_t memory) MUST_CHECK;

/*
 * The next item: 1, and *RET, valid until the next call; 0 at the end; errors of stretches_merge().  Of equal keys the
 * item of the older stretch comes first.
 */
int stretches_next(struct stretches *s, const char **ret) MUST_CHECK;

#endif
