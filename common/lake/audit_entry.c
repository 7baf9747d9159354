/* Checking the entries of a log, one after the other: see audit.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/audit.h"
#include "common/lake/delta_vector.h"
#include "common/lake/json_in.h"
#include "common/lake/layout.h"
#include "common/lake/snapshot.h"

void audit_gap(struct audit *a)
{
	a->whole = false;
}

void audit_missing(struct audit *a, int64_t from, int64_t to)
{
	if (from == to)
		audit_find(a, "the log has no version %" PRId64, from);
	else
		audit_find(a, "the log has no versions %" PRId64 " to %" PRId64, from, to);
	audit_gap(a);
}

/* --- the files of an entry ---------------------------------------------------------------------------------------- */

/* Check that a file of ours lies in the directory that belongs to its partition values. */
static void check_place(
	struct audit *a, const char *name, const struct snapshot_file *file, char **columns, size_t count)
{
	struct layout layout = {.columns = columns, .count = count};
	struct strbuf dir = STRBUF_INIT;
	char **values = xcalloc(count + 1, sizeof *values);
	for (size_t i = 0; i < count; i++) {
		const char *value = text_in(file->values, columns[i]);
		values[i] = value ? xstrdup(value) : NULL;
	}
	const char *slash = strrchr(file->path, '/');
	size_t len = slash ? (size_t)(slash + 1 - file->path) : 0;
	if (layout_dir(&layout, values, &dir) < 0 || len != dir.len || memcmp(dir.s, file->path, len) != 0)
		audit_find(a, "'%s': '%s' is not in the directory of its partition, '%s'", name, file->path, dir.s);
	layout_free_values(&layout, values);
	strbuf_release(&dir);
}

static void check_partition(struct audit *a, const char *name, const struct snapshot_file *file, json_t *list)
{
	size_t count = json_array_size(list);
	char **columns = xcalloc(count + 1, sizeof *columns);
	bool good = json_object_size(file->values) == count;
	for (size_t i = 0; i < count; i++) {
		const char *column = json_string_value(json_array_get(list, i));
		good = good && column && json_object_get(file->values, column);
		columns[i] = xstrdup(column ? column : "");
	}
	if (!good)
		audit_find(a, "'%s': '%s' has other partition columns than the table", name, file->path);
	else if (file->tag)
		check_place(a, name, file, columns, count);
	for (size_t i = 0; i < count; i++)
		free(columns[i]);
	free(columns);
}

int64_t audit_add(struct audit *a, int64_t version, const char *name, json_t *add, json_t *columns)
{
	struct snapshot_file file;
	struct strbuf err = STRBUF_INIT;
	if (snapshot_file(add, &file, &err) < 0) {
		audit_find(a, "'%s': %s", name, err.s);
		strbuf_release(&err);
		return -1;
	}
	json_t *known = json_object_get(a->files, file.path);
	if (known)
		audit_find(a, "'%s' names '%s', which version %" JSON_INTEGER_FORMAT " has named already", name,
			file.path, json_integer_value(json_array_get(known, 1)));
	if (columns)
		check_partition(a, name, &file, columns);
	json_object_set_new_nocheck(a->files, file.path, json_pack("[O,I]", add, (json_int_t)version));
	if (file.tag)
		json_object_set_nocheck(a->stages, file.tag, add);
	json_object_del(a->removed, file.path);
	json_object_del(a->asides, file.path);
	free(file.path);
	return file.records;
}

int64_t audit_remove(struct audit *a, int64_t version, const char *name, json_t *remove)
{
	struct strbuf path = STRBUF_INIT;
	const char *aside = text_in(json_object_get(remove, "tags"), "weir.aside");
	int64_t records = -1;
	if (snapshot_path(remove, &path) < 0) {
		audit_find(a, "'%s' removes a file without a path", name);
	} else {
		json_t *known = json_array_get(json_object_get(a->files, path.s), 0);
		records = known ? add_records(known) : -1;
		if (records > 0) /* those that are deleted in it are not counted any more */
			records -= (int64_t)delta_vector_count(known);
		json_object_del(a->files, path.s);
		json_object_set_new_nocheck(a->removed, path.s, json_true());
		if (aside)
			json_object_set_new_nocheck(a->asides, path.s, json_pack("[s,I]", aside, (json_int_t)version));
	}
	strbuf_release(&path);
	return records;
}

