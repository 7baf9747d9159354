/* Publishing and recovering: see log.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/killpoint.h"
#include "common/lake/delta_left.h"
#include "common/lake/elsewhere.h"
#include "common/lake/housekeeping.h"
#include "common/lake/json_in.h"
#include "common/lake/log.h"
#include "common/lake/retire.h"
#include "common/lake/snapshot.h"

/* Publish the file of an add action; files of foreign writers have no stage. */
static int publish_add(struct log *log, json_t *add, struct strbuf *err)
{
	struct snapshot_file file;
	struct strbuf ignored = STRBUF_INIT;
	uint64_t size;
	if (log->kind == TABLE_DELTA && elsewhere_is(text_in(add, "path")))
		return 0; /* it is in another table */
	int r = snapshot_file(add, &file, err);
	if (r < 0)
		return r;
	/* store_publish() reports all other faults. */
	bool there = log->hinted && store_size(log->store, file.path, &size, &ignored) == 0 && size == file.size;
	if (file.tag && !there)
		r = store_publish(log->store, file.path, file.size, file.tag, err);
	strbuf_release(&ignored);
	free(file.path);
	return r;
}

/* Hide the file of a remove action; *RET_ANY: the entry gives it a hidden name. */
static int hide(struct log *log, json_t *action, bool *ret_any, struct strbuf *err)
{
	const char *aside = text_in(json_object_get(action, "tags"), "weir.aside");
	struct strbuf path = STRBUF_INIT;
	if (!aside)
		return 0;
	int r = snapshot_path(action, &path);
	if (r < 0)
		strbuf_addf(err, "version %" PRId64 " of '%s' removes a file without a path", log->version,
			log->store->url);
	else
		r = store_set_aside(log->store, path.s, aside, err);
	*ret_any = true;
	strbuf_release(&path);
	return r;
}

/* Hide the files that the head has put together in others, so that no reader of the directory sees records twice. */
static int hide_all(struct log *log, struct strbuf *err)
{
	bool any = false;
	int r = 0;
	for (size_t i = 0; r == 0 && log->kind == TABLE_RAW && i < json_array_size(log->head.removes); i++)
		r = hide(log, json_array_get(log->head.removes, i), &any, err);
	if (r == 0 && any)
		r = store_sync(log->store, err);
	if (any)
		KILL_POINT("set-aside");
	return r;
}

/* Write `_last`.  It is a hint, so errors are ignored. */
static void write_hint(struct log *log)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT, ignored = STRBUF_INIT;
	strbuf_addf(&name, "%s/_last", log->dir);
	strbuf_addf(&text, "{\"version\":%" PRId64 ",\"published\":true}\n", log->version);
	if (store_put(log->store, name.s, &text, &ignored) < 0)
		strbuf_clear(&ignored);
	strbuf_release(&name);
	strbuf_release(&text);
	strbuf_release(&ignored);
}

/*
 * Whether another writer has gone on from the head: it has published the head's files before, and since then they may
 * have been set aside, and removed.  False when it has undone the head.
 */
static bool has_follower(const struct log *log)
{
	struct strbuf ignored = STRBUF_INIT;
	struct entry entry;
	uint64_t size;
	bool follows = log_entry_size(log, log->version + 1, &size) == 0;
	if (follows && size) {
		follows = log_read(log, log->version + 1, &entry, &ignored) == 0;
		if (follows) {
			follows = entry_undoes(&entry, log->version + 1) < 0;
			entry_release(&entry);
		}
	}
	strbuf_release(&ignored);
	return follows;
}

int log_publish(struct log *log, struct strbuf *err)
{
	if (log->published || log->version < 0)
		return 0;
	if (log->kind == TABLE_RAW && json_array_size(log->head.removes) && has_follower(log)) {
		log->published = true;
		return 0;
	}
	int r = hide_all(log, err);
	for (size_t i = 0; r == 0 && i < json_array_size(log->head.adds); i++)
		r = publish_add(log, json_array_get(log->head.adds, i), err);
	if (r == 0)
		r = store_sync(log->store, err);
	if (r == -EBADMSG && has_follower(log)) {
		strbuf_clear(err);
		log->published = true;
		return 0;
	}
	if (r == -EBADMSG) {
		strbuf_addf(err, ", and so is version %" PRId64 " as a whole (", log->version);
		entry_describe(&log->head, err);
		strbuf_addstr(err, "): see --undo-head in weir-lake-check(1)");
	}
	if (r < 0)
		return r;
	KILL_POINT("published");
	log->published = true;
	if (!log->hinted)
		write_hint(log);
	log_retire(log);
	return 0;
}

/* Files of a Delta table that nobody commits any more are removed, like the stages of a raw table; what stays does no
 * harm. */
static void remove_left(const struct log *log, const struct claim *claim)
{
	struct names removed = {0};
	struct strbuf ignored = STRBUF_INIT;
	if (log->kind == TABLE_DELTA && delta_left_remove(log, claim, &removed, &ignored) < 0)
		strbuf_clear(&ignored);
	names_release(&removed);
	strbuf_release(&ignored);
}

int log_recover(struct log *log, struct strbuf *err)
{
	struct claim claim;
	int r = store_claim(log->store, &(struct claim_rules){.before_ms = INT64_MAX}, &claim, err);
	if (r < 0)
		return r;
	/*
	 * Not earlier, because the head must contain everything that a dead writer has committed.  If there are no dead
	 * writers, the head has just been read.
	 */
	if (claim.paths.count || claim.locks.count)
		r = log_refresh(log, err);
	if (claim.paths.count)
		log->published = false; /* before files are deleted, a hint is not enough */
	if (r == 0)
		r = log_publish(log, err);
	if (r == 0)
		remove_left(log, &claim);
	store_end_claim(log->store, &claim, r == 0);
	return r;
}
