/*
 * Columns that are inferred from records: those of a new table (--create without --schema), and those of fields that a
 * table lacks (--on-new-field add).
 *
 * They are made at once, outside of the transaction of a commit.  So they stay when nothing is committed; a new column
 * is null in all rows then.
 */
#ifndef WEIR_DB_PUT_GROW_H
#define WEIR_DB_PUT_GROW_H

#include "take_impl.h"

/*
 * Make the table of the options for SCHEMA, with --key as its primary key.  Errors of db.h, -EINVAL: --key names no
 * column.
 */
int grow_create(struct db *db, const struct schema *schema, struct strbuf *err) MUST_CHECK;

/*
 * The table is there: choose its columns, and find out what the database remembers of it.  1: the id of --id is
 * committed already.
 */
int grow_settle(struct take *t, struct strbuf *err) MUST_CHECK;

/*
 * The LEN bytes at S are records of JSON, each ended by DELIM: infer columns of them, make the table or add those that
 * it lacks, and widen the rows that are held.  The reader of records has to be made again.
 */
int grow_json(struct take *t, const char *s, size_t len, char delim, struct strbuf *err) MUST_CHECK;

/* The same for the COUNT names of a header; all columns are text. */
int grow_names(struct take *t, const struct value *names, size_t count, struct strbuf *err) MUST_CHECK;

#endif
