/*
 * Putting the files of a Delta table together: columns to columns.
 *
 * Files of other writers mostly lack the partition columns, which the log and the directories have; those of weir have
 * them.  Where one of the files lacks them the new one lacks them, too.  Rows that a deletion vector names are left
 * out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/schema_remove.h"
#include "common/lake/delta_meta.h"
#include "common/lake/delta_writer.h"
#include "common/parquet/copy.h"
#include "compact.h"
#include "delta_input.h"
#include "delta_sort.h"
#include "plan.h"

#define ROW_GROUP (UINT64_C(128) << 20) /* bytes of a row group before compression */
#define ROWS      512                   /* how many are copied at once: they stay in the processor's caches */

struct delta_bins {
	struct compact *c;
	struct delta_pool *pool;
	/* with all columns, and without those of partitions; the second is NULL if that makes no difference */
	struct schema schema[2];
	struct delta_writer *writer[2];
	struct sort_by sort_by[2]; /* with --sort-by */
	struct lake_file **files;
};

static int new_writer(struct delta_bins *d, size_t nr, struct strbuf *err)
{
	const struct delta_writer_config config = {.store = d->c->store,
		.schema = &d->schema[nr],
		.layout = &d->c->layout,
		.pool = d->pool,
		.codec = {PQ_ZSTD, 3},
		.row_group = ROW_GROUP,
		.uuid = d->c->uuid,
		.number = &d->c->made};
	return delta_writer_new(&config, &d->writer[nr], err);
}

static int delta_begin(struct compact *c, void **ret, struct strbuf *err)
{
	const struct delta_pool_config config = {.codec = {PQ_ZSTD, 3}, .memory = c->opt->memory / 2};
	struct delta_bins *d = *ret = xcalloc(1, sizeof *d);
	d->c = c;
	schema_init(&d->schema[0]);
	schema_init(&d->schema[1]);
	int r = delta_meta_schema(&c->log, &d->schema[0], err);
	if (r == 0 && c->opt->sort_by)
		r = sort_by_find(&d->schema[0], &c->layout, c->opt->sort_by, &d->sort_by[0], err);
	if (r == 0)
		r = delta_pool_new(&config, &d->pool, err);
	if (r == 0)
		r = new_writer(d, 0, err);
	if (r < 0 || !c->layout.count)
		return r;
	schema_copy(&d->schema[1], &d->schema[0]);
	for (size_t i = 0; i < c->layout.count; i++)
		schema_remove(&d->schema[1], c->layout.columns[i]);
	if (c->opt->sort_by)
		r = sort_by_find(&d->schema[1], NULL, c->opt->sort_by, &d->sort_by[1], err);
	return r < 0 ? r : new_writer(d, 1, err);
}

static void delta_end(void *self)
{
	struct delta_bins *d = self;
	for (size_t i = 0; i < 2; i++) {
		delta_writer_free(d->writer[i]);
		sort_by_release(&d->sort_by[i]);
		schema_release(&d->schema[i]);
	}
	delta_pool_free(d->pool);
	free(d->files);
	free(d);
}

/* Whether FILE has all partition columns. */
static bool has_columns(const struct delta_bins *d, const struct pq_file *file)
{
	for (size_t i = 0; i < d->c->layout.count; i++)
		if (pq_file_find(file, d->c->layout.columns[i]) < 0)
			return false;
	return true;
}

/* Which of the schemas the file of BIN gets: that without the partition columns if one of the files lacks them. */
static size_t kind_of(const struct delta_bins *d, const struct plan_bin *bin)
{
	bool all = true;
	for (size_t i = 0; all && d->c->layout.count && i < bin->count; i++) {
		const struct table_file *file = &d->c->files[bin->files[i]];
		struct strbuf ignored = STRBUF_INIT; /* whoever reads the file reports it */
		struct input_file in;
		all = input_open(&in, d->c->store, file->path, file->size, true, &ignored) < 0 ||
		      has_columns(d, in.file);
		input_close(&in);
		strbuf_release(&ignored);
	}
	return !all;
}

/* Copy COUNT rows of the batch, from FIRST on, into PART. */
static int copy_batch(const struct pq_copy *copy, size_t first, size_t count, struct delta_part *part,
	int64_t newest_ms, struct strbuf *err)
{
	int r = 0, n;
	for (size_t end = first + count; r == 0 && first < end; first += (size_t)n) {
		size_t max = end - first < ROWS ? end - first : ROWS;
		n = pq_copy_rows(copy, delta_part_columns(part), first, max, err);
		r = n < 0 ? n : delta_part_rows(part, (size_t)n, newest_ms, err);
	}
	return r;
}

