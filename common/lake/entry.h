/*
 * One entry of a table's log: the JSON of a commit, in the form of Delta Lake's protocol.
 *
 * Layer: lake (uses base, chain of stream, jansson).  An entry is a file of lines, one action each:
 *     {"commitInfo":{…,"txnId":UUID,"weir":STATE}}     always first
 *     {"protocol":…} {"metaData":…}                    in the entry that creates the table
 *     {"txn":{"appId":"weir/GROUP/TOPIC/PARTITION","version":NEXT,…}}
 *     {"txn":{"appId":"weir/OLD/TOPIC/PARTITION","version":-1,…}}   in a Delta table: the group was renamed
 *     {"txn":{"appId":"weir-id/NAME","version":1,…}}   in a Delta table: an id, for those who read its checkpoints
 *     {"add":{"path":URI,"partitionValues":{…},"size":…,"stats":…,"tags":{"weir.stage":TAG},…}}
 * STATE is everything that a writer must know, so that it needs to read only the head:
 *     {"v":2,"actions":LINES,"table":UUID,"delim":"lf","columns":["dt"],"pattern":"dt=%F","zone":"UTC",
 *      "positions":{GROUP:{TOPIC:{"0":{"next":N,"cut":["16 hex",N],"last":{"ts":MS,"crc":"8 hex","offset":N}}}}},
 *      "parts":{GROUP:{TOPIC:N}},"ids":{NAME:MS},"id_files":[REF…],"inventory":REF,"floor":N,
 *      "next":{"version":N,"at":MS},"after":{"version":N,"txnId":UUID}}
 * `cut` names the run and the batch that moved the position to `next` (cut.h of stream); it is left out when a user has
 * moved the position.  `parts` is how many partitions a topic had when the group began to read it, by its first commit;
 * partitions with this number or a higher one came later.  `position_file`, for many positions, is described in
 * positions.h, `ids` and `id_files` in ids.h, `inventory`, `floor` and `next` in inventory.h, `meta` in log_delta.c.
 * `after` names the entry of ours that this one follows (absent in the first), so that a copy under another number, or
 * an entry that was overwritten, is detected.
 *
 * Beside STATE, commitInfo holds what only this commit has done, by TOPIC and "PARTITION" unless noted:
 *     "read":[FROM,TO,RECORDS]   a marked stream: the offsets [FROM,TO) held RECORDS records for the group
 *     "unchanged":true           (not by topic) no hop changed the number of records: there are as many rows
 *     "lost":[FROM,TO]           offsets that the topic had lost were skipped
 *     "moved":[FROM,TO]          a user moved the position (FROM null: there was none); "reason" is a string
 *     "renamed":[OLD,NEW]        (not by topic) the positions of the group OLD are NEW's from now on
 *     "undoes":[FIRST,LAST]      (not by topic) undone versions, LAST being the one before this: see undo.h
 *     "rewritten":true           (not by topic) the files that it adds have the records of those that it removes
 * A remove of a raw table has "tags":{"weir.aside":NAME}, the hidden name that the file gets before those that are
 * added are published, and the members of the add, so that it can be taken back.
 * `actions` counts the lines, so that an entry that was cut off between two of them is detected.
 */
#ifndef WEIR_LAKE_ENTRY_H
#define WEIR_LAKE_ENTRY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/stream/chain.h"

#define STATE_VERSION 2
#define TXN_GONE      (-1) /* the version of a transaction of ours, of a position that there is not any more */

/* Raw: records as they came, and only weir writes to the log.  Delta: Parquet, and the log is Delta Lake's. */
enum table_kind { TABLE_RAW, TABLE_DELTA };

/* The properties of a table, which are fixed when it is created. */
struct table {
	enum table_kind kind;
	char **columns; /* names of the partition columns; borrowed */
	size_t ncolumns;
	/* the pattern by which their values are made from times, and the zone; NULL without columns; borrowed */
	const char *pattern;
	const char *zone;
	char delim; /* the delimiter of its records: LF or NUL */
};

/* A file of a commit. */
struct lake_file {
	char *path;          /* path in the store */
	char *const *values; /* one per column, NULL for null */
	const char *tag;     /* needed to publish the file; NULL: it is published */
	uint64_t size, records;
	const char *stats; /* of a Delta table: the JSON object in `add`; NULL: only the number of records */
	int64_t began_ms;  /* when staging it began, by clock_boot_ms() */
	int64_t newest_ms; /* of a file that others were put together in: when the newest was committed; or 0 */
};

