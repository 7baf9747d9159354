/* The files of a Delta table: see audit_delta.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/audit_delta.h"
#include "common/lake/delta_stats_check.h"
#include "common/lake/delta_vector.h"
#include "common/lake/parquet_check.h"
#include "common/lake/snapshot.h"

/* Files of which something is not read here. */
struct unread {
	uint64_t count;
	char *path; /* the first of them */
	struct strbuf why;
};

/* Whether ENTRY takes out PATH. */
static bool removes(const struct entry *entry, const char *path)
{
	size_t i;
	json_t *action;
	bool found = false;
	json_array_foreach(entry->removes, i, action)
	{
		struct strbuf name = STRBUF_INIT;
		found |= snapshot_path(action, &name) == 0 && strcmp(name.s, path) == 0;
		strbuf_release(&name);
	}
	return found;
}

/* Whether a version after those that were read takes PATH out, so that it may be gone by now. */
static bool removed_since(const struct audit *a, struct store *store, const char *path)
{
	const struct log log = {.store = store, .dir = a->dir, .kind = a->kind};
	struct strbuf ignored = STRBUF_INIT;
	struct entry entry;
	bool found = false;
	for (int64_t version = a->version + 1; !found && log_read(&log, version, &entry, &ignored) == 0; version++) {
		found = removes(&entry, path);
		entry_release(&entry);
	}
	strbuf_release(&ignored);
	return found;
}

/* Check the deletion vector of the file PATH with ROWS rows, which ADD describes. */
static int check_vector(struct store *store, json_t *add, const char *path, int64_t rows, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	struct delta_vector vector;
	if (!delta_vector_is_there(add))
		return 0;
	int r = delta_vector_read(add, store, (uint64_t)rows, &vector, &why);
	if (r < 0)
		strbuf_addf(err, "'%s': %s", path, why.s);
	delta_vector_release(&vector);
	strbuf_release(&why);
	return r == -ENOTSUP ? -EINVAL : r;
}

/* A file that is to be checked. */
struct audited {
	const struct delta_columns *columns; /* of the table; NULL: they are not known */
	json_t *add;
	int64_t version; /* that has added it */
	struct snapshot_file file;
};

/* Read what was not DECODED of the file WHICH. */
static int read_rest(struct store *store, const struct audited *which, const struct parquet_decoded *decoded,
	struct unread *unread, struct strbuf *err)
{
	const struct snapshot_file *file = &which->file;
	struct parquet_checked checked;
	struct strbuf text = STRBUF_INIT;
	int r = parquet_check(
		store, file->path, file->size, (struct parquet_spared){.decoded = decoded}, &checked, &text);
	if (r < 0) {
		strbuf_addstr(err, text.s);
	} else if (file->records >= 0 && checked.rows != file->records) {
		strbuf_addf(err, "'%s' has %" PRId64 " rows, but the log says %" PRId64, file->path, checked.rows,
			file->records);
		r = -EBADMSG;
	} else if (checked.partly && unread->count++ == 0) {
		struct strbuf path = STRBUF_INIT;
		strbuf_addstr(&path, file->path);
		unread->path = strbuf_detach(&path);
		strbuf_addstr(&unread->why, text.s);
	}
	strbuf_release(&text);
	return r == 0 ? check_vector(store, which->add, file->path, checked.rows, err) : r;
}

/* Compare statistics of the file with its values, which reads the columns of the table. */
static int read_columns_of(struct store *store, const struct audited *which, struct names *findings,
	struct parquet_decoded *ret_decoded, struct strbuf *err)
{
	const struct delta_stats_of of = {.store = store,
		.columns = which->columns,
		.add = which->add,
		.path = which->file.path,
		.size = which->file.size};
	*ret_decoded = (struct parquet_decoded){0};
	return which->columns ? delta_stats_check(&of, findings, ret_decoded, err) : 0;
}

/* Whether that has failed with R because of what the file is: then the rest says what is wrong, if anything else is. */
static bool is_of_file(int r)
{
	return r == -EBADMSG || r == -ENOTSUP || r == -EFBIG;
}

