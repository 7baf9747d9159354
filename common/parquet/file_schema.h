/*
 * The schema of a Parquet file as the columns of a table.
 *
 * Layer: parquet (uses reader, leaf_type; schema of data).  Source: parquet-format, LogicalTypes.md, with its rules for
 * lists and maps of older writers.  Strings of writers that did not mark them as text are binary, as the file says.
 * weir-schema(7) has the table of types.
 */
#ifndef WEIR_PARQUET_FILE_SCHEMA_H
#define WEIR_PARQUET_FILE_SCHEMA_H

#include "common/data/schema.h"
#include "common/parquet/reader.h"

/*
 * Set RET, whose contents are overwritten, to the schema of FILE; its ids are given depth first, from 1, whatever those
 * in the file are.  -EINVAL with ERR: there is a type, or a name, that no table can have.
 */
int pq_file_schema(const struct pq_file *file, struct schema *ret, struct strbuf *err) MUST_CHECK;

/*
 * The same for the file PATH, of which only the footer is read.  Returns 1; 0: it is not a regular file that begins as
 * Parquet files do; or, with ERR: -EINVAL, -EBADMSG (it is damaged), -EFBIG (a footer of more than 256 MiB), -errno.
 */
int pq_schema_load(const char *path, struct schema *ret, struct strbuf *err) MUST_CHECK;

/* As schema_parse_option() of data, but the FILE of @FILE may also be a Parquet file. */
int pq_schema_option(const char *value, void *dest, struct strbuf *err) MUST_CHECK;

#endif
