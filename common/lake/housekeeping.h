/*
 * Operations that only a local directory can offer: writers' locks, which distinguish a dead writer from a living one,
 * a listing of everything in the table, and the removal of directories that have become empty.  For a store without
 * these, the functions find nothing to clean.
 *
 * Layer: lake (uses store).
 */
#ifndef WEIR_LAKE_HOUSEKEEPING_H
#define WEIR_LAKE_HOUSEKEEPING_H

#include "common/lake/store.h"

/* Which writers' stages may be removed, in addition to those of dead writers of this machine. */
struct claim_rules {
	int64_t before_ms; /* only if nothing of theirs has changed since this time; INT64_MAX: whatever their age */
	bool others;       /* the same for writers whose state this machine cannot find out */
	/* or NULL: stages of all writers of this host that are not known to be alive, whatever their age */
	const char *host;
};

/* Stages that such writers have left, and that we have claimed for cleaning. */
struct claim {
	struct names paths; /* their tags */
	struct names locks; /* UUIDs of the writers */
};

/* What store_survey() finds in a table beside directories and the log. */
struct found {
	char *path;
	enum found_kind {
		FOUND_FILE,  /* a file that every reader sees, whoever wrote it */
		FOUND_STAGE, /* staged by a writer of ours */
		FOUND_ASIDE, /* hidden, because other files have its records now (aside.h) */
		FOUND_TEMP,  /* a temporary file of such a writer in the log's directory, left when it was killed there
			      */
		FOUND_LOCK,  /* the lock of such a writer (store_fs.h) */
		FOUND_ODD,   /* not a regular file, in a place where only regular files belong */
	} kind;
	enum found_owner {
		OWNER_NONE,  /* of stages and temps: no lock names their writer; of files: always */
		OWNER_ALIVE, /* the writer runs */
		OWNER_DEAD,  /* the writer is dead */
		/* it is on another machine, or its lock cannot be read, so its state is not known here */
		OWNER_ELSEWHERE,
	} owner;
	int64_t modified_ms; /* last change, of FOUND_ASIDE when it was hidden, since the epoch; INT64_MAX: not known */
};
struct survey {
	struct found *items; /* by path */
	size_t count, cap;
};
void survey_release(struct survey *survey);
/* The item PATH, NULL when there is none; borrowed. */
const struct found *survey_find(const struct survey *survey, const char *path);

struct housekeeping {
	int (*survey)(struct store *store, struct survey *ret, struct strbuf *err);
	int (*claim)(struct store *store, const struct claim_rules *rules, struct claim *ret, struct strbuf *err);
	void (*end_claim)(struct store *store, struct claim *claim, bool clean);
	void (*undo)(struct store *store);
};

/*
 * Survey the whole table.  Files that appear or disappear meanwhile may be listed or not.  A writer that is just
 * starting may look dead, so a caller that acts on the result must survey twice.  After an error (the first one; ERR
 * names all) RET holds the rest; release it in any case.
 */
int store_survey(struct store *store, struct survey *ret, struct strbuf *err) MUST_CHECK;

/*
 * Find the stages of dead writers, and prevent these writers from committing them, in case they live after all.  The
 * caller then reads the log's head, publishes the stages that it names, and calls store_end_claim().  With CLEAN this
 * deletes the other stages, which were committed before the head or never will be; without CLEAN they are left to the
 * next claim.  Files that may not be read or renamed are skipped.
 */
int store_claim(struct store *store, const struct claim_rules *rules, struct claim *ret, struct strbuf *err) MUST_CHECK;
void store_end_claim(struct store *store, struct claim *claim, bool clean);
/* Keep the stage TAG when CLAIM ends. */
void claim_spare(struct claim *claim, const char *tag);

/* Nothing was committed: remove the directories that were made for it, if they are empty. */
void store_undo(struct store *store);

#endif
