/* Decimal numbers as PostgreSQL's numeric: precision and scale, 2 bytes, then the text. */
#include <stdint.h>
#include <stdlib.h>

#include "common/db/db_cell.h"
#include "common/db/db_postgres_impl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf row = STRBUF_INIT;
	struct db_cell cell;
	const char *why = NULL;
	if (size < 2)
		return 0;
	unsigned precision = data[0], scale = data[1] <= precision ? data[1] : precision;
	db_cell_row(&row, 1);
	int r = postgres_numeric((const char *)data + 2, size - 2, precision, scale, &row, &why);
	const char *s = row.s;
	if (r == 0 && (!db_cell_read_row(&s, row.s + row.len, 1, &cell) || s != row.s + row.len || cell.len < 8 ||
			      cell.len != 8 + 2 * ((size_t)(unsigned char)cell.s[0] << 8 | (unsigned char)cell.s[1])))
		abort();
	if (r < 0 && (!why || row.len != 2))
		abort();
	strbuf_release(&row);
	return 0;
}
