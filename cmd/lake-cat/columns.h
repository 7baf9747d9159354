/* Which columns of a table are read, and which of them are printed. */
#ifndef WEIR_LAKE_CAT_COLUMNS_H
#define WEIR_LAKE_CAT_COLUMNS_H

#include "cmd/lake-cat/form.h"
#include "cmd/lake-cat/where.h"
#include "common/data/schema.h"

struct cat_columns {
	struct schema want; /* first those that are printed, then those that only --where needs */
	size_t printed;
};

/*
 * Choose those of TABLE: the columns that LIST names, in that order (NULL: all), and those of WHERE, which is bound to
 * them.  -EINVAL with ERR: TABLE does not have one, or LIST names one twice.  Release RET in any case.
 */
int cat_columns_choose(const struct schema *table, const char *list, struct cat_where *where, struct cat_columns *ret,
	struct strbuf *err) MUST_CHECK;
void cat_columns_release(struct cat_columns *c);

/* Append the names of the columns that are printed as a line of TSV or CSV to OUT, if FORM asks for it. */
void cat_columns_head(const struct cat_columns *c, const struct cat_form *form, struct strbuf *out);

#endif
