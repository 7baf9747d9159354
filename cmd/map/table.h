/*
 * A file of records, JSON, TSV or CSV, that is looked into by one of its fields.
 *
 * The first byte decides the format: '{' is JSON; otherwise the first line has the columns' names, unless the key is a
 * column, $1.  Of several records with one key the last one counts.
 */
#ifndef WEIR_CMD_MAP_TABLE_H
#define WEIR_CMD_MAP_TABLE_H

#include "common/base/strbuf.h"
#include "common/data/expr.h"

#define TABLE_FILE_MAX (UINT32_C(1) << 30) /* bytes; in memory about twice that */

struct lookup_table;

/* Read PATH, a regular file, by KEY, which stays the caller's.  -EINVAL or -errno with the reason in ERR. */
int table_open(
	struct lookup_table **ret, const char *path, const struct expr_field *key, struct strbuf *err) MUST_CHECK;
void table_free(struct lookup_table *t);

/* Read the file again if it has changed.  1 if it has, 0, or as table_open(); then the old records stay. */
int table_refresh(struct lookup_table *t, struct strbuf *err) MUST_CHECK;

/* The record whose key has the text of V, as JSON; false: there is none.  Valid until the file is read again. */
bool table_find(struct lookup_table *t, const struct value *v, const char **ret, size_t *ret_len);

#endif
