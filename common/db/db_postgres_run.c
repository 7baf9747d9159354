/* PostgreSQL: statements and errors.  See db_postgres.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/db/db_postgres_impl.h"

#define MORE_MS 2000 /* than the server's own limit for a lock */

void postgres_wait(struct db_postgres *pg, const char *what, bool brief)
{
	watch_begin(pg->watch, what, brief ? PQsocket(pg->conn) : -1, brief ? pg->timeout_ms + MORE_MS : -1);
}

void postgres_waited(struct db_postgres *pg)
{
	pg->silent = watch_end(pg->watch);
}

/*
 * What the beginning of a SQLSTATE means; the first that fits.  Source: PostgreSQL's manual, appendix A.  All others
 * are about a row: limits such as that of an index's row, and whatever a trigger raises.
 */
static const struct postgres_state {
	const char *state;
	int code;
} states[] = {
	{"08", -EAGAIN},    /* connection */
	{"40", -EAGAIN},    /* serialization, deadlock */
	{"55P03", -EAGAIN}, /* lock_timeout */
	{"57", -EAGAIN},    /* the server ends, or begins; cancelled */
	{"25P0", -EAGAIN},  /* a time-out in a transaction */
	{"25006", -EAGAIN}, /* read only: a standby, until it is promoted */
	{"53100", -ENOSPC},
	{"53200", -ENOMEM},
	{"53", -EAGAIN}, /* too many connections */
	{"42501", -EACCES},
	{"28", -EACCES},
	{"3D", -ENOENT},
	{"42P01", -ENOENT},
	{"42703", -ENOENT},
	{"3F", -ENOENT},
	{"42", -EINVAL},
	{"0A", -EINVAL},
	{"25", -EIO}, /* the state of the transaction, or of an object */
	{"55", -EIO},
	{"58", -EIO}, /* the server's system, its configuration, another server, a fault */
	{"F0", -EIO},
	{"HV", -EIO},
	{"XX", -EIO},
};

/* Append TEXT, which may have several lines, as one: libpq begins with a tab those that go on with a sentence. */
static void add_line(struct strbuf *err, const char *before, const char *text)
{
	if (!text || !*text)
		return;
	size_t len = strlen(text);
	while (len && text[len - 1] == '\n')
		len--;
	strbuf_addstr(err, before);
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\n')
			strbuf_addch(err, text[i] == '\t' ? ' ' : text[i]);
		else if (text[i + 1] != '\t')
			strbuf_addstr(err, "; ");
}

/* There is no connection, and libpq has only a text for that. */
static int refused(const char *text)
{
	if (strstr(text, "does not exist"))
		return -ENOENT;
	return strstr(text, "authentication failed") || strstr(text, "pg_hba.conf") ||
			       strstr(text, "no password supplied")
		       ? -EACCES
		       : -EAGAIN;
}

int postgres_failed(struct db_postgres *pg, const PGresult *result, struct strbuf *err)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *primary = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	if (pg->silent) {
		strbuf_addf(err, "PostgreSQL: no answer for %d s", (int)((pg->timeout_ms + MORE_MS) / 1000));
		return -EAGAIN;
	}
	add_line(err, "PostgreSQL: ", primary ? primary : PQerrorMessage(pg->conn));
	if (primary)
		add_line(err, ": ", PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
	if (PQstatus(pg->conn) != CONNECTION_OK)
		return refused(PQerrorMessage(pg->conn));
	pg->read_only |= state && strcmp(state, "25006") == 0;
	for (size_t i = 0; state && i < sizeof states / sizeof *states; i++)
		if (strncmp(state, states[i].state, strlen(states[i].state)) == 0)
			return states[i].code;
	return state ? -EBADMSG : -EIO;
}

uint64_t postgres_copy_row(const char *context, const char *table)
{
	static const char before[] = "COPY ", after[] = ", line ";
	const size_t len = strlen(table);
	char *end;
	if (strncmp(context, before, strlen(before)) != 0)
		return UINT64_MAX;
	context += strlen(before);
	if (strncmp(context, table, len) != 0 || strncmp(context + len, after, strlen(after)) != 0)
		return UINT64_MAX;
	context += len + strlen(after);
	unsigned long long n = strtoull(context, &end, 10);
	return end == context || !n ? UINT64_MAX : n - 1;
}

static bool is_fine(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static int run(struct db_postgres *pg, const char *sql, bool brief, struct strbuf *err)
{
	postgres_wait(pg, sql, brief);
	PGresult *result = PQexec(pg->conn, sql);
	postgres_waited(pg);
	int r = is_fine(result) ? 0 : postgres_failed(pg, result, err);
	PQclear(result);
	return r;
}

int postgres_run(struct db_postgres *pg, const char *sql, struct strbuf *err)
{
	return run(pg, sql, true, err);
}

int postgres_work(struct db_postgres *pg, const char *sql, struct strbuf *err)
{
	return run(pg, sql, false, err);
}

static void take_answer(PGresult *result, struct db_answer *ret)
{
	*ret = (struct db_answer){.rows = (size_t)PQntuples(result),
		.columns = (size_t)PQnfields(result),
		.changes = strtoll(PQcmdTuples(result), NULL, 10)};
	ret->cells = xcalloc(ret->rows * ret->columns + 1, sizeof *ret->cells);
	for (size_t i = 0; i < ret->rows * ret->columns; i++) {
		int row = (int)(i / ret->columns), column = (int)(i % ret->columns);
		if (!PQgetisnull(result, row, column))
			ret->cells[i] = xstrdup(PQgetvalue(result, row, column));
	}
}

int postgres_query(struct db *db, const char *sql, const char *const *params, size_t count, struct db_answer *ret,
	struct strbuf *err)
{
	struct db_postgres *pg = (struct db_postgres *)db;
	postgres_wait(pg, sql, true);
	PGresult *result = PQexecParams(pg->conn, sql, (int)count, NULL, params, NULL, NULL, 0);
	postgres_waited(pg);
	int r = is_fine(result) ? 0 : postgres_failed(pg, result, err);
	if (r == 0 && ret)
		take_answer(result, ret);
	PQclear(result);
	return r;
}
