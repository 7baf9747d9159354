/* SQLite: rows go into a table one after the other, by one or two prepared statements.  See db_sqlite.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/db/db_cell.h"
#include "common/db/db_sql.h"
#include "common/db/db_sqlite_impl.h"

struct sqlite_writer {
	struct db_sqlite *lite;
	const struct db_plan *plan;
	sqlite3_stmt *put, *delete;
	struct db_cell *cells;
	const char *s, *end; /* the rows that follow */
	bool moves;          /* two rows are of one record */
	bool triggers;       /* there are some: by RAISE(FAIL) a row that is refused may have left something */
};

/* N parameters in parentheses. */
static void add_parameters(size_t n, struct strbuf *sql)
{
	for (size_t i = 0; i < n; i++)
		strbuf_addstr(sql, i ? ", ?" : "(?");
	strbuf_addch(sql, ')');
}

static void add_put(const struct db_plan *plan, struct strbuf *sql)
{
	strbuf_addf(sql, "INSERT INTO %s (", plan->table->quoted);
	sql_add_columns(sql, plan);
	strbuf_addstr(sql, ") VALUES ");
	add_parameters(plan->count, sql);
	sql_add_conflict(sql, plan);
}

static void add_delete(const struct db_plan *plan, struct strbuf *sql)
{
	strbuf_addf(sql, "DELETE FROM %s WHERE (", plan->table->quoted);
	sql_add_key(sql, plan);
	strbuf_addstr(sql, ") = ");
	add_parameters(plan->keys, sql);
}

static void writer_close(struct sqlite_writer *w)
{
	sqlite3_finalize(w->put);
	sqlite3_finalize(w->delete);
	free(w->cells);
}

/* W is closed by the caller in any case. */
static int writer_open(struct sqlite_writer *w, struct db_sqlite *lite, const struct db_plan *plan, struct strbuf *err)
{
	struct strbuf sql = STRBUF_INIT;
	*w = (struct sqlite_writer){.lite = lite, .plan = plan};
	w->cells = xcalloc(plan->count + 1, sizeof *w->cells);
	add_put(plan, &sql);
	int r = sqlite_prepare(lite, sql.s, &w->put, err);
	strbuf_clear(&sql);
	if (r == 0 && plan->deletes) {
		add_delete(plan, &sql);
		r = sqlite_prepare(lite, sql.s, &w->delete, err);
	}
	strbuf_release(&sql);
	return r;
}

int sqlite_check(struct db *db, const struct db_plan *plan, struct strbuf *err)
{
	struct sqlite_writer w;
	int r = writer_open(&w, (struct db_sqlite *)db, plan, err);
	writer_close(&w);
	return r;
}

/* Bind CELL of KIND to the parameter AT of STMT. */
static int bind(sqlite3_stmt *stmt, int at, enum db_kind kind, const struct db_cell *cell)
{
	int64_t n;
	double d;
	if (!cell->s)
		return sqlite3_bind_null(stmt, at);
	switch (kind) {
	case DB_BOOL:
	case DB_INT:
		return sqlite3_bind_int64(stmt, at, db_cell_get_int(cell));
	case DB_FLOAT:
	case DB_DOUBLE:
		return sqlite3_bind_double(stmt, at, db_cell_get_double(cell));
	case DB_BYTES:
		return sqlite3_bind_blob(stmt, at, cell->s, (int)cell->len, SQLITE_STATIC);
	case DB_ANY:
		if (*cell->s == 't')
			return sqlite3_bind_text(stmt, at, cell->s + 1, (int)cell->len - 1, SQLITE_STATIC);
		memcpy(&n, cell->s + 1, sizeof n);
		memcpy(&d, cell->s + 1, sizeof d);
		return *cell->s == 'i' ? sqlite3_bind_int64(stmt, at, n) : sqlite3_bind_double(stmt, at, d);
	default:
		return sqlite3_bind_text(stmt, at, cell->s, (int)cell->len, SQLITE_STATIC);
	}
}

