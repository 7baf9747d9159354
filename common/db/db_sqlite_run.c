/* SQLite: statements and errors.  See db_sqlite.h. */
#include <errno.h>
#include <stdio.h>

#include "common/base/alloc.h"
#include "common/db/db_sqlite_impl.h"

int sqlite_failed(const struct db_sqlite *lite, int rc, struct strbuf *err)
{
	strbuf_addf(err, "SQLite: %s", lite->handle ? sqlite3_errmsg(lite->handle) : sqlite3_errstr(rc));
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_AUTH:
	case SQLITE_CANTOPEN:
		return -EACCES;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
	case SQLITE_RANGE:
		return -EBADMSG;
	case SQLITE_ERROR:
		return -EINVAL;
	default:
		return -EIO;
	}
}

int sqlite_prepare(const struct db_sqlite *lite, const char *sql, sqlite3_stmt **ret, struct strbuf *err)
{
	int rc = sqlite3_prepare_v2(lite->handle, sql, -1, ret, NULL);
	return rc == SQLITE_OK ? 0 : sqlite_failed(lite, rc, err);
}

/* Add the row that STMT is at to RET. */
static void take_row(sqlite3_stmt *stmt, struct db_answer *ret)
{
	ret->columns = (size_t)sqlite3_column_count(stmt);
	ret->cells = xreallocarray(ret->cells, (ret->rows + 1) * ret->columns, sizeof *ret->cells);
	for (size_t i = 0; i < ret->columns; i++) {
		const char *text = (const char *)sqlite3_column_text(stmt, (int)i);
		ret->cells[ret->rows * ret->columns + i] = text ? xstrdup(text) : NULL;
	}
	ret->rows++;
}

int sqlite_query(struct db *db, const char *sql, const char *const *params, size_t count, struct db_answer *ret,
	struct strbuf *err)
{
	struct db_sqlite *lite = (struct db_sqlite *)db;
	struct db_answer answer = {0};
	sqlite3_stmt *stmt;
	char name[24];
	int rc, r = sqlite_prepare(lite, sql, &stmt, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++) { /* SQLite numbers $1 by where it first occurs */
		snprintf(name, sizeof name, "$%zu", i + 1);
		int at = sqlite3_bind_parameter_index(stmt, name);
		if (at && params[i])
			sqlite3_bind_text(stmt, at, params[i], -1, SQLITE_STATIC);
	}
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		take_row(stmt, &answer);
	if (rc != SQLITE_DONE)
		r = sqlite_failed(lite, rc, err);
	answer.changes = sqlite3_changes(lite->handle);
	sqlite3_finalize(stmt);
	if (r == 0 && ret)
		*ret = answer;
	else
		db_answer_release(&answer);
	return r;
}
