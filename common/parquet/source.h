/*
 * Where a Parquet file is: a callback that reads parts of it.
 *
 * Layer: parquet (uses base, reader).
 */
#ifndef WEIR_PARQUET_SOURCE_H
#define WEIR_PARQUET_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/parquet/reader.h"

struct pq_source {
	/* Read the N bytes from byte AT on to TO, all of them.  0 or -errno, with ERR set. */
	int (*read)(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err);
	void *arg;
	uint64_t size; /* of the file */
	size_t window; /* how many bytes of a column are read at once, when memory allows that; 0: 1 MiB */
};

/* Read the footer of SOURCE, of at most 256 MiB; *ret_file is freed by pq_file_free(), and pq_file_read() refuses it.
 */
int pq_source_open(const struct pq_source *source, struct pq_file **ret_file, struct strbuf *err) MUST_CHECK;

/* A callback for a file that is open: ARG points to its descriptor, an int. */
int pq_source_pread(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err) MUST_CHECK;

#endif
