/* What the files of the audit of Delta tables have in common: see audit_delta.h. */
#ifndef WEIR_LAKE_AUDIT_DELTA_IMPL_H
#define WEIR_LAKE_AUDIT_DELTA_IMPL_H

#include "common/lake/audit_delta.h"
#include "common/lake/delta_checkpoint.h"

/* --- audit_delta_take.c --- */

/* Note ADD, by others, of VERSION; it replaces what is known of the same file.  NAME: what has it, for findings. */
void audit_delta_add(struct audit *a, int64_t version, const char *name, json_t *add);

/* The log mentions the file of ACTION, which need not be in the table any more. */
void audit_delta_mention(struct audit *a, json_t *action);

/* --- audit_delta_checkpoint.c --- */

/*
 * The entries before FIRST were cleaned away: take in what the oldest checkpoint of LIST has, which are those of the
 * version before FIRST and of later ones.  a->floor is the version after it, or FIRST when there is none.
 */
void audit_delta_begin(struct audit *a, const struct log *log, int64_t first, const struct delta_checkpoints *list);

/* Check that the checkpoint WHICH, of the version that was just read, has the same files and positions. */
void audit_delta_compare(struct audit *a, const struct log *log, struct delta_checkpoint which);

#endif
