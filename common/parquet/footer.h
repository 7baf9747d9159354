/*
 * The parts of a file after the pages: indexes and the footer.  Private to common/parquet.
 *
 * Layer: parquet (uses leaf, thrift).
 */
#ifndef WEIR_PARQUET_FOOTER_H
#define WEIR_PARQUET_FOOTER_H

#include "common/parquet/leaf_impl.h"
#include "common/parquet/thrift.h"

/* A column chunk that has been written. */
struct pq_written {
	struct pq_page *pages; /* owned */
	size_t count;
	struct pq_page dict; /* `len` 0: there is none */
	uint64_t entries, nulls;
	uint64_t len, size; /* bytes of all pages with their headers: as stored, and uncompressed */
	bool has_nan;
	struct pq_bounds bounds;
	struct pq_place bloom, column_index, offset_index;
};

struct pq_written_group {
	struct pq_written *chunks; /* a leaf each */
	uint64_t rows;
};

/* A file as the footer describes it. */
struct pq_described {
	const struct schema *schema;
	enum pq_codec_kind codec;
	const struct schema_field **leaf;
	size_t leaves;
	struct pq_written_group *group;
	size_t groups;
};

/* Append the head of a Bloom filter of LEN bytes. */
void pq_put_bloom_head(struct strbuf *to, size_t len);

/*
 * Append the index; nothing for a chunk with a page that has no usable bounds (because of NaN, or of a maximum that is
 * too long).
 */
void pq_put_column_index(struct strbuf *to, const struct pq_written *chunk, const struct schema_field *field);
void pq_put_offset_index(struct strbuf *to, const struct pq_written *chunk);

/* Append the footer, without its length. */
void pq_put_footer(
	struct strbuf *to, const struct pq_described *file, const struct pq_metadata *metadata, size_t pairs);

/* footer_schema.c: field 2 of the footer. */
void pq_put_schema(struct thrift_out *t, int id, const struct schema *schema);
/* The names on the way to LEAF as a list of strings. */
void pq_put_path(struct thrift_out *t, int id, const struct schema *schema, const struct schema_field *leaf);

#endif
