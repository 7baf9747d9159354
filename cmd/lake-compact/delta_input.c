/* The rows of a data file: see delta_input.h. */
#include "cmd/lake-compact/delta_input.h"

#include <errno.h>

#include "cmd/lake-compact/compact.h"
#include "common/base/sig.h"

int delta_input_open(struct delta_input *in, struct store *store, const struct table_file *which,
	const struct schema *schema, uint64_t memory, struct strbuf *err)
{
	const struct pq_want want = {.schema = schema, .memory = memory};
	struct strbuf why = STRBUF_INIT;
	*in = (struct delta_input){.deleted.data = STRBUF_INIT};
	int r = input_open(&in->file, store, which->path, which->size, false, err);
	if (r == 0 && delta_vector_is_there(which->add) &&
		(r = delta_vector_read(which->add, store, (uint64_t)in->file.file->rows, &in->deleted, &why)) < 0)
		strbuf_addf(err, "'%s/%s': %s", store->url, which->path, why.s);
	strbuf_release(&why);
	return r < 0 ? r : pq_scan_new(in->file.file, &in->file.source, &want, &in->scan, err);
}

void delta_input_close(struct delta_input *in)
{
	pq_scan_free(in->scan);
	delta_vector_release(&in->deleted);
	input_close(&in->file);
}

/* Read the next batch: 1; 0 at the end of the file. */
static int next_batch(struct delta_input *in, struct strbuf *err)
{
	in->row = 0;
	while (in->begun || in->group < in->file.file->groups) {
		int r = in->begun ? pq_scan_next(in->scan, err) : pq_scan_group(in->scan, in->group, NULL, err);
		if (r != 0)
			return r;
		if (in->begun && sig_stopped())
			return -ECANCELED;
		in->group += in->begun;
		in->begun = !in->begun;
	}
	return 0;
}

static bool is_deleted(struct delta_input *in, size_t row)
{
	return deletion_vector_has(&in->deleted.rows, in->scan->first_row + row);
}

/* How many rows of the batch, from the next one on, are deleted, or are not, as *RET_DELETED says. */
static size_t run_length(struct delta_input *in, bool *ret_deleted)
{
	size_t end = in->row + 1;
	*ret_deleted = false;
	if (!in->deleted.rows.rows)
		return in->scan->rows - in->row;
	*ret_deleted = is_deleted(in, in->row);
	while (end < in->scan->rows && is_deleted(in, end) == *ret_deleted)
		end++;
	return end - in->row;
}

int delta_input_next(struct delta_input *in, size_t *ret_first, size_t *ret_count, struct strbuf *err)
{
	bool deleted = true;
	while (deleted) {
		int r = in->row < in->scan->rows ? 1 : next_batch(in, err);
		if (r <= 0)
			return r;
		*ret_first = in->row;
		*ret_count = run_length(in, &deleted);
		in->row += *ret_count;
	}
	return 1;
}
