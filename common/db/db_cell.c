/* Cells of rows: see db_cell.h. */
#include "common/db/db_cell.h"

#include <endian.h>
#include <string.h>

void db_cell_row(struct strbuf *out, uint16_t count)
{
	uint16_t n = htobe16(count);
	strbuf_add(out, &n, sizeof n);
}

void db_cell_null(struct strbuf *out)
{
	strbuf_add(out, "\xff\xff\xff\xff", 4);
}

void db_cell_bytes(struct strbuf *out, const char *s, size_t len)
{
	uint32_t n = htobe32((uint32_t)len);
	char *to = strbuf_grow(out, len + sizeof n);
	memcpy(to, &n, sizeof n);
	memcpy(to + sizeof n, s, len);
	strbuf_extend(out, len + sizeof n);
}

void db_cell_int(struct strbuf *out, int64_t n, unsigned bits)
{
	uint64_t all = htobe64((uint64_t)n << (64 - bits));
	db_cell_bytes(out, (const char *)&all, bits / 8);
}

void db_cell_double(struct strbuf *out, double d)
{
	int64_t bits;
	memcpy(&bits, &d, sizeof bits);
	db_cell_int(out, bits, 64);
}

bool db_cell_read_row(const char **s, const char *end, size_t count, struct db_cell *cells)
{
	const char *p = *s;
	uint16_t have;
	if (end - p < (ptrdiff_t)sizeof have)
		return false;
	memcpy(&have, p, sizeof have);
	p += sizeof have;
	if (be16toh(have) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		uint32_t len;
		if (end - p < (ptrdiff_t)sizeof len)
			return false;
		memcpy(&len, p, sizeof len);
		p += sizeof len;
		len = be32toh(len);
		cells[i] = (struct db_cell){0};
		if (len == UINT32_MAX)
			continue;
		if (len > (uint64_t)(end - p))
			return false;
		cells[i] = (struct db_cell){p, len};
		p += len;
	}
	*s = p;
	return true;
}

int64_t db_cell_get_int(const struct db_cell *cell)
{
	uint64_t n = 0;
	memcpy(&n, cell->s, cell->len < sizeof n ? cell->len : sizeof n);
	return (int64_t)be64toh(n);
}

double db_cell_get_double(const struct db_cell *cell)
{
	int64_t bits = db_cell_get_int(cell);
	double d;
	memcpy(&d, &bits, sizeof d);
	return d;
}
