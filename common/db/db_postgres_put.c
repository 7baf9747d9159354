/* PostgreSQL: rows go into a table by COPY, or by way of a temporary table.  See db_postgres.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/db/db_cell.h"
#include "common/db/db_postgres_impl.h"
#include "common/db/db_sql.h"

#define PIECE (256 * 1024) /* bytes handed to libpq at once */
#define TRIED 4096         /* rows that are sent again at most when one of them is refused */

/* The binary format begins with a signature and two numbers, and ends with -1. */
static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
static const char tail[] = "\377\377";
#define HEAD_LEN 19

struct postgres_writer {
	struct db_postgres *pg;
	const struct db_plan *plan;
	struct db_batch *batch;
	const char **rows; /* where each begins, and the end; only when rows may be left out */
	bool staged;
	struct strbuf create, copy, move, remove;
};

static const struct db_column *column_of(const struct db_plan *plan, size_t cell)
{
	return &plan->table->columns[plan->columns[cell]];
}

static void writer_open(
	struct postgres_writer *w, struct db_postgres *pg, const struct db_plan *plan, struct db_batch *batch)
{
	*w = (struct postgres_writer){.pg = pg,
		.plan = plan,
		.batch = batch,
		.staged = postgres_is_staged(plan),
		.create = STRBUF_INIT,
		.copy = STRBUF_INIT,
		.move = STRBUF_INIT,
		.remove = STRBUF_INIT};
	if (w->staged) {
		postgres_stage(plan, &w->create, &w->remove, &w->move);
		strbuf_addstr(&w->copy, "COPY pg_temp.weir_rows");
	} else {
		strbuf_addf(&w->copy, "COPY %s (", plan->table->quoted);
		sql_add_columns(&w->copy, plan);
		strbuf_addch(&w->copy, ')');
	}
	strbuf_addstr(&w->copy, " FROM STDIN (FORMAT binary)");
}

static void writer_close(struct postgres_writer *w)
{
	strbuf_release(&w->create);
	strbuf_release(&w->copy);
	strbuf_release(&w->move);
	strbuf_release(&w->remove);
	free(w->rows);
}

/* The row that the message of RESULT is about; UINT64_MAX: it names none. */
static uint64_t bad_row(const struct postgres_writer *w, const PGresult *result)
{
	const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
	const struct db_table *table = w->plan->table;
	return context ? postgres_copy_row(context, w->staged ? "weir_rows" : table->bare) : UINT64_MAX;
}

static PGresult *get_result(struct postgres_writer *w)
{
	postgres_wait(w->pg, w->copy.s, false);
	PGresult *result = PQgetResult(w->pg->conn);
	postgres_waited(w->pg);
	return result;
}

/* Hand bytes of the COPY to libpq.  False: the connection is lost. */
static bool send_bytes(struct postgres_writer *w, const char *s, size_t len)
{
	postgres_wait(w->pg, w->copy.s, false);
	bool sent = PQputCopyData(w->pg->conn, s, (int)len) == 1;
	postgres_waited(w->pg);
	return sent;
}

static bool send_end(struct postgres_writer *w)
{
	postgres_wait(w->pg, w->copy.s, false);
	bool sent = PQputCopyEnd(w->pg->conn, NULL) == 1;
	postgres_waited(w->pg);
	return sent;
}

/* End the COPY.  *RET_BAD is the row that was refused, from 0, or UINT64_MAX. */
static int end_copy(struct postgres_writer *w, bool sent, uint64_t *ret_bad, struct strbuf *err)
{
	PGconn *conn = w->pg->conn;
	PGresult *result;
	int r = 0;
	if (!sent || !send_end(w))
		r = -EAGAIN;
	while ((result = get_result(w))) {
		if (PQresultStatus(result) == PGRES_FATAL_ERROR && (r == 0 || r == -EAGAIN)) {
			*ret_bad = bad_row(w, result);
			r = postgres_failed(w->pg, result, err);
		}
		PQclear(result);
		if (PQstatus(conn) != CONNECTION_OK)
			break;
	}
	if (r < 0 && !err->len)
		r = postgres_failed(w->pg, NULL, err);
	return r;
}

/* Copy the LEN bytes of rows at S. */
static int copy_rows(struct postgres_writer *w, const char *s, size_t len, uint64_t *ret_bad, struct strbuf *err)
{
	postgres_wait(w->pg, w->copy.s, true);
	PGresult *result = PQexec(w->pg->conn, w->copy.s);
	postgres_waited(w->pg);
	int r = PQresultStatus(result) == PGRES_COPY_IN ? 0 : postgres_failed(w->pg, result, err);
	PQclear(result);
	if (r < 0)
		return r;
	bool sent = send_bytes(w, head, HEAD_LEN);
	while (sent && len) {
		size_t piece = len < PIECE ? len : PIECE;
		sent = send_bytes(w, s, piece);
		s += piece;
		len -= piece;
	}
	sent = sent && send_bytes(w, tail, 2);
	return end_copy(w, sent, ret_bad, err);
}

/* Put the LEN bytes of rows at S into the table. */
static int put_span(struct postgres_writer *w, const char *s, size_t len, uint64_t *ret_bad, struct strbuf *err)
{
	*ret_bad = UINT64_MAX;
	int r = w->staged ? postgres_run(w->pg, w->create.s, err) : 0;
	if (r == 0)
		r = copy_rows(w, s, len, ret_bad, err);
	KILL_POINT("in-transaction");
	if (r == 0 && w->remove.len)
		r = postgres_work(w->pg, w->remove.s, err);
	if (r == 0 && w->staged)
		r = postgres_work(w->pg, w->move.s, err);
	if (r == 0 && w->staged)
		r = postgres_run(w->pg, "DROP TABLE pg_temp.weir_rows", err);
	return r;
}

