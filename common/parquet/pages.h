/*
 * The pages of a column chunk, one after the other, through a window of the file.
 *
 * Layer: parquet (uses reader, source, budget, unpack).  Errors: -EBADMSG, -ENOTSUP, -EFBIG, or what the source
 * returned; the reason, with the name of the column, is in ERR.
 */
#ifndef WEIR_PARQUET_PAGES_H
#define WEIR_PARQUET_PAGES_H

#include "common/parquet/budget.h"
#include "common/parquet/reader_impl.h"
#include "common/parquet/source.h"
#include "common/parquet/unpack.h"

/* This many bytes after a page's body are zeros, so that they may be read. */
#define PQ_PAGE_SLACK 32

struct pq_pages {
	const struct pq_source *source; /* these four are borrowed */
	struct pq_budget *budget;
	struct pq_unpacker *unpacker;
	const struct pq_file_leaf *leaf;
	size_t window; /* bytes that are read at once */
	const struct pq_file_chunk *chunk;
	uint64_t pos, end;  /* of the file: the next page, the end of the chunk */
	uint64_t limit;     /* no page goes beyond it */
	unsigned char *buf; /* bytes of the file from `at` on */
	uint64_t at;
	size_t len, room;
};

/* The body of a page, uncompressed. */
struct pq_page_body {
	unsigned char *data; /* owned */
	size_t room;
};

/* A struct of which the first five members are set is ready. */
void pq_pages_begin(struct pq_pages *p, const struct pq_file_chunk *chunk);
void pq_pages_release(struct pq_pages *p);

/* Read the header of the next page and stand before its body: 1, 0 at the end of the chunk, or an error. */
int pq_pages_next(struct pq_pages *p, struct pq_page_head *ret, struct strbuf *err) MUST_CHECK;

/* Read its body into BODY, which may be zeroed, and stand after it. */
int pq_pages_body(
	struct pq_pages *p, const struct pq_page_head *head, struct pq_page_body *body, struct strbuf *err) MUST_CHECK;
void pq_page_body_free(struct pq_budget *budget, struct pq_page_body *body);

/* Stand after the body without reading it. */
void pq_pages_skip(struct pq_pages *p, const struct pq_page_head *head);

/* Stand before the page at OFFSET of the file.  -EBADMSG: it is not in the chunk. */
int pq_pages_seek(struct pq_pages *p, uint64_t offset, struct strbuf *err) MUST_CHECK;

/* Append `column 'PATH': ` and WHY to ERR, and return R. */
int pq_pages_fail(const struct pq_pages *p, int r, const char *why, struct strbuf *err);

#endif
