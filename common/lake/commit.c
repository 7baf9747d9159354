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
#include "common/lake/log.h"
#include "common/lake/positions.h"
#include "common/lake/uuid.h"

#define UNKNOWN_TRIES 3 /* how often the same entry is put while it is not known whether it exists */

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

static int check_position(const struct log *log, const struct position *p, struct strbuf *err)
{
	int64_t next = state_position(log->state, p->group, p->topic, p->partition);
	int32_t parts = state_parts(log->state, p->group, p->topic);
	if (next != p->was) {
		strbuf_addf(err,
			"the lake is at offset %" PRId64 " of %s [%d] for group %s, not at %" PRId64
			": another writer has committed past it",
			next, p->topic, (int)p->partition, p->group, p->was);
		return -ESTALE;
	}
	if (p->has_parts && parts >= 0 && parts != p->parts) {
		strbuf_addf(err,
			"by the lake %s had %" PRId32 " partitions when group %s began, not %" PRId32
			": another pipeline has begun at the same time",
			p->topic, parts, p->group, p->parts);
		return -ESTALE;
	}
	return 0;
}

/* A second group reads its topic from its start: the table would hold every record twice. */
static int check_group(const struct log *log, const struct commit *commit, const struct position *p, struct strbuf *err)
{
	bool allowed = commit->beside || commit->moved;
	return allowed ? 0 : log_check_group(log, p->group, p->topic, err);
}

int log_check_group(const struct log *log, const char *group, const char *topic, struct strbuf *err)
{
	const char *other = state_other_group(log->state, group, topic);
	if (!other)
		return 0;
	strbuf_addf(err,
		"'%s' holds topic '%s' for group '%s'; a second group would store every record once more: go on with "
		"-g '%s', or rename that (weir lake-check --rename-group '%s' '%s' '%s'), or allow both (--also-group)",
		log->store->url, topic, other, other, other, group, log->store->url);
	return -EINVAL;
}

static int check_rename(const struct log *log, const struct commit *commit, struct strbuf *err)
{
	if (!state_knows_group(log->state, commit->old_group))
		strbuf_addf(err, "the table has no positions of group '%s'", commit->old_group);
	else if (state_knows_group(log->state, commit->new_group))
		strbuf_addf(err, "the table has positions of group '%s' already", commit->new_group);
	else
		return 0;
	return -EINVAL;
}

int log_has_id(const struct log *log, const char *id, struct strbuf *err)
{
	return ids_find((struct ids_place){log->store, log->dir}, log->state, id, err);
}

/* Check that COMMIT is still valid on the current head: its positions, group and id. */
static int check(struct log *log, const struct commit *commit, struct strbuf *err)
{
	int r = commit->id ? log_has_id(log, commit->id, err) : 0;
	if (r > 0) {
		strbuf_addf(err, "id '%s' has been committed before", commit->id);
		return -EALREADY;
	}
	if (r == 0 && commit->old_group)
		r = check_rename(log, commit, err);
	for (size_t i = 0; r == 0 && i < commit->npositions + commit->nstay; i++) {
		r = check_group(log, commit, &commit->positions[i], err);
		if (r == 0)
			r = check_position(log, &commit->positions[i], err);
	}
	return r;
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

/* Check that all stages of COMMIT still exist: once it is committed, a missing one cannot be repaired. */
static int check_stages(struct log *log, const struct commit *commit, struct strbuf *err)
{
	for (size_t i = 0; i < commit->nfiles; i++) {
		const struct lake_file *file = commit->files[i];
		uint64_t size = 0;
		int r = file->tag ? store_size(log->store, file->tag, &size, err) : -EALREADY;
		if (r == -EALREADY || (r == 0 && size == file->size))
			continue;
		if (r < 0 && r != -ENOENT)
			return r;
		strbuf_addf(err, "'%s/%s' is gone or was changed, before it could be committed: nothing is committed",
			log->store->url, file->tag);
		return -EAGAIN;
	}
	return 0;
}

/*
 * In a remote store nobody can tell a dead writer from a slow one, so age decides: what was staged long ago may be
 * removed by lake-check --clean, and is not committed any more.  This holds for each try to put the entry, too.
 */
static int check_age(const struct log *log, const struct commit *commit, struct strbuf *err)
{
	int64_t before = clock_boot_ms() - log->stage_ms, *by = &log->store->put_by_ms;
	for (size_t i = 0; i < commit->nfiles; i++)
		if (!*by || commit->files[i]->began_ms + log->stage_ms < *by)
			*by = commit->files[i]->began_ms + log->stage_ms;
	for (size_t i = 0; log->store->ops->remote && i < commit->nfiles; i++) {
		if (commit->files[i]->began_ms >= before)
			continue;
		strbuf_addf(err,
			"what is to be committed to '%s' was begun more than %" PRId64
			" hours ago, and may be taken for left behind: nothing is committed",
			log->store->url, log->stage_ms / 3600000);
		return -EAGAIN;
	}
	return 0;
}

/* The state of the entry after the head; the files beside the log that it names are durable. */
static int state_of(struct log *log, const struct commit *commit, int64_t now, json_t **ret, struct strbuf *err)
{
	struct strbuf ignored = STRBUF_INIT;
	json_t *state = *ret = state_next(log->state, &log->table, commit, log->own);
	int r = ids_add((struct ids_place){log->store, log->dir}, state, commit->id, log->version + 1, now, err);
	if (r == 0)
		r = positions_fold(log->store, log->dir, state, log->version + 1, commit->npositions, err);
	/* Without an inventory the log only grows: the next commit tries again, and lake-check says why. */
	if (r == 0 && inventory_due(log) && inventory_make(log, state, now, log->keep_ms, &ignored) < 0)
		strbuf_clear(&ignored);
	strbuf_release(&ignored);
	return r;
}

/* TEXT is the entry after the head, by our doing: go on to it, without reading it back.  On failure LOG does not move.
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

/* Try once to commit as the version after the head. */
static int try_commit(struct log *log, const struct commit *commit, const char *txn_id, struct strbuf *err)
{
	log->store->put_by_ms = 0;
	int r = check(log, commit, err);
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
	json_t *state = NULL;
	r = state_of(log, commit, now, &state, err);
	if (r == 0 && entry_write(&text, &log->table, commit, state, txn_id, now, log->version < 0) < 0) {
		strbuf_addstr(err, "the entry of the commit cannot be written as JSON");
		r = -EILSEQ;
	}
	json_decref(state);
	if (r == 0 && text.len > LOG_ENTRY_MAX)
		r = too_long(text.len, err);
	else if (r == 0)
		r = log_put(log, log->version + 1, &text, txn_id, err);
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
	int r = uuid_new(txn_id);
	if (r < 0) {
		strbuf_addf(err, "cannot get random numbers: %s", diag_strerror(r));
		return r;
	}
	KILL_POINT("before-commit");
	do {
		int64_t before = log->version;
		r = try_commit(log, commit, txn_id, err);
		if (r == 0 || r == -EEXIST) { /* go on to the head that is there now, ours or another's */
			int at_head = log_refresh(log, err);
			if (at_head == 0 && log->version == before) {
				strbuf_addf(err, "version %" PRId64 " of the log is there and is not", before + 1);
				at_head = -EIO;
			}
			r = at_head < 0 ? (r == 0 ? STORE_UNKNOWN : at_head) : r;
		}
		if (r == -EEXIST)
			strbuf_clear(err); /* the next try has reasons of its own */
	} while (r == -EEXIST);
	KILL_POINT("committed");
	return r;
}
