/*
 * The commit log of a table: which files it has, and how far each topic was read, in a total order.
 *
 * Layer: lake (uses store, entry).  A commit is the creation of `_weir_log/%020d.json`, in which only one writer can
 * succeed for each version: a writer that loses reads the other's entry, checks again, and tries the next version.
 * Files are staged before they are committed and published after it; the writer of version N+1 first publishes the
 * files that are left of N, so that only the head can be incomplete.
 *
 * A version that was once committed is never free again: old entries are emptied (retire.h), and keep their names.
 *
 * The log of a Delta table is in `_delta_log`, and others write to it, too (log_delta.c).  Its files are published
 * before they are committed, and its entries are never emptied by us; others may remove old ones.
 */
#ifndef WEIR_LAKE_LOG_H
#define WEIR_LAKE_LOG_H

#include "common/lake/entry.h"
#include "common/lake/store.h"

#define LOG_RAW       "_weir_log"
#define LOG_DELTA     "_delta_log"
#define LOG_ENTRY_MAX (UINT64_C(1) << 26) /* limit of an entry in bytes, because it is read as a whole */
#define LOG_EVERY     256                 /* at least this many versions from one inventory to the next */
#define LOG_KEPT_MS   (INT64_C(7) * 86400 * 1000)
#define LOG_STAGE_MS  (INT64_C(12) * 3600 * 1000)

/* What the log of a Delta table has in addition to the state; not used for raw tables. */
struct log_delta {
	json_t *protocol, *meta; /* the newest actions of these kinds, owned; NULL: none yet */
	int64_t version;         /* version of the entry with the newer of the two, or an earlier one; -1: none yet */
	bool saved;              /* the file beside the log that the state names contains both */
	/*
	 * Why the positions in the state do not fit the contents of the table, because of a foreign entry after our
	 * newest one; owned; NULL: they fit.
	 */
	char *misfit;
};

struct log {
	struct store *store; /* borrowed */
	const char *dir;     /* directory of the log in the store */
	enum table_kind kind;
	struct log_delta delta;
	struct table table; /* the table that the writer expects; borrowed */
	bool writer;
	int64_t version; /* of the head, -1: there is no entry yet */
	struct entry head;
	json_t *state;  /* of the head or the nearest entry before it that has one; owned; NULL: none */
	json_t *own;    /* that entry in the form of state_after(); owned; NULL: none, or not known */
	bool published; /* the files that the head names are known to be published */
	bool hinted;    /* `_last` says that they are published: they must exist, and need not be synced */
	int64_t retire; /* entries before this version may be emptied once the head is published (retire.h) */
	int64_t inventory_every,
		keep_ms; /* versions from one inventory to the next; for how long entries are kept at least */
	/* in a remote store: the greatest age of stages that may be committed; much older ones count as abandoned */
	int64_t stage_ms;
};

/*
 * Read the head of STORE's log; TABLE is NULL for readers, who get a table of either kind.
 *
 * -EBADMSG when an entry is damaged, or the head does not follow the one before; -EINVAL when the table differs from
 * TABLE (another kind, other partition columns, another delimiter), or a Delta table is one that we cannot append to;
 * else errors of the store.  Release LOG in any case.
 */
int log_open(struct log *log, struct store *store, const struct table *table, struct strbuf *err) MUST_CHECK;
void log_release(struct log *log);

/* Go on to the current head, entry by entry; or in one step if entries in between are gone. */
int log_refresh(struct log *log, struct strbuf *err) MUST_CHECK;

/*
 * Publish the files that the head names, unless they are known to be published.  Errors of store_publish(); -EBADMSG
 * when a file is gone, and then only undo.h helps.
 */
int log_publish(struct log *log, struct strbuf *err) MUST_CHECK;

/*
 * Prepare to write: claim the stages of dead writers, publish the head, clean up.  Leaves LOG at the head.  Errors as
 * for log_refresh() and log_publish().
 */
int log_recover(struct log *log, struct strbuf *err) MUST_CHECK;

