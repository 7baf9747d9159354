/* The files of a Delta table: see audit_delta.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/audit_delta.h"
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

/* Read all of FILE. */
static int read_file(struct store *store, const struct snapshot_file *file, struct unread *unread, struct strbuf *err)
{
	struct parquet_checked checked;
	struct strbuf text = STRBUF_INIT;
	int r = parquet_check(store, file->path, file->size, false, &checked, &text);
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
	return r;
}

static int check_file(struct audit *a, struct store *store, const struct snapshot_file *file, int64_t version,
	bool quick, struct unread *unread, struct strbuf *err)
{
	uint64_t size = 0;
	int r = store_size(store, file->path, &size, err);
	if (r == 0 && size != file->size) {
		strbuf_addf(err, "'%s' has %" PRIu64 " bytes, but the log says %" PRIu64, file->path, size, file->size);
		r = -EBADMSG;
	}
	if (r == 0 && !quick)
		r = read_file(store, file, unread, err);
	if (r != -ENOENT)
		return r;
	strbuf_clear(err);
	if (removed_since(a, store, file->path))
		return 0;
	strbuf_addf(err, "'%s' is missing, though version %" PRId64 " names it", file->path, version);
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

void audit_delta_files(struct audit *a, struct store *store, bool quick, int64_t before_ms)
{
	struct unread unread = {.why = STRBUF_INIT};
	struct strbuf err = STRBUF_INIT;
	const char *path;
	json_t *item;
	(void)before_ms; /* files are published before they are committed */
	json_object_foreach(a->files, path, item)
	{
		struct snapshot_file file;
		strbuf_clear(&err);
		int r = snapshot_file(json_array_get(item, 0), &file, &err);
		if (r == 0) {
			int64_t version = json_integer_value(json_array_get(item, 1));
			r = check_file(a, store, &file, version, quick, &unread, &err);
			free(file.path);
		}
		if (r < 0)
			audit_judge(a, r, &err);
	}
	tell(a, &unread);
	free(unread.path);
	strbuf_release(&unread.why);
	strbuf_release(&err);
}
