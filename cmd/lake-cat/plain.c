/* Files without a log: see plain.h. */
#include "cmd/lake-cat/plain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/lake-cat/hive.h"
#include "cmd/lake-cat/parquet.h"
#include "common/base/alloc.h"
#include "common/lake/delta_value.h"
#include "common/lake/housekeeping.h"
#include "common/lake/json_in.h"
#include "common/parquet/file_schema.h"

/* Files of Parquet that are read. */
struct plain_cat {
	struct cat_reader in;
	struct schema schema; /* of the first file, and its partition columns after these */
	size_t own;           /* how many columns the file itself has */
	struct delta_value *values;
	const struct value **constants;
};

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

static bool is_parquet(const char *path)
{
	return ends_with(path, ".parquet");
}

char *plain_split(const char *url, const char **ret_name)
{
	static const char *const ends[] = {
		".parquet", ".json", ".ndjson", ".jsonl", ".csv", ".tsv", ".log", ".txt", ".gz", ".zst"};
	const char *slash = strrchr(url, '/'), *local = strncmp(url, "file:", 5) == 0 ? url + 5 : url;
	struct strbuf directory = STRBUF_INIT;
	struct stat st;
	bool is_file = !strstr(url, "://") && stat(local, &st) == 0 && S_ISREG(st.st_mode);
	for (size_t i = 0; slash && strstr(url, "://") && i < sizeof ends / sizeof *ends; i++)
		is_file |= ends_with(url, ends[i]);
	if (!is_file)
		return NULL;
	*ret_name = slash ? slash + 1 : local;
	strbuf_add(&directory, slash ? url : ".", slash ? (size_t)(slash - url) + (slash == url) : 1);
	return strbuf_detach(&directory);
}

/* Whether a part of PATH is hidden. */
static bool is_hidden(const char *path)
{
	for (;;) {
		const char *slash = strchr(path, '/'), *eq = strchr(path, '=');
		bool partition = eq && slash && eq < slash;
		if (*path == '.' || (*path == '_' && !partition))
			return true;
		if (!slash)
			return false;
		path = slash + 1;
	}
}

/* The files of STORE that are read. */
static int list_files(struct store *store, struct names *ret, struct strbuf *err)
{
	struct survey survey;
	bool parquet = false;
	int r = store_survey(store, &survey, err);
	for (size_t i = 0; r == 0 && i < survey.count; i++)
		parquet |= survey.items[i].kind == FOUND_FILE && is_parquet(survey.items[i].path);
	for (size_t i = 0; r == 0 && i < survey.count; i++) {
		const struct found *f = &survey.items[i];
		if (f->kind == FOUND_FILE && !is_hidden(f->path) && is_parquet(f->path) == parquet)
			names_add(ret, f->path);
	}
	survey_release(&survey);
	return r;
}

static int read_at(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	const struct cat_file *file = arg;
	return store_read_all(file->store, file->path, at, to, n, err);
}

/* Take the columns of FILE, and those of its partition that it does not have itself. */
static int read_schema(struct plain_cat *cat, struct cat_file *file, struct strbuf *err)
{
	const struct pq_source source = {.read = read_at, .arg = file, .size = file->size};
	struct pq_file *parquet = NULL;
	struct strbuf why = STRBUF_INIT;
	const char *name;
	json_t *value, *values = hive_values(file->path);
	int r = pq_source_open(&source, &parquet, &why);
	if (r == 0)
		r = pq_file_schema(parquet, &cat->schema, &why);
	pq_file_free(parquet);
	cat->own = cat->schema.root.count;
	json_object_foreach(values, name, value)
	{
		char *copy = xstrdup(name);
		const struct schema_field field = {.name = copy, .type = SCHEMA_STRING};
		if (r == 0 && !schema_child_alike(&cat->schema.root, name, strlen(name)))
			r = schema_add(&cat->schema, &cat->schema.root, &field, &why);
		free(copy);
	}
	json_decref(values);
	if (r < 0)
		strbuf_addf(err, "'%s/%s': %s", file->store->url, file->path, why.s);
	strbuf_release(&why);
	return r;
}

/* Prepare to read files like FILE. */
static int prepare(struct plain_cat *cat, struct cat_file *file, struct strbuf *err)
{
	struct cat_reader *in = &cat->in;
	int r = read_schema(cat, file, err);
	if (r == 0)
		r = cat_where_init(&in->where, &in->opt->where, err);
	if (r == 0)
		r = cat_columns_choose(&cat->schema, in->opt->form.columns, &in->where, &in->columns, err);
	if (r < 0)
		return r;
	const struct schema_field *root = &in->columns.want.root;
	cat->values = xcalloc(root->count + 1, sizeof *cat->values);
	cat->constants = xcalloc(root->count + 1, sizeof *cat->constants);
	for (size_t i = 0; i < root->count; i++) {
		const char *name = root->children[i].name;
		const struct schema_field *f = schema_child(&cat->schema.root, name, strlen(name));
		delta_value_init(&cat->values[i]);
		if ((size_t)(f - cat->schema.root.children) >= cat->own)
			cat->constants[i] = &cat->values[i].v;
	}
	return cat_reader_head(in);
}

/* Print the rows of FILE, with the values of its partition. */
static int print_file(struct plain_cat *cat, struct cat_file *file, struct strbuf *err)
{
	const struct schema_field *root = &cat->in.columns.want.root;
	json_t *values = hive_values(file->path);
	int r = 0;
	for (size_t i = 0; r == 0 && i < root->count; i++)
		if (cat->constants[i])
			r = delta_value_read(
				&root->children[i], text_in(values, root->children[i].name), &cat->values[i], err);
	json_decref(values);
	cat->in.out->stats.files++;
	file->constants = cat->constants;
	return r == 0 ? cat_parquet(&cat->in, file, err) : r;
}

static int print_parquet(const struct cat_options *opt, struct cat_out *out, struct store *store,
	const struct names *files, struct strbuf *err)
{
	struct plain_cat cat = {.in = {.opt = opt, .out = out, .store = store}};
	int r = 0;
	schema_init(&cat.schema);
	for (size_t i = 0; r == 0 && out->left && i < files->count; i++) {
		struct cat_file file = {.store = store, .path = files->items[i], .records = -1};
		r = store_size(store, file.path, &file.size, err);
		if (r == 0 && i == 0)
			r = prepare(&cat, &file, err);
		if (r == 0)
			r = print_file(&cat, &file, err);
	}
	for (size_t i = 0; cat.values && i < cat.in.columns.want.root.count; i++)
		delta_value_release(&cat.values[i]);
	free(cat.values);
	free(cat.constants);
	cat_reader_release(&cat.in);
	schema_release(&cat.schema);
	return r;
}

int plain_print(
	const struct cat_options *opt, struct cat_out *out, struct store *store, const char *name, struct strbuf *err)
{
	struct names files = {0};
	int r = 0;
	if (name)
		names_add(&files, name);
	else
		r = list_files(store, &files, err);
	if (r == 0 && !files.count) {
		const struct log none = {.store = store};
		r = log_missing(&none, err);
	} else if (r == 0 && !as_of_is_now(&opt->as_of)) {
		strbuf_addf(err, "'%s' has no log, so --as-of is not for it", store->url);
		r = -EINVAL;
	}
	if (r == 0 && is_parquet(files.items[0]))
		r = print_parquet(opt, out, store, &files, err);
	else if (r == 0)
		r = raw_print_files(opt, out, store, &files, err);
	names_release(&files);
	return r;
}
