/* Whole column chunks: see chunk_rows.h. */
#include "common/parquet/chunk_rows.h"

#include "common/parquet/entries.h"

#define WINDOW (1u << 20)
#define SOME   1024 /* entries that are decoded at once */

/* Decode all entries. */
static int pass(struct pq_entries *e, struct strbuf *err)
{
	uint8_t def[SOME], rep[SOME];
	int r;
	while ((r = pq_entries_page(e, err)) > 0) {
		struct pq_piece piece;
		r = pq_entries_take(e, e->left < SOME ? e->left : SOME, def, rep, &piece, err);
		if (r < 0)
			break;
		pq_entries_forget(e);
	}
	return r;
}

int pq_chunk_rows(const struct pq_file *file, const struct pq_source *source, size_t group, size_t leaf,
	uint64_t memory, uint64_t *ret_rows, struct strbuf *err)
{
	struct pq_budget budget = {.limit = (size_t)memory};
	struct pq_unpacker *unpacker = pq_unpacker_new();
	struct pq_entries e = {0};
	pq_entries_init(&e, source, &file->leaf[leaf], &budget, unpacker, WINDOW);
	pq_entries_begin(&e, &file->group[group].chunks[leaf], (uint64_t)file->group[group].rows, NULL);
	int r = pass(&e, err);
	*ret_rows = e.row;
	pq_entries_release(&e);
	pq_unpacker_free(unpacker);
	return r;
}
