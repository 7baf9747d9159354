/*
 * The schema of a Delta table, in the actions `protocol` and `metaData` of its log.
 *
 * Layer: lake (uses log, uuid; schema of data).
 */
#ifndef WEIR_LAKE_DELTA_META_H
#define WEIR_LAKE_DELTA_META_H

#include "common/data/schema.h"
#include "common/lake/log.h"

/*
 * Make the actions of a new table of SCHEMA, which must include the partition columns; the caller owns both.  -EINVAL
 * with the reason in ERR when readers could not read such names; -errno when there are no random numbers.
 */
int delta_meta_new(const struct schema *schema, char *const *columns, size_t ncolumns, int64_t now_ms,
	json_t **ret_protocol, json_t **ret_meta, struct strbuf *err) MUST_CHECK;

/* The metaData action META with its schema replaced by SCHEMA, which has all columns; owned by the caller. */
json_t *delta_meta_change(json_t *meta, const struct schema *schema);

/*
 * The schema of the table whose log is LOG, which must have an entry.  With the reason in ERR: -EBADMSG when it cannot
 * be read; -ENOTSUP or -EINVAL when it has columns that we cannot write.  SCHEMA is set only when it returns 0.
 */
int delta_meta_schema(const struct log *log, struct schema *schema, struct strbuf *err) MUST_CHECK;

/* The partition columns of that table, an array of strings; borrowed. */
json_t *delta_meta_columns(const struct log *log);

#endif
