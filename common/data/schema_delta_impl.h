/*
 * Private to schema_delta*.c: what weir keeps in the metadata of fields.
 *
 * The names are weir's own.  Delta has `parquet.field.id` for this purpose; but with it DuckDB 1.5.5 returns NULL for
 * every column, without a message, whether the files have these ids or not (tried on 2026-11-29). deltalake 1.6.6 and
 * Polars 2.1.0 ignore both names.  Values are strings, because delta-rs turns them into strings when it changes a
 * schema; numbers, and an object for the nested ids, are accepted, too.
 */
#ifndef WEIR_DATA_SCHEMA_DELTA_IMPL_H
#define WEIR_DATA_SCHEMA_DELTA_IMPL_H

#define SCHEMA_DELTA_ID         "weir.field.id"
#define SCHEMA_DELTA_NESTED_IDS "weir.field.nested.ids"
#define SCHEMA_DELTA_UNIT       "weir.unit"

#endif