static void add_rows(int64_t *sum, int64_t n)
{
	*sum = *sum < 0 || n < 0 || *sum > INT64_MAX - n ? -1 : *sum + n;
}

/* The partition columns of the table as far as they are known, an array; else NULL; borrowed. */
static json_t *columns_of(const struct audit *a)
{
	json_t *columns = a->delta.meta ? json_object_get(a->delta.meta, "partitionColumns")
					: json_object_get(a->state, "columns");
	return json_is_array(columns) ? columns : NULL;
}

/* How many records were read, according to the entry; -1 when it does not say. */
static int64_t records_read(const struct entry *entry)
{
	json_t *topics = json_object_get(entry->info, "read"), *partitions, *read;
	const char *topic, *key;
	int64_t sum = json_is_object(topics) ? 0 : -1;
	json_object_foreach(topics, topic, partitions)
	{
		json_object_foreach(partitions, key, read)
		{
			int64_t n = json_integer_value(json_array_get(read, 2));
			if (n < 0 || sum > INT64_MAX - n)
				return -1; /* its rows are counted with another entry */
			sum += n;
		}
	}
	return sum;
}

static void entry_files(struct audit *a, int64_t version, const char *name, const struct entry *entry)
{
	size_t i;
	json_t *action, *columns = columns_of(a);
	int64_t rows = 0, gone = 0;
	json_array_foreach(entry->removes, i, action)
	{
		add_rows(&gone, audit_remove(a, version, name, action));
	}
	json_array_foreach(entry->adds, i, action)
	{
		add_rows(&rows, audit_add(a, version, name, action, columns));
	}
	if (json_is_true(json_object_get(entry->info, "rewritten")) && rows >= 0 && gone >= 0 && rows != gone)
		audit_find(a, "'%s' puts %" PRId64 " rows into the place of %" PRId64, name, rows, gone);
	int64_t read = records_read(entry);
	if (json_is_true(json_object_get(entry->info, "unchanged")) && rows >= 0 && read >= 0 && rows != read)
		audit_find(a, "'%s' has %" PRId64 " rows of %" PRId64 " records, though nothing has changed them", name,
			rows, read);
}

/* --- entries ------------------------------------------------------------------------------------------------------ */

/* json_equal() that also takes two NULLs as equal. */
static bool same(const json_t *a, const json_t *b)
{
	return a == b || json_equal(a, b);
}

static void check_table(struct audit *a, const char *name, json_t *state)
{
	static const char *const fixed[] = {"table", "delim", "columns", "pattern", "zone"};
	if (number_in(state, "v") != STATE_VERSION)
		audit_find(a, "'%s' was written by another version of weir", name);
	for (size_t i = 0; a->state && i < sizeof fixed / sizeof *fixed; i++)
		if (!same(json_object_get(a->state, fixed[i]), json_object_get(state, fixed[i])))
			audit_find(a, "'%s' belongs to another table: its '%s' differs", name, fixed[i]);
}

/* Check that an entry of ours names the one that it follows. */
static void check_after(struct audit *a, int64_t version, const char *name, const struct entry *entry)
{
	struct log before = {.kind = a->kind, .version = a->version, .own = a->own};
	bool known = a->own || !a->floor; /* what was before the first entry of ours that is left was cleaned away */
	if (a->whole && known && !log_follows(&before, entry, version))
		audit_find(a, "'%s' does not follow the entries before it: it is a copy, or entries were overwritten",
			name);
	json_decref(a->own);
	a->own = entry_own(entry, version);
}

void audit_entry(struct audit *a, int64_t version, const struct entry *entry)
{
	struct strbuf name = STRBUF_INIT;
	json_t *state = entry_state(entry);
	const char *txn_id = entry_txn_id(entry);
	log_entry_name(&(struct log){.dir = a->dir}, version, &name);
	json_t *before = *txn_id ? json_object_get(a->txn_ids, txn_id) : NULL;
	if (before)
		audit_find(a, "'%s' is the commit of version %" JSON_INTEGER_FORMAT " once more", name.s,
			json_integer_value(before));
	else if (*txn_id)
		json_object_set_new_nocheck(a->txn_ids, txn_id, json_integer(version));
	if (state) {
		check_table(a, name.s, state);
		check_after(a, version, name.s, entry);
		audit_positions(a, version, name.s, entry);
		json_decref(a->state);
		a->state = json_incref(state);
		a->whole = true;
	}
	entry_files(a, version, name.s, entry);
	a->version = version;
	strbuf_release(&name);
}
