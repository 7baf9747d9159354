/* What the files of the reader have in common: see reader.h. */
#ifndef WEIR_PARQUET_READER_IMPL_H
#define WEIR_PARQUET_READER_IMPL_H

#include "common/parquet/reader.h"
#include "common/parquet/thrift.h"

/* reader_footer.c: fill FILE from the footer.  -EBADMSG with ERR set. */
int pq_footer_read(struct pq_file *file, const unsigned char *footer, size_t len, struct strbuf *err) MUST_CHECK;

/* reader_page.c: a page as its header describes it. */
struct pq_page_head {
	int type;          /* enum pq_page_type */
	int64_t size, len; /* uncompressed, compressed */
	bool has_crc;
	uint32_t crc;
	int64_t entries;
	int encoding, def_encoding, rep_encoding;
	int64_t def_len, rep_len; /* V2 only */
	bool compressed;          /* V2 only: the values are compressed */
};
void pq_page_head_read(struct thrift_in *t, struct pq_page_head *head);

/* A chunk that is being decoded. */
struct pq_decoder {
	const struct pq_file_leaf *leaf;
	const struct pq_file_chunk *chunk;
	size_t width;
	struct pq_values *out, dict;
	size_t def_room, rep_room, value_room, data_room; /* of out */
	struct strbuf *err;
};

/* reader_values.c */
int pq_malformed(struct pq_decoder *d, const char *what);           /* returns -EBADMSG, with a message */
int pq_unknown(struct pq_decoder *d, const char *what, int number); /* returns -ENOTSUP, with a message */

/* P, an array of elements of SIZE bytes, with room for at least NEED of them. */
void *pq_more(void *p, size_t *room, size_t need, size_t size);

/* Append N values in PLAIN encoding to V. */
int pq_read_plain(struct pq_decoder *d, const unsigned char *p, size_t len, size_t n, struct pq_values *v, size_t *room,
	size_t *data_room) MUST_CHECK;

/* Append N values to d->out. */
int pq_read_values(struct pq_decoder *d, int encoding, const unsigned char *p, size_t len, size_t n) MUST_CHECK;

#endif
