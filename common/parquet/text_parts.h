/* What the files of the rows as text have in common: see text.h. */
#ifndef WEIR_PARQUET_TEXT_PARTS_H
#define WEIR_PARQUET_TEXT_PARTS_H

#include <string.h>

#include "common/base/arena.h"
#include "common/data/columntext.h"
#include "common/parquet/scan.h"
#include "common/parquet/text_format.h"

/* Texts are copied in pieces of this size, so that many bytes after a text may be read, and written. */
#define TEXT_SLACK 32u

/* What a value looks like. */
enum text_kind {
	TEXT_BOOL,
	TEXT_INT32,
	TEXT_INT64,
	TEXT_FLOAT,
	TEXT_DOUBLE,
	TEXT_DECIMAL64,
	TEXT_DECIMAL128,
	TEXT_STRING,
	TEXT_BINARY,
	TEXT_DATE,
	TEXT_TIMESTAMP,
	TEXT_LOCAL, /* a timestamp without time zone */
};

/* A leaf, and texts of its dictionary's values. */
struct text_leaf {
	const struct pq_scan_leaf *leaf;
	enum text_kind kind;
	uint8_t scale;               /* of decimals */
	struct columntext_date date; /* the last one that was written */
	/* the place of each value's text in `texts`, plus 1; 0: it was not made yet */
	uint64_t dictionary_id;
	struct text_place *place;
	size_t place_room;
	char *texts;
	size_t len, room;
	size_t pos; /* the next entry, of leaves with levels */
};

struct text_place {
	uint32_t at, len;
};

/* A column of the output. */
struct text_column {
	const struct pq_field *field;
	struct text_leaf *leaf; /* a column that is a leaf without lists above it; NULL: a struct, list or map */
	char *name;             /* `,"name":`, or the separator, with TEXT_SLACK bytes after it */
	size_t name_len;
};

struct pq_text {
	const struct pq_scan *scan;
	enum pq_text_format format;
	bool nulls;
	struct text_column *column;
	size_t columns;
	struct text_leaf *leaf; /* of the scan's leaves */
	char *out;
	size_t room;
	char *scratch; /* JSON of a column that becomes a field of TSV or CSV */
	size_t scratch_room;
	struct arena values; /* of pq_text_value() */
	/* a row that cannot be written: what is wrong; static */
	const char *bad;
	const struct schema_field *bad_field;
};

/* Output that grows: `p` is the end of what was written. */
struct text_out {
	char **buf; /* with TEXT_SLACK bytes beyond `room` */
	size_t *room;
	char *p, *end;
};
void text_out_begin(struct text_out *o, char **buf, size_t *room);
void text_out_grow(struct text_out *o, size_t need);

/* Have room for NEED bytes at o->p. */
static inline void text_out_need(struct text_out *o, size_t need)
{
	if ((size_t)(o->end - o->p) < need)
		text_out_grow(o, need);
}

/* Append the LEN bytes at S, of which TEXT_SLACK more may be read; there is room for them. */
static inline void text_out_put(struct text_out *o, const char *s, size_t len)
{
	memcpy(o->p, s, TEXT_SLACK);
	if (len > TEXT_SLACK)
		memcpy(o->p + TEXT_SLACK, s + TEXT_SLACK, len - TEXT_SLACK);
	o->p += len;
}

#endif
