/*
 * A small reader of Parquet files that lie in memory: the footer, and one column chunk at a time.
 *
 * Layer: parquet (uses base, thrift, codec, hybrid).  It serves tests, and the checkpoints and data files of Delta
 * tables.  Data pages V1 and V2; PLAIN, RLE_DICTIONARY, PLAIN_DICTIONARY and, for booleans and levels, RLE; zstd,
 * snappy, gzip, none.  No file is trusted: sizes are checked before they are used, and so are page CRCs where there are
 * any.
 */
#ifndef WEIR_PARQUET_READER_H
#define WEIR_PARQUET_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/parquet/format.h"

/* A row of the flattened schema.  Numbers are those of the format; -1 (0 for counts): not present. */
struct pq_element {
	char *name;
	int physical;           /* enum pq_physical; -1: a group */
	int repetition;         /* 0 required, 1 optional, 2 repeated */
	int converted, logical; /* logical: the field's number in the union LogicalType */
	int field_id;
	int length, scale, precision, children;
	bool utc; /* of a logical timestamp */
	int unit; /* of a logical timestamp: 1 milliseconds, 2 microseconds, 3 nanoseconds */
};

/* A leaf, in the order of the file. */
struct pq_file_leaf {
	const struct pq_element *element;
	char *path; /* names from the root's children on, between dots: `tags.list.element` */
	uint8_t max_def, max_rep;
};

/* A column chunk as the footer describes it. */
struct pq_file_chunk {
	int codec;
	int64_t entries;                /* nulls included */
	int64_t start, len;             /* bytes of its pages, including the dictionary */
	int64_t dictionary;             /* offset of the dictionary page, or -1 */
	int64_t nulls;                  /* -1: not known */
	const unsigned char *min, *max; /* in PLAIN encoding, in the file's memory; NULL: not known */
	size_t min_len, max_len;
	bool min_exact, max_exact;
};

struct pq_file_group {
	int64_t rows;
	struct pq_file_chunk *chunks; /* a leaf each */
};

struct pq_file_pair {
	char *key, *value; /* NULL: not present */
};

struct pq_file {
	int64_t rows;
	char *created_by;            /* or NULL */
	struct pq_element *elements; /* depth first, beginning with the root */
	size_t count;
	struct pq_file_leaf *leaf;
	size_t leaves;
	struct pq_file_group *group;
	size_t groups;
	struct pq_file_pair *metadata;
	size_t pairs;
	const unsigned char *data; /* borrowed */
	size_t len;                /* bytes before the footer */
};

/* The decoded contents of a chunk. */
struct pq_values {
	size_t entries, count; /* the number of levels, and of values that are not null */
	uint8_t *def, *rep;    /* NULL when the leaf's greatest level is 0 */
	/*
	 * Values with a width take `width` bytes each, as in PLAIN, and booleans a byte.  For byte arrays the width is
	 * 0, and value i is the bytes from end[i - 1] (0 for the first) to end[i].
	 */
	unsigned char *data;
	size_t *end;
	size_t width;
};

/* Read the footer of the LEN bytes at DATA, which must outlive the result.  -EBADMSG with the reason in ERR. */
int pq_file_open(const void *data, size_t len, struct pq_file **ret_file, struct strbuf *err) MUST_CHECK;
/*
 * The same for a footer alone, LEN bytes that BEFORE bytes of the file precede: nothing but what it says can be had,
 * and pq_file_read() must not be called, but pq_chunk_read().
 */
int pq_footer_open(const void *footer, size_t len, size_t before, struct pq_file **ret, struct strbuf *err) MUST_CHECK;
/* The length of the footer of a file of SIZE bytes that ends with the PQ_TAIL bytes at TAIL; they follow it. */
#define PQ_TAIL 8
int pq_footer_len(const void *tail, uint64_t size, size_t *ret, struct strbuf *err) MUST_CHECK;
void pq_file_free(struct pq_file *file);

/* The number of the leaf with this path, or -1. */
int pq_file_find(const struct pq_file *file, const char *path);

/*
 * Decode a chunk; *ret must be released.  Errors: -EBADMSG when the chunk is malformed, -ENOTSUP when it uses an
 * encoding or a codec that this reader lacks; *ret is then empty, and the reason is in ERR.
 */
int pq_file_read(
	const struct pq_file *file, size_t group, size_t leaf, struct pq_values *ret, struct strbuf *err) MUST_CHECK;
/* The same for a file that is not in memory: PAGES are the bytes of the chunk, given by its `start` and `len`. */
int pq_chunk_read(const struct pq_file *file, size_t group, size_t leaf, const void *pages, struct pq_values *ret,
	struct strbuf *err) MUST_CHECK;
void pq_values_release(struct pq_values *values);

#endif
