/* Committing: see log.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/data/utf8.h"
#include "common/lake/ids.h"
#include "common/lake/inventory.h"
#include "common/lake/json_in.h"
#include "common/lake/log.h"
#include "common/lake/positions.h"
#include "common/base/uuid.h"

#define UNKNOWN_TRIES 3 /* how often to put the same entry while it is not known whether it exists */

static bool utf8(const char *s)
{
	return !s || utf8_valid(s, strlen(s));
}

/* JSON holds UTF-8 only; a name that is not UTF-8 would be left out silently. */
static bool names_ok(const struct log *log, const struct commit *commit)
{
	bool ok = utf8(commit->id) && utf8(commit->reason) && utf8(commit->old_group) && utf8(commit->new_group);
	for (size_t i = 0; ok && i < commit->npositions + commit->nstay; i++)
		ok = utf8(commit->positions[i].group) && utf8(commit->positions[i].topic);
	for (size_t i = 0; ok && i < commit->nfiles; i++)
		for (size_t j = 0; ok && j < log->table.ncolumns; j++)
			ok = utf8(commit->files[i]->values[j]);
	return ok;
}

/* Find out by reading who created version N: 0 we did, -EEXIST another writer did, STORE_UNKNOWN still not known. */
static int read_back(struct log *log, int64_t version, const char *txn_id, struct strbuf *err)
{
	struct entry entry;
	int r = store_sync(log->store, err);
	if (r == 0)
		r = log_read(log, version, &entry, err);
	if (r < 0)
		return STORE_UNKNOWN;
	r = strcmp(entry_txn_id(&entry), txn_id) == 0 ? 0 : -EEXIST;
	entry_release(&entry);
	return r;
}

int log_put(struct log *log, int64_t version, const struct strbuf *text, const char *txn_id, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	log_entry_name(log, version, &name);
	int r = STORE_UNKNOWN;
	bool unsure = false;
	for (int i = 0; r == STORE_UNKNOWN && i < UNKNOWN_TRIES; i++) {
		strbuf_clear(err);
		KILL_POINT("before-put");
		r = store_put_if_absent(log->store, name.s, text, err);
		KILL_POINT("after-put");
		if (r == STORE_UNKNOWN || (unsure && r < 0)) /* the conflict may be with our own earlier try */
			r = read_back(log, version, txn_id, err);
		unsure = true;
	}
	if (r == 0)
		strbuf_clear(err);
	strbuf_release(&name);
	return r;
}

static int too_long(size_t len, struct strbuf *err)
{
	strbuf_addf(err, "the entry of the commit would have %zu bytes, more than %" PRIu64, len, LOG_ENTRY_MAX);
	return -EMSGSIZE;
}

/*
 * Check that all stages of COMMIT still exist (or its files, if these need no publishing), because after the commit a
 * missing one cannot be replaced.
 */
static int check_stages(struct log *log, const struct commit *commit, struct strbuf *err)
{
	for (size_t i = 0; i < commit->nfiles; i++) {
		const struct lake_file *file = commit->files[i];
		const char *name = file->tag ? file->tag : file->path;
		uint64_t size = 0;
		int r = file->tag || log->kind == TABLE_DELTA ? store_size(log->store, name, &size, err) : -EALREADY;
		if (r == -EALREADY || (r == 0 && size == file->size))
			continue;
		if (r < 0 && r != -ENOENT)
			return r;
		strbuf_addf(err, "'%s/%s' is gone or was changed, before it could be committed: nothing is committed",
			log->store->url, name);
		return -EAGAIN;
	}
	return 0;
}

/*
 * In a remote store nobody can tell a dead writer from a slow one, so age decides: files that were staged long ago may
 * be removed by lake-check --clean, so they must no longer be committed.  This applies to each try to put the entry,
 * too.
 */
static int check_age(const struct log *log, const struct commit *commit, struct strbuf *err)
{
	int64_t before = clock_boot_ms() - log->stage_ms, *by = &log->store->put_by_ms;
	for (size_t i = 0; i < commit->nfiles; i++)
		if (!*by || commit->files[i]->began_ms + log->stage_ms < *by)
			*by = commit->files[i]->began_ms + log->stage_ms;
	/* in a Delta table, others clean up by age, too */
	bool matters = log->store->ops->remote || log->kind == TABLE_DELTA;
	for (size_t i = 0; matters && i < commit->nfiles; i++) {
		if (commit->files[i]->began_ms >= before)
			continue;
		strbuf_addf(err,
			"what is to be committed to '%s' was begun more than %" PRId64
			" hours ago, and may count as abandoned: nothing is committed",
			log->store->url, log->stage_ms / 3600000);
		return -EAGAIN;
	}
	return 0;
}

