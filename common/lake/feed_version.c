/* The next version of a table: see feed_impl.h. */
#include <errno.h>
#include <inttypes.h>

#include "common/lake/changes.h"
#include "common/lake/feed_impl.h"

/* Read the entry after LOG's; as log_next().  In a Delta table only those of ours name the one before them. */
static int read_next(const struct feed *f, struct entry *ret, int64_t *ret_version, struct strbuf *err)
{
	if (f->log.kind == TABLE_RAW)
		return log_next(&f->log, ret, ret_version, err);
	*ret_version = f->log.version + 1;
	int r = log_read(&f->log, *ret_version, ret, err);
	if (r < 0)
		return r;
	r = feed_check(f, err);
	if (r == 0 && f->log.own && !log_continues(&f->log, ret, *ret_version))
		r = log_not_following(&f->log, *ret_version, err);
	if (r < 0)
		entry_release(ret);
	return r;
}

/*
 * Whether ENTRY undoes only what had no rows, such as a compaction, among the versions that were read before it.  An
 * entry that cannot be read was not read before, either.
 */
static bool undoes_no_rows(const struct feed *f, const struct entry *entry, int64_t version)
{
	struct strbuf ignored = STRBUF_INIT;
	int64_t first = entry_undoes(entry, version);
	bool none = first >= 0;
	for (int64_t v = first; none && v < version; v++) {
		struct entry undone;
		struct changes changes;
		if (log_read(&f->log, v, &undone, &ignored) < 0)
			continue;
		changes_find(&undone, &changes);
		none = !changes.removes && !json_array_size(changes.adds);
		changes_release(&changes);
		entry_release(&undone);
	}
	strbuf_release(&ignored);
	return none;
}

/* What ENTRY, the next one, removes: 0 when that is allowed, and V is what is to be read of it. */
static int judge(const struct feed *f, const struct entry *entry, struct feed_version *v, struct strbuf *err)
{
	struct changes changes;
	const char *id = NULL, *url = f->log.store->url;
	changes_find(entry, &changes);
	v->adds = json_incref(changes.adds);
	int r = 0;
	if (changes.removes && undoes_no_rows(f, entry, v->version)) {
		changes.removes = false;
		json_array_clear(v->adds);
	}
	if (changes_table(entry, f->table, &id)) {
		strbuf_addf(err, "version %" PRId64 " makes another table of '%s', with the id '%s'", v->version, url,
			id ? id : "");
		r = -EBADMSG;
	} else if (changes.removes && f->removal == FEED_REFUSE) {
		strbuf_addf(err,
			"version %" PRId64 " of '%s' removes or replaces records (%s): --on-change adds reads what it "
			"adds, --on-change skip nothing of it",
			v->version, url, changes.what);
		r = -EBADMSG;
	} else if (changes.removes) {
		v->left_out = changes.what;
		if (f->removal == FEED_SKIP)
			json_array_clear(v->adds);
	}
	changes_release(&changes);
	return r;
}

/* Make ENTRY, which it takes, the newest one that was read; V is what is read of it. */
static void take(struct feed *f, struct entry *entry, struct feed_version *v)
{
	v->id = f->last = changes_identity(entry, v->version);
	v->empty = !json_array_size(v->adds);
	log_advance(&f->log, entry, v->version);
	v->meta = json_incref(f->log.delta.meta);
}

/*
 * The file PATH of ENTRY is not there.  If ENTRY was undone, V covers the entry that undoes it, too, and has no rows:
 * 1; else as feed_missing().
 */
static int pass_undone(
	struct feed *f, struct entry *entry, const char *path, struct feed_version *v, struct strbuf *err)
{
	struct entry undo;
	int64_t later = f->log.kind == TABLE_RAW ? log_undoing(&f->log, v->version, &undo) : -1;
	if (later < 0)
		return feed_missing(f, v->version, path, err);
	entry_release(entry);
	*entry = undo;
	v->version = later;
	v->left_out = NULL;
	json_array_clear(v->adds);
	return 1;
}

int feed_next_version(struct feed *f, struct feed_version *ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT, path = STRBUF_INIT;
	struct entry entry;
	struct feed_version v = {0};
	int r = read_next(f, &entry, &v.version, &text);
	if (r == -ENODATA || (r == -ENOENT && f->newest > f->log.version)) {
		strbuf_clear(&text);
		strbuf_addf(&text, LOG_GONE, v.version, f->log.store->url);
		r = -EBADMSG;
	} else if (r == 0) {
		r = judge(f, &entry, &v, &text);
		if (r == 0 && f->log.kind == TABLE_DELTA)
			r = feed_delta_adopt(f, &entry, &text);
		if (r == 0)
			r = feed_complete(f, v.adds, &path, &text);
		if (r == 0)
			r = pass_undone(f, &entry, path.s, &v, &text);
		if (r > 0)
			take(f, &entry, &v);
		else
			entry_release(&entry);
	}
	if (r > 0)
		*ret = v;
	else
		feed_version_release(&v);
	strbuf_addstr(err, r == -ENOENT ? "" : text.s);
	strbuf_release(&text);
	strbuf_release(&path);
	return r == -ENOENT ? 0 : r;
}
