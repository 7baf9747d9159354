/* What the files of the reader have in common: see reader.h. */
#ifndef WEIR_PARQUET_READER_IMPL_H
#define WEIR_PARQUET_READER_IMPL_H

#include "common/parquet/reader.h"
#include "common/parquet/thrift.h"

/* reader_footer.c: fill FILE from the footer.  -EBADMSG with ERR set. */
int pq_footer_read(struct pq_file *file, const unsigned char *footer, size_t len, struct strbuf *err) MUST_CHECK;

/* reader_schema.c: field 2 of the footer, and what it shares with the others. */
void pq_schema_read(struct thrift_in *t, enum thrift_type type, struct pq_file *file);
char *pq_get_text(struct thrift_in *t, enum thrift_type type);
/* A number of the format, which fits into an int. */
int pq_get_number(struct thrift_in *t, enum thrift_type type);
/* Read a union: the number of the field that is set; -1: none. */
int pq_get_union(struct thrift_in *t, enum thrift_type type);
/* Replace a text, which is owned. */
void pq_replace(char **text, char *with);

/* reader_page.c: a page as its header describes it. */
struct pq_page_head {
	int type;          /* enum pq_page_type */
	int64_t size, len; /* uncompressed, compressed */
	bool has_crc;
	uint32_t crc;
	int64_t entries;
	int64_t rows; /* V2 only; -1: not known */
	int encoding, def_encoding, rep_encoding;
	int64_t def_len, rep_len; /* V2 only */
	bool compressed;          /* V2 only: the values are compressed */
};
void pq_page_head_read(struct thrift_in *t, struct pq_page_head *head);

#endif
