/* The files that the undone entry has left in the table: see undo_impl.h. */
#include "common/lake/undo_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/audit.h"
#include "common/lake/json_in.h"
#include "common/lake/snapshot.h"

/*
 * What is at PATH.  1: the file; 0: nothing; -EBADMSG: something else, and *ret_file tells whether it is at least a
 * regular file.  Other errors, with the reason in ERR: it cannot be examined, and may exist.
 */
static int look_at_path(struct store *store, const char *path, uint64_t size, bool *ret_file, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	uint64_t is = 0;
	int r = store_size(store, path, &is, &text);
	*ret_file = r == 0;
	if (r == 0)
		r = is == size ? 1 : -EBADMSG;
	else if (r == -ENOENT)
		r = 0;
	else if (r != -EBADMSG)
		strbuf_addstr(err, text.s);
	strbuf_release(&text);
	return r;
}

static int look_at_file(struct store *store, json_t *add, struct undo_files *files, struct strbuf *err)
{
	struct snapshot_file file;
	bool is_file = false;
	uint64_t size;
	int r = snapshot_file(add, &file, err), staged = 0;
	if (r < 0)
		return r;
	if (file.tag)
		r = staged = look_at_path(store, file.tag, file.size, &is_file, err);
	if (r >= 0 || r == -EBADMSG) /* the stage first, because it may be published in between */
		r = look_at_path(store, file.path, file.size, &is_file, err);
	/* hidden by a later entry, which cannot be read: undo_files_back() makes it visible again */
	if (r == 0 && store_size_aside(store, file.path, &size, err) == 0)
		r = size == file.size;
	files->staged += staged == 1;
	files->gone += staged != 1 && r != 1;
	if (is_file && !files->published)
		files->published = xstrdup(file.path);
	free(file.path);
	return r >= 0 || r == -EBADMSG ? 0 : r;
}

int undo_files_examine(struct store *store, const struct entry *entry, struct undo_files *files, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < json_array_size(entry->adds); i++)
		r = look_at_file(store, json_array_get(entry->adds, i), files, err);
	return r;
}

int undo_files_check(const struct log *log, const struct undo_files *files, struct strbuf *err)
{
	const char *url = log->store->url;
	if (!files->gone) {
		strbuf_addf(err, "version %" PRId64 " of the log of '%s' is whole%s: there is nothing to undo",
			log->version, url, files->staged ? " (--repair publishes it)" : "");
		return -EINVAL;
	}
	if (!entry_state(&log->head)) {
		strbuf_addf(err, "version %" PRId64 " of the log of '%s' was written by another program", log->version,
			url);
		return -EINVAL;
	}
	if (files->published) {
		strbuf_addf(err, "'%s/%s' of version %" PRId64 " is published: move it out of the table first", url,
			files->published, log->version);
		return -EEXIST;
	}
	return 0;
}

int undo_files_discard(struct store *store, const struct entry *entry, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < json_array_size(entry->adds); i++) {
		struct snapshot_file file;
		r = snapshot_file(json_array_get(entry->adds, i), &file, err);
		if (r < 0)
			break;
		if (file.tag)
			r = store_discard(store, file.tag, err);
		free(file.path);
	}
	return r;
}

/* The add action for ACTION, an add or a remove: the file is the table's, and ASIDE, its hidden name, may be its stage.
 */
static json_t *add_back(json_t *action, const char *aside)
{
	static const char *const kept[] = {
		"path", "partitionValues", "size", "modificationTime", "stats", "deletionVector"};
	json_t *add = json_pack("{s:b}", "dataChange", 0);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (json_object_get(action, kept[i]))
			json_object_set(add, kept[i], json_object_get(action, kept[i]));
	if (!json_object_get(add, "modificationTime"))
		json_object_set(add, "modificationTime", json_object_get(action, "deletionTimestamp"));
	if (aside)
		json_object_set_new(add, "tags", json_pack("{s:s}", "weir.stage", aside));
	return add;
}

/* Append those of VALID's files that are hidden, to both lists. */
static int find_hidden(struct log *valid, json_t *gone, json_t *back, struct strbuf *err)
{
	struct snapshot snapshot;
	const char *uri;
	json_t *add;
	int r = snapshot_read(&snapshot, valid, err);
	json_object_foreach(snapshot.adds, uri, add)
	{
		struct snapshot_file file;
		struct strbuf ignored = STRBUF_INIT;
		uint64_t size;
		if (r < 0 || (r = snapshot_file(add, &file, err)) < 0)
			continue;
		if (store_size(valid->store, file.path, &size, &ignored) == -ENOENT &&
			store_size_aside(valid->store, file.path, &size, &ignored) == 0) {
			char *aside = store_aside_name(valid->store, file.path);
			json_array_append(gone, add);
			json_array_append_new(back, add_back(add, aside));
			free(aside);
		}
		free(file.path);
		strbuf_release(&ignored);
	}
	snapshot_release(&snapshot);
	return r;
}

int undo_files_back(struct log *valid, const struct entry *entry, json_t *gone, json_t *back, struct strbuf *err)
{
	size_t i;
	json_t *action;
	if (!entry)
		return valid->version < 0 ? 0 : find_hidden(valid, gone, back, err);
	json_array_foreach(entry->removes, i, action)
	{
		const char *aside = text_in(json_object_get(action, "tags"), "weir.aside");
		json_array_append_new(back, add_back(action, aside));
	}
	return 0;
}

static void ignore_finding(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static void keep_failure(void *arg, int code, const char *text)
{
	int *first = arg;
	(void)text;
	*first = *first ? *first : code;
}

int undo_files_strays(struct store *store, struct strbuf *err)
{
	struct audit audit;
	struct survey survey = {0};
	int failure = 0;
	audit_init(&audit, ignore_finding, keep_failure, &failure);
	int r = audit_log(&audit, store, err);
	if (r == 0 && failure) {
		strbuf_addf(err, "cannot read the log of '%s': %s", store->url, diag_strerror(failure));
		r = failure;
	}
	if (r == 0)
		r = store_survey(store, &survey, err);
	for (size_t i = 0; r == 0 && i < survey.count; i++) {
		const struct found *f = &survey.items[i];
		if (f->kind != FOUND_FILE || audit_names(&audit, f->path))
			continue;
		strbuf_addf(err, "'%s/%s' may belong to the damaged entry: move it out of the table first", store->url,
			f->path);
		r = -EEXIST;
	}
	survey_release(&survey);
	audit_release(&audit);
	return r;
}
