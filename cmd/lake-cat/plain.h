/* Files without a log: a single one, or all in a directory, whoever has put them there. */
#ifndef WEIR_LAKE_CAT_PLAIN_H
#define WEIR_LAKE_CAT_PLAIN_H

#include "cmd/lake-cat/cat.h"

/*
 * If URL is that of a file, by its kind where it is local, and else by its name, return the URL of its directory, which
 * the caller frees, and put its name into *RET_NAME, which points into URL.  NULL: it is not.
 */
char *plain_split(const char *url, const char **ret_name);

/*
 * Print the records of NAME, a file in STORE; NULL: of all files there, by their paths, except hidden ones and those
 * whose names begin with '_'.  If some are called *.parquet, only these are read.  -ENOENT with ERR: there are none;
 * -EINVAL with ERR: an option does not fit them; errors of cat_parquet(), decode_file() and store_survey(); those of
 * OUT without ERR.
 */
int plain_print(const struct cat_options *opt, struct cat_out *out, struct store *store, const char *name,
	struct strbuf *err) MUST_CHECK;

#endif
