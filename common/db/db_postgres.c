/* PostgreSQL: the connection and transactions.  See db_postgres.h. */
#include "common/db/db_postgres.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/base/guard.h"
#include "common/base/killpoint.h"
#include "common/db/db_postgres_impl.h"

#define SCHEME      "postgres"
#define OLDEST      120000 /* the version in which pg_attribute has attgenerated */
#define ALIVE_MAX_S 10     /* seconds in which nothing comes until the other machine is asked whether it is there */
#define IDLE_MS     60000  /* the server ends a transaction in which nothing comes for so long */

/* Settings of a new connection: nothing depends on those of the server or of the role. */
static int prepare(struct db_postgres *pg, struct strbuf *err)
{
	struct strbuf sql = STRBUF_INIT;
	const int idle_ms = (int)KILL_LIMIT("WEIR_IDLE_MS", IDLE_MS);
	int64_t lock_ms = pg->timeout_ms < IDLE_MS ? pg->timeout_ms : IDLE_MS;
	strbuf_addf(&sql,
		"SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET lock_timeout = %" PRId64
		"; SET idle_in_transaction_session_timeout = %d; SET statement_timeout = 0; SET synchronous_commit = "
		"'on'; SET client_min_messages = 'error'; SET standard_conforming_strings = 'on'",
		lock_ms, idle_ms);
	int r = postgres_run(pg, sql.s, err);
	strbuf_release(&sql);
	return r;
}

static int on_begin(struct db *db, struct strbuf *err)
{
	struct db_postgres *pg = (struct db_postgres *)db;
	if (PQstatus(pg->conn) != CONNECTION_OK || PQtransactionStatus(pg->conn) != PQTRANS_IDLE || pg->read_only) {
		pg->read_only = false;
		postgres_wait(pg, "a connection", false);
		PQreset(pg->conn);
		postgres_waited(pg);
		if (PQstatus(pg->conn) != CONNECTION_OK)
			return postgres_failed(pg, NULL, err);
		int r = prepare(pg, err);
		if (r < 0)
			return r;
	}
	return postgres_run(pg, "BEGIN", err);
}

static int on_commit(struct db *db, struct strbuf *err)
{
	struct db_postgres *pg = (struct db_postgres *)db;
	KILL_POINT("before-commit");
	int r = postgres_run(pg, "COMMIT", err);
	KILL_POINT("after-commit");
	/* a deferred constraint is an answer; without one nobody knows */
	return r < 0 && PQstatus(pg->conn) != CONNECTION_OK ? -EINPROGRESS : r;
}

static void on_rollback(struct db *db)
{
	struct db_postgres *pg = (struct db_postgres *)db;
	struct strbuf err = STRBUF_INIT;
	if (PQstatus(pg->conn) == CONNECTION_OK && PQtransactionStatus(pg->conn) != PQTRANS_IDLE)
		(void)(postgres_run(pg, "ROLLBACK", &err) < 0); /* on_begin() makes a new connection */
	strbuf_release(&err);
}

static void on_close(struct db *db)
{
	struct db_postgres *pg = (struct db_postgres *)db;
	PQfinish(pg->conn);
	watch_free(pg->watch);
	free(db->url);
	free(pg);
}

/* What triggers say is nothing for a terminal. */
static void ignore_notice(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

/* Whether the text of a connection has a password, which all users of the machine would see. */
static int check_text(const char *text, struct strbuf *err)
{
	char *why = NULL;
	bool secret = false;
	PQconninfoOption *all = PQconninfoParse(text, &why);
	if (!all) {
		strbuf_addstr(err, "libpq does not understand this URL"); /* its message may have the password */
		free(why);
		return -EINVAL;
	}
	for (PQconninfoOption *o = all; o->keyword; o++)
		secret = secret || (*o->dispchar == '*' && o->val); /* also that of a key, sslpassword */
	PQconninfoFree(all);
	if (secret)
		strbuf_addstr(err,
			"a password does not belong into a command line: ~/.pgpass, PGPASSFILE, PGPASSWORD or a "
			"service file");
	return secret ? -EINVAL : 0;
}

/* What messages call the database. */
static char *name_of(PGconn *conn)
{
	struct strbuf name = STRBUF_INIT;
	const char *host = PQhost(conn), *db = PQdb(conn);
	strbuf_addf(&name, "postgresql://%s/%s", host && *host != '/' ? host : "", db ? db : "");
	return strbuf_detach(&name);
}

static int check_version(PGconn *conn, struct strbuf *err)
{
	const int version = PQserverVersion(conn);
	if (version >= OLDEST)
		return 0;
	strbuf_addf(err, "the server is PostgreSQL %d, and %d or later is needed", version / 10000, OLDEST / 10000);
	return -EPERM;
}

/* Connect, with the limits of PG, and what TEXT has. */
static PGconn *connect_to(struct db_postgres *pg, const char *text)
{
	char seconds[24], ms[24], idle[24];
	const int64_t look = pg->timeout_ms / 4000;
	snprintf(seconds, sizeof seconds, "%" PRId64, pg->timeout_ms / 1000 + 2);
	snprintf(ms, sizeof ms, "%" PRId64, pg->timeout_ms);
	snprintf(idle, sizeof idle, "%d", look < 1 ? 1 : look > ALIVE_MAX_S ? ALIVE_MAX_S : (int)look);
	/*
	 * A machine that is gone answers no such question, and then tcp_user_timeout ends the connection.  Of several
	 * servers, or after a fail-over, the one that takes writes is meant.
	 */
	const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "keepalives_idle", "keepalives_interval",
		"target_session_attrs", "dbname", "application_name", NULL};
	const char *const values[] = {seconds, ms, idle, idle, "read-write", text, "weir db-put", NULL};
	postgres_wait(pg, "a connection", false);
	PGconn *conn = PQconnectdbParams(keys, values, 1);
	postgres_waited(pg);
	PQsetNoticeReceiver(conn, ignore_notice, NULL);
	return conn;
}

static int on_open(const char *url, const struct db_options *options, struct db **ret, struct strbuf *err)
{
	const char *text = url;
	if (!strstr(url, "://"))
		text = strchr(url, ':') + 1;
	int r = check_text(text, err);
	if (r == 0)
		r = guard_memory();
	if (r < 0)
		return r;
	struct db_postgres *pg = xcalloc(1, sizeof *pg);
	pg->timeout_ms = options->timeout_ms;
	r = watch_new(&pg->watch, "PostgreSQL", options->tell);
	if (r < 0) {
		strbuf_addf(err, "cannot start a thread: %s", diag_strerror(r));
		free(pg);
		return r;
	}
	pg->conn = connect_to(pg, text);
	pg->db = (struct db){.ops = &db_postgres_ops, .url = name_of(pg->conn)};
	r = PQstatus(pg->conn) == CONNECTION_OK ? check_version(pg->conn, err) : postgres_failed(pg, NULL, err);
	if (r == 0)
		r = prepare(pg, err);
	if (r < 0) {
		on_close(&pg->db);
		return r;
	}
	*ret = &pg->db;
	return 0;
}

const struct db_ops db_postgres_ops = {
	.word = "PostgreSQL",
	.scheme = SCHEME,
	.open = on_open,
	.close = on_close,
	.query = postgres_query,
	.quote = postgres_quote,
	.find = postgres_find,
	.lock = postgres_lock,
	.tag = postgres_tag,
	.add_type = postgres_add_type,
	.encode = postgres_encode,
	.check = postgres_check,
	.begin = on_begin,
	.put = postgres_put,
	.commit = on_commit,
	.rollback = on_rollback,
};
