/* Private to undo*.c. */
#ifndef WEIR_LAKE_UNDO_IMPL_H
#define WEIR_LAKE_UNDO_IMPL_H

#include "common/lake/undo.h"

/* The state of an entry's files. */
struct undo_files {
	size_t staged, gone; /* gone; this includes files of another size, and names that are not files */
	/* the path of one that has its final name, whatever kind of file it is, owned; NULL: none has it */
	char *published;
};

/* Examine the files of ENTRY and add them to the totals.  0, or an error of the store. */
int undo_files_examine(
	struct store *store, const struct entry *entry, struct undo_files *files, struct strbuf *err) MUST_CHECK;

/* Whether LOG's head, whose files are in the state FILES, can be undone: 0, -EINVAL or -EEXIST as undo_head() returns
 * them. */
int undo_files_check(const struct log *log, const struct undo_files *files, struct strbuf *err) MUST_CHECK;

/* Remove the remaining stages of an entry's files, none of which has its final name.  0, or an error of the store. */
int undo_files_discard(struct store *store, const struct entry *entry, struct strbuf *err) MUST_CHECK;

/*
 * For an entry that cannot be read: a file that no entry names may be one of its files, whose rows readers have seen.
 * -EEXIST, naming such a file; or an error of the store.
 */
int undo_files_strays(struct store *store, struct strbuf *err) MUST_CHECK;

/*
 * The files that ENTRY has removed and that are the table's again; without ENTRY, which cannot be read, those of VALID,
 * the log before it, that are hidden.  Their add actions are appended to BACK, with the hidden name as their stage, and
 * in the second case to GONE, too, because they are in a version before.
 */
int undo_files_back(
	struct log *valid, const struct entry *entry, json_t *gone, json_t *back, struct strbuf *err) MUST_CHECK;

#endif
