/*
 * Pieces of SQL that all databases read in the same way.
 *
 * Layer: db (uses base).
 */
#ifndef WEIR_DB_SQL_H
#define WEIR_DB_SQL_H

#include "common/db/db.h"

/* Append NAME in double quotes, those in it doubled. */
void sql_add_name(struct strbuf *out, const char *name);

/*
 * Append the name that a user has written at *S, without its quotes if it has them, to NAME, and move *S behind it: up
 * to one of STOPS, or behind the quote that ends it.  False: its quote is never closed.
 */
bool sql_take_name(const char **s, const char *stops, struct strbuf *name) MUST_CHECK;

/*
 * Set the PARTS (1 or 2) of a table's name as a user writes it: `t`, `schema.t`, `"a.b".t`.  Only with 2 a point
 * outside of quotes divides it; of one part the first is empty.  A name whose quotes are not those of its parts, or one
 * of whose parts is empty, is taken as it is.
 */
void sql_split_table(const char *name, unsigned parts, struct strbuf *ret_schema, struct strbuf *ret_table);

/* Append S as a string constant, for statements that take no parameters.  S holds no NUL. */
void sql_add_string(struct strbuf *out, const char *s);

/* Append `"a", "b"`: the columns of PLAN; or only those of its key. */
void sql_add_columns(struct strbuf *out, const struct db_plan *plan);
void sql_add_key(struct strbuf *out, const struct db_plan *plan);

/* Append ` ON CONFLICT …`, as PLAN says; nothing when a conflict is an error. */
void sql_add_conflict(struct strbuf *out, const struct db_plan *plan);

/*
 * Append the CREATE TABLE of a table called QUOTED for SCHEMA, with the types of OPS, and KEY, a list of names
 * separated by commas, as its primary key (NULL: without one).
 */
void sql_add_create(struct strbuf *out, const struct db_ops *ops, const char *quoted, const struct schema *schema,
	char *const *key, size_t keys);

#endif
