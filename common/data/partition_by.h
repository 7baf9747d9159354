/*
 * The columns that a table with a schema is partitioned by: day(ts), region, bucket(16, user.id).
 *
 * Layer: data (uses schema_lex, path, transform).  A partition is by a column, or by a transform of one (transform.h),
 * written as in Iceberg's SQL.  Names are those of a schema's text, with dots between those of fields of fields.  What
 * is not a column of the table itself becomes one: day(ts) is the column ts_day, bucket(16, user.id) user_id_bucket_16,
 * truncate(4, zip) zip_trunc_4, and geo.city geo_city.
 */
#ifndef WEIR_DATA_PARTITION_BY_H
#define WEIR_DATA_PARTITION_BY_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"
#include "common/data/path.h"
#include "common/data/transform.h"

struct partition_field {
	struct path source; /* of names only */
	struct transform transform;
	char *column; /* the name of the partition column, owned */
};

struct partition_by {
	struct partition_field *fields; /* owned; no two columns with names that are equal or differ only in case */
	size_t count;
};

/* Whether TEXT is such a list, rather than COLUMN=PATTERN for a directory: it has no '=' outside of quotes. */
bool partition_by_is(const char *text);

/* Read TEXT.  -EINVAL with the reason in ERR; BY can be released in any case. */
int partition_by_parse(struct partition_by *by, const char *text, struct strbuf *err) MUST_CHECK;
void partition_by_release(struct partition_by *by);

/* Append the text of BY; equal lists have the same text. */
void partition_by_print(const struct partition_by *by, struct strbuf *out);

/* Whether the records themselves have the column of F; otherwise it is made. */
static inline bool partition_is_column(const struct partition_field *f)
{
	return f->transform.kind == TRANSFORM_IDENTITY && f->source.count == 1;
}

/* The column of ROOT, the root of a schema, that F is made of; NULL: there is none. */
const struct schema_field *partition_source(const struct partition_field *f, const struct schema_field *root);

#endif
