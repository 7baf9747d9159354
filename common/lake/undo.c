/* Undoing the newest entry of a log: see undo.h. */
#include "common/lake/undo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/lake/audit.h"
#include "common/lake/snapshot.h"
#include "common/lake/uuid.h"

void undo_release(struct undo *undo)
{
	entry_release(&undo->entry);
	json_decref(undo->state);
	*undo = (struct undo){0};
}

/* --- where the log stands ----------------------------------------------------------------------------------------- */

/* The highest version in the directory of the log. */
static int newest(struct store *store, int64_t *ret, struct strbuf *err)
{
	struct names names = {0};
	*ret = -1;
	int r = store_list(store, LOG_RAW, &names, err);
	for (size_t i = 0; i < names.count; i++) {
		int64_t version = log_version_of(names.items[i]);
		*ret = version > *ret ? version : *ret;
	}
	names_release(&names);
	if (r == 0 && *ret < 0) {
		strbuf_addf(err, "'%s' is no table: it has no log", store->url);
		return -ENOENT;
	}
	return r;
}

/* Go through the log from its beginning, up to the last entry that can be used; BEFORE keeps the one ahead of it. */
static int walk(struct log *log, struct log *before, struct strbuf *err)
{
	int r;
	for (;;) {
		struct entry entry;
		int64_t version;
		struct strbuf text = STRBUF_INIT;
		r = log_next(log, &entry, &version, &text);
		if (r != 0 && r != -ENOENT && r != -EBADMSG)
			strbuf_addstr(err, text.s);
		strbuf_release(&text);
		if (r < 0)
			break;
		before->version = log->version;
		log_take_state(before, &log->head, log->version);
		log_advance(log, &entry, version);
	}
	return r == -ENOENT || r == -EBADMSG ? 0 : r;
}

/* Whether the entries from FIRST to LAST are such as can be given up: none after the first is a commit that can be
 * read. */
static int check_range(const struct log *log, int64_t first, int64_t last, struct strbuf *err)
{
	for (int64_t version = first + 1; version <= last; version++) {
		struct strbuf ignored = STRBUF_INIT;
		struct entry entry;
		int r = log_read(log, version, &entry, &ignored);
		strbuf_release(&ignored);
		bool commit = r == 0 && entry_undoes(&entry, version) < 0;
		if (r == 0)
			entry_release(&entry);
		if (commit) {
			strbuf_addf(err,
				"version %" PRId64 " of the log of '%s' is not the newest: version %" PRId64
				" would be lost with it",
				first, log->store->url, version);
			return -EBADMSG;
		}
	}
	return 0;
}

/* --- what the newest entry has left in the table ------------------------------------------------------------------ */

/* How the files of an entry are there. */
struct files {
	size_t staged, gone; /* gone: also one that has another size, or is no file */
	char *published;     /* one that has its final name, whatever it is, owned; NULL: none has */
};

/*
 * What is at PATH: 1 the file, 0 nothing; -EBADMSG something else, *ret_file whether it is a file at least.  What can
 * not be looked at may be there all the same: other errors, with words.
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

static int look_at_file(struct store *store, json_t *add, struct files *files, struct strbuf *err)
{
	struct snapshot_file file;
	bool is_file = false;
	int r = snapshot_file(add, &file, err), staged = 0;
	if (r < 0)
		return r;
	if (file.tag)
		r = staged = look_at_path(store, file.tag, file.size, &is_file, err);
	if (r >= 0 || r == -EBADMSG) /* the stage first: it may be published in between */
		r = look_at_path(store, file.path, file.size, &is_file, err);
	files->staged += staged == 1;
	files->gone += staged != 1 && r != 1;
	if (is_file && !files->published)
		files->published = xstrdup(file.path);
	free(file.path);
	return r >= 0 || r == -EBADMSG ? 0 : r;
}

static int look_at(struct store *store, const struct entry *entry, struct files *files, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < json_array_size(entry->adds); i++)
		r = look_at_file(store, json_array_get(entry->adds, i), files, err);
	return r;
}

/* Whether the head of LOG, whose files are like that, can be undone. */
static int check_files(const struct log *log, const struct files *files, struct strbuf *err)
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

