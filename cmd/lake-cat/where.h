/*
 * --where: an expression over the columns of a table, which rows match it, and what need not be read.
 *
 * An expression sees a row as the JSON that is printed for it, with all columns of the table.
 */
#ifndef WEIR_LAKE_CAT_WHERE_H
#define WEIR_LAKE_CAT_WHERE_H

#include "common/base/opt.h"
#include "common/data/expr.h"
#include "common/parquet/prune.h"
#include "common/parquet/text.h"

struct json;

/* A field of the expression in the columns. */
struct where_field {
	size_t column;                /* of the wanted schema; SIZE_MAX: it is none */
	size_t steps;                 /* how many steps of its path lead through structs, the column included */
	const struct pq_field *field; /* where they lead in the file that is read; NULL: nowhere */
	struct json *inner;           /* for the steps after that, into a list or map; or NULL */
};

struct cat_where {
	struct expr *expr; /* NULL: there is no --where, and all rows match */
	struct where_field *fields;
	struct value *values; /* of the fields */
	struct prune prune;   /* with columns of the wanted schema */
};

/* Whether TEXT has the short form COLUMN=VALUE, in which `__HIVE_DEFAULT_PARTITION__` is null. */
bool cat_where_is_short(const char *text);

/*
 * Compile the expressions of LIST, all of which must be true.  -EINVAL with ERR: one is not an expression.  Release W
 * in any case.
 */
int cat_where_init(struct cat_where *w, const struct opt_list *list, struct strbuf *err) MUST_CHECK;
void cat_where_release(struct cat_where *w);

/* -EINVAL with ERR when a field of the expression cannot be a column, or something within one. */
int cat_where_check(const struct cat_where *w, struct strbuf *err) MUST_CHECK;

/* The column that field FIELD of the expression names. */
const char *cat_where_name(const struct cat_where *w, size_t field);

/* All columns are known now: prepare for WANT, in which where_field.column is set. */
void cat_where_bind(struct cat_where *w, const struct schema *want);

/* Make w->prune; where_field.column is set.  cat_where_bind() does this, too. */
void cat_where_prune(struct cat_where *w);

/* Find the fields in SCAN, of a file. */
void cat_where_file(struct cat_where *w, const struct pq_scan *scan);

/* Whether row ROW of the scan's batch matches: 1 or 0; errors of pq_text_value(). */
int cat_where_row(struct cat_where *w, struct pq_text *text, size_t row, struct strbuf *err) MUST_CHECK;

#endif
