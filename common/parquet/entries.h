/*
 * The entries of a column chunk, some at a time: their levels, and their values in the types of the file.
 *
 * Layer: parquet (uses pages, decode).  Errors are those of pages.h.
 */
#ifndef WEIR_PARQUET_ENTRIES_H
#define WEIR_PARQUET_ENTRIES_H

#include "common/parquet/decode.h"
#include "common/parquet/page_index.h"
#include "common/parquet/pages.h"

struct pq_entries {
	struct pq_pages pages;
	struct pq_decode decode;
	const struct pq_places *places; /* of the data pages, borrowed; NULL: not known */
	uint64_t rows;                  /* of the chunk */
	uint64_t row;                   /* how many rows were begun */
	uint64_t entries;               /* taken or skipped */
	bool jumped;                    /* some were passed, nobody knows how many */
	/* the page */
	struct pq_page_body body;
	size_t left; /* entries */
	struct hybrid_reader def, rep;
	bool used; /* something that was taken since pq_entries_forget() lies in it */
	/* pages before it of which the same is true; and one for reuse */
	struct pq_page_body *kept, spare;
	size_t kept_count, kept_room;
	/* the dictionary, in the types of the file */
	struct pq_page_body dictionary_body;
	struct pq_decode dictionary_decode;
	struct pq_decoded dictionary;
	size_t dictionary_count;
	bool dictionary_new; /* it was read since the caller set this to false */
};

/* Some entries of one page. */
struct pq_piece {
	size_t entries, values;
	bool present; /* all entries are values, and their definition levels were not written */
	struct pq_decoded decoded;
};

/*
 * Entries of LEAF of the file at SOURCE.  WINDOW: how many bytes of it are read at once.  Everything is borrowed; E,
 * which must be zeroed, is released by pq_entries_release().
 */
void pq_entries_init(struct pq_entries *e, const struct pq_source *source, const struct pq_file_leaf *leaf,
	struct pq_budget *budget, struct pq_unpacker *unpacker, size_t window);
void pq_entries_release(struct pq_entries *e);

/* Begin CHUNK of a row group of ROWS rows; PLACES may be NULL. */
void pq_entries_begin(
	struct pq_entries *e, const struct pq_file_chunk *chunk, uint64_t rows, const struct pq_places *places);

/* What was taken is no longer needed. */
void pq_entries_forget(struct pq_entries *e);

/*
 * Stand at a page that has entries, after having read it: 1, or 0 at the end of the chunk.  A page from which values
 * were taken since pq_entries_forget() is kept.
 */
int pq_entries_page(struct pq_entries *e, struct strbuf *err) MUST_CHECK;

/*
 * The next N entries of the page, which has as many; without repetition N is a number of rows.  Levels are written to
 * DEF and REP, which have room for N, unless the leaf has none.
 */
int pq_entries_take(struct pq_entries *e, size_t n, uint8_t *def, uint8_t *rep, struct pq_piece *ret,
	struct strbuf *err) MUST_CHECK;

/*
 * How many of the page's next entries, at most N, come before the row that would be the (*ROWS + 1)th to begin; *ROWS
 * becomes less by those that begin with them.  REP has room for N levels.
 */
size_t pq_entries_of_rows(const struct pq_entries *e, size_t n, uint8_t *rep, uint64_t *rows);

/* Skip the next ROWS rows. */
int pq_entries_skip(struct pq_entries *e, uint64_t rows, struct strbuf *err) MUST_CHECK;

/* Read the page of HEAD, before whose body the pages stand; afterwards e->left may still be 0. */
int pq_entries_read(struct pq_entries *e, const struct pq_page_head *head, struct strbuf *err) MUST_CHECK;

/* All rows were taken or skipped: -EBADMSG when the chunk has more entries. */
int pq_entries_end(struct pq_entries *e, struct strbuf *err) MUST_CHECK;

#endif
