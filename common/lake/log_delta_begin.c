/*
 * Where reading the log of a Delta table begins: see log.h.
 *
 * Others write entries there, too, and remove old ones, so reading begins at our newest entry, which holds the whole
 * state.  When all of our entries are gone, it begins at a checkpoint (log_resume.c).
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/lake/json_in.h"
#include "common/lake/log.h"

/*
 * The oldest and the newest version in the directory, -1 for none; -EBADMSG when there are gaps between them, or when
 * only checkpoints are left.
 */
static int newest(const struct log *log, int64_t *ret_first, int64_t *ret_last, struct strbuf *err)
{
	struct names names = {0};
	int64_t first = -1, last = -1, count = 0;
	bool checkpoint = false;
	int r = store_list(log->store, log->dir, &names, err);
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		int64_t version = log_version_of(names.items[i]);
		checkpoint |= version < 0 && strstr(names.items[i], ".checkpoint.");
		if (version < 0)
			continue;
		first = first < 0 || version < first ? version : first;
		last = version > last ? version : last;
		count++;
	}
	names_release(&names);
	if (r == 0 && count && count != last - first + 1) {
		strbuf_addf(err,
			"the log '%s' of '%s' has gaps: %" PRId64 " entries from version %" PRId64 " to %" PRId64,
			log->dir, log->store->url, count, first, last);
		return -EBADMSG;
	}
	if (r == 0 && !count && checkpoint) {
		strbuf_addf(err, "the log '%s' of '%s' has a checkpoint and no entry", log->dir, log->store->url);
		return -EBADMSG;
	}
	*ret_first = first;
	*ret_last = last;
	return r;
}

/*
 * Whether VERSION is an entry of ours.  Between one of ours and the one that it follows there are foreign ones only; of
 * these the last is looked at, which finds the copy of an entry that was put over the newest one.
 */
static bool is_ours(const struct log *log, int64_t version)
{
	struct strbuf ignored = STRBUF_INIT;
	struct entry entry;
	bool ours = log_read(log, version, &entry, &ignored) == 0;
	strbuf_release(&ignored);
	if (ours) {
		ours = entry_state(&entry);
		entry_release(&entry);
	}
	return ours;
}

/*
 * Check the entry that ENTRY, one of ours, follows: -EBADMSG when another writer has overwritten it, which happens if a
 * writer does not make sure that a version is free.  If it is gone, others have removed it, which is allowed.
 */
static int check_after(const struct log *log, const struct entry *entry, int64_t version, struct strbuf *err)
{
	json_t *after = state_after(entry_state(entry));
	int64_t before = number_in(after, "version");
	struct strbuf ignored = STRBUF_INIT;
	struct entry last;
	if (!after)
		return 0;
	int r = before < 0 || before >= version ? -EBADMSG : log_read(log, before, &last, &ignored);
	strbuf_release(&ignored);
	if (r == -ENOENT)
		return 0;
	json_t *own = r == 0 ? entry_own(&last, before) : NULL;
	bool same = own && json_equal(own, after);
	json_decref(own);
	if (r == 0)
		entry_release(&last);
	if (same && before + 1 < version && is_ours(log, version - 1))
		return log_not_following(log, version, err);
	if (same)
		return 0;
	strbuf_addf(err,
		"version %" PRId64 " of the log of '%s' says that it follows version %" PRId64
		", but does not: it is a copy, or entries were overwritten",
		version, log->store->url, before);
	return -EBADMSG;
}

/*
 * Search backwards from VERSION for our newest entry: returns its version and the entry, or -1 when there is none;
 * -ENOENT when older entries were removed.
 */
static int step_back(const struct log *log, int64_t version, int64_t *ret, struct entry *entry, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = 0;
	for (*ret = -1; version >= 0; version--) {
		r = log_read(log, version, entry, &text);
		if (r < 0)
			break;
		if (entry_state(entry)) {
			*ret = version;
			break;
		}
		entry_release(entry);
	}
	if (r < 0 && r != -ENOENT)
		strbuf_addstr(err, text.s);
	strbuf_release(&text);
	return r;
}

/* Place LOG at ENTRY, our newest one, which is VERSION. */
static int begin_with(struct log *log, struct entry *entry, int64_t version, struct strbuf *err)
{
	int r = check_after(log, entry, version, err);
	if (r == 0)
		r = log_delta_load(log, entry, err);
	if (r == 0)
		log_advance(log, entry, version);
	else
		entry_release(entry);
	return r;
}

int log_delta_begin(struct log *log, int64_t hint, struct strbuf *err)
{
	struct entry entry;
	int64_t version = hint, first = -1, last = -1;
	uint64_t size;
	int r = 0;
	if (hint < 0 || log_entry_size(log, hint, &size) < 0)
		r = newest(log, &first, &version, err);
	if (r == 0)
		r = step_back(log, version, &version, &entry, err);
	if (r == -ENOENT) {
		r = newest(log, &first, &last, err);
		return r == 0 ? log_delta_resume(log, first, last, err) : r;
	}
	return r < 0 || version < 0 ? r : begin_with(log, &entry, version, err);
}
