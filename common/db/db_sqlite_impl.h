/* Private to db_sqlite*.c. */
#ifndef WEIR_DB_SQLITE_IMPL_H
#define WEIR_DB_SQLITE_IMPL_H

#include <sqlite3.h>

#include "common/base/patience.h"
#include "common/db/db.h"

struct db_sqlite {
	struct db db;
	sqlite3 *handle;
	struct strbuf path;
	int64_t timeout_ms; /* for a lock that others hold */
	struct patience patience;
	void (*tell)(const char *line);
};

/* Turn RC, a result of SQLite that is an error, into -errno, with "SQLite: " and its words in ERR. */
int sqlite_failed(const struct db_sqlite *lite, int rc, struct strbuf *err) MUST_CHECK;

/* Prepare SQL; *RET is finalized by the caller. */
int sqlite_prepare(const struct db_sqlite *lite, const char *sql, sqlite3_stmt **ret, struct strbuf *err) MUST_CHECK;

/* Those of struct db_ops. */
int sqlite_query(struct db *db, const char *sql, const char *const *params, size_t count, struct db_answer *ret,
	struct strbuf *err) MUST_CHECK;
int sqlite_find(struct db *db, const char *name, struct db_table *ret, struct strbuf *err) MUST_CHECK;
int sqlite_tag(struct db *db, struct db_table *table, struct strbuf *err) MUST_CHECK;
void sqlite_add_type(const struct schema_field *field, struct strbuf *out);
int sqlite_encode(struct db_column *column, const struct value *v, struct strbuf *out, const char **why) MUST_CHECK;
int sqlite_check(struct db *db, const struct db_plan *plan, struct strbuf *err) MUST_CHECK;
int sqlite_put(struct db *db, const struct db_plan *plan, struct db_batch *batch, struct strbuf *err) MUST_CHECK;

/* The kind of a column that was declared with the type TYPE. */
void sqlite_kind(const char *type, struct db_column *ret);

#endif