/* Find where each row begins.  False: they are damaged. */
static bool find_rows(struct postgres_writer *w)
{
	const size_t count = w->plan->count + w->plan->deletes;
	const char *s = w->batch->s, *end = s + w->batch->len;
	struct db_cell *cells = xcalloc(count, sizeof *cells);
	bool fine = true;
	w->rows = xcalloc(w->batch->rows + 1, sizeof *w->rows);
	for (uint64_t i = 0; fine && i < w->batch->rows; i++) {
		w->rows[i] = s;
		fine = db_cell_read_row(&s, end, count, cells);
	}
	w->rows[w->batch->rows] = s;
	free(cells);
	return fine;
}

/* Whether rows NR - 1 and NR are of one record: they are put together. */
static bool is_tied(const struct postgres_writer *w, uint64_t nr)
{
	/* before the operation are the number of cells and its length */
	return w->plan->deletes && nr && w->rows[nr - 1][sizeof(uint16_t) + sizeof(uint32_t)] == DB_OP_MOVE;
}

/*
 * Put the rows from FROM to TO, all or none.  -EBADMSG with ERR: the server refuses one, *RET_BAD, the first of its
 * record, or, when its message does not say which, UINT64_MAX; the transaction is as before.
 */
static int put_some(struct postgres_writer *w, uint64_t from, uint64_t to, uint64_t *ret_bad, struct strbuf *err)
{
	uint64_t bad;
	int r = postgres_run(w->pg, "SAVEPOINT weir_rows", err);
	if (r < 0)
		return r;
	r = put_span(w, w->rows[from], (size_t)(w->rows[to] - w->rows[from]), &bad, err);
	if (r == 0)
		return postgres_run(w->pg, "RELEASE SAVEPOINT weir_rows", err);
	const bool single = to - from == 1 || (to - from == 2 && is_tied(w, from + 1));
	*ret_bad = single ? from : bad < to - from ? from + bad : UINT64_MAX;
	*ret_bad -= *ret_bad != UINT64_MAX && is_tied(w, *ret_bad);
	int undone = r == -EBADMSG
			     ? postgres_run(w->pg, "ROLLBACK TO SAVEPOINT weir_rows; RELEASE SAVEPOINT weir_rows", err)
			     : 0;
	return undone < 0 ? undone : r;
}

/*
 * Put the rows from FROM to TO, leaving out those that the server refuses: those before such a row, then those after
 * it. If it is not known which row is meant, each half is tried.
 */
static int put_most(struct postgres_writer *w, uint64_t from, uint64_t to, struct strbuf *err)
{
	int r = 0;
	while (r == 0 && from < to) {
		struct strbuf why = STRBUF_INIT;
		uint64_t bad = UINT64_MAX, end = to - from > TRIED ? from + TRIED : to;
		end += is_tied(w, end);
		r = put_some(w, from, end, &bad, &why);
		if (r == -EBADMSG && bad == UINT64_MAX) {
			uint64_t middle = from + (end - from) / 2;
			middle += is_tied(w, middle);
			r = put_most(w, from, middle, err);
			if (r == 0)
				r = put_most(w, middle, end, err);
		} else if (r == -EBADMSG) {
			r = put_most(w, from, bad, err);
			if (r == 0)
				r = w->batch->refuse(w->batch->arg, bad, why.s);
			end = bad + 1 + is_tied(w, bad + 1);
		} else if (r < 0) {
			strbuf_addstr(err, why.s);
		}
		from = end;
		strbuf_release(&why);
	}
	return r;
}

int postgres_put(struct db *db, const struct db_plan *plan, struct db_batch *batch, struct strbuf *err)
{
	struct postgres_writer w;
	int r;
	batch->bad = UINT64_MAX;
	writer_open(&w, (struct db_postgres *)db, plan, batch);
	if (!batch->refuse) {
		r = put_span(&w, batch->s, batch->len, &batch->bad, err);
	} else if (find_rows(&w)) {
		r = put_most(&w, 0, batch->rows, err);
	} else {
		strbuf_addstr(err, "rows that were held are damaged");
		r = -EIO;
	}
	writer_close(&w);
	return r;
}

/* Whether rows may be deleted by the key. */
static int check_delete(struct db *db, const struct db_plan *plan, struct strbuf *err)
{
	struct strbuf sql = STRBUF_INIT;
	strbuf_addf(&sql, "EXPLAIN DELETE FROM %s WHERE ", plan->table->quoted);
	for (size_t i = 0; i < plan->keys; i++) {
		strbuf_addstr(&sql, i ? " AND " : "");
		sql_add_name(&sql, column_of(plan, plan->key[i])->name);
		strbuf_addf(&sql, " = NULL::%s", column_of(plan, plan->key[i])->type);
	}
	int r = postgres_query(db, sql.s, NULL, 0, NULL, err);
	strbuf_release(&sql);
	return r;
}

/* Whether the statements can be planned: the key has a unique index, the rights are there. */
int postgres_check(struct db *db, const struct db_plan *plan, struct strbuf *err)
{
	struct strbuf sql = STRBUF_INIT;
	strbuf_addf(&sql, "EXPLAIN INSERT INTO %s (", plan->table->quoted);
	sql_add_columns(&sql, plan);
	strbuf_addstr(&sql, ") SELECT ");
	for (size_t i = 0; i < plan->count; i++)
		strbuf_addf(&sql, "%sNULL::%s", i ? ", " : "", column_of(plan, i)->type);
	sql_add_conflict(&sql, plan);
	int r = postgres_query(db, sql.s, NULL, 0, NULL, err);
	strbuf_release(&sql);
	return r == 0 && plan->deletes ? check_delete(db, plan, err) : r;
}
