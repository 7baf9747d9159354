/*
 * Whether a table is what its log says: every entry of the log, every file that they name, everything else that lies
 * there.
 *
 * Layer: lake (uses log, snapshot, decode, layout).  What is wrong is a finding, a sentence for `find`; that something
 * could not be looked at goes to `fail` with its error, and the rest is looked at all the same.  A table that is
 * written meanwhile gives no findings by that: survey first, then the log, then the files, then survey again.
 */
#ifndef WEIR_LAKE_AUDIT_H
#define WEIR_LAKE_AUDIT_H

#include "common/lake/housekeeping.h"
#include "common/lake/log.h"

/* Offsets that commits took, one after the other. */
struct audit_span {
	int64_t from, to;
	int64_t records; /* read from there, -1: the log does not say */
};

/* A partition of a topic as a group has it in the table. */
struct audit_part {
	char *group, *topic;
	int32_t partition;
	int64_t next;             /* offset, -1: no position */
	struct audit_span *spans; /* in the order of the commits; neighbours are joined, those without gaps apart */
	size_t count, cap;
	int64_t moved, seen; /* the versions that moved it and had it last */
};

struct audit {
	void (*find)(void *arg, const char *text);
	void (*fail)(void *arg, int code, const char *text);
	void *arg;
	uint64_t findings; /* so far */

	int64_t version; /* of the newest entry that was read, -1: none */
	bool whole;      /* nothing is missing before the next entry */
	struct audit_part *parts;
	size_t nparts, cap;
	json_t *index;   /* {GROUP:{TOPIC:{"0":number in parts}}} */
	json_t *state;   /* of the newest entry that has one, NULL: none */
	json_t *files;   /* path: [add action, version], of all files that the table has */
	json_t *stages;  /* tag: true, of all files that any entry names */
	json_t *removed; /* path: true, of files that an entry takes out */
	json_t *txn_ids; /* id: version */
	json_t *own;     /* the entry of ours that was read last, as of state_after(); NULL: none */
	json_t *undone;  /* "version": true, of entries that count no more */
	json_t *beside;  /* name: true, of files beside the log that were looked at */
	int64_t floor;   /* the log begins with this version: what was before is in an inventory, or forgotten */
	struct survey last_look;
};

/* FIND and FAIL get ARG; texts have no line feed of ours at the end but may hold any byte. */
void audit_init(struct audit *audit, void (*find)(void *arg, const char *text),
	void (*fail)(void *arg, int code, const char *text), void *arg);
void audit_release(struct audit *audit);

/* A finding. */
void audit_find(struct audit *audit, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Read all entries of the log of STORE that are kept, and what lies beside them.  -ENOENT with words in ERR when there
 * is no log, errors of store_list().
 */
int audit_log(struct audit *audit, struct store *store, struct strbuf *err) MUST_CHECK;

/* Look at one entry, which follows the one before, or, after audit_gap(), does not. */
void audit_entry(struct audit *audit, int64_t version, const struct entry *entry);
void audit_gap(struct audit *audit);

/*
 * audit_undo.c: the entries that count no more.  audit_undone_find() reads through all of NAMES,
 * which are sorted, before any is looked at.
 */
void audit_undone_find(struct audit *audit, const struct log *log, const struct names *names);
bool audit_undone(const struct audit *audit, int64_t version);
/* Take in an entry that counts no more: nothing but the names of its files. */
void audit_undone_entry(struct audit *audit, int64_t version, const struct entry *entry);

/*
 * audit_beside.c: the files that the state of ENTRY, which comes next, names beside the log: there, as they were
 * written, and an inventory has the files that the entries have.
 */
void audit_beside(struct audit *audit, const struct log *log, int64_t version, const struct entry *entry);
/* Take in the files of the inventory of audit->floor, whose entry has just been read. */
void audit_begin(struct audit *audit, const struct log *log);

/* Take in ADD of VERSION; its records, -1 when they are not known.  NAME is that of the entry, for findings. */
int64_t audit_add(struct audit *audit, int64_t version, const char *name, json_t *add);

/* audit_parts.c: the positions that ENTRY of VERSION, called NAME, has and moves. */
void audit_positions(struct audit *audit, int64_t version, const char *name, const struct entry *entry);

/*
 * Look at the files of the table: there, of the size, and unless QUICK readable, with so many records.  What is staged
 * and not published is no finding while its writer lives, or belongs to another machine and has changed since
 * BEFORE_MS.
 */
void audit_files(struct audit *audit, struct store *store, bool quick, int64_t before_ms);

/*
 * Publish what is named and only staged.  *ret_count files were; errors of store_publish().
 */
int audit_publish(struct audit *audit, struct store *store, size_t *ret_count, struct strbuf *err) MUST_CHECK;

/*
 * Look for what belongs to no commit.  FIRST was made before audit_log(), SECOND now: only what is in both counts. What
 * belongs to writers of other machines counts when it has not changed since BEFORE_MS.
 */
void audit_rest(struct audit *audit, const struct survey *first, const struct survey *second, int64_t before_ms);

/* Whether any entry names PATH, as a file or as a stage. */
bool audit_names(const struct audit *audit, const char *path);

#endif
