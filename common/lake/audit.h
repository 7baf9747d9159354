/*
 * Checks a raw table against its log: reads every entry of the log, every file that entries name, and everything else
 * in the table.  The checks that Delta tables share (audit_delta.h) are here, too.
 *
 * Layer: lake (uses log, snapshot, decode, layout).  Everything that is wrong is a finding, a sentence that is passed
 * to `find`.  When something cannot be examined, the error is passed to `fail`, and the audit goes on.  A table that is
 * written to at the same time gives no findings for that reason: survey first, then the log, then the files, then
 * survey again.
 */
#ifndef WEIR_LAKE_AUDIT_H
#define WEIR_LAKE_AUDIT_H

#include "common/lake/housekeeping.h"
#include "common/lake/log.h"

/* A range of offsets that successive commits have stored. */
struct audit_span {
	int64_t from, to;
	int64_t records; /* how many were read from there; -1: the log does not say */
};

/* A partition of a topic as a group has it in the table. */
struct audit_part {
	char *group, *topic;
	int32_t partition;
	int64_t next; /* offset, -1: no position */
	/* in the order of the commits; neighbouring ranges are joined, except those without gaps */
	struct audit_span *spans;
	size_t count, cap;
	int64_t moved, seen; /* the last version that moved it, and the last version that had it */
};

/* What the audit of a Delta table knows beside that (audit_delta.h). */
struct audit_delta {
	json_t *meta;     /* the newest metaData action, owned; NULL: none yet */
	char *misfit;     /* as in struct log_delta, with the version; owned; NULL: none */
	bool partial;     /* some files of the table are not known, because entries or a checkpoint cannot be read */
	uint64_t outside; /* files that others have added and that lie outside the table: they are not examined */
	json_t *spared;   /* name: true, of files that are named by absolute URIs (elsewhere.h) */
};

/* What audit_publish() has done. */
struct audit_published {
	size_t published, hidden; /* files */
};

struct audit {
	void (*find)(void *arg, const char *text);
	void (*fail)(void *arg, int code, const char *text);
	void *arg;
	uint64_t findings; /* so far */

	const char *dir;      /* of the log in the store */
	enum table_kind kind; /* of the table */
	int64_t version;      /* version of the newest entry that was read; -1: none */
	bool whole;           /* no entry is missing before the next one */
	struct audit_part *parts;
	size_t nparts, cap;
	json_t *index;   /* {GROUP:{TOPIC:{"0":number in parts}}} */
	json_t *state;   /* that of the newest entry that has one; NULL: none */
	json_t *files;   /* path: [add action, version], of all files that the table has */
	json_t *stages;  /* tag: add action, of all files that any entry names */
	json_t *removed; /* path: true, for files that an entry removes */
	json_t *asides;  /* path: [hidden name, version], of files that an entry puts together in others */
	json_t *txn_ids; /* id: version */
	json_t *own;     /* the last entry of ours that was read, as state_after() makes it; NULL: none */
	json_t *undone;  /* "version": true, of undone entries */
	json_t *beside;  /* name: true, for files beside the log that were examined */
	int64_t floor;   /* the log begins with this version: older contents are in an inventory, or no longer known */
	struct survey last_look;
	struct audit_delta delta;
};

/* FIND and FAIL are called with ARG; texts do not end with a line feed, but may hold any byte. */
void audit_init(struct audit *audit, void (*find)(void *arg, const char *text),
	void (*fail)(void *arg, int code, const char *text), void *arg);
void audit_release(struct audit *audit);

