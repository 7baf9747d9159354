/* Undoing the newest entry of a log: see undo.h. */
#include "common/lake/undo_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/uuid.h"

void undo_release(struct undo *undo)
{
	entry_release(&undo->entry);
	json_decref(undo->state);
	*undo = (struct undo){0};
}

/* --- where the log stands ----------------------------------------------------------------------------------------- */

/* Read the log from its beginning up to the last entry that can be used; BEFORE stays one entry behind. */
static int walk(struct log *log, struct log *before, struct strbuf *err)
{
	int r;
	log_begin(log);
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
		log_adopt_state(before, &log->head, log->version);
		log_advance(log, &entry, version);
	}
	return r == -ENOENT || r == -EBADMSG ? 0 : r;
}

/* Check that the entries from FIRST to LAST can be given up: none after the first one is a readable commit. */
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

/* --- the entry that undoes it ------------------------------------------------------------------------------------- */

/* The state before the first entry: it has the table's properties, and no position. */
static json_t *state_of_nothing(json_t *first)
{
	static const char *const moving[] = {
		"positions", "position_file", "parts", "ids", "id_files", "inventory", "floor", "next", "after"};
	json_t *state = json_deep_copy(first);
	for (size_t i = 0; i < sizeof moving / sizeof *moving; i++)
		json_object_del(state, moving[i]);
	return state;
}

/* GONE and BACK are as in struct commit. */
static int put_undo(struct log *log, const struct undo *undo, json_t *after, const char *reason, json_t *gone,
	json_t *back, struct strbuf *err)
{
	char txn_id[UUID_LEN + 1];
	struct commit commit = {.undo = true,
		.undoes = undo->first,
		.undoes_last = undo->last,
		.gone = gone,
		.back = back,
		.reason = reason};
	struct strbuf text = STRBUF_INIT;
	int64_t now = clock_epoch_ms();
	int r = uuid_new(txn_id, err);
	if (r < 0)
		return r;
	json_t *state = state_next(undo->state, &log->table, NULL, &commit, after);
	r = entry_write(&text, &log->table, &commit, state, txn_id, now, false);
	json_decref(state);
	if (r < 0)
		strbuf_addstr(err, "the entry cannot be written as JSON");
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

/*
 * Write the entry.  LOG is at the last entry that stays valid, or one after it, which is undone->entry; VALID is there.
 */
static int write_undo(
	struct log *log, const struct undo *undo, struct log *valid, const char *reason, struct strbuf *err)
{
	json_t *gone = undo->entry.adds ? json_incref(undo->entry.adds) : json_array(), *back = json_array();
	int r = undo_files_back(valid, undo->entry.info ? &undo->entry : NULL, gone, back, err);
	if (r == 0)
		r = put_undo(log, undo, valid->own, reason, gone, back, err);
	json_decref(gone);
	json_decref(back);
	return r;
}

/* Find what to undo: LOG's head, if one of its files is gone, and the entries after it, which cannot be used. */
static int prepare(struct log *log, const struct log *before, struct undo *undo, struct strbuf *err)
{
	struct undo_files files = {0};
	bool damaged = log->version < undo->last;
	int r = log->version < 0 ? 0 : undo_files_examine(log->store, &log->head, &files, err);
	undo->first = log->version + !files.gone;
	if (r == 0 && !log->state) {
		strbuf_addf(err, "no entry of the log of '%s' before version %" PRId64 " can be read", log->store->url,
			undo->first);
		r = -EBADMSG;
	}
	if (r == 0 && (files.gone || !damaged))
		r = undo_files_check(log, &files, err);
	if (r == 0 && damaged)
		r = check_range(log, undo->first, undo->last, err);
	if (r == 0 && damaged)
		r = undo_files_strays(log->store, err);
	free(files.published);
	if (r < 0 || !files.gone) {
		undo->state = json_incref(log->state);
		return r;
	}
	undo->entry = log->head;
	log->head = (struct entry){0};
	undo->state = before->state ? json_incref(before->state) : state_of_nothing(log->state);
	return undo_files_discard(log->store, &undo->entry, err);
}

int undo_head(struct store *store, const char *reason, struct undo *ret, struct strbuf *err)
{
	struct log log = {.store = store, .dir = LOG_RAW, .version = -1};
	struct log before = log;
	*ret = (struct undo){0};
	json_set_alloc_funcs(xmalloc, free); /* so that NULL never means that there is no memory */
	int64_t count;
	int r = log_highest(&log, &ret->last, &count, err);
	if (r == 0 && ret->last < 0)
		r = log_missing(&log, err);
	if (r == 0)
		r = walk(&log, &before, err);
	if (r == 0)
		r = prepare(&log, &before, ret, err);
	if (r == 0)
		r = write_undo(&log, ret, ret->entry.info ? &before : &log, reason, err);
	log_release(&log);
	log_release(&before);
	return r;
}
