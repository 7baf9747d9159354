/*
 * PostgreSQL as a database of db.h: `postgresql://…`, or `postgresql:` and the words of libpq, such as
 * `postgresql:service=lake`.
 *
 * Layer: db (uses base, data; libpq).  Rows go by binary COPY into the table, or into a temporary table and from there
 * by one INSERT when keys may exist already or a column's type has a form that weir does not write.  A table's object
 * is its oid.
 */
#ifndef WEIR_DB_POSTGRES_H
#define WEIR_DB_POSTGRES_H

#include "common/db/db.h"

extern const struct db_ops db_postgres_ops;

#endif