/*
 * Commit; its files are sealed and synced.  Afterwards LOG is at the new head and the files
 * are not published yet.
 *
 *   -EALREADY      its id was committed before: there is nothing to do; discard
 *   -EBADMSG       it is not known whether the id was committed before: a file of ids is gone or was changed
 *   -ESTALE        a position is not the one on which the commit builds (another process owns the partition), or the
 *   topic had another number of partitions when its group began: discard
 *   -EINVAL        the table holds the topic for another group, or the renaming of groups is impossible: discard
 *   -EILSEQ        a group, topic, id or value is not UTF-8
 *   -EMSGSIZE      the entry would have more than LOG_ENTRY_MAX bytes
 *   -EAGAIN        what it has staged is gone: another process considered this writer dead; or, in a remote store,
 * it is so old that another process may do that; or what it removes was changed since it was read
 *   STORE_UNKNOWN  it may be committed or not: nothing may be discarded
 *   other          as for log_refresh(), log_publish() and store_put_if_absent(): not committed
 */
int log_commit(struct log *log, const struct commit *commit, struct strbuf *err) MUST_CHECK;

/*
 * Whether a commit for GROUP and TOPIC would be accepted at the current head: -EINVAL, with the reason in ERR, when the
 * table holds the topic for another group and not for this one.
 */
int log_check_group(const struct log *log, const char *group, const char *topic, struct strbuf *err) MUST_CHECK;

/* commit_check.c: check that COMMIT is still valid on the current head: its positions, group and id.  Errors as for
 * log_commit().
 */
int log_check_commit(const struct log *log, const struct commit *commit, struct strbuf *err) MUST_CHECK;

/* --- log_names.c: the directory of the log --- */

/* Name of an entry, relative to the store. */
void log_entry_name(const struct log *log, int64_t version, struct strbuf *ret);

/* The size of an entry in bytes, 0 when it was emptied.  Errors of store_size(), without a message. */
int log_entry_size(const struct log *log, int64_t version, uint64_t *ret) MUST_CHECK;

/* The highest version in the directory of the log, -1 for none, and how many there are.  Errors of store_list(). */
int log_highest(const struct log *log, int64_t *ret, int64_t *ret_count, struct strbuf *err) MUST_CHECK;

/* The kind of the table in STORE: raw, unless there is the log of a Delta table only.  Errors of store_list(). */
int log_find_kind(struct store *store, enum table_kind *ret, struct strbuf *err) MUST_CHECK;

/* There is no entry in the directory of LOG: returns -ENOENT, with the text in ERR. */
int log_missing(const struct log *log, struct strbuf *err) MUST_CHECK;

/* The version of the entry with this name in the directory of the log, -1 for other files. */
int64_t log_version_of(const char *name);

/*
 * The version that `_last` names, -1 for none: there may be later ones.  *RET_PUBLISHED (may be NULL) says whether its
 * files are published, by `_last`.
 */
int64_t log_hint(const struct log *log, bool *ret_published);

/* --- entries --- */

/* Parse the TEXT of an entry called NAME, and read those of its positions that are in another file; -EBADMSG. */
int log_parse(const struct log *log, const struct strbuf *text, const char *name, struct entry *ret,
	struct strbuf *err) MUST_CHECK;

/* Read one entry; -ENOENT, -EBADMSG. */
int log_read(const struct log *log, int64_t version, struct entry *ret, struct strbuf *err) MUST_CHECK;

/* Whether ID has been committed by any entry up to the head: 1 or 0; -EBADMSG as above. */
int log_has_id(const struct log *log, const char *id, struct strbuf *err) MUST_CHECK;

/* log_table.c: -EINVAL, with the reason in ERR, when the table is not the one that the writer expects. */
int log_check_table(const struct log *log, struct strbuf *err) MUST_CHECK;

/* log_next.c: reading one entry after the other. */

/*
 * Read the entry that follows LOG's version: the next one or, when that is undone, the one that undoes it.  LOG does
 * not move; *ret_version is the entry's version.  -ENOENT at the end, with the reason in ERR as well; -EBADMSG when the
 * next entry is damaged or does not follow those before it, and nothing undoes it; -ENODATA when it was emptied.
 */
int log_next(const struct log *log, struct entry *ret, int64_t *ret_version, struct strbuf *err) MUST_CHECK;

/* Read the same entry, and make it the head of LOG.  Errors as for log_next(): LOG does not move. */
int log_step(struct log *log, struct strbuf *err) MUST_CHECK;

