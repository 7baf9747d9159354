/* Sorting the rows of a bin: see delta_sort.h. */
#include "delta_sort.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/sig.h"
#include "common/io/sorter.h"
#include "common/parquet/pack.h"
#include "delta_input.h"

#define LOOK_ROWS 4096 /* rows after which to look for a signal */

struct delta_sort {
	const struct sort_by *by;
	struct sorter *sorter;
	uint64_t rows;
	struct strbuf key, row; /* of the row at hand */
};

struct delta_sort *delta_sort_new(const struct sort_by *by, uint64_t memory)
{
	struct delta_sort *s = xcalloc(1, sizeof *s);
	s->by = by;
	s->sorter = sorter_new(memory);
	strbuf_init(&s->key);
	strbuf_init(&s->row);
	return s;
}

void delta_sort_free(struct delta_sort *s)
{
	if (!s)
		return;
	sorter_free(s->sorter);
	strbuf_release(&s->key);
	strbuf_release(&s->row);
	free(s);
}

/* The sorter has failed with R. */
static int failed(int r, struct strbuf *err)
{
	if (r == -EFBIG)
		strbuf_addstr(err, "a row is too long to be sorted with this --memory");
	else
		strbuf_addf(err, "cannot sort in a file in $TMPDIR: %s", diag_strerror(r));
	return r;
}

/* Take ROW of the batch. */
static int take_row(struct delta_sort *s, const struct pq_copy *copy, const struct pq_columns *columns,
	const size_t *leaves, size_t row, struct strbuf *err)
{
	strbuf_clear(&s->key);
	strbuf_clear(&s->row);
	for (size_t i = 0; i < s->by->count; i++)
		pq_pack_key(copy, columns, leaves[i], row, &s->key);
	int r = pq_pack_row(copy, columns, row, &s->row, err);
	if (r < 0)
		return r;
	r = sorter_add(s->sorter, s->key.s, s->key.len, s->row.s, s->row.len);
	s->rows += r == 0;
	return r < 0 ? failed(r, err) : 0;
}

int delta_sort_take(struct delta_sort *s, struct delta_input *in, const struct pq_columns *columns, struct strbuf *err)
{
	struct pq_copy *copy = NULL;
	uint64_t before = s->rows;
	size_t first, count, *leaves = xcalloc(s->by->count, sizeof *leaves);
	for (size_t i = 0; i < s->by->count; i++)
		leaves[i] = sort_by_leaf(s->by, i, columns);
	int more = 0, r = pq_copy_new(in->scan, columns, &copy, err);
	while (r == 0 && (more = delta_input_next(in, &first, &count, err)) > 0)
		for (size_t row = first; r == 0 && row < first + count; row++)
			r = take_row(s, copy, columns, leaves, row, err);
	pq_copy_free(copy);
	free(leaves);
	r = r == 0 ? more : r;
	return r == -ENOTSUP && s->rows != before ? -EINVAL : r;
}

int delta_sort_put(struct delta_sort *s, struct delta_part *part, int64_t newest_ms, struct strbuf *err)
{
	const char *data;
	size_t len;
	int more = 1, r = sorter_begin(s->sorter);
	if (r < 0)
		return failed(r, err);
	for (uint64_t n = 0; r == 0 && (more = sorter_next(s->sorter, &data, &len)) > 0; n++) {
		r = pq_unpack_row(delta_part_columns(part), data, err);
		if (r == 0)
			r = delta_part_rows(part, 1, newest_ms, err);
		if (r == 0 && n % LOOK_ROWS == 0 && sig_stopped())
			r = -ECANCELED;
	}
	return r < 0 ? r : more < 0 ? failed(more, err) : 0;
}
