/* SQLite: the connection and transactions.  See db_sqlite.h. */
#include "common/db/db_sqlite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/db/db_sql.h"
#include "common/db/db_sqlite_impl.h"

#define SCHEME      "sqlite:"
#define BUSY_MAX_MS 50 /* until a lock is looked at again */

static struct db_sqlite *lite_of(struct db *db)
{
	return (struct db_sqlite *)db;
}

static int run(struct db *db, const char *sql, struct strbuf *err)
{
	return sqlite_query(db, sql, NULL, 0, NULL, err);
}

static int on_begin(struct db *db, struct strbuf *err)
{
	return run(db, "BEGIN IMMEDIATE", err);
}

static int on_commit(struct db *db, struct strbuf *err)
{
	KILL_POINT("before-commit");
	int r = run(db, "COMMIT", err);
	KILL_POINT("after-commit");
	return r;
}

static void on_rollback(struct db *db)
{
	struct strbuf err = STRBUF_INIT; /* there is nothing to roll back if an error has done it already */
	(void)(sqlite3_get_autocommit(lite_of(db)->handle) ? 0 : run(db, "ROLLBACK", &err));
	strbuf_release(&err);
}

static void on_quote(const char *name, struct strbuf *out)
{
	struct strbuf none = STRBUF_INIT, table = STRBUF_INIT;
	sql_split_table(name, 1, &none, &table);
	sql_add_name(out, table.s);
	strbuf_release(&table);
}

static void on_close(struct db *db)
{
	struct db_sqlite *lite = lite_of(db);
	sqlite3_close(lite->handle);
	strbuf_release(&lite->path);
	free(db->url);
	free(lite);
}

/* The path in URL. */
static int read_url(const char *url, const char **ret, struct strbuf *err)
{
	const char *path = url + strlen(SCHEME);
	if (strncmp(path, "//", 2) == 0)
		strbuf_addstr(err, "a file of SQLite is sqlite:FILE, such as sqlite:/var/lib/a.db or sqlite:a.db");
	else if (!*path)
		strbuf_addstr(err, "sqlite: without the name of a file");
	else if (strcmp(path, ":memory:") == 0)
		strbuf_addstr(err, "a database in memory is gone when the program ends");
	else {
		*ret = path;
		return 0;
	}
	return -EINVAL;
}

/* Others hold a lock.  0 to give up. */
static int on_busy(void *arg, int tries)
{
	struct db_sqlite *lite = arg;
	struct strbuf line = STRBUF_INIT;
	if (!tries)
		lite->patience = (struct patience){0};
	enum patience_state state = patience_ask(&lite->patience, lite->timeout_ms, clock_ms());
	if (state == PATIENCE_TELL && lite->tell) {
		strbuf_addf(&line, "waiting for a lock of '%s', which others hold", lite->path.s);
		lite->tell(line.s);
		strbuf_release(&line);
	}
	if (state != PATIENCE_OVER)
		usleep(tries < BUSY_MAX_MS ? (useconds_t)(tries + 1) * 1000 : BUSY_MAX_MS * 1000);
	return state != PATIENCE_OVER;
}

/* Find out early that the file is not a database, and make the settings. */
static int prepare(struct db_sqlite *lite, const struct db_options *options, struct strbuf *err)
{
	struct db_answer answer;
	lite->timeout_ms = options->timeout_ms;
	lite->tell = options->tell;
	sqlite3_busy_handler(lite->handle, on_busy, lite);
	int r = sqlite_query(&lite->db, "PRAGMA page_count", NULL, 0, &answer, err);
	if (r < 0)
		return r;
	bool fresh = strcmp(db_answer_get(&answer, 0, 0), "0") == 0;
	db_answer_release(&answer);
	if (fresh) /* of a database that others have made, it is theirs to choose */
		r = run(&lite->db, "PRAGMA journal_mode = WAL", err);
	if (r == 0)
		r = run(&lite->db, "PRAGMA synchronous = EXTRA", err);
	return r == 0 ? run(&lite->db, "PRAGMA foreign_keys = ON", err)
		      : r; /* each connection says so, or they mean nothing */
}

static int on_open(const char *url, const struct db_options *options, struct db **ret, struct strbuf *err)
{
	const char *path = NULL;
	int r = read_url(url, &path, err);
	if (r < 0)
		return r;
	struct stat st;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		strbuf_addf(err, "'%s' is not a regular file, and no database", path);
		return -EBADMSG;
	}
	struct db_sqlite *lite = xcalloc(1, sizeof *lite);
	lite->db = (struct db){.ops = &db_sqlite_ops, .url = xstrdup(url)};
	strbuf_init(&lite->path);
	strbuf_addf(&lite->path, "%s%s", *path == '/' ? "" : "./", path); /* not a name that SQLite understands */
	int rc = sqlite3_open_v2(lite->path.s, &lite->handle,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (options->create ? SQLITE_OPEN_CREATE : 0), NULL);
	r = rc == SQLITE_OK ? prepare(lite, options, err) : sqlite_failed(lite, rc, err);
	if (r < 0) {
		strbuf_addf(err, " ('%s')", path);
		on_close(&lite->db);
		return r;
	}
	*ret = &lite->db;
	return 0;
}

const struct db_ops db_sqlite_ops = {
	.word = "SQLite",
	.scheme = SCHEME,
	.open = on_open,
	.close = on_close,
	.query = sqlite_query,
	.quote = on_quote,
	.find = sqlite_find,
	.tag = sqlite_tag,
	.add_type = sqlite_add_type,
	.encode = sqlite_encode,
	.check = sqlite_check,
	.begin = on_begin,
	.put = sqlite_put,
	.commit = on_commit,
	.rollback = on_rollback,
};