/* Whether ENTRY of VERSION can be the entry after LOG's; if not, log_not_following() says so: -EBADMSG. */
bool log_follows(const struct log *log, const struct entry *entry, int64_t version);

/*
 * The same for a LOG that was read before: entries of a Delta table may have been cleaned away since, and if all of
 * ours were, the next of ours has continued from a checkpoint (log_resume.c) and names none before it.
 */
bool log_continues(const struct log *log, const struct entry *entry, int64_t version);
int log_not_following(const struct log *log, int64_t version, struct strbuf *err);

/* The text for an entry that is needed and not there any more; the version and the table. */
#define LOG_GONE "the entry of version %" PRId64 " of '%s' is gone: what that version added can no longer be told"

/* log_read() and log_step() of an entry that exists as the log has later ones: -EBADMSG when it is gone. */
int log_read_known(const struct log *log, int64_t version, struct entry *ret, struct strbuf *err) MUST_CHECK;
int log_step_known(struct log *log, struct strbuf *err) MUST_CHECK;

/* The entry that undoes VERSION: returns its version, and puts the entry into RET; -1 when there is none. */
int64_t log_undoing(const struct log *log, int64_t version, struct entry *ret);

/*
 * The floor of the log, according to its newest entry that can be read: entries before that version may be gone.  0
 * when no entry has a floor.
 */
int64_t log_floor(const struct log *log);

/* Whether the entry VERSION, which cannot be read, lies before the floor, so that it is not needed. */
bool log_is_retired(const struct log *log, int64_t version);

/* Place LOG, which has not read any entry, before the oldest entry that is left. */
void log_begin(struct log *log);

/* Make ENTRY, which it takes, the head of LOG. */
void log_advance(struct log *log, struct entry *entry, int64_t version);
/* Adopt the state of ENTRY, if it has one. */
void log_adopt_state(struct log *log, const struct entry *entry, int64_t version);

/*
 * What differs in the log of a Delta table.
 *
 * log_delta_begin.c: place LOG, which has not read any entry, at our newest entry, or before the first entry.
 */
int log_delta_begin(struct log *log, int64_t hint, struct strbuf *err) MUST_CHECK;

/*
 * log_resume.c: all entries of LOG, from FIRST to LAST, are foreign, and those before were removed: place LOG before
 * FIRST, with the positions and ids of a checkpoint.  -EINVAL: there is no checkpoint that weir can read; -EBADMSG: it
 * is damaged.
 */
int log_delta_resume(struct log *log, int64_t first, int64_t last, struct strbuf *err) MUST_CHECK;

/* log_delta.c: ENTRY is LOG's new head: take over its protocol and schema, if it has them. */
void log_delta_adopt(struct log *log, const struct entry *entry, int64_t version);

/* Read protocol and schema from the file that the state of ENTRY names; ENTRY will be LOG's head. */
int log_delta_load(struct log *log, const struct entry *entry, struct strbuf *err) MUST_CHECK;

/*
 * -EINVAL, with the reason in ERR, when we cannot append to the table or, with POSITIONS, when the positions do not
 * fit.
 */
int log_delta_check(const struct log *log, bool positions, struct strbuf *err) MUST_CHECK;

/* -EAGAIN when COMMIT was prepared for a schema other than the table's. */
int log_delta_check_schema(const struct log *log, const struct commit *commit, struct strbuf *err) MUST_CHECK;

/* Since which version protocol and schema have been those of our newest entry; -1: there is no such entry. */
int64_t log_delta_committed(const struct log *log);

/*
 * Write protocol and schema beside the log, unless they are there, and name them in STATE, the state of the next entry.
 */
int log_delta_save(struct log *log, const struct commit *commit, json_t *state, struct strbuf *err) MUST_CHECK;

/*
 * Whether the entry VERSION, which existed, is gone: others have removed it, so there are later ones, and versions
 * after it may be free although they are below the head.
 */
bool log_delta_is_gone(const struct log *log, int64_t version);

void log_delta_release(struct log_delta *delta);

/*
 * commit.c: put TEXT as the version after VERSION.  0: we have created it; -EEXIST: that version is another writer's.
 */
int log_put(
	struct log *log, int64_t version, const struct strbuf *text, const char *txn_id, struct strbuf *err) MUST_CHECK;

#endif
