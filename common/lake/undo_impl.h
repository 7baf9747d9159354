/* Private to undo*.c. */
#ifndef WEIR_LAKE_UNDO_IMPL_H
#define WEIR_LAKE_UNDO_IMPL_H

#include "common/lake/undo.h"

/* How the files of an entry are there. */
struct undo_files {
	size_t staged, gone; /* gone: also one that has another size, or is no file */
	char *published;     /* one that has its final name, whatever it is, owned; NULL: none has */
};

/* Look at the files of ENTRY and add them up.  0, or an error of the store. */
int undo_files_look(
	struct store *store, const struct entry *entry, struct undo_files *files, struct strbuf *err) MUST_CHECK;

/* Whether the head of LOG, whose files are like that, can be undone: 0, -EINVAL or -EEXIST as of undo_head(). */
int undo_files_check(const struct log *log, const struct undo_files *files, struct strbuf *err) MUST_CHECK;

/* Remove what is left of the files of an entry, none of which has its final name.  0, or an error of the store. */
int undo_files_discard(struct store *store, const struct entry *entry, struct strbuf *err) MUST_CHECK;

/*
 * The entry can not be read: a file that no entry names may be one of its, with rows that readers have seen.  -EEXIST
 * names one; or an error of the store.
 */
int undo_files_strays(struct store *store, struct strbuf *err) MUST_CHECK;

#endif
