/* The rows of a Delta table: see cat.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/lake-cat/cat.h"
#include "cmd/lake-cat/parquet.h"
#include "common/base/alloc.h"
#include "common/lake/delta_facts.h"
#include "common/lake/delta_snapshot.h"
#include "common/lake/delta_value.h"
#include "common/lake/json_in.h"

/* A table that is being read. */
struct delta_cat {
	struct cat_reader in;
	struct delta_columns columns;
	struct delta_value *values;     /* of the wanted columns; used for partition columns */
	const struct value **constants; /* into them; NULL: the column is not a partition column */
};

/* Set the values of the partition columns from ADD. */
static int set_constants(struct delta_cat *cat, const json_t *add, struct strbuf *err)
{
	const json_t *values = json_object_get(add, "partitionValues");
	int r = 0;
	for (size_t i = 0; r == 0 && i < cat->in.columns.want.root.count; i++) {
		const struct schema_field *field = &cat->in.columns.want.root.children[i];
		if (cat->constants[i])
			r = delta_value_read(
				field, text_in(values, delta_columns_name(&cat->columns, field)), &cat->values[i], err);
	}
	return r;
}

static int print_file(struct delta_cat *cat, json_t *add, struct strbuf *err)
{
	struct snapshot_file file;
	struct store *store;
	struct cat_stats *stats = &cat->in.out->stats;
	stats->files++;
	if (!delta_facts_may(&cat->columns, &cat->in.columns.want, &cat->in.where.prune, add)) {
		stats->files_passed++;
		return 0;
	}
	int r = elsewhere_file(&cat->in.places, add, &file, &store, err);
	if (r < 0)
		return r;
	r = set_constants(cat, add, err);
	if (r == 0) {
		const struct cat_file which = {.store = store,
			.path = file.path,
			.size = file.size,
			.records = file.records,
			.constants = cat->constants,
			.add = add};
		r = cat_parquet(&cat->in, &which, err);
	}
	free(file.path);
	return r;
}

static int print_files(struct delta_cat *cat, struct delta_snapshot *snapshot, struct strbuf *err)
{
	json_t *add;
	int r = 0;
	while (r == 0 && cat->in.out->left) {
		r = delta_snapshot_next(snapshot, &add, err);
		if (r <= 0)
			break;
		r = print_file(cat, add, err);
		json_decref(add);
	}
	return r;
}

/* Prepare to read the columns of the table. */
static int choose_columns(struct delta_cat *cat, struct delta_snapshot *snapshot, struct strbuf *err)
{
	struct cat_reader *in = &cat->in;
	struct strbuf why = STRBUF_INIT;
	int r = delta_columns_read(snapshot->meta, &cat->columns, &why);
	if (r < 0)
		strbuf_addf(err, "'%s': %s", snapshot->store->url, why.s);
	strbuf_release(&why);
	if (r == 0)
		r = cat_columns_choose(&cat->columns.schema, in->opt->form.columns, &in->where, &in->columns, err);
	if (r < 0)
		return r;
	size_t count = in->columns.want.root.count;
	cat->values = xcalloc(count + 1, sizeof *cat->values);
	cat->constants = xcalloc(count + 1, sizeof *cat->constants);
	for (size_t i = 0; i < count; i++) {
		delta_value_init(&cat->values[i]);
		if (delta_columns_partitioned(&cat->columns, &in->columns.want.root.children[i]))
			cat->constants[i] = &cat->values[i].v;
	}
	return 0;
}

static void release(struct delta_cat *cat)
{
	for (size_t i = 0; cat->values && i < cat->in.columns.want.root.count; i++)
		delta_value_release(&cat->values[i]);
	free(cat->values);
	free(cat->constants);
	cat_reader_release(&cat->in);
	delta_columns_release(&cat->columns);
}

int delta_print(const struct cat_options *opt, struct cat_out *out, struct store *store, struct strbuf *err)
{
	struct delta_cat cat = {.in = {.opt = opt, .out = out, .store = store}};
	struct delta_snapshot snapshot;
	cat.in.mapping = &cat.columns;
	cat.in.places = (struct elsewhere){.table = store, .options = &opt->store};
	int r = delta_snapshot_open(&snapshot, store, &opt->as_of, err);
	if (r == 0)
		r = cat_where_init(&cat.in.where, &opt->where, err);
	if (r == 0)
		r = choose_columns(&cat, &snapshot, err);
	if (r == 0)
		r = cat_reader_head(&cat.in);
	if (r == 0)
		r = print_files(&cat, &snapshot, err);
	delta_snapshot_release(&snapshot);
	release(&cat);
	return r;
}
