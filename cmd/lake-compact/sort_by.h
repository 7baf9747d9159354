/*
 * The columns of --sort-by, as fields of a schema.
 */
#ifndef WEIR_LAKE_COMPACT_SORT_BY_H
#define WEIR_LAKE_COMPACT_SORT_BY_H

#include "common/base/strbuf.h"
#include "common/data/schema.h"
#include "common/parquet/column.h"

struct layout;

struct sort_by {
	const struct schema_field **fields; /* of the schema */
	size_t count;
};

/*
 * Find the columns of LIST, names or paths between commas, in SCHEMA, which must outlive RET.  LAYOUT has the partition
 * columns, which cannot be among them; NULL: they are not in SCHEMA.  -EINVAL with the reason in ERR: a name is not
 * that of a column, or its values have no order.  Release RET in any case.
 */
int sort_by_find(const struct schema *schema, const struct layout *layout, const char *list, struct sort_by *ret,
	struct strbuf *err) MUST_CHECK;
void sort_by_release(struct sort_by *by);

/* The number of the leaf that field I of BY, of the schema of COLUMNS, is there. */
size_t sort_by_leaf(const struct sort_by *by, size_t i, const struct pq_columns *columns);

#endif