/* Store the row in w->cells.  Returns a result of SQLite. */
static int put_row(struct sqlite_writer *w)
{
	const struct db_plan *plan = w->plan;
	const struct db_cell *cells = w->cells + plan->deletes;
	bool deletes = plan->deletes && *w->cells->s != DB_OP_PUT;
	sqlite3_stmt *stmt = deletes ? w->delete : w->put;
	size_t count = deletes ? plan->keys : plan->count;
	int rc = SQLITE_OK;
	for (size_t i = 0; rc == SQLITE_OK && i < count; i++) {
		size_t at = deletes ? plan->key[i] : i;
		rc = bind(stmt, (int)i + 1, plan->table->columns[plan->columns[at]].kind, &cells[at]);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	int ended = sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : ended;
}

/* Read the next row. */
static int next_row(struct sqlite_writer *w, struct strbuf *err)
{
	if (db_cell_read_row(&w->s, w->end, w->plan->count + w->plan->deletes, w->cells))
		return 0;
	strbuf_addstr(err, "rows that were held are damaged");
	return -EIO;
}

static int run(const struct sqlite_writer *w, const char *sql)
{
	return sqlite3_exec(w->lite->handle, sql, NULL, NULL, NULL);
}

/* Whether the rows of a record are between savepoints, so that all that it has done can be undone. */
static bool is_saved(const struct sqlite_writer *w)
{
	return w->moves || w->triggers;
}

/* Store the row in w->cells and, if it is DB_OP_MOVE, the next one, too; *RET_RC is the result of SQLite. */
static int put_record(struct sqlite_writer *w, int *ret_rc, struct strbuf *err)
{
	w->moves = w->plan->deletes && *w->cells->s == DB_OP_MOVE;
	int r = 0, rc = is_saved(w) ? run(w, "SAVEPOINT weir_record") : SQLITE_OK;
	if (rc == SQLITE_OK)
		rc = put_row(w);
	if (w->moves) /* it is read even if the first one was refused */
		r = next_row(w, err);
	if (w->moves && r == 0 && rc == SQLITE_OK)
		rc = put_row(w);
	if (is_saved(w) && rc == SQLITE_OK)
		rc = run(w, "RELEASE weir_record");
	*ret_rc = rc;
	return r;
}

/*
 * SQLite has refused row NR with RC, or the row after it, which is of the same record.  0 to go on without the record.
 */
static int on_refused(struct sqlite_writer *w, struct db_batch *batch, uint64_t nr, int rc, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = sqlite_failed(w->lite, rc, &why);
	/* the statements are prepared, so an error without a code of its own is one of a trigger, or of an expression
	 */
	if ((rc & 0xff) == SQLITE_ERROR)
		r = -EBADMSG;
	bool row = r == -EBADMSG && (rc & 0xff) != SQLITE_CORRUPT && (rc & 0xff) != SQLITE_NOTADB;
	/* a trigger may have rolled the whole transaction back */
	if (row && batch->refuse && !sqlite3_get_autocommit(w->lite->handle) &&
		(!is_saved(w) || run(w, "ROLLBACK TO weir_record; RELEASE weir_record") == SQLITE_OK)) {
		r = batch->refuse(batch->arg, nr, why.s);
	} else {
		strbuf_addstr(err, why.s);
		batch->bad = row ? nr : UINT64_MAX;
	}
	strbuf_release(&why);
	return r;
}

/* Find out whether there are triggers, of any table. */
static int find_triggers(struct db *db, bool *ret, struct strbuf *err)
{
	struct db_answer answer;
	int r = sqlite_query(db, "SELECT 1 FROM sqlite_master WHERE type = 'trigger' LIMIT 1", NULL, 0, &answer, err);
	if (r < 0)
		return r;
	*ret = answer.rows > 0;
	db_answer_release(&answer);
	return 0;
}

int sqlite_put(struct db *db, const struct db_plan *plan, struct db_batch *batch, struct strbuf *err)
{
	struct sqlite_writer w;
	int rc = SQLITE_OK;
	batch->bad = UINT64_MAX;
	int r = writer_open(&w, (struct db_sqlite *)db, plan, err);
	if (r == 0 && batch->refuse)
		r = find_triggers(db, &w.triggers, err);
	w.s = batch->s;
	w.end = batch->s + batch->len;
	for (uint64_t nr = 0; r == 0 && nr < batch->rows; nr += 1 + w.moves) {
		r = next_row(&w, err);
		if (r == 0)
			r = put_record(&w, &rc, err);
		if (r == 0 && rc != SQLITE_OK)
			r = on_refused(&w, batch, nr, rc, err);
		if (nr == 0)
			KILL_POINT("in-transaction");
	}
	writer_close(&w);
	return r;
}