/* The state of the entry after the head; the files beside the log that it names are durable. */
static int state_of(struct log *log, const struct commit *commit, int64_t now, json_t **ret, struct strbuf *err)
{
	struct strbuf ignored = STRBUF_INIT;
	const char *id = log->kind == TABLE_DELTA ? text_in(commit->meta ? commit->meta : log->delta.meta, "id") : NULL;
	json_t *state = *ret = state_next(log->state, &log->table, id, commit, log->own);
	int r = ids_add((struct ids_place){log->store, log->dir}, state, commit->id, log->version + 1, now, err);
	if (r == 0)
		r = positions_fold(log->store, log->dir, state, log->version + 1, commit->npositions, err);
	if (r == 0 && log->kind == TABLE_DELTA)
		r = log_delta_save(log, commit, state, err);
	/*
	 * A failure is ignored, because without an inventory the log only grows: the next commit tries again, and
	 * lake-check shows the reason.
	 */
	if (r == 0 && inventory_due(log) && inventory_make(log, state, now, log->keep_ms, &ignored) < 0)
		strbuf_clear(&ignored);
	strbuf_release(&ignored);
	return r;
}

/*
 * TEXT is the entry after the head, and we have written it: move LOG to it without reading it back.  On failure LOG
 * does not move.
 */
static void advance(struct log *log, const struct strbuf *text)
{
	struct entry entry;
	struct strbuf name = STRBUF_INIT, ignored = STRBUF_INIT;
	log_entry_name(log, log->version + 1, &name);
	if (log_parse(log, text, name.s, &entry, &ignored) == 0)
		log_advance(log, &entry, log->version + 1);
	strbuf_release(&name);
	strbuf_release(&ignored);
}

/*
 * Put TEXT as the version after the head.  In a Delta table others may have removed that version long after it was
 * committed, while this process was stopped.  Then our entry lies below the head, where no reader sees it, and nothing
 * is committed.
 */
static int put_next(struct log *log, const struct strbuf *text, const char *txn_id, struct strbuf *err)
{
	int r = log_put(log, log->version + 1, text, txn_id, err);
	if (r < 0 || !log_delta_is_gone(log, log->version))
		return r;
	strbuf_addf(err, "the log of '%s' was cleaned up beyond version %" PRId64 " meanwhile: nothing is committed",
		log->store->url, log->version + 1);
	return -EAGAIN;
}

/* COMMIT with what the head has to tell for it. */
static struct commit completed(const struct log *log, const struct commit *commit)
{
	struct commit ret = *commit;
	if (commit->old_group && log->kind == TABLE_DELTA)
		ret.renamed = json_object_get(json_object_get(log->state, "positions"), commit->old_group);
	return ret;
}

/* Try once to commit as the version after the head. */
static int try_commit(struct log *log, const struct commit *commit, const char *txn_id, struct strbuf *err)
{
	log->store->put_by_ms = 0;
	int r = log_delta_is_gone(log, log->version) ? log_refresh(log, err) : 0;
	if (r == 0)
		r = log_check_commit(log, commit, err);
	if (r == 0)
		r = log_publish(log, err);
	if (r == 0)
		r = check_stages(log, commit, err);
	if (r == 0 && log->version < 0)
		r = store_prove(log->store, err);
	if (r == 0)
		r = check_age(log, commit, err);
	if (r < 0)
		return r;
	struct strbuf text = STRBUF_INIT;
	int64_t now = clock_epoch_ms();
	struct table table = log->table;
	table.kind = log->kind; /* a program that only moves positions has not named the table */
	struct commit whole = completed(log, commit);
	json_t *state = NULL;
	r = state_of(log, commit, now, &state, err);
	if (r == 0 && entry_write(&text, &table, &whole, state, txn_id, now, log->version < 0) < 0) {
		strbuf_addstr(err, "the entry of the commit cannot be written as JSON");
		r = -EILSEQ;
	}
	json_decref(state);
	if (r == 0 && text.len > LOG_ENTRY_MAX)
		r = too_long(text.len, err);
	else if (r == 0)
		r = put_next(log, &text, txn_id, err);
	log->store->put_by_ms = 0;
	if (r == 0)
		advance(log, &text);
	strbuf_release(&text);
	return r;
}

int log_commit(struct log *log, const struct commit *commit, struct strbuf *err)
{
	char txn_id[UUID_LEN + 1];
	if (!names_ok(log, commit)) {
		strbuf_addstr(err, "a name in the commit is not UTF-8");
		return -EILSEQ;
	}
	int r = uuid_new(txn_id, err);
	if (r < 0)
		return r;
	KILL_POINT("before-commit");
	do {
		int64_t before = log->version;
		r = try_commit(log, commit, txn_id, err);
		if (r == 0 || r == -EEXIST) { /* go on to the current head, which may be ours or another writer's */
			int at_head = log_refresh(log, err);
			if (at_head == 0 && log->version == before) {
				strbuf_addf(
					err, "version %" PRId64 " of the log exists, but cannot be found", before + 1);
				at_head = -EIO;
			}
			r = at_head < 0 ? (r == 0 ? STORE_UNKNOWN : at_head) : r;
		}
		if (r == -EEXIST)
			strbuf_clear(err); /* the next try will have its own reasons */
	} while (r == -EEXIST);
	KILL_POINT("committed");
	return r;
}
