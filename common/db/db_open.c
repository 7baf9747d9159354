/* Which kind of database a URL means: see db.h. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "common/db/db.h"
#include "common/db/db_postgres.h"
#include "common/db/db_sqlite.h"

/* Databases that are asked for, and what to say instead. */
static const struct db_refusal {
	const char *scheme, *why;
} refused[] = {
	{"mysql:", "MySQL is not written to: this program writes to PostgreSQL and SQLite"},
	{"mariadb:", "MariaDB is not written to: this program writes to PostgreSQL and SQLite"},
	{"clickhouse:", "ClickHouse is not written to: it reads tables of `weir lake-put`, as deltaLake()"},
	{"mssql:", "SQL Server is not written to: this program writes to PostgreSQL and SQLite"},
	{"oracle:", "Oracle is not written to: this program writes to PostgreSQL and SQLite"},
	{"duckdb:", "DuckDB is not written to: it reads tables of `weir lake-put`, as delta_scan()"},
	{"jdbc:", "URLs of JDBC are not read: postgresql://HOST/DATABASE, sqlite:FILE"},
};

static const struct db_ops *const kinds[] = {&db_sqlite_ops, &db_postgres_ops};

static const struct db_ops *kind_of(const char *url)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncasecmp(url, kinds[i]->scheme, strlen(kinds[i]->scheme)) == 0)
			return kinds[i];
	return NULL;
}

bool db_is_url(const char *s)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (strncasecmp(s, refused[i].scheme, strlen(refused[i].scheme)) == 0)
			return true;
	return kind_of(s);
}

int db_open(const char *url, const struct db_options *options, struct db **ret, struct strbuf *err)
{
	const struct db_ops *kind = kind_of(url);
	for (size_t i = 0; !kind && i < sizeof refused / sizeof *refused; i++)
		if (strncasecmp(url, refused[i].scheme, strlen(refused[i].scheme)) == 0) {
			strbuf_addstr(err, refused[i].why);
			return -EINVAL;
		}
	if (!kind) {
		strbuf_addstr(
			err, "this is not the URL of a database, such as postgresql://HOST/DATABASE or sqlite:FILE");
		return -EINVAL;
	}
	return kind->open(url, options, ret, err);
}

void db_close(struct db *db)
{
	if (db)
		db->ops->close(db);
}
