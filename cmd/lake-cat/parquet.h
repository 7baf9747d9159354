/* The rows of one Parquet file. */
#ifndef WEIR_LAKE_CAT_PARQUET_H
#define WEIR_LAKE_CAT_PARQUET_H

#include "cmd/lake-cat/cat.h"
#include "cmd/lake-cat/columns.h"
#include "common/lake/delta_columns.h"
#include "common/lake/elsewhere.h"

/* What is read of all files of a table. */
struct cat_reader {
	const struct cat_options *opt;
	struct cat_out *out;
	struct store *store;
	struct cat_columns columns;
	struct cat_where where;
	struct delta_columns *mapping; /* NULL: columns are found by their names */
	struct elsewhere places;       /* of a Delta table: where its files are */
};

struct cat_file {
	struct store *store; /* borrowed */
	const char *path;
	uint64_t size;
	int64_t records;                      /* by the log; -1: not known */
	const struct value *const *constants; /* of the wanted columns; an item is NULL when the file has the values */
	const json_t *add;                    /* for its deletion vector; NULL: it has none */
};

/*
 * Print the rows of FILE that match.  -EBADMSG, -ENOTSUP, -EFBIG: see scan.h; errors of delta_vector_find() and of the
 * store, all with the name of the file in ERR; those of the output without ERR.
 */
int cat_parquet(struct cat_reader *in, const struct cat_file *file, struct strbuf *err) MUST_CHECK;

/* Print the names of the columns, if --header asks for them.  Errors of the output. */
int cat_reader_head(struct cat_reader *in) MUST_CHECK;

/* Give back what cat_columns_choose() and cat_where_init() have made. */
void cat_reader_release(struct cat_reader *in);

#endif
