/* The rows that wait for the commit: see held.h. */
#include "held.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/base/alloc.h"
#include "common/db/db_cell.h"

static void unmap(const char **map, size_t len)
{
	if (*map && len)
		munmap((void *)(uintptr_t)*map, len);
	*map = NULL;
}

void held_clear(struct held *h)
{
	unmap(&h->map, h->map_len);
	unmap(&h->records_map, h->records_len);
	if (h->open) {
		spool_release(&h->rows);
		spool_release(&h->records);
	}
	sink_places_release(&h->places);
	*h = (struct held){.keep = h->keep, .memory = h->memory};
}

static int open_spools(struct held *h)
{
	int r = spool_open(&h->rows, h->keep ? h->memory / 2 : h->memory);
	if (r < 0)
		return r;
	r = spool_open(&h->records, h->memory / 2);
	if (r < 0)
		spool_release(&h->rows);
	h->open = r == 0;
	return r;
}

int held_add(struct held *h, const struct sink_place *place, const struct strbuf *row, const char *rec, size_t len)
{
	int r = h->open ? 0 : open_spools(h);
	if (r == 0)
		r = spool_write(&h->rows, row->s, row->len);
	if (r == 0 && h->keep)
		r = spool_write(&h->records, (const char *)&len, sizeof len);
	if (r == 0 && h->keep)
		r = spool_write(&h->records, rec, len);
	if (r < 0)
		return r;
	sink_places_add(&h->places, h->count, place);
	h->count++;
	return 0;
}

static int map_spool(struct spool *s, const char **ret, size_t *ret_len)
{
	int r = spool_rewind(s);
	if (r < 0 || !s->size)
		return r;
	void *map = mmap(NULL, s->size, PROT_READ, MAP_SHARED, s->out.fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	*ret = map;
	*ret_len = s->size;
	return 0;
}

/* Write the rows between S and END, of CELLS cells, with MORE nulls, into TO. */
static int write_wider(struct spool *to, const char *s, const char *end, size_t cells, size_t more)
{
	struct db_cell *have = xcalloc(cells + 1, sizeof *have);
	struct strbuf row = STRBUF_INIT;
	int r = 0;
	while (r == 0 && s < end) {
		const char *from = s + sizeof(uint16_t);
		if (!db_cell_read_row(&s, end, cells, have)) {
			r = -EIO;
			break;
		}
		strbuf_clear(&row);
		db_cell_row(&row, (uint16_t)(cells + more));
		strbuf_add(&row, from, (size_t)(s - from));
		for (size_t i = 0; i < more; i++)
			db_cell_null(&row);
		r = spool_write(to, row.s, row.len);
	}
	strbuf_release(&row);
	free(have);
	return r;
}

int held_widen(struct held *h, size_t cells, size_t more)
{
	struct spool wider;
	const char *map = NULL;
	size_t len = 0;
	if (!h->count || !more)
		return 0;
	int r = spool_open(&wider, h->rows.limit);
	if (r < 0)
		return r;
	r = map_spool(&h->rows, &map, &len);
	if (r == 0)
		r = write_wider(&wider, map, map + len, cells, more);
	unmap(&map, len);
	if (r < 0) {
		spool_release(&wider);
		return r;
	}
	spool_release(&h->rows);
	h->rows = wider;
	return 0;
}

int held_map(struct held *h, struct db_batch *batch)
{
	int r = 0;
	if (h->open && !h->map) {
		r = map_spool(&h->rows, &h->map, &h->map_len);
		if (r == 0)
			r = map_spool(&h->records, &h->records_map, &h->records_len);
	}
	h->at = h->at_byte = 0;
	batch->s = h->map;
	batch->len = h->map_len;
	batch->rows = h->count;
	return r;
}

void held_record(struct held *h, uint64_t nr, const char **ret, size_t *ret_len)
{
	size_t len = 0;
	*ret = "";
	*ret_len = 0;
	if (!h->records_map || nr >= h->count)
		return;
	if (nr < h->at)
		h->at = h->at_byte = 0;
	for (;; h->at++, h->at_byte += sizeof len + len) {
		memcpy(&len, h->records_map + h->at_byte, sizeof len);
		if (h->at == nr)
			break;
	}
	*ret = h->records_map + h->at_byte + sizeof len;
	*ret_len = len;
}
