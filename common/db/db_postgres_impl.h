/* Private to db_postgres*.c. */
#ifndef WEIR_DB_POSTGRES_IMPL_H
#define WEIR_DB_POSTGRES_IMPL_H

#include <postgresql/libpq-fe.h>

#include "common/db/db.h"
#include "common/io/watch.h"

struct db_postgres {
	struct db db;
	PGconn *conn;
	struct watch *watch; /* every call of libpq that waits stands between postgres_wait() and postgres_waited() */
	int64_t timeout_ms;
	bool silent;    /* the server gave no answer, and the connection was shut down */
	bool read_only; /* the server takes no writes: the next transaction needs a new connection, maybe to another one
			 */
};

/*
 * A call that waits for WHAT begins: a statement, usually.  BRIEF: the server has pg->timeout_ms to answer, and a
 * little more, so that its own limit for locks comes first; else it may work as long as it likes.
 */
void postgres_wait(struct db_postgres *pg, const char *what, bool brief);
void postgres_waited(struct db_postgres *pg);

/*
 * What went wrong, with "PostgreSQL: " and the server's words in ERR.  RESULT may be NULL: the connection's message.
 * -EAGAIN: the whole transaction may be tried again; else the errors of db.h.
 */
int postgres_failed(struct db_postgres *pg, const PGresult *result, struct strbuf *err) MUST_CHECK;

/*
 * The row, from 0, that the CONTEXT of an error of a COPY into TABLE is about: "COPY t, line 5, column x".  UINT64_MAX:
 * it names none, as where the error is one of a trigger's own statements, or the server speaks another language.
 */
uint64_t postgres_copy_row(const char *context, const char *table) MUST_CHECK;

/* Run a statement without parameters and without an answer. */
int postgres_run(struct db_postgres *pg, const char *sql, struct strbuf *err) MUST_CHECK;

/* The same for one that handles many rows: it may last. */
int postgres_work(struct db_postgres *pg, const char *sql, struct strbuf *err) MUST_CHECK;

/* Those of struct db_ops. */
int postgres_query(struct db *db, const char *sql, const char *const *params, size_t count, struct db_answer *ret,
	struct strbuf *err) MUST_CHECK;
void postgres_quote(const char *name, struct strbuf *out);
int postgres_find(struct db *db, const char *name, struct db_table *ret, struct strbuf *err) MUST_CHECK;
int postgres_lock(struct db *db, const struct db_table *table, struct strbuf *err) MUST_CHECK;
int postgres_tag(struct db *db, struct db_table *table, struct strbuf *err) MUST_CHECK;
void postgres_add_type(const struct schema_field *field, struct strbuf *out);
int postgres_encode(struct db_column *column, const struct value *v, struct strbuf *out, const char **why) MUST_CHECK;
int postgres_check(struct db *db, const struct db_plan *plan, struct strbuf *err) MUST_CHECK;
int postgres_put(struct db *db, const struct db_plan *plan, struct db_batch *batch, struct strbuf *err) MUST_CHECK;

/* Whether the rows of PLAN go by way of a temporary table. */
bool postgres_is_staged(const struct db_plan *plan);

/*
 * Append the statements that make it, delete the rows of the keys that are deleted in it, and put its rows into the
 * table: together what each of its rows would have done in a transaction of its own.  REMOVE only if PLAN has deletes.
 */
void postgres_stage(const struct db_plan *plan, struct strbuf *create, struct strbuf *remove, struct strbuf *move);

/* Set the kind of a column by the oid and the modifier of its type. */
void postgres_kind(unsigned oid, int modifier, struct db_column *ret);

/*
 * Append the cell of a numeric for the decimal number in the LEN bytes at S.  -EINVAL or -ERANGE with *WHY when it is
 * not one, or does not fit into PRECISION (0: any) and SCALE.
 */
int postgres_numeric(
	const char *s, size_t len, unsigned precision, unsigned scale, struct strbuf *out, const char **why) MUST_CHECK;

#endif