/* Copy the rows of IN into PART.  -ENOTSUP: it stays. */
static int copy_rows(struct delta_input *in, struct delta_part *part, int64_t newest_ms, struct strbuf *err)
{
	struct pq_copy *copy = NULL;
	size_t first, count;
	uint64_t before = delta_part_records(part);
	int more = 0, r = pq_copy_new(in->scan, delta_part_columns(part), &copy, err);
	while (r == 0 && (more = delta_input_next(in, &first, &count, err)) > 0)
		r = copy_batch(copy, first, count, part, newest_ms, err);
	pq_copy_free(copy);
	r = r == 0 ? more : r;
	/* what is not read here is mostly noticed at once */
	return r == -ENOTSUP && delta_part_records(part) != before ? -EINVAL : r;
}

/* Where the rows of a bin go. */
struct bin_target {
	const struct schema *schema;
	struct delta_part *part;
	struct delta_sort *sort; /* they are sorted first; NULL: not */
	int64_t newest_ms;       /* when the newest of them were committed */
};

/* Open FILE and copy its rows; one that cannot be read here stays. */
static int put_file(struct delta_bins *d, struct table_file *file, struct bin_target *to, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	struct delta_input in;
	int r = delta_input_open(&in, d->c->store, file, to->schema, d->c->opt->memory / 4, &why);
	if (r == 0)
		r = to->sort ? delta_sort_take(to->sort, &in, delta_part_columns(to->part), &why)
			     : copy_rows(&in, to->part, file->modified_ms, &why);
	if (r == 0 && file->modified_ms > to->newest_ms)
		to->newest_ms = file->modified_ms;
	if (r == -ENOTSUP) {
		warn("'%s' stays as it is: %s", file->path, why.s);
		file->stays = true;
		r = 0;
	} else if (r < 0) {
		if (r == -EFBIG)
			strbuf_addf(err, "'%s': ", file->path);
		strbuf_addf(err, "%s%s", why.len ? why.s : "",
			r == -EINVAL ? ", so that it cannot be put together with others" : "");
	}
	delta_input_close(&in);
	strbuf_release(&why);
	return r;
}

static int delta_bin(void *self, const struct plan_bin *bin, struct strbuf *err)
{
	struct delta_bins *d = self;
	size_t kind = kind_of(d, bin);
	struct bin_target to = {.schema = &d->schema[kind]};
	int r = delta_writer_part(
		d->writer[kind], layout_copy_values(&d->c->layout, d->c->files[bin->files[0]].values), &to.part, err);
	/* the columns, which have the other half, are empty while the rows are gathered, and so is the scan later */
	if (r == 0 && d->c->opt->sort_by)
		to.sort = delta_sort_new(&d->sort_by[kind], d->c->opt->memory / 2);
	for (size_t i = 0; r == 0 && i < bin->count; i++)
		r = put_file(d, &d->c->files[bin->files[i]], &to, err);
	if (r == 0 && to.sort)
		r = delta_sort_put(to.sort, to.part, to.newest_ms, err);
	delta_sort_free(to.sort);
	return r < 0 ? r : delta_writer_renew(d->writer[kind], err);
}

static int delta_finish(void *self, struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err)
{
	struct delta_bins *d = self;
	size_t count = 0;
	int r = 0;
	for (size_t i = 0; r == 0 && i < 2 && d->writer[i]; i++) {
		struct lake_file **files = NULL;
		size_t n = 0;
		r = delta_writer_finish(d->writer[i], &files, &n, err);
		d->files = xreallocarray(d->files, count + n + 1, sizeof *d->files);
		for (size_t j = 0; r == 0 && j < n; j++)
			d->files[count++] = files[j];
	}
	*ret_files = d->files;
	*ret_count = count;
	return r;
}

static int delta_discard(void *self, struct strbuf *err)
{
	struct delta_bins *d = self;
	int first = 0;
	for (size_t i = 0; i < 2 && d->writer[i]; i++) {
		int r = delta_writer_discard(d->writer[i], err);
		first = first ? first : r;
	}
	return first;
}

int compact_check_sort(const struct compact *c, struct strbuf *err)
{
	struct schema schema;
	struct sort_by by;
	if (c->log.kind == TABLE_RAW) {
		strbuf_addf(err, "'%s' is a raw table, whose records have no columns: --sort-by is for Delta tables",
			c->store->url);
		return -EINVAL;
	}
	schema_init(&schema);
	int r = delta_meta_schema(&c->log, &schema, err);
	if (r < 0)
		return r;
	r = sort_by_find(&schema, &c->layout, c->opt->sort_by, &by, err);
	sort_by_release(&by);
	schema_release(&schema);
	return r;
}

const struct rewriter delta_rewriter = {
	.begin = delta_begin, .bin = delta_bin, .finish = delta_finish, .discard = delta_discard, .end = delta_end};
