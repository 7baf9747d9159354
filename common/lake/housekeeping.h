/*
 * What only a local directory can give: locks that tell a dead writer from a living one, all that lies in the table,
 * directories that go with their last file.  A store that has none of that answers as if there were nothing to clean.
 *
 * Layer: lake (uses store).
 */
#ifndef WEIR_LAKE_HOUSEKEEPING_H
#define WEIR_LAKE_HOUSEKEEPING_H

#include "common/lake/store.h"

/* Whose stages may be cleaned away, beside those of writers of this machine that are dead. */
struct claim_rules {
	int64_t before_ms; /* only where nothing has changed since then; INT64_MAX: whenever it was */
	bool others;       /* the same for writers that this machine cannot ask */
	const char *host;  /* or NULL: of all writers of this host that are not known to live, however young */
};

/* Stages that such writers left and that are now ours to clean away. */
struct claim {
	struct names paths; /* their tags */
	struct names marks; /* of the writers */
};

/* What is in a table beside directories and log, as store_survey() finds it. */
struct found {
	char *path;
	enum found_kind {
		FOUND_FILE,  /* every program sees it, whoever wrote it */
		FOUND_STAGE, /* staged by a writer of ours */
		FOUND_TEMP,  /* what such a writer leaves in the log's directory when it is killed there */
		FOUND_MARK,  /* what marks such a writer */
		FOUND_ODD,   /* no regular file, where only such belong */
	} kind;
	enum found_owner {
		OWNER_NONE,      /* of stages and temps: no mark names their writer; of files: always */
		OWNER_ALIVE,     /* the writer runs */
		OWNER_DEAD,      /* the writer is dead */
		OWNER_ELSEWHERE, /* of another machine, or with a mark that cannot be read: nobody here can say */
	} owner;
	int64_t modified_ms; /* last change, since the epoch; 0 for files */
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
 * Look through the whole table.  What comes and goes meanwhile may be there or not; a writer that is just beginning
 * may look dead, so whoever acts on that looks twice.  After an error (the first one; ERR names all) RET holds the
 * rest; release it in any case.
 */
int store_survey(struct store *store, struct survey *ret, struct strbuf *err) MUST_CHECK;

/*
 * Find what dead writers have staged, and keep them from committing it, should they live after all.  The caller then
 * reads the log's head, publishes what it names, and calls store_end_claim(): with CLEAN the rest is deleted, since it
 * was committed before the head or never will be; without, it is left to the next one.  What may not be read or renamed
 * is passed over.
 */
int store_claim(struct store *store, const struct claim_rules *rules, struct claim *ret, struct strbuf *err) MUST_CHECK;
void store_end_claim(struct store *store, struct claim *claim, bool clean);
/* Leave the stage TAG alone when CLAIM ends. */
void claim_spare(struct claim *claim, const char *tag);

/* Nothing was committed: remove the directories that were made, where they are empty. */
void store_undo(struct store *store);

#endif