/* Read all of the file, each column once. */
static int read_file(
	struct audit *a, struct store *store, const struct audited *which, struct unread *unread, struct strbuf *err)
{
	struct names findings = {0};
	struct parquet_decoded decoded;
	struct strbuf why = STRBUF_INIT;
	int columns = read_columns_of(store, which, &findings, &decoded, &why);
	int r = columns == 0 || is_of_file(columns) ? read_rest(store, which, &decoded, unread, err) : 0;
	for (size_t i = 0; r == 0 && i < findings.count; i++)
		audit_find(a, "%s", findings.items[i]);
	if (r == 0 && columns < 0) {
		strbuf_addstr(err, why.s);
		r = columns;
	}
	free(decoded.leaf);
	names_release(&findings);
	strbuf_release(&why);
	return r;
}

static int check_file(struct audit *a, struct store *store, const struct audited *which, bool quick,
	struct unread *unread, struct strbuf *err)
{
	const struct snapshot_file *file = &which->file;
	uint64_t size = 0;
	int r = store_size(store, file->path, &size, err);
	if (r == 0 && size != file->size) {
		strbuf_addf(err, "'%s' has %" PRIu64 " bytes, but the log says %" PRIu64, file->path, size, file->size);
		r = -EBADMSG;
	}
	if (r == 0 && !quick)
		r = read_file(a, store, which, unread, err);
	if (r != -ENOENT)
		return r;
	strbuf_clear(err);
	if (removed_since(a, store, file->path))
		return 0;
	strbuf_addf(err, "'%s' is missing, though version %" PRId64 " names it", file->path, which->version);
	return -EBADMSG;
}

/* Report what was not examined. */
static void tell(struct audit *a, const struct unread *unread)
{
	struct strbuf text = STRBUF_INIT;
	if (unread->count) {
		strbuf_addf(&text, "'%s'", unread->path);
		if (unread->count > 1)
			strbuf_addf(&text, " and %" PRIu64 " more", unread->count - 1);
		strbuf_addf(&text, ": only the footer was checked, because the file has what is not read here: %s",
			unread->why.s);
		a->fail(a->arg, -EINVAL, text.s);
	}
	strbuf_clear(&text);
	if (a->delta.outside) {
		strbuf_addf(&text,
			"%" PRIu64 " actions of the log name files outside the table: these were not checked",
			a->delta.outside);
		a->fail(a->arg, -EINVAL, text.s);
	}
	strbuf_release(&text);
}

/* Read the columns of the table: whether they are known. */
static bool read_columns(struct audit *a, struct delta_columns *ret)
{
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	*ret = (struct delta_columns){0};
	int r = a->delta.meta ? delta_columns_read(a->delta.meta, ret, &err) : -ENOENT;
	if (r < 0 && r != -ENOENT) {
		strbuf_addf(&text, "the statistics were not checked: %s", err.s);
		a->fail(a->arg, -EINVAL, text.s);
	}
	strbuf_release(&text);
	strbuf_release(&err);
	return r == 0;
}

void audit_delta_files(struct audit *a, struct store *store, bool quick, int64_t before_ms)
{
	struct unread unread = {.why = STRBUF_INIT};
	struct strbuf err = STRBUF_INIT;
	struct delta_columns columns = {0};
	bool known = !quick && read_columns(a, &columns);
	const char *path;
	json_t *item;
	(void)before_ms; /* files are published before they are committed */
	json_object_foreach(a->files, path, item)
	{
		struct audited which = {known ? &columns : NULL, json_array_get(item, 0),
			json_integer_value(json_array_get(item, 1)), {0}};
		strbuf_clear(&err);
		int r = snapshot_file(which.add, &which.file, &err);
		if (r == 0) {
			r = check_file(a, store, &which, quick, &unread, &err);
			free(which.file.path);
		}
		if (r < 0)
			audit_judge(a, r, &err);
	}
	tell(a, &unread);
	delta_columns_release(&columns);
	free(unread.path);
	strbuf_release(&unread.why);
	strbuf_release(&err);
}