/* Report a finding. */
void audit_find(struct audit *audit, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Report TEXT, of the error CODE: -EBADMSG is a finding, any other one a failure. */
void audit_judge(struct audit *audit, int code, const struct strbuf *text);

/*
 * Read all entries of the log of a raw table in STORE that are kept, and the files beside the log.  -ENOENT with the
 * reason in ERR when there is no log, errors of store_list().
 */
int audit_log(struct audit *audit, struct store *store, struct strbuf *err) MUST_CHECK;

/* audit_entry.c: check one entry.  It must follow the one before it, except after audit_gap(). */
void audit_entry(struct audit *audit, int64_t version, const struct entry *entry);
void audit_gap(struct audit *audit);

/* The versions FROM to TO are missing, which is a finding. */
void audit_missing(struct audit *audit, int64_t from, int64_t to);

/*
 * audit_undo.c: undone entries.  audit_undone_find() finds them in all of NAMES, which are sorted, before any entry is
 * checked.
 */
void audit_undone_find(struct audit *audit, const struct log *log, const struct names *names);
bool audit_undone(const struct audit *audit, int64_t version);
/* Note the file names of an undone entry; everything else in it is ignored. */
void audit_undone_entry(struct audit *audit, int64_t version, const struct entry *entry);

/*
 * audit_beside.c: check the files beside the log that the state of ENTRY, the next entry, names: they exist and are
 * unchanged, and an inventory has the same files as the entries.
 */
void audit_beside(struct audit *audit, const struct log *log, int64_t version, const struct entry *entry);
/* Note the files of the inventory of audit->floor, whose entry has just been read. */
void audit_begin(struct audit *audit, const struct log *log);

/*
 * Note the action ADD of VERSION; returns the number of its records, -1 when that is not known.  NAME is the name of
 * the entry, for findings.  COLUMNS, an array, are the partition columns that ADD must have; NULL: any.
 */
int64_t audit_add(struct audit *audit, int64_t version, const char *name, json_t *add, json_t *columns);

/*
 * Note that the action REMOVE of VERSION, the entry NAME, takes a file out; returns the number of its records, -1 when
 * that is not known.
 */
int64_t audit_remove(struct audit *audit, int64_t version, const char *name, json_t *remove);

/* audit_parts.c: check the positions that ENTRY of VERSION, called NAME, has and moves. */
void audit_positions(struct audit *audit, int64_t version, const char *name, const struct entry *entry);

/* The partition whose positions are transactions of APP_ID; NULL: none such is known, or it is not one of ours. */
struct audit_part *audit_part_of(const struct audit *audit, const char *app_id);

/* A checkpoint, from which the audit begins, has the transaction APP_ID at NEXT: a position, if it is one of ours. */
void audit_begin_part(struct audit *audit, const char *app_id, json_t *next);

/*
 * Check the files of the table: they exist and have the right size and, unless QUICK, can be read and have the right
 * number of records.  A stage that is not published yet is not a finding while its writer lives, nor when the writer
 * belongs to another machine and the stage has changed since BEFORE_MS.
 */
void audit_files(struct audit *audit, struct store *store, bool quick, int64_t before_ms);

/*
 * Publish the files that entries name and that are only staged, after those that they replace were set aside.
 * Errors of store_publish() and store_set_aside().
 */
int audit_publish(struct audit *audit, struct store *store, struct audit_published *ret, struct strbuf *err) MUST_CHECK;

/*
 * Look for files that belong to no commit.  FIRST was made before audit_log(), SECOND is made now: only files in both
 * are reported. A file of another machine's writer is reported only when it has not changed since BEFORE_MS.
 */
void audit_rest(struct audit *audit, struct store *store, const struct survey *first, const struct survey *second,
	int64_t before_ms);

/*
 * Whether F counts as left behind; BEFORE is the same path in the survey before, or NULL.  Then audit_find_left()
 * reports it.
 */
bool audit_is_left(const struct audit *audit, const struct found *before, const struct found *f, int64_t before_ms);
void audit_find_left(struct audit *audit, const struct found *f);

/* Whether any entry names PATH, as a file or as a stage. */
bool audit_names(const struct audit *audit, const char *path);
/*
 * Whether the stage TAG must be kept: an entry names it, and its file does not exist.  If the file exists, the stage
 * was removed before, and a request that arrived late has created it again.
 */
bool audit_needs(const struct audit *audit, struct store *store, const char *tag);

#endif
