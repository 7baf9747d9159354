/*
 * Deletion vectors of Delta tables: which rows of a file have been deleted.
 *
 * Layer: lake (uses base).  By PROTOCOL.md, "Deletion Vector Format": the magic number 1681511377, and a Roaring bitmap
 * of 64 bits in the portable format, which is a number of bitmaps of 32 bits (RoaringFormatSpec), each after the upper
 * half of its values.  All numbers are little-endian.  Nothing is trusted: values must ascend and be less than the
 * number of rows, and memory is 24 bytes for each container (of up to 65536 rows), beside the data.
 */
#ifndef WEIR_LAKE_DELETION_VECTOR_H
#define WEIR_LAKE_DELETION_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

#define DELETION_VECTOR_MAX (1 << 26) /* limit in bytes; 500 million rows without any pattern have this */

/* The deleted rows among 65536 that follow each other. */
struct deletion_container {
	uint64_t base; /* the first of these rows */
	const unsigned char *data;
	uint32_t count; /* numbers in an array, or runs; 0: it is a bitmap */
	bool runs;
};

struct deletion_vector {
	struct deletion_container *items; /* ascending; owned */
	size_t count, cap;
	uint64_t rows; /* how many are deleted */
	size_t last;   /* the container that was used last */
};

/*
 * Read the LEN bytes at DATA, which must outlive RET, the vector of a file of ROWS rows.  -EBADMSG with the reason in
 * ERR; RET need not be released then.
 */
int deletion_vector_parse(
	const void *data, size_t len, uint64_t rows, struct deletion_vector *ret, struct strbuf *err) MUST_CHECK;
void deletion_vector_release(struct deletion_vector *v);

/* Whether ROW, from 0, is deleted.  It is fast when it is called for ascending rows. */
bool deletion_vector_has(struct deletion_vector *v, uint64_t row);

#endif
