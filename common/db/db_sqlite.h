/*
 * SQLite as a database of db.h: `sqlite:FILE`.
 *
 * Layer: db (uses base, data; libsqlite3).  A transaction begins with BEGIN IMMEDIATE, so that one writer at a time is
 * in it; PRAGMA synchronous is EXTRA, so a commit that has returned survives a loss of power.  A table's object is a
 * partial index without entries, weir_UUID, which goes when the table is dropped and stays when it is renamed.
 */
#ifndef WEIR_DB_SQLITE_H
#define WEIR_DB_SQLITE_H

#include "common/db/db.h"

extern const struct db_ops db_sqlite_ops;

#endif
