/*
 * The rows that wait for the commit: in memory and, beyond a limit, in an unlinked file; and where each comes from.
 */
#ifndef WEIR_DB_PUT_HELD_H
#define WEIR_DB_PUT_HELD_H

#include "common/db/db.h"
#include "common/io/spool.h"
#include "common/stream/sink_places.h"

struct held {
	bool keep;       /* the records are kept, too, in case the database refuses some */
	uint64_t memory; /* bytes */
	uint64_t count;
	struct sink_places places; /* of the rows' records */
	bool open;
	struct spool rows, records; /* of the records: their length, then their bytes */
	/* while they are mapped */
	const char *map, *records_map;
	size_t map_len, records_len;
	uint64_t at; /* the row to which this position in the records belongs */
	size_t at_byte;
};

/* Drop all rows. */
void held_clear(struct held *h);

/*
 * Add ROW, which was made of the record REC; PLACE says where that is.  0 or -errno of memory, or of the file in
 * $TMPDIR.
 */
int held_add(struct held *h, const struct sink_place *place, const struct strbuf *row, const char *rec,
	size_t len) MUST_CHECK;

/* Give each row, of CELLS cells, MORE nulls at its end.  0 or -errno, and then rows may be lost. */
int held_widen(struct held *h, size_t cells, size_t more) MUST_CHECK;

/*
 * All rows of the commit are added: set the bytes and the number of BATCH, valid until held_clear().  May be called
 * again.  0 or -errno.
 */
int held_map(struct held *h, struct db_batch *batch) MUST_CHECK;

/*
 * The record of row NR, after held_map(), if it is kept; *RET is valid until held_clear().  Rows in ascending order are
 * found in constant time.
 */
void held_record(struct held *h, uint64_t nr, const char **ret, size_t *ret_len);

#endif
