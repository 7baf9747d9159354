/*
 * A database with tables, and the operations in which databases differ.
 *
 * Layer: db (uses base, io, data, stream; knows neither lake nor kafka).  db_open() chooses the kind by the URL.  Above
 * this interface nothing knows which kind it is, except for the form of cells (db_cell.h), in which the kind encodes
 * the values of a row when they are read, and takes them back when it puts the row into the table.
 *
 * Functions that return int return 0 or, with the reason in ERR,
 *   -ENOENT     there is no such table, column or database
 *   -EACCES     the user has no right to do that, or no access
 *   -EAGAIN     the connection was lost, or others were in the way: the whole transaction may be tried again
 *   -EBUSY      others hold a lock: a later attempt may succeed
 *   -EINVAL     the statement is impossible with this table
 *   -EBADMSG    a row cannot be stored
 *   -ENOSPC, -EIO, -ENOMEM
 * diag_status() makes exit statuses of them.
 */
#ifndef WEIR_DB_DB_H
#define WEIR_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"
#include "common/data/schema.h"
#include "common/data/time.h"
#include "common/data/value.h"

enum db_kind {
	DB_BOOL,
	DB_INT,
	DB_FLOAT,
	DB_DOUBLE,
	DB_DECIMAL,
	DB_TEXT,
	DB_BYTES,
	DB_DATE,
	DB_TIMESTAMP,     /* a moment */
	DB_TIMESTAMP_NTZ, /* what a clock shows */
	DB_JSON,
	DB_UUID,
	DB_ANY, /* as the value is, or as the database reads its text */
};

struct db_column {
	char *name, *type; /* owned; the type in the words of the database */
	char *collation;   /* owned; for SQL, " COLLATE x" where it is not that of the type; or NULL */
	enum db_kind kind;
	uint8_t bits;        /* DB_INT: 16, 32 or 64 */
	uint8_t precision;   /* DB_DECIMAL; 0: any number of digits */
	uint8_t scale;       /* of those, after the point */
	uint32_t length;     /* DB_TEXT: characters at most; 0: no limit */
	bool required;       /* not null */
	bool given;          /* the database has a value for it when there is none: a default, an identity, a rowid */
	bool numbered;       /* a null that is written becomes a new number: SQLite's rowid */
	bool generated;      /* it cannot be written */
	enum time_unit unit; /* of times that are numbers; TIME_AUTO: they are refused */
	struct time_cache cache;
};

struct db_table {
	char *name;       /* owned; as the database calls it, without quotes: for messages */
	const char *bare; /* in NAME: what comes after the schema and its point */
	char *quoted;     /* owned; for SQL, and as a user may write it */
	char *beside;     /* owned; so is this, which stands before the names of weir's own tables: "" or "schema". */
	/*
	 * Owned: what the database calls this very table, which a table of the same name that is made after it was
	 * dropped does not have.  NULL: it has none yet (db_ops.tag makes one).
	 */
	char *object;
	struct db_column *columns; /* owned */
	size_t count;
	bool nulls_alike; /* in its unique indexes a null conflicts with another null */
};

/* The answer to a query: texts, row after row; NULL for a null. */
struct db_answer {
	char **cells; /* owned, each of them, too */
	size_t rows, columns;
	int64_t changes; /* how many rows a statement has changed */
};

enum db_conflict { DB_CONFLICT_ERROR, DB_CONFLICT_UPDATE, DB_CONFLICT_IGNORE };

/* How rows go into a table; all borrowed. */
struct db_plan {
	const struct db_table *table;
	const size_t *columns; /* the cells of a row are for these columns of the table */
	size_t count;
	const size_t *key; /* which of the cells are the key */
	size_t keys;       /* 0: there is none */
	enum db_conflict conflict;
	bool deletes; /* before its cells each row has one of DB_OP_... */
};

enum {
	DB_OP_PUT = 'p',
	DB_OP_DELETE = 'd',
	DB_OP_MOVE = 'm', /* delete, and put the next row, which is of the same record: both or neither */
};

