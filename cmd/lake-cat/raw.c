/* The records of a raw table, by its log: see cat.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/lake-cat/cat.h"
#include "cmd/lake-cat/hive.h"
#include "cmd/lake-cat/raw_where.h"
#include "common/lake/decode.h"
#include "common/lake/snapshot.h"

/* What is printed, and the state of the current file. */
struct raw_cat {
	const struct cat_options *opt;
	struct cat_out *out;
	struct raw_where where;
	struct decode_count count;
	struct strbuf *err;
};

static int print(void *arg, const char *data, size_t len)
{
	struct raw_cat *cat = arg;
	(void)decode_count_add(&cat->count, data, len);
	return cat_lines_add(&cat->where.lines, data, len, cat->err);
}

/* Print the records of FILE that match; FILE->records may be -1. */
static int print_file(struct raw_cat *cat, struct store *store, const struct snapshot_file *file, struct strbuf *err)
{
	cat->out->stats.files++;
	int r = raw_where_file(&cat->where, file->path, file->values, err);
	cat->out->stats.files_passed += r == 0;
	if (r <= 0)
		return r;
	decode_count_begin(&cat->count);
	r = decode_file(store, file->path, file->tag, file->size, print, cat, err);
	return r == 0 ? cat_lines_end(&cat->where.lines, err) : r;
}

static int print_added(struct raw_cat *cat, struct store *store, json_t *add, struct strbuf *err)
{
	struct snapshot_file file;
	int r = snapshot_file(add, &file, err);
	if (r < 0)
		return r;
	uint64_t passed = cat->out->stats.files_passed;
	r = print_file(cat, store, &file, err);
	if (r == 0 && passed == cat->out->stats.files_passed)
		r = decode_count_check(&cat->count, file.path, file.records, err);
	free(file.path);
	return r;
}

static int print_files(struct raw_cat *cat, struct log *log, struct strbuf *err)
{
	struct snapshot snapshot;
	bool now = as_of_is_now(&cat->opt->as_of);
	int r = now ? snapshot_read(&snapshot, log, err) : snapshot_read_version(&snapshot, log, err);
	const char *uri;
	json_t *add;
	json_object_foreach(snapshot.adds, uri, add)
	{
		if (r == 0)
			r = print_added(cat, log->store, add, err);
	}
	snapshot_release(&snapshot);
	return r == LINES_ENOUGH ? 0 : r;
}

/* Prepare to print records that have the partition columns COLUMNS. */
static int begin(struct raw_cat *cat, const json_t *columns, struct strbuf *err)
{
	return raw_where_init(&cat->where, &cat->opt->where, &cat->opt->form, columns, cat->out, err);
}

int raw_print(const struct cat_options *opt, struct cat_out *out, struct log *log, struct strbuf *err)
{
	struct raw_cat cat = {.opt = opt, .out = out, .err = err};
	int r = as_of_go(log, &opt->as_of, err);
	out->flow.delim = cat.count.delim = state_delim(log->state);
	if (r == 0)
		r = begin(&cat, json_object_get(log->state, "columns"), err);
	if (r == 0)
		r = print_files(&cat, log, err);
	if (r == 0)
		r = cat_lines_finish(&cat.where.lines);
	raw_where_release(&cat.where);
	return r;
}

int raw_print_files(const struct cat_options *opt, struct cat_out *out, struct store *store, const struct names *files,
	struct strbuf *err)
{
	struct raw_cat cat = {.opt = opt, .out = out, .err = err, .count.delim = '\n'};
	json_t *columns = json_array(), *first = hive_values(files->items[0]), *value;
	const char *name;
	json_object_foreach(first, name, value)
	{
		json_array_append_new(columns, json_string(name));
	}
	json_decref(first);
	int r = begin(&cat, columns, err);
	for (size_t i = 0; r == 0 && i < files->count; i++) {
		struct snapshot_file file = {
			.path = files->items[i], .records = -1, .values = hive_values(files->items[i])};
		r = store_size(store, file.path, &file.size, err);
		if (r == 0)
			r = print_file(&cat, store, &file, err);
		json_decref(file.values);
	}
	if (r == 0 || r == LINES_ENOUGH)
		r = cat_lines_finish(&cat.where.lines);
	raw_where_release(&cat.where);
	json_decref(columns);
	return r;
}
