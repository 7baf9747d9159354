/* --where for the records of raw files: the values of their partitions, and what is in them. */
#ifndef WEIR_LAKE_CAT_RAW_WHERE_H
#define WEIR_LAKE_CAT_RAW_WHERE_H

#include <jansson.h>

#include "cmd/lake-cat/lines.h"

struct delta_value;

struct raw_where {
	const json_t *columns; /* names of the partition columns; borrowed */
	struct cat_where where;
	struct delta_value *values; /* of the partition columns */
	struct cat_lines lines;
};

/*
 * Prepare to print to OUT, as FORM (borrowed) says, the records that match the expressions of LIST, with the partition
 * columns COLUMNS, an array of names (NULL: none).  -EINVAL with ERR: one is not an expression, or names a partition
 * column that the table does not have; errors of cat_lines_init().  Release W in any case.
 */
int raw_where_init(struct raw_where *w, const struct opt_list *list, const struct cat_form *form, const json_t *columns,
	struct cat_out *out, struct strbuf *err) MUST_CHECK;
void raw_where_release(struct raw_where *w);

/*
 * Take VALUES, of the partition of the file PATH (borrowed until the next one), which begins: 1 when its records may
 * match; 0; -EBADMSG with ERR.
 */
int raw_where_file(struct raw_where *w, const char *path, const json_t *values, struct strbuf *err) MUST_CHECK;

#endif
