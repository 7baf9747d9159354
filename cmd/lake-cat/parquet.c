/* The rows of a Parquet file: see parquet.h. */
#include "cmd/lake-cat/parquet.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/lake/delta_vector.h"
#include "common/parquet/scan.h"
#include "common/parquet/text.h"

/* A file that is being read. */
struct reading {
	struct cat_reader *in;
	const struct cat_file *which;
	struct pq_source source;
	struct pq_file *file;
	struct pq_scan *scan;
	struct pq_text *text;
	struct delta_vector deleted; /* no rows: nothing is */
	bool selects;                /* some rows may not be printed */
	uint32_t rows[PQ_BATCH_ROWS];
};

static int read_at(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	const struct reading *f = arg;
	return store_read_sized(f->which->store, f->which->path, f->source.size, at, to, n, err);
}

/* Put the chosen rows of the batch into f->rows: returns how many they are. */
static int choose_rows(struct reading *f, struct strbuf *err)
{
	struct cat_out *out = f->in->out;
	int count = 0;
	for (size_t row = 0; row < f->scan->rows && (uint64_t)count < out->left; row++) {
		if (f->deleted.rows.rows && deletion_vector_has(&f->deleted.rows, f->scan->first_row + row))
			continue;
		int r = f->in->where.expr ? cat_where_row(&f->in->where, f->text, row, err) : 1;
		if (r < 0)
			return r;
		if (r > 0)
			f->rows[count++] = (uint32_t)row;
	}
	pq_text_clear(f->text);
	return count;
}

/* Print what is wanted of the batch. */
static int print_batch(struct reading *f, struct strbuf *err)
{
	struct cat_out *out = f->in->out;
	bool all = !f->selects && f->scan->rows <= out->left;
	int count = all ? (int)f->scan->rows : choose_rows(f, err);
	out->stats.rows += f->scan->rows;
	if (count <= 0)
		return count;
	int done = 0, r = pq_scan_load(f->scan, err);
	while (r == 0 && done < count) {
		const char *s;
		size_t len;
		int n = pq_text_rows(
			f->text, all && !done ? NULL : f->rows + done, (size_t)(count - done), &s, &len, err);
		if (n < 0)
			return n;
		if (all && n < count) { /* from now on they have to be counted */
			for (int i = 0; i < count; i++)
				f->rows[i] = (uint32_t)i;
			all = false;
		}
		done += n;
		r = flow_put_span(&out->flow, s, len) ? out->flow.out.err : 0;
	}
	out->left -= (uint64_t)count;
	out->stats.printed += (uint64_t)count;
	return r;
}

/* Print what is wanted of a row group. */
static int print_group(struct reading *f, size_t group, struct strbuf *err)
{
	struct cat_out *out = f->in->out;
	struct pq_ranges ranges = {0};
	bool prunes = f->in->where.prune.op != PRUNE_ANY;
	int r = prunes ? pq_scan_prune(f->scan, group, &f->in->where.prune, &ranges, err) : 0;
	out->stats.groups++;
	if (r == 0 && prunes && !ranges.count) {
		out->stats.groups_passed++;
		return 0;
	}
	if (r == 0)
		r = pq_scan_group(f->scan, group, prunes ? &ranges : NULL, err);
	while (r == 0 && out->left) {
		r = pq_scan_next(f->scan, err);
		if (r <= 0)
			break;
		r = print_batch(f, err);
	}
	pq_ranges_release(&ranges);
	return r;
}

/* The columns that have constants, and those that are needed only for rows that match. */
static void prepare_columns(struct reading *f)
{
	const struct cat_reader *in = f->in;
	bool used[SCHEMA_MAX_FIELDS] = {false};
	for (size_t i = 0; in->where.expr && i < expr_fields(in->where.expr); i++)
		used[in->where.fields[i].column] = true;
	for (size_t i = 0; i < in->columns.want.root.count; i++) {
		if (f->which->constants && f->which->constants[i])
			pq_scan_constant(f->scan, i, f->which->constants[i]);
		else if (f->selects && !used[i])
			pq_scan_later(f->scan, i);
	}
}

static int open_file(struct reading *f, struct strbuf *err)
{
	struct cat_reader *in = f->in;
	const struct pq_want want = {.schema = &in->columns.want,
		.by_id = in->mapping && in->mapping->by_id,
		.name = in->mapping ? delta_columns_name : NULL,
		.arg = in->mapping,
		.memory = in->opt->memory};
	int r = pq_source_open(&f->source, &f->file, err);
	if (r == 0 && f->which->records >= 0 && f->file->rows != f->which->records) {
		strbuf_addf(
			err, "it has %" PRId64 " records, but the log says %" PRId64, f->file->rows, f->which->records);
		r = -EBADMSG;
	}
	if (r == 0 && f->which->add && delta_vector_is_there(f->which->add))
		r = delta_vector_find(f->which->add, &in->places, (uint64_t)f->file->rows, &f->deleted, err);
	if (r == 0)
		r = pq_scan_new(f->file, &f->source, &want, &f->scan, err);
	if (r < 0)
		return r;
	f->selects = in->where.expr || f->deleted.rows.rows;
	prepare_columns(f);
	f->text = pq_text_new(f->scan, in->columns.printed, cat_form_rows(&in->opt->form), true);
	cat_where_file(&f->in->where, f->scan);
	return 0;
}

int cat_parquet(struct cat_reader *in, const struct cat_file *file, struct strbuf *err)
{
	struct reading f = {.in = in, .which = file, .deleted.data = STRBUF_INIT};
	struct strbuf why = STRBUF_INIT;
	f.source = (struct pq_source){.read = read_at, .arg = &f, .size = file->size};
	int r = open_file(&f, &why);
	for (size_t group = 0; r == 0 && group < f.file->groups && in->out->left; group++)
		r = print_group(&f, group, &why);
	if (why.len)
		strbuf_addf(err, "'%s/%s': %s", file->store->url, file->path, why.s);
	pq_text_free(f.text);
	pq_scan_free(f.scan);
	pq_file_free(f.file);
	delta_vector_release(&f.deleted);
	strbuf_release(&why);
	return r == -ENOENT ? -EBADMSG : r;
}

int cat_reader_head(struct cat_reader *in)
{
	struct strbuf line = STRBUF_INIT;
	cat_columns_head(&in->columns, &in->opt->form, &line);
	int r = line.len && flow_put_span(&in->out->flow, line.s, line.len) ? in->out->flow.out.err : 0;
	strbuf_release(&line);
	return r;
}

void cat_reader_release(struct cat_reader *in)
{
	elsewhere_release(&in->places);
	cat_columns_release(&in->columns);
	cat_where_release(&in->where);
}
