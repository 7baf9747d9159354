/*
 * Holds a batch until it is complete: in memory and, once it outgrows that, in an unlinked file.
 *
 * A spool is a descriptor from the beginning, so it can be CMD's standard input without being copied.
 */
#ifndef WEIR_IO_SPOOL_H
#define WEIR_IO_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/io/outbuf.h"

struct spool {
	struct outbuf out; /* its fd is a memfd or the file */
	uint64_t size, limit;
	bool on_disk;
};

/* An empty spool that holds LIMIT bytes in memory.  0 or -errno. */
int spool_open(struct spool *s, uint64_t limit) MUST_CHECK;

/* Append LEN bytes.  0 or -errno (of memory, or of the file in $TMPDIR). */
int spool_write(struct spool *s, const char *data, size_t len) MUST_CHECK;

/* Everything is written: move the descriptor to the beginning; it is s->out.fd.  0 or -errno. */
int spool_rewind(struct spool *s) MUST_CHECK;

void spool_release(struct spool *s);

#endif