/* Remove what is left of the files of an entry, none of which has its final name. */
static int discard_files(struct store *store, const struct entry *entry, struct strbuf *err)
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

/* The entry can not be read: a file that no entry names may be one of its, with rows that readers have seen. */
static int check_strays(struct store *store, struct strbuf *err)
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
		strbuf_addf(err, "'%s/%s' may be of the damaged entry: move it out of the table first", store->url,
			f->path);
		r = -EEXIST;
	}
	survey_release(&survey);
	audit_release(&audit);
	return r;
}

/* --- the entry that undoes it ------------------------------------------------------------------------------------- */

/* The state before the first entry: what the table is, and no position. */
static json_t *state_of_nothing(json_t *first)
{
	static const char *const moving[] = {"positions", "ids", "parts", "after"};
	json_t *state = json_deep_copy(first);
	for (size_t i = 0; i < sizeof moving / sizeof *moving; i++)
		json_object_del(state, moving[i]);
	return state;
}

static int write_undo(struct log *log, const struct undo *undo, json_t *after, const char *reason, struct strbuf *err)
{
	char txn_id[UUID_LEN + 1];
	struct commit commit = {.undo = true,
		.undoes = undo->first,
		.undoes_last = undo->last,
		.gone = undo->entry.adds,
		.reason = reason};
	struct strbuf text = STRBUF_INIT;
	int64_t now = clock_epoch_ms();
	int r = uuid_new(txn_id);
	if (r < 0) {
		strbuf_addf(err, "cannot get random numbers: %s", diag_strerror(r));
		return r;
	}
	json_t *state = state_next(undo->state, &log->table, &commit, after, now);
	r = entry_write(&text, &log->table, &commit, state, txn_id, now, false);
	json_decref(state);
	if (r < 0)
		strbuf_addstr(err, "the entry can not be written as JSON");
	else
		r = log_put(log, undo->last + 1, &text, txn_id, err);
	if (r == -EEXIST) {
		strbuf_clear(err);
		strbuf_addf(err, "another writer has committed version %" PRId64 " of '%s' meanwhile: look again",
			undo->last + 1, log->store->url);
		r = -ESTALE;
	}
	strbuf_release(&text);
	return r;
}

/* What is to be undone: LOG's head, if a file of it is gone, and what comes after, which can not be used. */
static int prepare(struct log *log, const struct log *before, struct undo *undo, struct strbuf *err)
{
	struct files files = {0};
	bool damaged = log->version < undo->last;
	int r = log->version < 0 ? 0 : look_at(log->store, &log->head, &files, err);
	undo->first = log->version + !files.gone;
	if (r == 0 && !log->state) {
		strbuf_addf(err, "no entry of the log of '%s' before version %" PRId64 " can be read", log->store->url,
			undo->first);
		r = -EBADMSG;
	}
	if (r == 0 && (files.gone || !damaged))
		r = check_files(log, &files, err);
	if (r == 0 && damaged)
		r = check_range(log, undo->first, undo->last, err);
	if (r == 0 && damaged)
		r = check_strays(log->store, err);
	free(files.published);
	if (r < 0 || !files.gone) {
		undo->state = json_incref(log->state);
		return r;
	}
	undo->entry = log->head;
	log->head = (struct entry){0};
	undo->state = before->state ? json_incref(before->state) : state_of_nothing(log->state);
	return discard_files(log->store, &undo->entry, err);
}

int undo_head(struct store *store, const char *reason, struct undo *ret, struct strbuf *err)
{
	struct log log = {.store = store, .dir = LOG_RAW, .version = -1};
	struct log before = log;
	*ret = (struct undo){0};
	json_set_alloc_funcs(xmalloc, free); /* so that NULL never means memory */
	int r = newest(store, &ret->last, err);
	if (r == 0)
		r = walk(&log, &before, err);
	if (r == 0)
		r = prepare(&log, &before, ret, err);
	if (r == 0)
		r = write_undo(&log, ret, ret->entry.info ? before.own : log.own, reason, err);
	log_release(&log);
	log_release(&before);
	return r;
}