struct commit {
	const char *id; /* of --id, or NULL */
	const struct position *positions;
	size_t npositions;
	size_t nstay; /* after those, this many positions that stay where they are; only their cuts may change */
	struct lake_file *const *files;
	size_t nfiles;
	bool marked;                       /* from a marked stream: positions have `from` and `records` */
	bool unchanged;                    /* the files have as many records as were read */
	bool moved;                        /* nothing was read: lake-check --set-position moves the positions */
	bool undo;                         /* nothing was read, and these versions are undone */
	bool beside;                       /* allowed to commit a topic that the table holds for another group */
	const char *old_group, *new_group; /* nothing was read, and the positions of the old group are the new group's
					      from now on; or NULL */
	json_t *renamed; /* with these, in a Delta table: the positions of the old group, {TOPIC:{"PARTITION":…}}; set
			    by log_commit(); borrowed */
	int64_t undoes, undoes_last;
	/*
	 * For a Delta table: the actions that the entry must contain because the table is new or gets a new schema, or
	 * NULL; borrowed.  And the version since which the table has had the schema of the files (see log->delta);
	 * -1: the table is created by this commit.
	 */
	json_t *protocol, *meta;
	int64_t meta_version;
	/*
	 * With `undo`, `rewritten` or `expired`: the add actions whose files are removed, or NULL; borrowed.  With the
	 * last two, `since` is the version with which they were read.
	 */
	json_t *gone;
	int64_t since;
	json_t *back;       /* with `undo`: the add actions of files that are the table's again, or NULL; borrowed */
	bool rewritten;     /* nothing was read: the files have the records of those that are removed */
	bool expired;       /* nothing was read: the files are removed with their records */
	const char *reason; /* for `moved` and `undo`; or NULL */
};

/* A parsed entry. */
struct entry {
	json_t *info;            /* commitInfo, owned; NULL when there is none */
	json_t *adds;            /* array of the add actions, owned */
	json_t *removes;         /* array of the remove actions, owned */
	json_t *txns;            /* array of the txn actions, owned */
	json_t *protocol, *meta; /* these actions, owned; NULL: there is none */
};
void entry_release(struct entry *entry);

/*
 * Parse the text of the entry called NAME.  -EBADMSG when it is not an entry, is cut off, or has a state_fault().
 * Unknown actions are ignored.
 */
int entry_parse(const struct strbuf *text, const char *name, struct entry *ret, struct strbuf *err) MUST_CHECK;

/* STATE of the entry, borrowed; NULL when a foreign writer wrote it. */
json_t *entry_state(const struct entry *entry);

/* {"version":VERSION,"txnId":UUID}, by which our next entry names ENTRY (state_after()); owned by the caller. */
json_t *entry_own(const struct entry *entry, int64_t version);

/* The txnId, "" when there is none; borrowed. */
const char *entry_txn_id(const struct entry *entry);

/* The first version that the entry undoes, being VERSION itself; -1 when it undoes none. */
int64_t entry_undoes(const struct entry *entry, int64_t version);

/*
 * What is wrong with STATE (which may be NULL), in words; NULL: nothing.  A writer that continued from a faulty state
 * would change the table's properties, or begin again at positions that the table has passed.
 */
const char *state_fault(json_t *state);

/* {"version":N,"txnId":UUID} of our entry that STATE (may be NULL) follows; NULL: none; borrowed. */
json_t *state_after(json_t *state);

/*
 * Append what the entry has committed, for a user who must find it again: "2 files, 30 rows; topic 't', partition 0,
 * offsets 10 to 39".
 */
void entry_describe(const struct entry *entry, struct strbuf *out);

/* numRecords of an add action's statistics, which are JSON in a string; -1: not known. */
int64_t add_records(json_t *add);

/* What is known of the last record of a partition: {"ts","crc","offset"}, borrowed; NULL: nothing. */
json_t *state_last(json_t *state, const char *group, const char *topic, int32_t partition);

/* The id of the table; NULL when STATE (may be NULL) has none. */
const char *state_table(json_t *state);

/* The delimiter of the table's records: LF or NUL; LF also when STATE (may be NULL) has none. */
char state_delim(json_t *state);

/*
 * A new state for TABLE, after OLD (NULL: none) and COMMIT; owned by the caller.  AFTER is the entry that it follows,
 * as state_after() makes it, or NULL.  ID is the id of the table; NULL: that of OLD, or a new one.  The ids of commits
 * are not set here: see ids.h.
 */
json_t *state_next(json_t *old, const struct table *table, const char *id, const struct commit *commit, json_t *after);

/* The next offset of a partition, -1 when STATE (may be NULL) has none. */
int64_t state_position(json_t *state, const char *group, const char *topic, int32_t partition);

/*
 * The cut of that position; it is not known when STATE (may be NULL) has no position, or when no run has moved it
 * there.
 */
struct cut state_cut(json_t *state, const char *group, const char *topic, int32_t partition);

/* How many partitions TOPIC had when GROUP began to read it, -1 when STATE (may be NULL) does not say. */
int32_t state_parts(json_t *state, const char *group, const char *topic);

/* Whether STATE (may be NULL) has a position of GROUP, of whatever topic. */
bool state_knows_group(json_t *state, const char *group);

/*
 * A group other than GROUP for which STATE (may be NULL) has a position of TOPIC, when it has none for GROUP; NULL when
 * there is no such group.  Borrowed.
 */
const char *state_other_group(json_t *state, const char *group, const char *topic);

/* The version before which entries are no longer needed (retire.h); 0 when STATE (may be NULL) has none. */
int64_t state_floor(json_t *state);

/* Append the text of an entry; CREATE: with the actions that create the table.  STATE's `actions` is set. */
int entry_write(struct strbuf *out, const struct table *table, const struct commit *commit, json_t *state,
	const char *txn_id, int64_t now_ms, bool create) MUST_CHECK;

#endif
