/*
 * Cells of rows that wait for their commit: as in a row of PostgreSQL's binary COPY, the length of each value as a
 * 32-bit number with the highest byte first, -1 for null, and then its bytes.
 *
 * Layer: db (uses base).  Before its cells each row has their number in 16 bits.  What the bytes of a value are is the
 * matter of each database.
 * Source: PostgreSQL's manual, COPY, "Binary Format".
 */
#ifndef WEIR_DB_CELL_H
#define WEIR_DB_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

#define CELL_MAX (INT32_C(1) << 30) /* bytes of a value; as much as PostgreSQL takes */

/* Begin a row of COUNT cells. */
void db_cell_row(struct strbuf *out, uint16_t count);

/* Append a cell. */
void db_cell_null(struct strbuf *out);
void db_cell_bytes(struct strbuf *out, const char *s, size_t len); /* LEN is at most CELL_MAX */
void db_cell_int(struct strbuf *out, int64_t n, unsigned bits);    /* 8, 16, 32 or 64 bits, highest byte first */
void db_cell_double(struct strbuf *out, double d);

/* A cell; s NULL: null. */
struct db_cell {
	const char *s;
	uint32_t len;
};

/*
 * Read the row at *S, before END, of COUNT cells into CELLS, and move *S behind it.  False: there is no such row, which
 * only a fault in this program or in the memory can cause.
 */
bool db_cell_read_row(const char **s, const char *end, size_t count, struct db_cell *cells) MUST_CHECK;

/* The number in a cell of 64 bits. */
int64_t db_cell_get_int(const struct db_cell *cell);
double db_cell_get_double(const struct db_cell *cell);

#endif