/* The rows of a commit, one after the other, each in the form of db_cell.h. */
struct db_batch {
	const char *s;
	size_t len;
	uint64_t rows;
	uint64_t bad; /* set with -EBADMSG: the row that is meant, from 0; UINT64_MAX: not known */
	/*
	 * Row NR cannot be stored, for the reason WHY: 0 to go on without it; else what is returned.  NULL: no row is
	 * left out.
	 */
	int (*refuse)(void *arg, uint64_t nr, const char *why);
	void *arg;
};

struct db_options {
	int64_t timeout_ms;             /* how long to wait for locks and for the server */
	bool create;                    /* the database may be made */
	void (*tell)(const char *line); /* says what is waited for, after a second; or NULL */
};

struct db_ops;

struct db {
	const struct db_ops *ops;
	char *url; /* owned; without passwords, for messages */
};

struct db_ops {
	const char *word; /* "SQLite" */
	const char *scheme;

	/* Open the database of URL; *RET is closed by `close`. */
	int (*open)(const char *url, const struct db_options *options, struct db **ret, struct strbuf *err);
	void (*close)(struct db *db);

	/*
	 * Run one statement, with the texts PARAMS for $1, $2 and so on (NULL: null).  RET, unless it is NULL, is
	 * released by db_answer_release().
	 */
	int (*query)(struct db *db, const char *sql, const char *const *params, size_t count, struct db_answer *ret,
		struct strbuf *err);

	/* Append the table NAME, as a user writes it, in quotes. */
	void (*quote)(const char *name, struct strbuf *out);

	/* Find the table NAME, as a user writes it: RET is released by db_table_release() after success. */
	int (*find)(struct db *db, const char *name, struct db_table *ret, struct strbuf *err);

	/*
	 * Within a transaction: wait until no other has this lock of TABLE, or that of all weir's tables (NULL), and
	 * hold it.  NULL: there is one writer at a time anyway.
	 */
	int (*lock)(struct db *db, const struct db_table *table, struct strbuf *err);

	/* Within a transaction: make sure that TABLE is still there, and has an object; -ESTALE: it is another one. */
	int (*tag)(struct db *db, struct db_table *table, struct strbuf *err);

	/* Append the type of a new column for the values of FIELD. */
	void (*add_type)(const struct schema_field *field, struct strbuf *out);

	/*
	 * Append the cell for V of COLUMN to OUT.  0; -ENODATA: V is null (the cell is, too); -EINVAL or -ERANGE with
	 * a text for messages in *WHY, and nothing appended.
	 */
	int (*encode)(struct db_column *column, const struct value *v, struct strbuf *out, const char **why);

	/* Check PLAN before there are rows. */
	int (*check)(struct db *db, const struct db_plan *plan, struct strbuf *err);

	/* Begin a transaction that can write, put rows into it, end it. */
	int (*begin)(struct db *db, struct strbuf *err);
	int (*put)(struct db *db, const struct db_plan *plan, struct db_batch *batch, struct strbuf *err);
	/* -EINPROGRESS: it is not known whether the transaction is committed. */
	int (*commit)(struct db *db, struct strbuf *err);
	void (*rollback)(struct db *db);
};

/*
 * Open the database of URL.  -EINVAL with ERR: it is not such a URL, or that of a database that weir does not write to
 * (a usage error); else what db_ops.open returns.
 */
int db_open(const char *url, const struct db_options *options, struct db **ret, struct strbuf *err) MUST_CHECK;

/* DB may be NULL. */
void db_close(struct db *db);

/* Whether S is the URL of a database, of whatever kind. */
bool db_is_url(const char *s);

void db_answer_release(struct db_answer *answer);
void db_table_release(struct db_table *table);

/* The cell in ROW and COLUMN of ANSWER, NULL when it is null. */
static inline const char *db_answer_get(const struct db_answer *answer, size_t row, size_t column)
{
	return answer->cells[row * answer->columns + column];
}

/* The index of the column called NAME; SIZE_MAX: there is none. */
size_t db_table_column(const struct db_table *table, const char *name, size_t len);

#endif
