/*
 * The footer of a Parquet file: its schema, and where its row groups, column chunks and indexes are.
 *
 * Layer: parquet (uses base, thrift, format).  scan.h, rows.h and pages.h read what it points at.  No file is trusted:
 * numbers and places are checked before they are used.
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
	bool utc;         /* of a logical time or timestamp */
	int unit;         /* the same: enum pq_unit */
	int bits;         /* of a logical integer: 8 to 64 */
	bool is_unsigned; /* the same */
};

/* A leaf, in the order of the file. */
struct pq_file_leaf {
	const struct pq_element *element;
	char *path; /* names from the root's children on, between dots: `tags.list.element` */
	uint8_t max_def, max_rep;
	bool ordered; /* bounds follow the order of its type */
};

/* A column chunk as the footer describes it. */
struct pq_file_chunk {
	int codec;
	int64_t entries;                /* nulls included */
	int64_t start, len;             /* bytes of its pages, including the dictionary */
	int64_t dictionary;             /* offset of the dictionary page, or -1 */
	int64_t nulls, nans;            /* -1: not known */
	const unsigned char *min, *max; /* in PLAIN encoding, in the footer's memory; NULL: not known */
	size_t min_len, max_len;
	bool min_exact, max_exact;
	bool old_bounds; /* they are of the deprecated fields, by signed bytes or in an order nobody knows */
	struct pq_place column_index, offset_index;
	struct pq_place bloom; /* its length may be unknown: then it is the rest of the file */
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
	const unsigned char *data; /* borrowed; NULL: only the footer was read */
	size_t len;                /* bytes before the footer */
	unsigned char *kept;       /* the footer, owned, or NULL */
};

/* Read the footer of the LEN bytes at DATA, which must outlive the result.  -EBADMSG with the reason in ERR. */
int pq_file_open(const void *data, size_t len, struct pq_file **ret_file, struct strbuf *err) MUST_CHECK;
/* The same for a footer alone, LEN bytes that BEFORE bytes of the file precede: `data` is NULL. */
int pq_footer_open(const void *footer, size_t len, size_t before, struct pq_file **ret, struct strbuf *err) MUST_CHECK;
/* The same, but the result owns a copy of the footer. */
int pq_footer_keep(const void *footer, size_t len, size_t before, struct pq_file **ret, struct strbuf *err) MUST_CHECK;
/* The length of the footer of a file of SIZE bytes that ends with the PQ_TAIL bytes at TAIL; they follow it. */
#define PQ_TAIL 8
int pq_footer_len(const void *tail, uint64_t size, size_t *ret, struct strbuf *err) MUST_CHECK;
void pq_file_free(struct pq_file *file);

/* The number of the leaf with this path, or -1. */
int pq_file_find(const struct pq_file *file, const char *path);

#endif
